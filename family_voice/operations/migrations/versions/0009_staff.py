"""Passkeys, single sign-on, sessions and data-sharing agreements."""

from __future__ import annotations

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass

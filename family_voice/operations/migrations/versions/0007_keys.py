"""Rotating keys, and erasures noted outside the database."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    pass

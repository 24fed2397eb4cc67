"""The concern rota, escalation, and flags for a person to look at."""

from __future__ import annotations

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass

"""Every table of the first journey."""

from __future__ import annotations

from alembic import op

from family_voice.operations.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    METADATA.create_all(op.get_bind())

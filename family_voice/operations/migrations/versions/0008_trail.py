"""The audit trail's chain: which master key each link was made with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("trail") as trail:
        trail.add_column(sa.Column("chain_version", sa.Integer(), nullable=True))

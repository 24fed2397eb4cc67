"""Rotating keys, and erasures noted outside the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("data_key") as batch:
        batch.add_column(sa.Column("ledgered_at", sa.DateTime(timezone=True), nullable=True))

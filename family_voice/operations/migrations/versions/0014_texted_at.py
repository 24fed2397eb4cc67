"""When a text was sent that came here later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("inbound_message") as inbound:
        inbound.add_column(sa.Column("texted_at", sa.DateTime(timezone=True), nullable=True))

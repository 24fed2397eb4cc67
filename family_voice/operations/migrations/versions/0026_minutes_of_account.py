"""Which account minutes were spent on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    with op.batch_alter_table("minutes") as minutes:
        minutes.add_column(sa.Column("interview_id", sa.Uuid(), nullable=True))
        minutes.create_foreign_key(
            op.f("fk_minutes_interview_id_interview"), "interview", ["interview_id"], ["id"]
        )
        minutes.create_index(op.f("ix_minutes_interview_id"), ["interview_id"], unique=False)

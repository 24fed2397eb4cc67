"""Who of a case's people an account is the account of, and why somebody linked it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    with op.batch_alter_table("account_link") as links:
        links.add_column(sa.Column("participant_id", sa.Uuid(), nullable=True))
        links.add_column(sa.Column("why", sa.LargeBinary(), nullable=True))
        links.create_foreign_key(
            op.f("fk_account_link_participant_id_participant"),
            "participant",
            ["participant_id"],
            ["id"],
        )
    with op.batch_alter_table("link_note") as notes:
        notes.add_column(sa.Column("why", sa.LargeBinary(), nullable=True))

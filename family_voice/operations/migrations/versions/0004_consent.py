"""Whose wording each decision was about: the same statement is worded for several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("consent_decision") as table:
        table.add_column(sa.Column("audience", sa.String(length=20), nullable=True))
    op.execute(
        """
        UPDATE consent_decision
           SET audience = (SELECT interview.guide_audience FROM interview
                            WHERE interview.id = consent_decision.interview_id)
        """
    )
    with op.batch_alter_table("consent_decision") as table:
        table.alter_column("audience", existing_type=sa.String(length=20), nullable=False)

"""Whom to ring next, who was there when they talked, and what to come back to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("attempt") as attempt:
        attempt.add_column(sa.Column("call_back_at", sa.DateTime(timezone=True), nullable=True))
        attempt.add_column(sa.Column("put_right_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "sitting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("child_present", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_sitting_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_sitting_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
    )
    op.create_index(op.f("ix_sitting_interview_id"), "sitting", ["interview_id"], unique=False)
    op.create_table(
        "come_back",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("prompt_id", sa.String(length=60), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_come_back_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_come_back_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("interview_id", "prompt_id", name=op.f("pk_come_back")),
    )

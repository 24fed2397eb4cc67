"""The year's audits ahead, their calendar feed and reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "planned_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework", sa.String(length=60), nullable=False),
        sa.Column("audit", sa.String(length=40), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("held_on", sa.JSON(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_planned_round_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_round")),
        sa.UniqueConstraint(
            "framework", "audit", "begins", name=op.f("uq_planned_round_framework_audit_begins")
        ),
        sa.UniqueConstraint("round_id", name=op.f("uq_planned_round_round_id")),
    )
    op.create_table(
        "plan_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_plan_feed_staff_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_feed")),
        sa.UniqueConstraint("token_index", name=op.f("uq_plan_feed_token_index")),
    )
    op.create_index(op.f("ix_plan_feed_staff_id"), "plan_feed", ["staff_id"], unique=False)
    op.create_table(
        "reminder_choice",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_member.id"],
            name=op.f("fk_reminder_choice_staff_id_staff_member"),
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_reminder_choice")),
    )
    op.create_table(
        "plan_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_plan_reminder_staff_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reminder")),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_plan_reminder_staff_id_day")),
    )
    op.create_index("ix_plan_reminder_due", "plan_reminder", ["state", "due_at"], unique=False)

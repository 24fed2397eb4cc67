"""A second person's blind coding, what was decided of it, and what a council chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    with op.batch_alter_table("coding_command") as command:
        command.add_column(
            sa.Column("second", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("coding_command") as command:
        command.alter_column("second", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "coding_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_coding_choices_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_coding_choices_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_choices")),
    )
    op.create_table(
        "second_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_second_draw_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_second_draw_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_draw")),
    )
    op.create_index(op.f("ix_second_draw_round_id"), "second_draw", ["round_id"])
    op.create_table(
        "second_coding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("coder", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_upto", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["coder"], ["staff_member.id"], name=op.f("fk_second_coding_coder_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["second_draw.id"], name=op.f("fk_second_coding_draw_id_second_draw")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_second_coding_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_coding")),
        sa.UniqueConstraint("interview_id", name=op.f("uq_second_coding_interview_id")),
    )
    op.create_index(op.f("ix_second_coding_coder"), "second_coding", ["coder"])
    op.create_table(
        "consensus_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_consensus_meeting_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus_meeting")),
    )
    op.create_table(
        "consensus_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("prompt", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_consensus_decision_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_consensus_decision_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["consensus_meeting.id"],
            name=op.f("fk_consensus_decision_meeting_id_consensus_meeting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus_decision")),
    )
    for column in ("meeting_id", "interview_id"):
        op.create_index(op.f(f"ix_consensus_decision_{column}"), "consensus_decision", [column])

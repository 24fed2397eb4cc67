"""Samples drawn, with their seed, and the cases they hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "sample_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("seed_given", sa.Boolean(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("in_caseload", sa.Integer(), nullable=False),
        sa.Column("may_be_drawn", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("made_of", sa.JSON(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_sample_draw_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_sample_draw_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
        sa.UniqueConstraint("round_id", name=op.f("uq_sample_draw_round_id")),
    )
    op.create_table(
        "sampled_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("plan_type", sa.String(length=40), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("stratum", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("left_out", sa.String(length=12), nullable=False),
        sa.Column("instead_of", sa.Uuid(), nullable=True),
        sa.Column("stood_down_reason", sa.String(length=20), nullable=True),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_sampled_case_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["caseload_entry.id"],
            name=op.f("fk_sampled_case_entry_id_caseload_entry"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_sampled_case_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["instead_of"],
            ["sampled_case.id"],
            name=op.f("fk_sampled_case_instead_of_sampled_case"),
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_sampled_case_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_case")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_sampled_case_round_id_number")),
    )
    op.create_index(op.f("ix_sampled_case_entry_id"), "sampled_case", ["entry_id"], unique=False)
    op.create_index(op.f("ix_sampled_case_case_id"), "sampled_case", ["case_id"], unique=False)

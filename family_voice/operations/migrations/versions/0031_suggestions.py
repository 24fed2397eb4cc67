"""Suggested codes, their model, and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "theme_model",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("data_hash", sa.String(length=64), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("learned_from", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_gone", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_theme_model_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_model")),
        sa.UniqueConstraint("number", name=op.f("uq_theme_model_number")),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("prompt", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("sure", sa.Integer(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff_member.id"], name=op.f("fk_suggestion_decided_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_suggestion_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["theme_model.id"], name=op.f("fk_suggestion_model_id_theme_model")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint(
            "interview_id", "prompt", "code", name=op.f("uq_suggestion_interview_id_prompt_code")
        ),
    )
    for column in ("interview_id", "model_id"):
        op.create_index(op.f(f"ix_suggestion_{column}"), "suggestion", [column])
    op.create_table(
        "model_reading",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_model_reading_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["theme_model.id"], name=op.f("fk_model_reading_model_id_theme_model")
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_model_reading")),
    )
    op.create_index(op.f("ix_model_reading_model_id"), "model_reading", ["model_id"])
    with op.batch_alter_table("coding_command") as command:
        command.add_column(sa.Column("suggestion_id", sa.Uuid(), nullable=True))
        command.create_foreign_key(
            op.f("fk_coding_command_suggestion_id_suggestion"), "suggestion",
            ["suggestion_id"], ["id"],
        )  # fmt: skip

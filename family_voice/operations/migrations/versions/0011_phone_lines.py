"""The one live conversation of each number, and what a person should look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("outbound_message") as outbound:
        outbound.add_column(sa.Column("segments", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "phone_line",
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("unmoved", sa.Integer(), nullable=False),
        sa.Column("heard", sa.JSON(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("muted_why", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_phone_line_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_phone_line")),
        sa.UniqueConstraint("interview_id", name=op.f("uq_phone_line_interview_id")),
    )
    op.create_table(
        "talk_name",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_talk_name_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_talk_name")),
        sa.UniqueConstraint(
            "phone_index", "name_index", name=op.f("uq_talk_name_phone_index_name_index")
        ),
    )
    op.create_table(
        "text_attention",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.String(length=24), nullable=False),
        sa.Column("open_key", sa.String(length=120), nullable=True),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_text_attention_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["staff_member.id"],
            name=op.f("fk_text_attention_settled_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_attention")),
        sa.UniqueConstraint("open_key", name=op.f("uq_text_attention_open_key")),
    )
    op.create_index(
        op.f("ix_text_attention_interview_id"), "text_attention", ["interview_id"], unique=False
    )
    # Who was talking by text goes on: each phone's newest conversation is the live one.
    op.execute(
        """
        INSERT INTO phone_line (phone_index, interview_id, since, held, unmoved, heard)
        SELECT phone_index, interview_id, arrived_at, false, 0, '[]' FROM (
            SELECT phone_index, interview_id, arrived_at,
                   row_number() OVER (PARTITION BY phone_index ORDER BY number DESC) AS of_phone,
                   row_number() OVER (
                       PARTITION BY interview_id ORDER BY arrived_at DESC, number DESC
                   ) AS of_talk
            FROM inbound_message WHERE interview_id IS NOT NULL
        ) AS newest WHERE of_phone = 1 AND of_talk = 1
        """
    )

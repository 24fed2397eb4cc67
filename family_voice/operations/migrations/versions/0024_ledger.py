"""Late accounts, what is final, and figures of past years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    with op.batch_alter_table("interview") as interview:
        interview.add_column(sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE interview SET first_sent_at = sent_at")
    op.create_table(
        "level_3_final",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["staff_member.id"], name=op.f("fk_level_3_final_made_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["staff_member.id"], name=op.f("fk_level_3_final_opened_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_level_3_final_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_3_final")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_level_3_final_round_id_number")),
    )
    op.create_table(
        "past_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("scales", sa.JSON(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_past_file_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_file")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_past_file_fingerprint")),
        sa.UniqueConstraint("number", name=op.f("uq_past_file_number")),
    )
    op.create_table(
        "past_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("held", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("focus", sa.String(length=200), nullable=False),
        sa.Column("scale", sa.String(length=60), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["past_file.id"], name=op.f("fk_past_meeting_file_id_past_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_meeting")),
        sa.UniqueConstraint("file_id", "line", name=op.f("uq_past_meeting_file_id_line")),
    )

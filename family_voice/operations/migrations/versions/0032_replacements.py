"""What stands in the place of a name, as a person put it; and who said that nobody would know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    with op.batch_alter_table("quote") as quote:
        quote.add_column(sa.Column("looked_by", sa.Uuid(), nullable=True))
        quote.create_foreign_key(
            op.f("fk_quote_looked_by_staff_member"), "staff_member", ["looked_by"], ["id"]
        )
    op.create_table(
        "replacement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("whose", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_replacement_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_replacement_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_replacement_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replacement")),
    )
    op.create_index(
        op.f("ix_replacement_interview_id"), "replacement", ["interview_id"], unique=False
    )

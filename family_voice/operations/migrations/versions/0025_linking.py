"""Refusals, second checks, accounts of two children and accounts gathered elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "link_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _points("link_note", "interview_id", "interview"),
        _points("link_note", "case_id", "case"),
        _points("link_note", "other_id", "interview"),
        _points("link_note", "by", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_note")),
        sa.UniqueConstraint(
            "interview_id", "number", name=op.f("uq_link_note_interview_id_number")
        ),
    )
    op.create_index(op.f("ix_link_note_case_id"), "link_note", ["case_id"], unique=False)
    op.create_index(op.f("ix_link_note_other_id"), "link_note", ["other_id"], unique=False)
    op.create_table(
        "match_key",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.LargeBinary(), nullable=False),
        _points("match_key", "child_id", "child"),
        sa.PrimaryKeyConstraint("child_id", "index", name=op.f("pk_match_key")),
    )
    op.create_index(op.f("ix_match_key_index"), "match_key", ["index"], unique=False)
    op.create_table(
        "parted_family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        _points("parted_family", "child_id", "child"),
        _points("parted_family", "family_id", "family"),
        _points("parted_family", "by", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parted_family")),
    )
    op.create_index(op.f("ix_parted_family_child_id"), "parted_family", ["child_id"], unique=False)
    op.create_index(
        op.f("ix_parted_family_family_id"), "parted_family", ["family_id"], unique=False
    )
    op.create_table(
        "account_part",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("shared_how", sa.String(length=16), nullable=True),
        sa.Column("shared_at", MOMENT, nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        _points("account_part", "interview_id", "interview"),
        _points("account_part", "origin_id", "interview"),
        _points("account_part", "made_by", "staff_member"),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_account_part")),
    )
    op.create_index(op.f("ix_account_part_origin_id"), "account_part", ["origin_id"], unique=False)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))

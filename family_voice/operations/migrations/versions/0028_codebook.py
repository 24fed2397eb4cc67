"""The codebook as it is changed: a version a change, and what the forum asks for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "codebook_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=12), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("merged", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=_fk("version", "by", "staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=_fk("version", "key_id", "data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_version")),
        sa.UniqueConstraint("version", name=op.f("uq_codebook_version_version")),
    )
    op.create_table(
        "codebook_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=_fk("note", "by", "staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=_fk("note", "key_id", "data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_note")),
    )
    op.create_index(op.f("ix_codebook_note_code"), "codebook_note", ["code"], unique=False)
    op.create_table(
        "codebook_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("made_version", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["staff_member.id"], name=_fk("request", "answered_by", "staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=_fk("request", "by", "staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=_fk("request", "key_id", "data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_request")),
    )
    op.create_index(op.f("ix_codebook_request_by"), "codebook_request", ["by"], unique=False)


def _fk(table: str, column: str, to: str) -> str:
    return op.f(f"fk_codebook_{table}_{column}_{to}")

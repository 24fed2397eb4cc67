"""The whole caseload: a reference and strata, and nobody's name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "caseload_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("reference_index", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("plan_type", sa.String(length=16), nullable=False),
        sa.Column("year_group", sa.Integer(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("area_of_need", sa.String(length=60), nullable=False),
        sa.Column("placement", sa.String(length=60), nullable=False),
        sa.Column("vulnerable_groups", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("plan_finalised_on", sa.Date(), nullable=True),
        sa.Column("review_finalised_on", sa.Date(), nullable=True),
        sa.Column("last_audited_on", sa.Date(), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_caseload_entry_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload_entry")),
        sa.UniqueConstraint("reference_index", name=op.f("uq_caseload_entry_reference_index")),
    )
    op.create_index(op.f("ix_caseload_entry_gone_at"), "caseload_entry", ["gone_at"], unique=False)
    op.create_table(
        "caseload_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("mapping", sa.String(length=80), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by"], ["staff_member.id"], name=op.f("fk_caseload_file_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_caseload_file_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload_file")),
    )
    op.create_table(
        "caseload_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["caseload_file.id"], name=op.f("fk_caseload_part_file_id_caseload_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload_part")),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_caseload_part_file_id_number")),
    )

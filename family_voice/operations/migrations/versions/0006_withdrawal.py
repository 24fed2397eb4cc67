"""Withdrawals, their receipts, retention and legal holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("numbered_copy") as batch:
        batch.add_column(sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("remains", sa.JSON(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("copies", sa.JSON(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_withdrawal_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_withdrawal_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("number", name=op.f("uq_withdrawal_number")),
    )
    op.create_index(
        op.f("ix_withdrawal_interview_id"), "withdrawal", ["interview_id"], unique=False
    )
    op.create_table(
        "deletion_wait",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_deletion_wait_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_deletion_wait_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_deletion_wait")),
    )
    op.create_index(op.f("ix_deletion_wait_due_at"), "deletion_wait", ["due_at"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_legal_hold_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_legal_hold_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_legal_hold_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["staff_member.id"], name=op.f("fk_legal_hold_lifted_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["staff_member.id"], name=op.f("fk_legal_hold_set_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_child_id"), "legal_hold", ["child_id"], unique=False)
    op.create_index(
        op.f("ix_legal_hold_interview_id"), "legal_hold", ["interview_id"], unique=False
    )
    op.create_table(
        "retention_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_retention_run")),
    )

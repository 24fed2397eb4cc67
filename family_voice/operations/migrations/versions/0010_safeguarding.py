"""The concern rota, escalation, and flags for a person to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("concern") as concern:
        concern.add_column(
            sa.Column("kind", sa.String(length=16), nullable=False, server_default="raised")
        )
        concern.add_column(sa.Column("fragment_id", sa.Uuid(), nullable=True))
        for column in ("about", "quoted", "found"):
            concern.add_column(sa.Column(column, sa.LargeBinary(), nullable=True))
        concern.add_column(sa.Column("next_rung", sa.String(length=16), nullable=True))
        concern.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
        concern.alter_column("raised_by", existing_type=sa.Uuid(), nullable=True)
    op.create_index(op.f("ix_concern_next_at"), "concern", ["next_at"], unique=False)
    # A concern that nobody has taken yet begins to climb from the first turn of the worker.
    op.execute(
        "UPDATE concern SET next_rung = 'at_once', next_at = raised_at "
        "WHERE acknowledged_at IS NULL"
    )
    op.create_table(
        "concern_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.String(length=16), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_told_concern_id_concern")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_told")),
        sa.UniqueConstraint("concern_id", "rung", name=op.f("uq_concern_told_concern_id_rung")),
    )
    op.create_table(
        "rota_shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("bank_holidays", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_rota_shift_staff_id_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["staff_member.id"], name=op.f("fk_rota_shift_made_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_shift")),
    )
    op.create_index(op.f("ix_rota_shift_staff_id"), "rota_shift", ["staff_id"], unique=False)
    op.create_table(
        "rota_number",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_rota_number_staff_id_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_rota_number_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_rota_number")),
    )

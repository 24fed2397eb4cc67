"""How texts fared at the provider, and when a family may be texted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("outbound_message") as outbound:
        outbound.add_column(sa.Column("prompt_id", sa.String(length=80), nullable=True))
        outbound.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
        outbound.add_column(sa.Column("retries", sa.Integer(), nullable=False, server_default="0"))
        outbound.add_column(sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))
        outbound.add_column(sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_outbound_message_attempt",
        "outbound_message",
        ["interview_id", "prompt_id", "attempt"],
        unique=True,
    )
    with op.batch_alter_table("inbound_message") as inbound:
        inbound.add_column(sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("participant") as participant:
        participant.add_column(sa.Column("safe_from", sa.Time(), nullable=True))
        participant.add_column(sa.Column("safe_until", sa.Time(), nullable=True))
    op.create_table(
        "delivery_report",
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbound_message.id"],
            name=op.f("fk_delivery_report_message_id_outbound_message"),
        ),
        sa.PrimaryKeyConstraint("provider_id", "status", name=op.f("pk_delivery_report")),
    )
    op.create_index(
        op.f("ix_delivery_report_message_id"), "delivery_report", ["message_id"], unique=False
    )

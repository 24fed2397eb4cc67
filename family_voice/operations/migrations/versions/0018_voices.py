"""How a voice is known: who helped, what was seen over several visits, and profiles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "observed_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("observer", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_observed_visit_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_observed_visit_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observed_visit")),
    )
    op.create_index(
        op.f("ix_observed_visit_interview_id"), "observed_visit", ["interview_id"], unique=False
    )
    with op.batch_alter_table("interview") as interview:
        interview.add_column(sa.Column("helped_by", sa.String(length=16), nullable=True))
    with op.batch_alter_table("fragment") as fragment:
        fragment.add_column(sa.Column("helped_by", sa.String(length=16), nullable=True))
        fragment.add_column(sa.Column("visit_id", sa.Uuid(), nullable=True))
        fragment.create_foreign_key(
            op.f("fk_fragment_visit_id_observed_visit"), "observed_visit", ["visit_id"], ["id"]
        )
    op.create_table(
        "consent_own_sign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("no", sa.LargeBinary(), nullable=False),
        sa.Column("yes", sa.LargeBinary(), nullable=True),
        sa.Column("told_by", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_consent_own_sign_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_consent_own_sign_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_own_sign")),
        sa.UniqueConstraint("child_id", "number", name=op.f("uq_consent_own_sign_child_id_number")),
    )
    op.create_table(
        "introduced",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_introduced_staff_id_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_introduced_child_id_child")
        ),
        sa.PrimaryKeyConstraint("staff_id", "child_id", name=op.f("pk_introduced")),
    )

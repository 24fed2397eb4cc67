"""Who may decide for a child, and what was judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "consent_approach",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("social_worker", sa.LargeBinary(), nullable=False),
        sa.Column("responsibility", sa.String(length=24), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_consent_approach_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_consent_approach_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_consent_approach_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_approach")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_consent_approach_case_id_number")),
    )
    op.create_index(
        op.f("ix_consent_approach_case_id"), "consent_approach", ["case_id"], unique=False
    )
    op.create_table(
        "consent_judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("able", sa.Boolean(), nullable=False),
        sa.Column("judged_by", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("support", sa.LargeBinary(), nullable=True),
        sa.Column("representative", sa.LargeBinary(), nullable=True),
        sa.Column("basis", sa.String(length=24), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_consent_judgement_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_consent_judgement_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_consent_judgement_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_judgement")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_consent_judgement_case_id_number")),
    )
    op.create_index(
        op.f("ix_consent_judgement_case_id"), "consent_judgement", ["case_id"], unique=False
    )
    op.create_table(
        "consent_own_no",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_consent_own_no_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_consent_own_no_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"],
            ["staff_member.id"],
            name=op.f("fk_consent_own_no_lifted_by_staff_member"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_consent_own_no_recorded_by_staff_member"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_consent_own_no_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_own_no")),
    )
    op.create_index(op.f("ix_consent_own_no_case_id"), "consent_own_no", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_consent_own_no_child_id"), "consent_own_no", ["child_id"], unique=False
    )
    op.create_table(
        "no_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_no_contact_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["staff_member.id"], name=op.f("fk_no_contact_lifted_by_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_no_contact_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_no_contact_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_contact")),
    )
    op.create_index(op.f("ix_no_contact_child_id"), "no_contact", ["child_id"], unique=False)
    op.create_index(
        op.f("ix_no_contact_participant_id"), "no_contact", ["participant_id"], unique=False
    )
    op.create_table(
        "own_words",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_own_words_case_id_case")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_own_words_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_own_words_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_own_words")),
    )
    op.create_index(op.f("ix_own_words_case_id"), "own_words", ["case_id"], unique=False)
    op.create_index(op.f("ix_own_words_child_id"), "own_words", ["child_id"], unique=False)
    with op.batch_alter_table("consent_decision") as table:
        table.add_column(sa.Column("on_behalf", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_consent_decision_on_behalf_consent_judgement"),
            "consent_judgement",
            ["on_behalf"],
            ["id"],
        )
    # Whose own words the interviews of before hold, so that the rule reaches them as well.
    op.execute(
        """
        INSERT INTO own_words (interview_id, child_id, case_id)
        SELECT interview.id, participant.child_id,
               (SELECT account_link.case_id FROM account_link
                 WHERE account_link.interview_id = interview.id
                   AND account_link.decision = 'linked'
                   AND account_link.number = (SELECT MAX(newest.number) FROM account_link AS newest
                                               WHERE newest.interview_id = interview.id))
          FROM interview JOIN participant ON participant.id = interview.participant_id
         WHERE interview.guide_audience = 'young_person'
        """
    )

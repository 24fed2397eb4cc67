"""Which languages are ready, who reads them, and translations of what was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "wording_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("english_hash", sa.String(length=32), nullable=False),
        sa.Column("file_hash", sa.String(length=32), nullable=False),
        sa.Column("own_hash", sa.String(length=32), nullable=False),
        sa.Column("texts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_wording_review_staff_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_review")),
    )
    op.create_index("ix_wording_review_of", "wording_review", ["language", "part", "key"])
    op.create_table(
        "language_reader",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_language_reader_staff_id_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["staff_member.id"], name=op.f("fk_language_reader_named_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language_reader")),
    )
    op.create_index(op.f("ix_language_reader_language"), "language_reader", ["language"])
    op.create_table(
        "sentence_translation",
        sa.Column("sentence_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("translated_by", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sentence_id"],
            ["sentence.id"],
            name=op.f("fk_sentence_translation_sentence_id_sentence"),
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_sentence_translation_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_sentence_translation_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("sentence_id", name=op.f("pk_sentence_translation")),
    )
    op.create_index(
        op.f("ix_sentence_translation_interview_id"), "sentence_translation", ["interview_id"]
    )
    with op.batch_alter_table("fragment") as fragment:
        fragment.add_column(sa.Column("language", sa.String(length=20), nullable=True))
    op.execute(
        "UPDATE fragment SET language = CASE WHEN recorded_by IS NULL THEN (SELECT language FROM "
        "interview WHERE interview.id = fragment.interview_id) ELSE 'en' END"
    )

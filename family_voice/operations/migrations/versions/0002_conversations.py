"""Rounds and cases, conversations and consent, texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.Column("framework", sa.String(length=60), nullable=False),
        sa.Column("framework_version", sa.String(length=20), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("freezes_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("term", name=op.f("uq_round_term")),
    )
    op.create_table(
        "stopped_phone",
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_stopped_phone")),
    )
    op.create_table(
        "panel_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("heard_by", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_panel_session_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_session")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_panel_session_round_id_number")),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plan_type", sa.String(length=16), nullable=False),
        sa.Column("year_group", sa.String(length=20), nullable=False),
        sa.Column("area_of_need", sa.String(length=60), nullable=False),
        sa.Column("placement", sa.String(length=60), nullable=False),
        sa.Column("vulnerable_groups", sa.JSON(), nullable=False),
        sa.Column("care_status", sa.String(length=40), nullable=False),
        sa.Column("worker", sa.LargeBinary(), nullable=True),
        sa.Column("manager", sa.LargeBinary(), nullable=True),
        sa.Column("stood_down_reason", sa.String(length=20), nullable=True),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("siblings_held", sa.Boolean(), nullable=False),
        sa.Column("tried_enough", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_case_child_id_child")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["panel_session.id"], name=op.f("fk_case_session_id_panel_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("session_id", "child_id", name=op.f("uq_case_session_id_child_id")),
    )
    op.create_index(op.f("ix_case_child_id"), "case", ["child_id"], unique=False)
    op.create_index(op.f("ix_case_session_id"), "case", ["session_id"], unique=False)
    op.create_table(
        "panel_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["panel_session.id"],
            name=op.f("fk_panel_seat_session_id_panel_session"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_panel_seat_staff_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seat")),
        sa.UniqueConstraint(
            "session_id", "staff_id", name=op.f("uq_panel_seat_session_id_staff_id")
        ),
    )
    op.create_index(op.f("ix_panel_seat_staff_id"), "panel_seat", ["staff_id"], unique=False)
    op.create_table(
        "works_with",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_works_with_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_works_with_staff_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("staff_id", "child_id", name=op.f("pk_works_with")),
    )
    op.create_table(
        "interview",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("guide_audience", sa.String(length=20), nullable=False),
        sa.Column("guide_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("speaker", sa.LargeBinary(), nullable=True),
        sa.Column("return_word", sa.String(length=120), nullable=True),
        sa.Column("hear_back", sa.String(length=16), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_interview_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_interview_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_interview_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
    )
    op.create_index(
        op.f("ix_interview_participant_id"), "interview", ["participant_id"], unique=False
    )
    op.create_index(op.f("ix_interview_round_id"), "interview", ["round_id"], unique=False)
    op.create_table(
        "consent_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("statement_id", sa.String(length=60), nullable=False),
        sa.Column("statement_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_consent_decision_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_consent_decision_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_decision")),
        sa.UniqueConstraint(
            "interview_id", "number", name=op.f("uq_consent_decision_interview_id_number")
        ),
    )
    op.create_index(
        op.f("ix_consent_decision_interview_id"), "consent_decision", ["interview_id"], unique=False
    )
    op.create_table(
        "fragment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("manner", sa.String(length=16), nullable=False),
        sa.Column("speaker", sa.String(length=16), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_fragment_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["staff_member.id"], name=op.f("fk_fragment_recorded_by_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fragment")),
    )
    op.create_index(op.f("ix_fragment_interview_id"), "fragment", ["interview_id"], unique=False)
    op.create_table(
        "inbound_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_inbound_message_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_inbound_message_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_inbound_message_provider_id")),
    )
    op.create_index(
        op.f("ix_inbound_message_interview_id"), "inbound_message", ["interview_id"], unique=False
    )
    op.create_index(
        op.f("ix_inbound_message_phone_index"), "inbound_message", ["phone_index"], unique=False
    )
    op.create_table(
        "interview_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_interview_event_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff_member.id"],
            name=op.f("fk_interview_event_recorded_by_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_event")),
        sa.UniqueConstraint(
            "interview_id", "seq", name=op.f("uq_interview_event_interview_id_seq")
        ),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_word_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("single_use", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_invitation_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_index", name=op.f("uq_invitation_code_index")),
        sa.UniqueConstraint("token_index", name=op.f("uq_invitation_token_index")),
    )
    op.create_index(
        op.f("ix_invitation_interview_id"), "invitation", ["interview_id"], unique=False
    )
    op.create_index(op.f("ix_invitation_phone_index"), "invitation", ["phone_index"], unique=False)
    op.create_table(
        "outbound_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("is_reply", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_outbound_message_interview_id_interview"),
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_outbound_message_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbound_message_dedupe_key")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_outbound_message_provider_id")),
    )
    op.create_index(
        op.f("ix_outbound_message_interview_id"), "outbound_message", ["interview_id"], unique=False
    )
    op.create_index(
        op.f("ix_outbound_message_phone_index"), "outbound_message", ["phone_index"], unique=False
    )
    op.create_index(
        "uq_outbound_message_in_flight",
        "outbound_message",
        ["phone_index"],
        unique=True,
        sqlite_where=sa.text("state IN ('sending', 'unknown')"),
        postgresql_where=sa.text("state IN ('sending', 'unknown')"),
    )
    op.create_table(
        "scheduled_turn",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_scheduled_turn_interview_id_interview"),
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_scheduled_turn")),
    )
    op.create_index(op.f("ix_scheduled_turn_due_at"), "scheduled_turn", ["due_at"], unique=False)
    op.create_table(
        "sentence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fragment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("not_for_workers", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fragment_id"], ["fragment.id"], name=op.f("fk_sentence_fragment_id_fragment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentence")),
        sa.UniqueConstraint("fragment_id", "number", name=op.f("uq_sentence_fragment_id_number")),
    )
    op.create_index("ix_sentence_fragment", "sentence", ["fragment_id"], unique=False)

"""The record of what was said: interviews, the doors into them, events, fragments and sentences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Interview(Base):
    """One participant's account, over however many channels and days.

    `participant_id` and `round_id` are empty for an account that came by the open link or from a
    number nobody knows, until a person links it; `speaker` then holds what they told us of
    themselves, sealed.
    """

    __tablename__ = "interview"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("participant.id"), index=True)
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    guide_audience: Mapped[str] = mapped_column(String(20))
    guide_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    speaker: Mapped[bytes | None]
    return_word: Mapped[str | None] = mapped_column(String(120))
    hear_back: Mapped[str | None] = mapped_column(String(16))
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # Opened again and sent again, an account is not a later one.
    first_sent_at: Mapped[datetime | None]
    read_back_at: Mapped[datetime | None]
    call_wanted_at: Mapped[datetime | None]
    helped_by: Mapped[str | None] = mapped_column(String(16))


class Invitation(Base):
    """The doors into one interview. Secrets are kept as keyed hashes only."""

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    token_index: Mapped[bytes] = mapped_column(unique=True)
    code_index: Mapped[bytes] = mapped_column(unique=True)
    code_word_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None] = mapped_column(index=True)
    single_use: Mapped[bool] = mapped_column(default=False)
    valid_until: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    made_at: Mapped[datetime]


class Event(Base):
    """One step of an interview. Holds fragment ids and never text, so that words can be erased."""

    __tablename__ = "interview_event"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    detail: Mapped[dict[str, Any]]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("interview_id", "seq"),)


class ObservedVisit(Base):
    """A time when somebody was with a child and wrote down what they saw: by whom, where and when.

    `stopped_at` is set when the child showed their own sign for no, which ended it.
    """

    __tablename__ = "observed_visit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    on_day: Mapped[date]
    place: Mapped[bytes]
    observer: Mapped[bytes]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class Fragment(Base):
    """One piece of what was said, as it arrived. How the voice is known stays with it for ever.

    `language` is the one it is in.

    `helped_by` is None where nobody has said whether somebody helped.
    """

    __tablename__ = "fragment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    words: Mapped[bytes]
    channel: Mapped[str] = mapped_column(String(16))
    manner: Mapped[str] = mapped_column(String(16))
    speaker: Mapped[str] = mapped_column(String(16))
    helped_by: Mapped[str | None] = mapped_column(String(16))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("observed_visit.id"))
    language: Mapped[str | None] = mapped_column(String(20))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class Sentence(Base):
    """One sentence of a fragment; offsets count Unicode code points and are never moved."""

    __tablename__ = "sentence"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    fragment_id: Mapped[UUID] = mapped_column(ForeignKey("fragment.id"))
    number: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    not_for_workers: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("fragment_id", "number"),
        Index("ix_sentence_fragment", "fragment_id"),
    )


class SentenceTranslation(Base):
    """What somebody put a sentence into English as. It stands beside the words, never for them."""

    __tablename__ = "sentence_translation"

    sentence_id: Mapped[UUID] = mapped_column(ForeignKey("sentence.id"), primary_key=True)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    words: Mapped[bytes]
    translated_by: Mapped[bytes]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

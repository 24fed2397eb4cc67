"""Messages in and out as they came and went, and the moments a conversation waits for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class SendState(StrEnum):
    """How far a text got. `unknown` is settled by asking the provider before any resend."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: What a database must find word for word to use the indexes of what is in line.
QUEUED: Final[ColumnElement[str]] = literal_column("'queued'")
WAITING: Final[tuple[ColumnElement[str], ...]] = (
    QUEUED,
    literal_column("'sending'"),
    literal_column("'unknown'"),
)
_STATE: Final[ColumnElement[str]] = literal_column("state")


def _only(which: ColumnElement[bool]) -> dict[str, Any]:
    """What an index leaves out, for both databases."""
    return {"sqlite_where": which, "postgresql_where": which}


class OutboundMessage(Base):
    """One text waiting to go out, going, or gone. Only a phone's oldest unsent one may be claimed.

    `number` counts within one phone. `lease_until` is how long a sender holds it, or, while it is
    queued, when it may be tried again: it stays in front of later ones meanwhile. `interview_id` is
    empty only for the one answer to a number nobody knows.
    """

    __tablename__ = "outbound_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int]
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    phone_index: Mapped[bytes] = mapped_column(index=True)
    phone: Mapped[bytes]
    template: Mapped[str] = mapped_column(String(40))
    body: Mapped[bytes]
    is_reply: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    error: Mapped[str | None] = mapped_column(String(40))
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    #: How many parts it costs, counted when it was put in line.
    segments: Mapped[int] = mapped_column(default=1)
    #: The question it puts, if it puts one, and the how manieth time that is.
    prompt_id: Mapped[str | None] = mapped_column(String(80))
    attempt: Mapped[int] = mapped_column(default=1)
    #: How many attempts at the same text failed before this one, and when to make the next.
    retries: Mapped[int] = mapped_column(default=0)
    again_at: Mapped[datetime | None] = mapped_column(index=True)
    #: When the words were taken away at the provider.
    emptied_at: Mapped[datetime | None]

    __table_args__ = (
        # Nobody is asked the same thing twice at once: the second writer of an attempt loses.
        Index("uq_outbound_message_attempt", "interview_id", "prompt_id", "attempt", unique=True),
        # One in flight a phone; `unknown` blocks the phone until a person or a poll settles it.
        Index(
            "uq_outbound_message_in_flight",
            "phone_index",
            unique=True,
            sqlite_where=text("state IN ('sending', 'unknown')"),
            postgresql_where=text("state IN ('sending', 'unknown')"),
        ),
        # The line itself, however much went before: who stands in front, who is next, and what is
        # for staff.
        Index("ix_outbound_message_in_line", "phone_index", "number", **_only(_STATE.in_(WAITING))),
        Index("ix_outbound_message_due", "due_at", "number", "id", **_only(_STATE == QUEUED)),
        Index("ix_outbound_message_template", "template", "due_at", **_only(_STATE == QUEUED)),
    )


class OutboundEmail(Base):
    """One email waiting to go out, going, or gone. Its id is its Message-ID, at every try.

    `lease_until` is how long a sender holds it, or, while it is queued, when it may be tried again.
    """

    __tablename__ = "outbound_email"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    address_index: Mapped[bytes] = mapped_column(index=True)
    address: Mapped[bytes]
    kind: Mapped[str] = mapped_column(String(24))
    words: Mapped[bytes]
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(40))
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_outbound_email_due", "state", "due_at"),)


class InboundMessage(Base):
    """One text that arrived; `provider_id` (Twilio's MessageSid) makes a second copy harmless.

    `number` counts within one phone.
    """

    __tablename__ = "inbound_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[str] = mapped_column(String(64), unique=True)
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    phone_index: Mapped[bytes] = mapped_column(index=True)
    phone: Mapped[bytes]
    body: Mapped[bytes]
    segments: Mapped[int]
    number: Mapped[int]
    arrived_at: Mapped[datetime]
    #: When they sent it, where it came here so much later that the provider had to say.
    texted_at: Mapped[datetime | None]
    #: When the words were taken away at the provider.
    emptied_at: Mapped[datetime | None]


class DeliveryReport(Base):
    """One report of the provider's about a text of ours, however often it came."""

    __tablename__ = "delivery_report"

    provider_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("outbound_message.id"), index=True)
    error: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime]


class StoppedPhone(Base):
    """A telephone that said STOP. Only START lifts it."""

    __tablename__ = "stopped_phone"

    phone_index: Mapped[bytes] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]


class ScheduledTurn(Base):
    """When a conversation goes on by itself, unless something is said before: one an interview."""

    __tablename__ = "scheduled_turn"

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(index=True)


class PhoneLine(Base):
    """One telephone number, and the one conversation that is live on it: by constraint, one each.

    `unmoved` counts our automatic texts since a text of theirs moved the conversation on; `heard`
    holds the last hour's words as keyed hashes with their times. While `asked_at` is set we wait to
    be told which of the phone's conversations is meant; while `held` is set nothing is asked by
    text, because nobody was given a code word.
    """

    __tablename__ = "phone_line"

    phone_index: Mapped[bytes] = mapped_column(primary_key=True)
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), unique=True)
    since: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    held: Mapped[bool] = mapped_column(default=False)
    unmoved: Mapped[int] = mapped_column(default=0)
    heard: Mapped[list[str]] = mapped_column(default=list)
    muted_at: Mapped[datetime | None]
    muted_why: Mapped[str | None] = mapped_column(String(24))


class TalkName(Base):
    """What a texter calls one of several conversations on a phone: a keyed hash, for it may be a
    name. It is empty while we wait to be told."""

    __tablename__ = "talk_name"

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    phone_index: Mapped[bytes]
    name_index: Mapped[bytes | None]
    asked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("phone_index", "name_index"),)


class TextAttention(Base):
    """Something about texts that a person should look at. `open_key` is empty once it is settled,
    so that a need is open once for a conversation."""

    __tablename__ = "text_attention"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    need: Mapped[str] = mapped_column(String(24))
    open_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    message_id: Mapped[UUID | None]
    phone_index: Mapped[bytes | None]
    raised_at: Mapped[datetime]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    settled_at: Mapped[datetime | None]

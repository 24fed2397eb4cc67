"""Messages in and out as they came and went, and the moments a conversation waits for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
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

    __table_args__ = (
        # One in flight a phone; `unknown` blocks the phone until a person or a poll settles it.
        Index(
            "uq_outbound_message_in_flight",
            "phone_index",
            unique=True,
            sqlite_where=text("state IN ('sending', 'unknown')"),
            postgresql_where=text("state IN ('sending', 'unknown')"),
        ),
    )


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

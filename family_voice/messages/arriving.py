"""Texts that arrive: each has its effect once, however often and by whichever way it comes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from family_voice.messages.models import InboundMessage
from family_voice.messages.once import insert_once
from family_voice.messages.outbox import interview_key, phone_index
from family_voice.security.models import DataKey
from family_voice.security.sealing import (
    KeyKind,
    Place,
    destroy_key,
    new_key,
    open_keys,
    seal,
    unseal,
)
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock

NEWEST = (InboundMessage.arrived_at.desc(), InboundMessage.number.desc())


@dataclass(frozen=True)
class Unplaced:
    """A text from a number nobody knows, in clear, for the lead's eyes."""

    id: UUID
    phone: str
    body: str
    arrived_at: datetime


def is_there(session: Session, provider_id: str) -> bool:
    """Whether a text of this id has arrived before: asked first, since copies are common."""
    there = select(InboundMessage.id).where(InboundMessage.provider_id == provider_id)
    return session.scalar(there) is not None


def receive(
    session: Session,
    provider_id: str,
    phone: str,
    body: str,
    segments: int,
    now: datetime,
    interview_id: UUID | None = None,
    texted_at: datetime | None = None,
) -> InboundMessage | None:
    """Write down a text that arrived, unless it is there already.

    Args:
        session: a writing session.
        provider_id: the provider's id (Twilio's MessageSid).
        phone: who sent it, in E.164 form.
        body: the words.
        segments: how many parts it came in.
        now: when.
        interview_id: the conversation it belongs to, under whose key it is sealed; None for a
            number nobody knows.
        texted_at: when the provider got it, if the provider says so.

    Returns:
        The row, for the one caller that wrote it; None for every other.
    """
    message_id, index = new_id(), phone_index(session, phone)
    last = select(func.coalesce(func.max(InboundMessage.number), 0)).where(
        InboundMessage.phone_index == index
    )
    own_key = interview_id is None
    key_id = (
        new_key(session, KeyKind.PERSON, message_id, now)
        if interview_id is None
        else interview_key(session, interview_id)
    )
    message = insert_once(
        session,
        InboundMessage,
        "provider_id",
        {
            "id": message_id,
            "provider_id": provider_id,
            "interview_id": interview_id,
            "key_id": key_id,
            "phone_index": index,
            "phone": seal(session, key_id, _place("phone", message_id), phone),
            "body": seal(session, key_id, _place("body", message_id), body),
            "segments": segments,
            "number": last.scalar_subquery() + 1,
            "arrived_at": now,
            "texted_at": min(texted_at, now) if texted_at is not None else None,
        },
    )
    if message is None and own_key:
        session.delete(fetch(session, DataKey, key_id))
    return message


def not_yet_received(session: Session, provider_ids: Collection[str]) -> set[str]:
    """Those of the provider's ids that have not arrived here."""
    there = session.scalars(
        select(InboundMessage.provider_id).where(InboundMessage.provider_id.in_(provider_ids))
    )
    return set(provider_ids) - set(there)


def blank(session: Session, message: InboundMessage) -> None:
    """Keep that a text came, and not what it said."""
    message.body = seal(session, message.key_id, _place("body", message.id), "")
    session.flush()


def body_of(session: Session, message: InboundMessage) -> str:
    """The words of a text that arrived; empty once they were cleared away."""
    if not message.body:
        return ""
    return unseal(session, message.key_id, _place("body", message.id), message.body)


def belongs_to(
    session: Session, message_id: UUID, interview_id: UUID, now: datetime
) -> InboundMessage:
    """Put a text that belonged to none into a conversation, under that conversation's key."""
    message = lock(session, InboundMessage, message_id)
    old_key = message.key_id
    phone = unseal(session, old_key, _place("phone", message.id), message.phone)
    body = body_of(session, message)
    message.key_id = interview_key(session, interview_id)
    message.interview_id = interview_id
    message.phone = seal(session, message.key_id, _place("phone", message.id), phone)
    message.body = seal(session, message.key_id, _place("body", message.id), body)
    session.flush()
    destroy_key(session, old_key, now)
    return message


def unplaced(session: Session, phone: str, at_most: int = 200) -> list[Unplaced]:
    """A phone's texts that belong to no conversation, oldest first.

    Args:
        session: any session.
        phone: whose.
        at_most: how many, the newest of them.
    """
    wanted = select(InboundMessage).where(
        InboundMessage.interview_id.is_(None),
        InboundMessage.phone_index == phone_index(session, phone),
    )
    rows = session.scalars(wanted.order_by(*NEWEST).limit(at_most)).all()
    return [_in_clear(session, row) for row in reversed(rows)]


def newest_unplaced(session: Session, since: datetime, of_each: int = 10) -> list[Unplaced]:
    """The newest texts of every number nobody knows, newest first.

    Args:
        session: any session.
        since: none that came before.
        of_each: how many of one number, so that one that texts all day hides no other.
    """
    place = func.row_number().over(
        partition_by=InboundMessage.phone_index, order_by=InboundMessage.number.desc()
    )
    ranked = (
        select(InboundMessage.id, place.label("place"))
        .where(InboundMessage.interview_id.is_(None), InboundMessage.arrived_at >= since)
        .subquery()
    )
    rows = session.scalars(
        select(InboundMessage)
        .join(ranked, ranked.c.id == InboundMessage.id)
        .where(ranked.c.place <= of_each)
        .order_by(*NEWEST)
    ).all()
    open_keys(session, [row.key_id for row in rows])
    return [_in_clear(session, row) for row in rows]


def blank_unplaced(session: Session, phone: str, but: UUID) -> None:
    """As `blank`, for every text of a phone that belongs to no conversation, but for one."""
    for message in session.scalars(_others_unplaced(session, phone, but)).all():
        blank(session, message)


def last_words(session: Session, phone: str, but: UUID) -> str:
    """The newest words that stand in a phone's texts that belong to no conversation, but for one.

    Empty if none stand.
    """
    newest = _others_unplaced(session, phone, but).order_by(*NEWEST)
    for message in session.scalars(newest.execution_options(yield_per=20)):
        if words := body_of(session, message):
            return words
    return ""


def since(session: Session, interview_id: UUID, moment: datetime) -> list[InboundMessage]:
    """A conversation's texts that came after a moment, oldest first."""
    wanted = select(InboundMessage).where(
        InboundMessage.interview_id == interview_id, InboundMessage.arrived_at > moment
    )
    return list(session.scalars(wanted.order_by(InboundMessage.arrived_at, InboundMessage.number)))


def last_conversation(session: Session, phone: str) -> UUID | None:
    """The conversation this phone texted in last."""
    return session.scalar(
        select(InboundMessage.interview_id)
        .where(
            InboundMessage.phone_index == phone_index(session, phone),
            InboundMessage.interview_id.is_not(None),
        )
        .order_by(*NEWEST)
        .limit(1)
    )


def phone_of(session: Session, interview_id: UUID) -> str | None:
    """The phone that texted in this conversation last; None if none did."""
    row = session.scalar(
        select(InboundMessage)
        .where(InboundMessage.interview_id == interview_id)
        .order_by(*NEWEST)
        .limit(1)
    )
    return unseal(session, row.key_id, _place("phone", row.id), row.phone) if row else None


def last_arrival(session: Session, index: bytes) -> datetime | None:
    """When the phone of this blind index last texted us; not when that came here, which may have
    been much later."""
    texted = func.coalesce(InboundMessage.texted_at, InboundMessage.arrived_at)
    return session.scalar(select(func.max(texted)).where(InboundMessage.phone_index == index))


def _in_clear(session: Session, row: InboundMessage) -> Unplaced:
    phone = unseal(session, row.key_id, _place("phone", row.id), row.phone)
    return Unplaced(row.id, phone, body_of(session, row), row.arrived_at)


def _others_unplaced(session: Session, phone: str, but: UUID) -> Select[InboundMessage]:
    return select(InboundMessage).where(
        InboundMessage.interview_id.is_(None),
        InboundMessage.phone_index == phone_index(session, phone),
        InboundMessage.id != but,
    )


def _place(column: str, message_id: UUID) -> Place:
    return Place(InboundMessage.__tablename__, column, message_id)

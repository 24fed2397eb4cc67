"""Sending what is in line: claim one, hand it over, write down what became of it.

Each function is one short transaction; the worker talks to the provider between them, holding
nothing. What is in doubt is for `settling`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from family_voice.messages.models import OutboundMessage, SendState, StoppedPhone
from family_voice.messages.once import insert_once
from family_voice.messages.outbox import index_is_stopped, place
from family_voice.messages.wording import TO_STAFF
from family_voice.security.sealing import Erased, unseal
from family_voice.storage.locking import lock

#: Longer than the provider's time limit, so that nobody else sends what is still on its way.
LEASE: Final = timedelta(seconds=60)
#: How long a provider's list may lag behind what it took.
LIST_LAG: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 8
LONGEST_WAIT: Final = timedelta(hours=1)
#: Twilio's error for a phone that told the carrier STOP.
STOPPED_AT_CARRIER: Final = "21610"

#: How far each state is: a report never takes a text back. Delivered outranks failed, so that any
#: order of reports ends alike.
RANK: Final = {
    SendState.QUEUED: 0,
    SendState.SENDING: 1,
    SendState.UNKNOWN: 1,
    SendState.SENT: 2,
    SendState.FAILED: 3,
    SendState.DELIVERED: 4,
    SendState.CANCELLED: 5,
}


@dataclass(frozen=True)
class Go:
    """It may go now."""


@dataclass(frozen=True)
class Wait:
    """It may go, but not before then."""

    until: datetime


@dataclass(frozen=True)
class Never:
    """It may not go any more; `reason` is one of our own short words."""

    reason: str


Verdict = Go | Wait | Never
MayGo = Callable[[Session, OutboundMessage, datetime], Verdict]


@dataclass(frozen=True)
class Claimed:
    """A text that is ours to send."""

    id: UUID
    phone: str
    body: str


def claim(session: Session, now: datetime, may_go: MayGo) -> Claimed | None:
    """Take the next text that may go now, for `LEASE`.

    Only a phone's oldest due text is taken, and none while another to that phone is on its way or
    in doubt. What tells staff of a concern goes before everything else. Whether it may go (stop,
    consent, hours, safety) is asked here, at the last moment.

    Args:
        session: a writing session of its own; commit it before sending.
        now: the present.
        may_go: the rooms' rules, put together.

    Returns:
        What to send, or None if nothing may go.
    """
    while (row := session.scalar(_next(now))) is not None:
        verdict = (
            Never("stopped")
            if index_is_stopped(session, row.phone_index)
            else may_go(session, row, now)
        )
        match verdict:
            case Wait(until=until):
                row.due_at = until
            case Never(reason=reason):
                row.state, row.error = SendState.CANCELLED.value, reason[:40]
            case Go():
                return _take(session, row, now)
        session.flush()
    return None


def sent(session: Session, message_id: UUID, provider_id: str, now: datetime) -> None:
    """The provider took it."""
    row = lock(session, OutboundMessage, message_id)
    row.provider_id = row.provider_id or provider_id
    if RANK[SendState(row.state)] < RANK[SendState.SENT]:
        settle(row, SendState.SENT)
    row.sent_at = row.sent_at or now
    session.flush()


def refused(session: Session, message_id: UUID, code: str, now: datetime) -> None:
    """The provider will never send it. Somebody who told their carrier STOP is stopped here too."""
    row = lock(session, OutboundMessage, message_id)
    settle(row, SendState.FAILED, code)
    if code == STOPPED_AT_CARRIER:
        stopped_at_carrier(session, row, now)
    session.flush()


def in_doubt(session: Session, message_id: UUID) -> None:
    """Nobody knows whether the provider took it; its phone waits until that is settled."""
    row = lock(session, OutboundMessage, message_id)
    if row.state == SendState.SENDING.value:
        row.state, row.lease_until = SendState.UNKNOWN.value, None
    session.flush()


def again(session: Session, message_id: UUID, wait: timedelta, now: datetime) -> None:
    """The provider did not take it: try again after `wait`, longer each time, then give up."""
    row = lock(session, OutboundMessage, message_id)
    if RANK[SendState(row.state)] < RANK[SendState.SENT]:
        put_back(row, wait, now)
    session.flush()


def anything_to_do(session: Session, now: datetime) -> bool:
    """Whether a text may be due, or one is in doubt: asked by a reading session, which is cheap."""
    found = select(OutboundMessage.id).where(
        or_(
            (OutboundMessage.state == SendState.QUEUED.value) & (OutboundMessage.due_at <= now),
            (OutboundMessage.state == SendState.SENDING.value)
            & (OutboundMessage.lease_until <= now),
            (OutboundMessage.state == SendState.UNKNOWN.value)
            & (OutboundMessage.tried_at <= now - LIST_LAG),
        )
    )
    return session.scalar(found.limit(1)) is not None


def _next(now: datetime) -> Select[OutboundMessage]:
    earlier = aliased(OutboundMessage)
    in_front = exists().where(
        earlier.phone_index == OutboundMessage.phone_index,
        or_(
            earlier.state.in_([SendState.SENDING.value, SendState.UNKNOWN.value]),
            (earlier.state == SendState.QUEUED.value)
            & (earlier.due_at <= now)
            & (earlier.number < OutboundMessage.number),
        ),
    )
    return (
        select(OutboundMessage)
        .where(
            OutboundMessage.state == SendState.QUEUED.value,
            OutboundMessage.due_at <= now,
            or_(OutboundMessage.lease_until.is_(None), OutboundMessage.lease_until <= now),
            ~in_front,
        )
        .order_by(
            OutboundMessage.template.not_in(TO_STAFF),
            OutboundMessage.due_at,
            OutboundMessage.number,
            OutboundMessage.id,
        )
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _take(session: Session, row: OutboundMessage, now: datetime) -> Claimed | None:
    try:
        claimed = opened(session, row)
    except Erased:
        settle(row, SendState.CANCELLED, "erased")
        session.flush()
        return None
    try:
        with session.begin_nested():
            row.state = SendState.SENDING.value
            row.tried_at, row.lease_until = now, now + LEASE
            row.attempts += 1
            session.flush()
    except IntegrityError:
        # Another worker took one for this phone in the same moment: the index lets one through.
        session.expire(row)
        return None
    return claimed


def stopped_at_carrier(session: Session, row: OutboundMessage, now: datetime) -> None:
    """Somebody who told their carrier STOP is stopped here too."""
    values = {"phone_index": row.phone_index, "stopped_at": now}
    insert_once(session, StoppedPhone, "phone_index", values)


def opened(session: Session, row: OutboundMessage) -> Claimed:
    """A text in clear. Raises `Erased` if its key was destroyed."""
    return Claimed(
        row.id,
        unseal(session, row.key_id, place("phone", row.id), row.phone),
        unseal(session, row.key_id, place("body", row.id), row.body),
    )


def settle(row: OutboundMessage, state: SendState, error: str | None = None) -> None:
    """Nobody is sending it any more: this is what became of it."""
    row.state, row.error, row.lease_until = state.value, error, None


def put_back(row: OutboundMessage, wait: timedelta, now: datetime) -> None:
    """Into line again, for longer each time; given up in the end."""
    if row.attempts >= MOST_ATTEMPTS:
        settle(row, SendState.FAILED, "given_up")
        return
    growing = min(LONGEST_WAIT, max(wait, timedelta(seconds=1)) * 2 ** (row.attempts - 1))
    row.state = SendState.QUEUED.value
    row.lease_until = now + growing if wait else None

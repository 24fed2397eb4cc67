"""Sending what is in line: claim one, hand it over, write down what became of it.

Each function is one short transaction; the worker talks to the provider between them, holding
nothing. A text whose outcome nobody knows is looked for at the provider before it is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from family_voice.messages.gateway import Listed
from family_voice.messages.models import OutboundMessage, SendState, StoppedPhone
from family_voice.messages.once import insert_once
from family_voice.messages.outbox import index_is_stopped, place
from family_voice.security.sealing import Erased, unseal
from family_voice.storage.locking import lock

#: Longer than the provider's time limit, so that nobody else sends what is still on its way.
LEASE: Final = timedelta(seconds=60)
#: How long a provider's list may lag behind what it took.
LIST_LAG: Final = timedelta(seconds=60)
#: Clocks differ: a text we handed over may be listed a little earlier.
CLOCK_SKEW: Final = timedelta(seconds=30)
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
#: Twilio's words for how far a text got.
REPORTED: Final = {
    "queued": SendState.SENT,
    "accepted": SendState.SENT,
    "scheduled": SendState.SENT,
    "sending": SendState.SENT,
    "sent": SendState.SENT,
    "delivered": SendState.DELIVERED,
    "read": SendState.DELIVERED,
    "undelivered": SendState.FAILED,
    "failed": SendState.FAILED,
    "canceled": SendState.FAILED,
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


@dataclass(frozen=True)
class Doubtful:
    """A text that may or may not have gone."""

    id: UUID
    phone: str
    body: str
    tried_at: datetime


def claim(session: Session, now: datetime, may_go: MayGo) -> Claimed | None:
    """Take the next text that may go now, for `LEASE`.

    Only a phone's oldest due text is taken, and none while another to that phone is on its way or
    in doubt. Whether it may go (stop, consent, hours, safety) is asked here, at the last moment.

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
        _settle(row, SendState.SENT, None)
    row.sent_at = row.sent_at or now
    session.flush()


def refused(session: Session, message_id: UUID, code: str, now: datetime) -> None:
    """The provider will never send it. Somebody who told their carrier STOP is stopped here too."""
    row = lock(session, OutboundMessage, message_id)
    _settle(row, SendState.FAILED, code)
    if code == STOPPED_AT_CARRIER:
        insert_once(
            session,
            StoppedPhone,
            "phone_index",
            {"phone_index": row.phone_index, "stopped_at": now},
        )
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
        _again(row, wait, now)
    session.flush()


def doubtful(session: Session, now: datetime, at_most: int = 50) -> list[Doubtful]:
    """The texts in doubt that the provider's list can settle by now.

    One whose lease ran out was being sent by a process that died: that is doubt as well.
    """
    session.execute(
        update(OutboundMessage)
        .where(OutboundMessage.state == SendState.SENDING.value, OutboundMessage.lease_until <= now)
        .values(state=SendState.UNKNOWN.value, lease_until=None)
    )
    rows = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.state == SendState.UNKNOWN.value,
            OutboundMessage.tried_at <= now - LIST_LAG,
        )
        .order_by(OutboundMessage.tried_at)
        .limit(at_most)
    )
    found = []
    for row in rows:
        try:
            claimed = _opened(session, row)
        except Erased:
            _settle(row, SendState.FAILED, "erased")
            continue
        if row.tried_at is not None:
            found.append(Doubtful(row.id, claimed.phone, claimed.body, row.tried_at))
    session.flush()
    return found


def reconcile(
    session: Session, message_id: UUID, listed: Sequence[Listed], now: datetime
) -> SendState:
    """Settle a text in doubt by what the provider lists for its phone since it was tried.

    Args:
        session: a writing session.
        message_id: which.
        listed: the provider's list, complete since `tried_at` less `CLOCK_SKEW`.
        now: the present.

    Returns:
        `SENT` if it had gone, `QUEUED` if it had not and goes again, or what it already is.
    """
    row = lock(session, OutboundMessage, message_id)
    if row.state != SendState.UNKNOWN.value or row.tried_at is None:
        return SendState(row.state)
    known = set(
        session.scalars(
            select(OutboundMessage.provider_id).where(
                OutboundMessage.provider_id.in_([item.provider_id for item in listed])
            )
        )
    )
    body = _opened(session, row).body.strip()
    earliest = row.tried_at - CLOCK_SKEW
    for item in sorted(listed, key=lambda item: item.made_at):
        if item.provider_id not in known and item.body.strip() == body and item.made_at >= earliest:
            row.provider_id, row.sent_at = item.provider_id, item.made_at
            _settle(row, SendState.SENT, None)
            break
    else:
        _again(row, timedelta(0), now)
    session.flush()
    return SendState(row.state)


def apply_status(
    session: Session,
    provider_id: str,
    status: str,
    now: datetime,
    reference: UUID | None = None,
    error: str | None = None,
) -> bool:
    """Take in the provider's report of how far a text got; in any order, any number of times.

    Args:
        session: a writing session.
        provider_id: the provider's id of the text.
        status: the provider's word.
        now: when.
        reference: our own id of it, which settles a text in doubt.
        error: the provider's reason, if it failed.

    Returns:
        Whether it was about a text of ours.
    """
    row = session.scalar(
        select(OutboundMessage)
        .where(OutboundMessage.provider_id == provider_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None and reference is not None:
        row = session.get(OutboundMessage, reference, with_for_update=True, populate_existing=True)
        if row is not None and row.provider_id not in (None, provider_id):
            row = None
    if row is None:
        return False
    reported = REPORTED.get(status)
    if reported is None:
        return True
    row.provider_id = provider_id
    if RANK[reported] > RANK[SendState(row.state)]:
        _settle(row, reported, error if reported is SendState.FAILED else None)
        row.sent_at = row.sent_at or now
    if error == STOPPED_AT_CARRIER:
        insert_once(
            session,
            StoppedPhone,
            "phone_index",
            {"phone_index": row.phone_index, "stopped_at": now},
        )
    session.flush()
    return True


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
        .order_by(OutboundMessage.due_at, OutboundMessage.number, OutboundMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _take(session: Session, row: OutboundMessage, now: datetime) -> Claimed | None:
    try:
        claimed = _opened(session, row)
    except Erased:
        _settle(row, SendState.CANCELLED, "erased")
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


def _opened(session: Session, row: OutboundMessage) -> Claimed:
    return Claimed(
        row.id,
        unseal(session, row.key_id, place("phone", row.id), row.phone),
        unseal(session, row.key_id, place("body", row.id), row.body),
    )


def _settle(row: OutboundMessage, state: SendState, error: str | None) -> None:
    row.state, row.error, row.lease_until = state.value, error, None


def _again(row: OutboundMessage, wait: timedelta, now: datetime) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        _settle(row, SendState.FAILED, "given_up")
        return
    growing = min(LONGEST_WAIT, max(wait, timedelta(seconds=1)) * 2 ** (row.attempts - 1))
    row.state = SendState.QUEUED.value
    row.lease_until = now + growing if wait else None

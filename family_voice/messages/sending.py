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

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from family_voice.messages import failing
from family_voice.messages.attention import Need
from family_voice.messages.failing import settle, tell, went
from family_voice.messages.models import QUEUED, WAITING, OutboundMessage, SendState
from family_voice.messages.numbers import never_gets_texts
from family_voice.messages.outbox import index_is_stopped, none_today, place, reword
from family_voice.messages.provider_errors import OUR_LANDLINE
from family_voice.messages.templates import TO_STAFF
from family_voice.security.sealing import Erased, unseal
from family_voice.storage.base import UtcDateTime
from family_voice.storage.locking import lock

#: Longer than the provider's time limit, so that nobody else sends what is still on its way.
LEASE: Final = timedelta(seconds=60)
#: How long a provider's list may lag behind what it took.
LIST_LAG: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 8
GIVEN_UP: Final = "given_up"
#: A wait so long, for a reason that lies with our account, needs a person.
PERSONS_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=1)

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
FirstOfDay = Callable[[Session, OutboundMessage, str, datetime], str]


@dataclass(frozen=True)
class Claimed:
    """A text that is ours to send."""

    id: UUID
    phone: str
    body: str
    template: str = ""


def claim(
    session: Session, now: datetime, may_go: MayGo, first_of_day: FirstOfDay | None = None
) -> Claimed | None:
    """Take the next text that may go now, for `LEASE`.

    Only a phone's oldest due text is taken, and none while another to that phone is on its way or
    in doubt. What tells staff of a concern goes before everything else. Whether it may go (stop,
    consent, hours, safety) is asked here, at the last moment.

    Args:
        session: a writing session of its own; commit it before sending.
        now: the present.
        may_go: the rooms' rules, put together.
        first_of_day: gives the words of the first text that a phone gets on a day; asked here too,
            since it may be another than when they were put in line.

    Returns:
        What to send, or None if nothing may go.
    """
    asked: set[UUID] = set()
    while (row := _next(session, now)) is not None:
        asked.add(row.id)
        match _verdict(session, row, now, may_go):
            case Wait(until=until):
                row.due_at = until
            case Never(reason=reason):
                settle(row, SendState.CANCELLED, reason[:40])
                if reason == Need.NO_SAFE_TIME:
                    tell(session, row, Need.NO_SAFE_TIME, now)
            case Go():
                in_front = _that_wait_in_front(session, row, asked, now)
                if in_front is None:
                    return None
                if not in_front:
                    return _take(session, row, now, first_of_day)
                for earlier in in_front:
                    earlier.due_at = now
        session.flush()
    return None


def _that_wait_in_front(
    session: Session, row: OutboundMessage, asked: set[UUID], now: datetime
) -> list[OutboundMessage] | None:
    """The answers in front of this one that wait for the morning, where it need not.

    Their turn came while nobody was awake, and its own after a new text of theirs. None if somebody
    else holds one of them just now: to wait for them while we hold this one could be for ever,
    since they may wait for this one.
    """
    if not row.is_reply:
        return []
    waiting = select(OutboundMessage).where(
        OutboundMessage.phone_index == row.phone_index,
        OutboundMessage.state == QUEUED,
        OutboundMessage.is_reply.is_(True),
        OutboundMessage.due_at > now,
        OutboundMessage.number < row.number,
        OutboundMessage.id.not_in(asked),
    )
    ours = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    there = session.scalars(waiting.with_only_columns(OutboundMessage.id)).all()
    return list(ours) if len(ours) == len(there) else None


def sent(session: Session, message_id: UUID, provider_id: str, now: datetime) -> None:
    """The provider took it."""
    row = lock(session, OutboundMessage, message_id)
    row.provider_id = row.provider_id or provider_id
    if RANK[SendState(row.state)] < RANK[SendState.SENT]:
        went(session, row, SendState.SENT, now)
    row.sent_at = row.sent_at or now
    session.flush()


def refused(session: Session, message_id: UUID, code: str, now: datetime) -> None:
    """The provider will never send it; what follows, `provider_errors` says."""
    row = lock(session, OutboundMessage, message_id)
    failing.failed(session, row, code, now)
    session.flush()


def in_doubt(session: Session, message_id: UUID) -> None:
    """Nobody knows whether the provider took it; its phone waits until that is settled."""
    row = lock(session, OutboundMessage, message_id)
    if row.state == SendState.SENDING.value:
        row.state, row.lease_until = SendState.UNKNOWN.value, None
    session.flush()


def again(
    session: Session, message_id: UUID, wait: timedelta, now: datetime, *, about_us: bool = False
) -> None:
    """The provider did not take it: try again after `wait`, longer each time, then give up.

    What is wrong with our account (`about_us`) is not the text's fault: it waits just so long, and
    is never given up for that. Where that is long, a person hears of it until the text has gone.
    """
    row = lock(session, OutboundMessage, message_id)
    if RANK[SendState(row.state)] < RANK[SendState.SENT]:
        if about_us:
            row.attempts -= 1
            row.state, row.lease_until = SendState.QUEUED.value, now + wait
            if wait >= PERSONS_WAIT:
                row.error = Need.ACCOUNT.value
                tell(session, row, Need.ACCOUNT, now)
        else:
            longer = max(wait, timedelta(seconds=1)) * 2 ** (row.attempts - 1)
            put_back(session, row, now + min(LONGEST_WAIT, longer), now)
    session.flush()


def anything_to_do(session: Session, now: datetime) -> bool:
    """Whether a text may be due, or one is in doubt: asked by a reading session, which is cheap."""
    in_line = select(OutboundMessage.id).where(
        OutboundMessage.state.in_(WAITING),
        or_(
            (OutboundMessage.state == QUEUED) & (OutboundMessage.due_at <= now),
            (OutboundMessage.state == SendState.SENDING.value)
            & (OutboundMessage.lease_until <= now),
            (OutboundMessage.state == SendState.UNKNOWN.value)
            & (OutboundMessage.tried_at <= now - LIST_LAG)
            & (OutboundMessage.lease_until.is_(None) | (OutboundMessage.lease_until <= now)),
        ),
    )
    anew = select(OutboundMessage.id).where(OutboundMessage.again_at <= now)
    return any(session.scalar(each.limit(1)) is not None for each in (in_line, anew))


def _next(session: Session, now: datetime) -> OutboundMessage | None:
    """What may go next: what is for staff, then what has waited longest."""
    return session.scalar(_FIRST_FOR_STAFF, {"now": now}) or session.scalar(_FIRST, {"now": now})


def _first() -> Select[OutboundMessage]:
    # The states stand there word for word, as in the indexes: else every text that ever went is
    # read for each one that goes.
    earlier, now = aliased(OutboundMessage), bindparam("now", type_=UtcDateTime())
    in_front = exists().where(
        earlier.phone_index == OutboundMessage.phone_index,
        earlier.state.in_(WAITING),
        or_(
            earlier.state != QUEUED,
            (earlier.due_at <= now) & (earlier.number < OutboundMessage.number),
        ),
    )
    return (
        select(OutboundMessage)
        .where(
            OutboundMessage.state == QUEUED,
            OutboundMessage.due_at <= now,
            or_(OutboundMessage.lease_until.is_(None), OutboundMessage.lease_until <= now),
            ~in_front,
        )
        .order_by(OutboundMessage.due_at, OutboundMessage.number, OutboundMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


#: Put together once: that takes longer than to run them.
_FIRST: Final = _first()
_FIRST_FOR_STAFF: Final = _FIRST.where(OutboundMessage.template.in_(TO_STAFF))


def _verdict(session: Session, row: OutboundMessage, now: datetime, may_go: MayGo) -> Verdict:
    if index_is_stopped(session, row.phone_index):
        return Never("stopped")
    if row.template not in TO_STAFF:
        need = failing.no_use(session, row.phone_index)
        if need is not None:
            return Never(need.value)
    return may_go(session, row, now)


def _take(
    session: Session, row: OutboundMessage, now: datetime, first_of_day: FirstOfDay | None
) -> Claimed | None:
    try:
        claimed = opened(session, row)
        # One that may have gone before keeps its words: they are what it is found by.
        untried = row.attempts == 0 and row.template not in TO_STAFF
        if first_of_day and untried and none_today(session, row.phone_index, now):
            reword(session, row, first_of_day(session, row, claimed.body, now))
            claimed = opened(session, row)
    except Erased:
        settle(row, SendState.CANCELLED, "erased")
        session.flush()
        return None
    if never_gets_texts(claimed.phone):
        failing.failed(session, row, OUR_LANDLINE, now)
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


def opened(session: Session, row: OutboundMessage) -> Claimed:
    """A text in clear. Raises `Erased` if its key was destroyed."""
    return Claimed(
        row.id,
        unseal(session, row.key_id, place("phone", row.id), row.phone),
        unseal(session, row.key_id, place("body", row.id), row.body),
        row.template,
    )


def put_back(session: Session, row: OutboundMessage, until: datetime, now: datetime) -> None:
    """Into line again, not to be tried before `until`; given up in the end, which a person hears.

    It stays in front of later texts to its phone meanwhile.
    """
    if row.attempts >= MOST_ATTEMPTS:
        settle(row, SendState.FAILED, GIVEN_UP)
        tell(session, row, Need.GIVEN_UP, now)
        return
    row.state = SendState.QUEUED.value
    row.lease_until = until if until > now else None

"""The outbox for emails: put in line with what it belongs to, claimed, and written down as sent.

Each function is one short transaction. Nothing is held while the mail server answers. An email is
claimed for a while; what nobody wrote down as sent by then goes again under the same Message-ID, by
which a mailbox knows that it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from family_voice.messages.emails import Email, EmailKind
from family_voice.messages.models import OutboundEmail, SendState
from family_voice.messages.once import insert_once
from family_voice.messages.outbox import interview_key
from family_voice.messages.sending import Go, Never, Verdict, Wait
from family_voice.security.blind import blind_index
from family_voice.security.sealing import Erased, Place, seal, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, lock

#: Longer than the mail server's time limit, so that nobody else sends what is on its way.
LEASE: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 8
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=4)
GIVEN_UP: Final = "given_up"
#: Nothing is done to one any more.
OVER: Final = (SendState.SENT.value, SendState.FAILED.value, SendState.CANCELLED.value)

MayGo = Callable[[Session, OutboundEmail, datetime], Verdict]


@dataclass(frozen=True)
class Claimed:
    """An email that is ours to send."""

    id: UUID
    address: str
    email: Email
    at: datetime


@dataclass(frozen=True)
class Received:
    """An email that left, as the one it went to can read it."""

    address: str
    email: Email
    at: datetime


def queue(
    session: Session,
    interview_id: UUID,
    address: str,
    kind: EmailKind,
    email: Email,
    occasion: str,
    due_at: datetime,
    now: datetime,
) -> UUID | None:
    """Put an email in line, once for an occasion.

    Args:
        session: a writing session; the email goes out only if it commits.
        interview_id: the conversation it belongs to, under whose key it is sealed.
        address: to whom.
        kind: which of the allowed emails it is.
        email: the words, filled in.
        occasion: names the occasion, such as `invitation:<id>`.
        due_at: not before then.
        now: the present.

    Returns:
        The email's id; None if one was put in line for this occasion before.
    """
    email_id, key_id = new_id(), interview_key(session, interview_id)
    values = {
        "id": email_id,
        "dedupe_key": occasion,
        "interview_id": interview_id,
        "key_id": key_id,
        "address_index": address_index(session, address),
        "address": seal(session, key_id, _place("address", email_id), address),
        "kind": kind.value,
        "words": seal(session, key_id, _place("words", email_id), email.sealed_form()),
        "due_at": due_at,
        "queued_at": now,
    }
    return email_id if insert_once(session, OutboundEmail, "dedupe_key", values) else None


def any_for(session: Session, occasion: str) -> bool:
    """Whether an email was put in line for this occasion, ever."""
    found = select(OutboundEmail.id).where(OutboundEmail.dedupe_key == occasion)
    return session.scalar(found) is not None


def cancel_queued(
    session: Session, interview_ids: Iterable[UUID], kinds: Collection[EmailKind] | None = None
) -> int:
    """Take what has not gone yet out of line. Returns how many."""
    changing = (
        update(OutboundEmail)
        .where(
            OutboundEmail.interview_id.in_(list(interview_ids)),
            OutboundEmail.state == SendState.QUEUED.value,
        )
        .values(state=SendState.CANCELLED.value, error="not_wanted")
    )
    if kinds is not None:
        changing = changing.where(OutboundEmail.kind.in_([each.value for each in kinds]))
    return cast(CursorResult[tuple[()]], session.execute(changing)).rowcount


def forget(session: Session, interview_id: UUID) -> None:
    """Keep nothing of a conversation's emails: neither that they went nor to whom."""
    session.execute(delete(OutboundEmail).where(OutboundEmail.interview_id == interview_id))


def anything_due(session: Session, now: datetime) -> bool:
    """Whether there is an email to send now."""
    return session.scalar(select(OutboundEmail.id).where(_due(now)).limit(1)) is not None


def claim(session: Session, now: datetime, may_go: MayGo) -> Claimed | None:
    """Take the next email that may go now, for `LEASE`.

    Whether it may go (consent, safety, hours, the address we have now) is asked here, at the last
    moment, and again where it goes a second time.

    Args:
        session: a writing session of its own; commit it before sending.
        now: the present.
        may_go: the rooms' rules, put together.

    Returns:
        What to send, or None if nothing may go.
    """
    while (row := session.scalar(_next(now))) is not None:
        match may_go(session, row, now):
            case Wait(until=until):
                row.due_at, row.state, row.lease_until = until, SendState.QUEUED.value, None
            case Never(reason=reason):
                _settle(row, SendState.CANCELLED, reason)
            case Go():
                try:
                    claimed = _opened(session, row)
                except Erased:
                    _settle(row, SendState.CANCELLED, "erased")
                else:
                    row.state, row.lease_until = SendState.SENDING.value, now + LEASE
                    row.attempts += 1
                    session.flush()
                    return claimed
        session.flush()
    return None


def sent(session: Session, email_id: UUID, now: datetime) -> None:
    """The mail server has taken it."""
    if (row := _held(session, email_id)) is not None:
        row.sent_at = now
        _settle(row, SendState.SENT, None)
        session.flush()


def again(session: Session, email_id: UUID, now: datetime, *, about_us: bool) -> UUID | None:
    """It was not taken, or nobody knows whether it was: it goes again under the same Message-ID.

    Args:
        session: a writing session.
        email_id: which.
        now: the present.
        about_us: the mail server could not be reached or refuses us: never given up for that.

    Returns:
        Whose it was, if it is given up now.
    """
    row = _held(session, email_id)
    if row is None:
        return None
    if about_us:
        row.attempts -= 1
    if row.attempts >= MOST_ATTEMPTS:
        _settle(row, SendState.FAILED, GIVEN_UP)
        session.flush()
        return row.interview_id
    row.state = SendState.QUEUED.value
    row.lease_until = now + min(FIRST_WAIT * 2 ** max(row.attempts, 0), LONGEST_WAIT)
    session.flush()
    return None


def refused(session: Session, email_id: UUID, code: str) -> UUID | None:
    """The mail server never will: there is no such mailbox, or none that takes our email.

    Returns:
        Whose it was; None if it was let go of meanwhile.
    """
    row = _held(session, email_id)
    if row is None:
        return None
    _settle(row, SendState.FAILED, code)
    session.flush()
    return row.interview_id


def received(session: Session, address: str) -> list[Received]:
    """Every email that left for an address, the newest first; those still to be read."""
    rows = session.scalars(
        select(OutboundEmail)
        .where(
            OutboundEmail.address_index == address_index(session, address),
            OutboundEmail.state == SendState.SENT.value,
        )
        .order_by(OutboundEmail.sent_at.desc(), OutboundEmail.id)
    )
    found = []
    for row in rows:
        if row.words and row.sent_at is not None:
            each = _opened(session, row)
            found.append(Received(each.address, each.email, row.sent_at))
    return found


def address_index(session: Session, address: str) -> bytes:
    """What an address is found by: the same index as the register's."""
    return blind_index(session, "email", address)


def message_id(email_id: UUID, host: str) -> str:
    """The same for every try at one email."""
    return f"<{email_id.hex}@{host}>"


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(OutboundEmail.lease_until.is_(None), OutboundEmail.lease_until <= now)
    waits = and_(OutboundEmail.state == SendState.QUEUED.value, OutboundEmail.due_at <= now, free)
    left = and_(OutboundEmail.state == SendState.SENDING.value, OutboundEmail.lease_until <= now)
    return or_(waits, left)


def _next(now: datetime) -> Select[OutboundEmail]:
    return (
        select(OutboundEmail)
        .where(_due(now))
        .order_by(OutboundEmail.due_at, OutboundEmail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _opened(session: Session, row: OutboundEmail) -> Claimed:
    """An email in clear. Raises `Erased` if its key was destroyed."""
    address = unseal(session, row.key_id, _place("address", row.id), row.address)
    words = unseal(session, row.key_id, _place("words", row.id), row.words)
    return Claimed(row.id, address, Email.from_sealed_form(words), row.due_at)


def _held(session: Session, email_id: UUID) -> OutboundEmail | None:
    """An email that is on its way; None if it was let go of, or written down, meanwhile."""
    try:
        row = lock(session, OutboundEmail, email_id)
    except Missing:
        return None
    return row if row.state not in OVER else None


def _settle(row: OutboundEmail, state: SendState, error: str | None) -> None:
    row.state, row.error, row.lease_until = state.value, error[:40] if error else None, None


def _place(column: str, email_id: UUID) -> Place:
    return Place(OutboundEmail.__tablename__, column, email_id)

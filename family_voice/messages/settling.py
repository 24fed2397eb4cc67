"""Finding out what became of a text: the provider's list where nobody knows, and its reports.

A text whose outcome nobody knows is looked for at the provider before it is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from family_voice.messages import failing
from family_voice.messages.attention import Need
from family_voice.messages.failing import failed, looked_at, settle, tell, went
from family_voice.messages.gateway import Listed
from family_voice.messages.models import WAITING, DeliveryReport, OutboundMessage, SendState
from family_voice.messages.once import insert_once
from family_voice.messages.provider_errors import gravest
from family_voice.messages.sending import LIST_LAG, LONGEST_WAIT, RANK, opened, put_back
from family_voice.security.sealing import Erased
from family_voice.storage.locking import lock

#: Clocks differ, and ours may have been a day ahead when we handed a text over: it is then listed
#: a day earlier. What the provider lists and we know as another text is left out, so looking far
#: back finds nothing wrong.
CLOCK_SKEW: Final = timedelta(hours=25)
#: How often a provider that cannot say is asked, and when a person is to find out instead.
ASK_AGAIN: Final = timedelta(minutes=1)
ASK_SELDOM: Final = timedelta(minutes=15)
PATIENCE: Final = timedelta(hours=1)
IN_DOUBT: Final = "in_doubt"
#: Twilio's and GOV.UK Notify's words for how far a text got.
REPORTED: Final = {
    "created": SendState.SENT,
    "pending": SendState.SENT,
    "queued": SendState.SENT,
    "accepted": SendState.SENT,
    "scheduled": SendState.SENT,
    "sending": SendState.SENT,
    "sent": SendState.SENT,
    "delivered": SendState.DELIVERED,
    "read": SendState.DELIVERED,
    "permanent-failure": SendState.FAILED,
    "temporary-failure": SendState.FAILED,
    "technical-failure": SendState.FAILED,
    "undelivered": SendState.FAILED,
    "failed": SendState.FAILED,
    "canceled": SendState.FAILED,
}


class NotInDoubt(Exception):
    """What became of this text has been found out meanwhile."""


@dataclass(frozen=True)
class Doubtful:
    """A text that may or may not have gone, and the how manieth try of it is in doubt."""

    id: UUID
    phone: str
    body: str
    tried_at: datetime
    attempt: int


def doubtful(session: Session, now: datetime, at_most: int = 50) -> list[Doubtful]:
    """The texts in doubt that the provider's list can settle by now.

    One whose lease ran out was being sent by a process that died: that is doubt as well.
    """
    session.execute(
        update(OutboundMessage)
        .where(
            OutboundMessage.state.in_(WAITING),
            OutboundMessage.state == SendState.SENDING.value,
            OutboundMessage.lease_until <= now,
        )
        .values(state=SendState.UNKNOWN.value, lease_until=None)
    )
    rows = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.state.in_(WAITING),
            OutboundMessage.state == SendState.UNKNOWN.value,
            OutboundMessage.tried_at <= now - LIST_LAG,
            or_(OutboundMessage.lease_until.is_(None), OutboundMessage.lease_until <= now),
        )
        .order_by(OutboundMessage.tried_at)
        .limit(at_most)
    )
    found = []
    for row in rows:
        try:
            claimed = opened(session, row)
        except Erased:
            settle(row, SendState.FAILED, "erased")
            continue
        if row.tried_at is not None:
            found.append(Doubtful(row.id, claimed.phone, claimed.body, row.tried_at, row.attempts))
    session.flush()
    return found


def reconcile(
    session: Session, doubt: Doubtful, listed: Sequence[Listed], now: datetime
) -> SendState:
    """Settle a text in doubt by what the provider lists for its phone since it was tried.

    Where the provider keeps our own id of it, that decides. Else the words do; and where they fit
    two, or another of ours that has the same words, it stays in doubt and is for a person.

    Args:
        session: a writing session.
        doubt: the try that the provider was asked about.
        listed: the provider's list, complete since `tried_at` less `CLOCK_SKEW`.
        now: the present.

    Returns:
        `SENT` if it had gone, `QUEUED` if it had not and goes again, `UNKNOWN` if that does not
        say, or what it already is.
    """
    row = lock(session, OutboundMessage, doubt.id)
    if row.state != SendState.UNKNOWN.value or row.tried_at is None:
        return SendState(row.state)
    if row.attempts != doubt.attempt:
        # Another worker sent it again meanwhile, into doubt again: this list is older than that.
        return SendState.UNKNOWN
    found = _candidates(session, row, row.tried_at - CLOCK_SKEW, listed)
    if not found:
        waited = min(LONGEST_WAIT, LIST_LAG * 2 ** (row.attempts - 1))
        put_back(session, row, row.tried_at + waited, now)
    elif found[0].reference is None and (len(found) > 1 or _has_a_double(session, row)):
        row.lease_until = now + ASK_SELDOM
        tell(session, row, Need.IN_DOUBT, now)
    else:
        row.provider_id = found[0].provider_id
        went(session, row, SendState.SENT, found[0].made_at)
    session.flush()
    return SendState(row.state)


def could_not_tell(session: Session, message_id: UUID, now: datetime) -> None:
    """The provider could not be asked about a text in doubt: later again, at last by a person.

    Args:
        session: a writing session.
        message_id: which.
        now: the present.
    """
    row = lock(session, OutboundMessage, message_id)
    if row.state != SendState.UNKNOWN.value or row.tried_at is None:
        return
    patient = now - row.tried_at < PATIENCE
    row.lease_until = now + (ASK_AGAIN if patient else ASK_SELDOM)
    if not patient:
        tell(session, row, Need.IN_DOUBT, now)
    session.flush()


def person_says(
    session: Session, message_id: UUID, went_out: bool, by: UUID, now: datetime
) -> None:
    """Somebody has found out, perhaps by asking the family, whether a text in doubt went.

    If it did not, it goes again: as another attempt, so that no attempt is ever taken twice.

    Args:
        session: a writing session.
        message_id: which.
        went_out: whether it went.
        by: who says so.
        now: when.

    Raises:
        NotInDoubt: if it is settled already.
        Missing: if there is no such text.
    """
    row = lock(session, OutboundMessage, message_id)
    if row.state != SendState.UNKNOWN.value:
        raise NotInDoubt
    if went_out:
        went(session, row, SendState.SENT, row.tried_at or now, by)
    else:
        looked_at(session, row, by, now)
        settle(row, SendState.FAILED, IN_DOUBT)
        session.flush()
        failing.another_attempt(session, row, now)
    session.flush()


def apply_status(
    session: Session,
    provider_id: str,
    status: str,
    now: datetime,
    reference: UUID | None = None,
    error: str | None = None,
) -> bool:
    """Take in the provider's report of how far a text got; in any order, any number of times.

    What became of the text follows from all of its reports together, so that their order makes no
    difference.

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
    row = _reported(session, provider_id, reference)
    if row is None:
        return False
    report = {"provider_id": provider_id, "status": status, "message_id": row.id}
    if status not in REPORTED or not insert_once(
        session, DeliveryReport, None, report | {"error": error, "at": now}
    ):
        return True
    row.provider_id = provider_id
    reports = session.execute(
        select(DeliveryReport.status, DeliveryReport.error).where(
            DeliveryReport.message_id == row.id
        )
    ).all()
    furthest = max((REPORTED[each.status] for each in reports), key=lambda state: RANK[state])
    if furthest is SendState.FAILED:
        _told_that_it_failed(session, row, gravest(each.error for each in reports), now)
    elif RANK[furthest] > RANK[SendState(row.state)]:
        went(session, row, furthest, now)
    session.flush()
    return True


def _told_that_it_failed(
    session: Session, row: OutboundMessage, code: str | None, now: datetime
) -> None:
    if RANK[SendState(row.state)] > RANK[SendState.FAILED]:
        return
    if not row.body:
        settle(row, SendState.FAILED, code)  # taken back: nothing follows from it any more
    elif (row.state, row.error) != (SendState.FAILED.value, code):
        failed(session, row, code, now)
    row.sent_at = row.sent_at or now


def _reported(session: Session, provider_id: str, reference: UUID | None) -> OutboundMessage | None:
    row = session.scalar(
        select(OutboundMessage)
        .where(OutboundMessage.provider_id == provider_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None and reference is not None:
        row = session.get(OutboundMessage, reference, with_for_update=True, populate_existing=True)
        if row is not None and row.provider_id not in (None, provider_id):
            return None
    return row


def _candidates(
    session: Session, row: OutboundMessage, earliest: datetime, listed: Sequence[Listed]
) -> list[Listed]:
    """What the provider lists that may be this text, the oldest first."""
    known = set(
        session.scalars(
            select(OutboundMessage.provider_id).where(
                OutboundMessage.provider_id.in_([item.provider_id for item in listed])
            )
        )
    )
    new = [item for item in listed if item.provider_id not in known and item.made_at >= earliest]
    body = opened(session, row).body.strip()
    return sorted(
        (
            item
            for item in new
            if item.reference == str(row.id)
            or (item.reference is None and item.body.strip() == body)
        ),
        key=lambda item: item.made_at,
    )


def _has_a_double(session: Session, row: OutboundMessage) -> bool:
    """Whether a text with the same words was tried on this phone whose id we never learned."""
    if row.tried_at is None:
        return False
    others = session.scalars(
        select(OutboundMessage).where(
            OutboundMessage.phone_index == row.phone_index,
            OutboundMessage.id != row.id,
            OutboundMessage.provider_id.is_(None),
            OutboundMessage.tried_at >= row.tried_at - CLOCK_SKEW,
            OutboundMessage.state.in_((SendState.SENT.value, SendState.FAILED.value)),
        )
    )
    words = opened(session, row).body
    return any(other.body and opened(session, other).body == words for other in others)

"""Finding out what became of a text: the provider's list where nobody knows, and its reports.

A text whose outcome nobody knows is looked for at the provider before it is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from family_voice.messages.gateway import Listed
from family_voice.messages.models import OutboundMessage, SendState
from family_voice.messages.sending import (
    LIST_LAG,
    RANK,
    STOPPED_AT_CARRIER,
    opened,
    put_back,
    settle,
    stopped_at_carrier,
)
from family_voice.security.sealing import Erased
from family_voice.storage.locking import lock

#: Clocks differ, and ours may have been a day ahead when we handed a text over: it is then listed
#: a day earlier. What the provider lists and we know as another text is left out, so looking far
#: back finds nothing wrong.
CLOCK_SKEW: Final = timedelta(hours=25)
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
class Doubtful:
    """A text that may or may not have gone."""

    id: UUID
    phone: str
    body: str
    tried_at: datetime


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
            claimed = opened(session, row)
        except Erased:
            settle(row, SendState.FAILED, "erased")
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
    body = opened(session, row).body.strip()
    earliest = row.tried_at - CLOCK_SKEW
    for item in sorted(listed, key=lambda item: item.made_at):
        if item.provider_id not in known and item.body.strip() == body and item.made_at >= earliest:
            row.provider_id, row.sent_at = item.provider_id, item.made_at
            settle(row, SendState.SENT)
            break
    else:
        put_back(row, timedelta(0), now)
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
        settle(row, reported, error if reported is SendState.FAILED else None)
        row.sent_at = row.sent_at or now
    if error == STOPPED_AT_CARRIER:
        stopped_at_carrier(session, row, now)
    session.flush()
    return True

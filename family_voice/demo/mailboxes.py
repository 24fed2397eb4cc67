"""The pretend mailboxes: whose they are, and the emails that reached them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from family_voice.demo.handout import FamilyDoor, Handout
from family_voice.messages import emailing
from family_voice.messages.emailing import Received
from family_voice.messages.models import OutboundEmail, SendState
from family_voice.messages.sending import Go


@dataclass(frozen=True)
class Mailbox:
    """One mailbox, at its place in the list."""

    position: int
    address: str
    door: FamilyDoor


def every(handout: Handout) -> list[Mailbox]:
    """The mailbox of everybody of the current round who has an address, the last family first."""
    last, *others = reversed(handout.newest)
    doors = [door for door in (last, *handout.relatives, *others) if door.email]
    return [Mailbox(n, door.email or "", door) for n, door in enumerate(doors, start=1)]


def numbered(handout: Handout, position: int) -> Mailbox | None:
    """The mailbox at a position, or None."""
    return next((each for each in every(handout) if each.position == position), None)


def emails(session: Session, mailbox: Mailbox) -> list[Received]:
    """What has reached it, the newest first."""
    return emailing.received(session, mailbox.address)


def waits_until(session: Session, mailbox: Mailbox) -> datetime | None:
    """When the next email may come, where one waits for its hour."""
    return session.scalar(
        select(OutboundEmail.due_at).where(*_in_line(session, mailbox)).order_by("due_at").limit(1)
    )


def let_come(session: Session, mailbox: Mailbox, now: datetime) -> None:
    """Let what waits for its hour come now, as though that hour had passed."""
    for row in session.scalars(select(OutboundEmail).where(*_in_line(session, mailbox))):
        row.state, row.sent_at = SendState.SENT.value, now
    session.flush()


def _in_line(session: Session, mailbox: Mailbox) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboundEmail.address_index == emailing.address_index(session, mailbox.address),
        OutboundEmail.state == SendState.QUEUED.value,
    )


def send_due(session: Session, now: datetime) -> None:
    """Count what is due as sent: the mailbox reads it from the outbox."""
    while (claimed := emailing.claim(session, now, lambda *_: Go())) is not None:
        emailing.sent(session, claimed.id, now)

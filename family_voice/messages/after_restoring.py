"""Texts and emails that waited when a backup was made: perhaps they went, or are not wanted now."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from family_voice.messages.failing import settle
from family_voice.messages.models import OutboundEmail, OutboundMessage, SendState

WAITING = (SendState.QUEUED.value, SendState.SENDING.value, SendState.UNKNOWN.value)


def stop_what_waits(session: Session) -> int:
    """Cancel every text and email that waits: it may have gone since the backup, or STOP come.

    Args:
        session: a writing session on a restored database.

    Returns:
        How many; people decide whether to write again.
    """
    rows = session.scalars(select(OutboundMessage).where(OutboundMessage.state.in_(WAITING))).all()
    for row in rows:
        settle(row, SendState.CANCELLED, "restored")
    failed_for_now = OutboundMessage.again_at.is_not(None)
    session.execute(update(OutboundMessage).where(failed_for_now).values(again_at=None))
    emails = session.scalars(select(OutboundEmail).where(OutboundEmail.state.in_(WAITING))).all()
    for email in emails:
        email.state, email.error = SendState.CANCELLED.value, "restored"
    session.flush()
    return len(rows) + len(emails)

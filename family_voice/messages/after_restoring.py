"""Texts that waited when a backup was made: nobody knows whether they went, or are still wanted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.messages.models import OutboundMessage, SendState
from family_voice.messages.sending import settle

WAITING = (SendState.QUEUED.value, SendState.SENDING.value, SendState.UNKNOWN.value)


def stop_what_waits(session: Session) -> int:
    """Cancel every text that waits: it may have gone since the backup, or STOP may have come.

    Args:
        session: a writing session on a restored database.

    Returns:
        How many; people decide whether to write again.
    """
    rows = session.scalars(select(OutboundMessage).where(OutboundMessage.state.in_(WAITING))).all()
    for row in rows:
        settle(row, SendState.CANCELLED, "restored")
    session.flush()
    return len(rows)

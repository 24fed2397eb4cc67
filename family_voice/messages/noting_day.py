"""What the first text of a day says besides, and where: before its words in the first text ever."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.messages.hours import day_of
from family_voice.messages.models import OutboundMessage, SendState

#: What does not count as a text of its day.
NOT_COUNTED = (SendState.CANCELLED, SendState.FAILED)


def with_note(
    session: Session, index: bytes, body: str, due_at: datetime, note: str, *, known: bool
) -> str:
    """A text with the day's note, where it is the phone's first of its day.

    Args:
        session: any session.
        index: the phone's.
        body: its words.
        due_at: when it goes.
        note: what the first text of a day says: who we are, whom to ring.
        known: whether it belongs to a conversation. Who hears from us for the first time then reads
            first who we are; what greets a number nobody knows says it itself.
    """
    if not note or not _first_of_day(session, index, due_at):
        return body
    ever = select(OutboundMessage.id).where(OutboundMessage.phone_index == index).limit(1)
    first = known and session.scalar(ever) is None
    return f"{note}\n{body}" if first else f"{body}\n{note}"


def _first_of_day(session: Session, index: bytes, moment: datetime) -> bool:
    begins, ends = day_of(moment)
    found = session.scalar(
        select(OutboundMessage.id)
        .where(
            OutboundMessage.phone_index == index,
            OutboundMessage.due_at >= begins,
            OutboundMessage.due_at < ends,
            OutboundMessage.state.not_in([state.value for state in NOT_COUNTED]),
        )
        .limit(1)
    )
    return found is None

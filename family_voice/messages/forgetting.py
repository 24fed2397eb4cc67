"""Letting go of a conversation's texts when somebody takes everything back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.messages import arriving, outbox
from family_voice.messages.models import InboundMessage, OutboundMessage


def forget(session: Session, interview_id: UUID) -> None:
    """Send nothing more of a conversation, and keep of its texts only that they came and went.

    Args:
        session: a writing session.
        interview_id: whose; its key must not have been destroyed yet.
    """
    outbox.cancel_queued(session, [interview_id])
    for message in session.scalars(
        select(InboundMessage).where(InboundMessage.interview_id == interview_id)
    ):
        arriving.blank(session, message)
    for sent in session.scalars(
        select(OutboundMessage).where(OutboundMessage.interview_id == interview_id)
    ):
        outbox.blank(session, sent)
    session.flush()

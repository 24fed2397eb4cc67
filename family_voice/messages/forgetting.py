"""Letting go of a conversation's texts when somebody takes everything back."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.messages import emailing, outbox
from family_voice.messages.attention import forget_needs
from family_voice.messages.failing import settle
from family_voice.messages.models import InboundMessage, OutboundMessage, ScheduledTurn, SendState
from family_voice.messages.phone_lines import forget_line

#: As long as a blind index, and found by no telephone.
INDEX_LENGTH = 32
ON_ITS_WAY = (SendState.SENDING.value, SendState.UNKNOWN.value)


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Send nothing more of a conversation, and keep of its texts only that they came and went.

    Each row stays with the provider's number of it: what arrives a second time is known by that.
    From whom and what it said goes, the index of the telephone too.

    Args:
        session: a writing session.
        interview_id: whose.

    Returns:
        How many `texts` had come and gone, and how many that `waited` were taken out of line.
    """
    waited = stop_sending(session, interview_id)
    forget_needs(session, interview_id)
    forget_line(session, interview_id)
    emailing.forget(session, interview_id)
    texts = 0
    for came in session.scalars(
        select(InboundMessage).where(InboundMessage.interview_id == interview_id)
    ):
        _empty(came)
        texts += 1
    for went in session.scalars(
        select(OutboundMessage).where(OutboundMessage.interview_id == interview_id)
    ):
        if went.state in ON_ITS_WAY:
            # Nobody can ask any more what became of it: there is nothing left to compare.
            settle(went, SendState.FAILED, "erased")
        texts += went.state != SendState.CANCELLED.value
        _empty(went)
    session.flush()
    return {"texts": texts, "waited": waited}


def empty_texts(session: Session, interview_id: UUID) -> None:
    """Keep that a conversation's texts came and went and from whom, and not what they said.

    Of emails nothing is kept: that one went is in the case's attempts.
    """
    for came in session.scalars(
        select(InboundMessage).where(InboundMessage.interview_id == interview_id)
    ):
        came.body = b""
    for went in session.scalars(
        select(OutboundMessage).where(
            OutboundMessage.interview_id == interview_id,
            OutboundMessage.state.not_in((SendState.QUEUED.value, *ON_ITS_WAY)),
        )
    ):
        went.body = b""
    emailing.forget(session, interview_id)
    session.flush()


def stop_sending(session: Session, interview_id: UUID) -> int:
    """Take out of line every text of a conversation that waits. Returns how many."""
    waited = outbox.cancel_queued(session, [interview_id])
    waited += emailing.cancel_queued(session, [interview_id])
    session.execute(delete(ScheduledTurn).where(ScheduledTurn.interview_id == interview_id))
    return waited


def stop_reaching_out(session: Session, interview_id: UUID) -> int:
    """Take out of line what answers nothing of theirs: they do not want to be contacted."""
    waiting = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.interview_id == interview_id,
            OutboundMessage.state == SendState.QUEUED.value,
            OutboundMessage.is_reply.is_(False),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in waiting:
        settle(row, SendState.CANCELLED, "no_contact")
    session.flush()
    return len(waiting) + emailing.cancel_queued(session, [interview_id])


def _empty(row: InboundMessage | OutboundMessage) -> None:
    row.phone = row.body = b""
    row.phone_index = secrets.token_bytes(INDEX_LENGTH)

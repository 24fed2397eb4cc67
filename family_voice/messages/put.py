"""What a telephone was really asked: a text that is still in line nobody has read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.messages.models import OutboundMessage, SendState
from family_voice.messages.outbox import body_of
from family_voice.messages.templates import Template

GONE = (SendState.SENT.value, SendState.DELIVERED.value)


@dataclass(frozen=True)
class Gone:
    """The last of them that the provider took, and when it was put in line; `newest` where none was
    put in line after it."""

    body: str
    queued_at: datetime
    newest: bool


def last_gone(session: Session, whose: UUID, templates: Collection[Template]) -> Gone | None:
    """The last text of these kinds that went to them; None if none did."""
    ours = (
        select(OutboundMessage)
        .where(
            OutboundMessage.interview_id == whose,
            OutboundMessage.template.in_([template.value for template in templates]),
        )
        .order_by(OutboundMessage.number.desc())
        .limit(1)
    )
    gone = session.scalar(ours.where(OutboundMessage.state.in_(GONE)))
    if gone is None:
        return None
    return Gone(body_of(session, gone), gone.queued_at, session.scalar(ours) is gone)


def goes_now(session: Session, whose: UUID, templates: Collection[Template], now: datetime) -> bool:
    """Whether a text of these kinds is only waiting for the worker's next turn."""
    found = select(OutboundMessage.id).where(
        OutboundMessage.interview_id == whose,
        OutboundMessage.template.in_([template.value for template in templates]),
        OutboundMessage.state == SendState.QUEUED.value,
        OutboundMessage.due_at <= now,
    )
    return session.scalar(found.limit(1)) is not None

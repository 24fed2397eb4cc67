"""What became of each invitation that was put in line: it waits, it went, or it did not go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.messages.emails import EmailKind
from family_voice.messages.models import OutboundEmail, OutboundMessage, SendState
from family_voice.messages.templates import Template

#: The emails that invite, for the first time or to carry on.
INVITING = (EmailKind.INVITATION.value, EmailKind.CARRY_ON.value)


@dataclass(frozen=True)
class Going:
    """How far an invitation is; `due_at` is when it may go."""

    channel: str
    interview_id: UUID
    queued_at: datetime
    state: SendState
    due_at: datetime
    sent_at: datetime | None


def invitations(session: Session, interview_ids: Iterable[UUID]) -> list[Going]:
    """The invitations by text and email of these conversations, and how far each is."""
    ids = list(interview_ids)
    found = []
    for channel, table, kind in (
        ("email", OutboundEmail, OutboundEmail.kind.in_(INVITING)),
        ("text", OutboundMessage, OutboundMessage.template == Template.INVITATION.value),
    ):
        rows = session.execute(
            select(table.interview_id, table.queued_at, table.state, table.due_at, table.sent_at)
            .where(table.interview_id.in_(ids), kind)
        )  # fmt: skip
        found += [
            Going(channel, interview_id, queued_at, SendState(state), due_at, sent_at)
            for interview_id, queued_at, state, due_at, sent_at in rows
            if interview_id is not None
        ]
    return found

"""Texts put in line, for the tests of what becomes of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.messages import outbox
from family_voice.messages.models import OutboundMessage
from family_voice.messages.sending import Go, Verdict
from family_voice.messages.settling import Doubtful
from family_voice.messages.templates import Template

ONE, TWO = "+447700900101", "+447700900102"


def anything(_session: Session, _message: OutboundMessage, _now: datetime) -> Verdict:
    return Go()


def an_interview(session: Session, now: datetime) -> UUID:
    return record.begin(session, audience="parent_carer", language="en", now=now)


def put(
    session: Session,
    interview_id: UUID | None,
    now: datetime,
    body: str = "Hello",
    phone: str = ONE,
    due: timedelta = timedelta(0),
    is_reply: bool = False,
    key: str = "",
    prompt_id: str | None = None,
) -> UUID:
    return outbox.queue(
        session, interview_id, phone, Template.QUESTION, body, key or f"test:{uuid4()}", now + due,
        is_reply, now, prompt_id=prompt_id,
    )  # fmt: skip


def asked_about(session: Session, message_id: UUID) -> Doubtful:
    """A text in doubt, as a worker takes it along when it asks the provider now."""
    row = session.get_one(OutboundMessage, message_id, populate_existing=True)
    assert row.tried_at is not None
    return Doubtful(row.id, ONE, outbox.body_of(session, row), row.tried_at, row.attempts)

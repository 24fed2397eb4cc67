"""A phone's texts as a readable thread: for the pretend phone, and for the lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from family_voice.messages import arriving, outbox
from family_voice.messages.models import InboundMessage, OutboundMessage
from family_voice.security.sealing import Erased


@dataclass(frozen=True)
class Line:
    """One text. `body` is empty where it was not kept; `state` is empty for theirs."""

    id: UUID
    ours: bool
    body: str
    at: datetime
    state: str = ""


def by_phone(session: Session, phone: str) -> list[Line]:
    """Every text to and from a phone, in the order they were queued and came."""
    index = outbox.phone_index(session, phone)
    return _lines(
        session, OutboundMessage.phone_index == index, InboundMessage.phone_index == index
    )


def by_interview(session: Session, interview_id: UUID) -> list[Line]:
    """Every text of one conversation."""
    return _lines(
        session,
        OutboundMessage.interview_id == interview_id,
        InboundMessage.interview_id == interview_id,
    )


def _lines(
    session: Session, outbound: ColumnElement[bool], inbound: ColumnElement[bool]
) -> list[Line]:
    lines = [
        (row.arrived_at, 0, row.number, Line(row.id, False, _theirs(session, row), row.arrived_at))
        for row in session.scalars(select(InboundMessage).where(inbound))
    ]
    lines += [
        (row.queued_at, 1, row.number, Line(row.id, True, _ours(session, row), at, row.state))
        for row in session.scalars(select(OutboundMessage).where(outbound))
        for at in [row.sent_at or row.queued_at]
    ]
    return [line for *_order, line in sorted(lines, key=lambda entry: entry[:3])]


def _ours(session: Session, row: OutboundMessage) -> str:
    try:
        return outbox.body_of(session, row)
    except Erased:
        return ""


def _theirs(session: Session, row: InboundMessage) -> str:
    try:
        return arriving.body_of(session, row)
    except Erased:
        return ""

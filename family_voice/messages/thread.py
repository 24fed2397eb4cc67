"""Texts as readable threads: for the pretend phone, and for the lead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.orm import Session

from family_voice.messages import arriving, outbox
from family_voice.messages.models import InboundMessage, OutboundMessage, SendState
from family_voice.security.sealing import Erased, open_keys


@dataclass(frozen=True)
class Line:
    """One text. `body` is empty where it was not kept; the last four are empty for theirs.

    `at` is when it went or came; `parts` how many segments it took. `due_at` is when one that waits
    may go.
    """

    id: UUID
    ours: bool
    body: str
    at: datetime
    parts: int = 0
    state: str = ""
    template: str = ""
    error: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Traffic:
    """That texts came and went in a conversation, without what they said."""

    interview_id: UUID
    last_at: datetime
    last_is_ours: bool


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


def put_in_line(session: Session, interview_id: UUID) -> dict[datetime, set[str]]:
    """The templates of the texts of ours that went or are to go, by when they were put in line."""
    found: dict[datetime, set[str]] = {}
    rows = session.execute(
        select(OutboundMessage.queued_at, OutboundMessage.template).where(
            OutboundMessage.interview_id == interview_id,
            OutboundMessage.state != SendState.CANCELLED.value,
        )
    )
    for at, template in rows:
        found.setdefault(at, set()).add(template)
    return found


def conversations(session: Session) -> list[Traffic]:
    """Every conversation that has texts, the one with the newest first."""
    came = session.execute(
        select(InboundMessage.interview_id, func.max(InboundMessage.arrived_at))
        .where(InboundMessage.interview_id.is_not(None))
        .group_by(InboundMessage.interview_id)
    )
    went = session.execute(
        select(
            OutboundMessage.interview_id,
            func.max(func.coalesce(OutboundMessage.sent_at, OutboundMessage.queued_at)),
        )
        .where(
            OutboundMessage.interview_id.is_not(None),
            OutboundMessage.state != SendState.CANCELLED.value,
        )
        .group_by(OutboundMessage.interview_id)
    )
    last: dict[UUID, tuple[datetime, bool]] = {}
    for ours, rows in ((False, came), (True, went)):
        for interview_id, at in rows:
            if interview_id is not None:
                last[interview_id] = max((at, ours), last.get(interview_id, (at, ours)))
    found = [Traffic(interview_id, at, ours) for interview_id, (at, ours) in last.items()]
    return sorted(found, key=lambda each: each.last_at, reverse=True)


def with_texts(session: Session, interview_ids: Collection[UUID]) -> set[UUID]:
    """Those of the conversations in which a text came or went, or waits to go."""
    both = union(
        select(InboundMessage.interview_id).where(InboundMessage.interview_id.in_(interview_ids)),
        select(OutboundMessage.interview_id).where(OutboundMessage.interview_id.in_(interview_ids)),
    )
    return set(session.scalars(both)) if interview_ids else set()


def _lines(
    session: Session, outbound: ColumnElement[bool], inbound: ColumnElement[bool]
) -> list[Line]:
    came = session.scalars(select(InboundMessage).where(inbound)).all()
    went = session.scalars(select(OutboundMessage).where(outbound)).all()
    open_keys(session, {row.key_id for row in came} | {row.key_id for row in went})
    lines = [
        (
            row.arrived_at,
            0,
            row.number,
            Line(row.id, False, _theirs(session, row), row.arrived_at, row.segments),
        )
        for row in came
    ]
    lines += [(row.queued_at, 1, row.number, _our_line(session, row)) for row in went]
    return [line for *_order, line in sorted(lines, key=lambda entry: entry[:3])]


def _our_line(session: Session, row: OutboundMessage) -> Line:
    return Line(
        row.id,
        True,
        _ours(session, row),
        row.sent_at or row.queued_at,
        row.segments,
        row.state,
        row.template,
        row.error or "",
        row.due_at,
    )


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

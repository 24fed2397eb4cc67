"""Visits to a child who tells us without words: by whom, where and when, and whether they said no.

What was seen on a visit is a piece of the child's conversation, known for ever as observed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Event, Fragment, Interview, ObservedVisit
from family_voice.security.sealing import Place, seal, unseal
from family_voice.storage.locking import fetch, lock


@dataclass(frozen=True)
class Visit:
    """One visit, in clear. `stopped_at`: the child showed that they did not want it."""

    id: UUID
    interview_id: UUID
    on: date
    place: str
    observer: str
    recorded_by: UUID | None
    stopped_at: datetime | None


def begin_visit(
    session: Session,
    interview_id: UUID,
    visit_id: UUID,
    *,
    on: date,
    place: str,
    observer: str,
    recorded_by: UUID | None,
    now: datetime,
) -> None:
    """Write down that somebody was with the child; the same visit sent again is one.

    Args:
        session: a writing session.
        interview_id: the child's conversation.
        visit_id: what the page calls the visit.
        on: the day.
        place: where.
        observer: who was with the child, and what they are to them.
        recorded_by: the member of staff who writes it down.
        now: when.
    """
    interview = lock(session, Interview, interview_id)
    if session.get(ObservedVisit, visit_id) is not None:
        return

    def sealed(column: str, text: str) -> bytes:
        return seal(session, interview.key_id, _place(column, visit_id), text.strip())

    session.add(
        ObservedVisit(
            id=visit_id,
            interview_id=interview_id,
            on_day=on,
            place=sealed("place", place),
            observer=sealed("observer", observer),
            recorded_by=recorded_by,
            at=now,
        )
    )
    session.flush()


def stop_visit(session: Session, visit_id: UUID, now: datetime) -> None:
    """The child showed their no: the visit is over."""
    row = lock(session, ObservedVisit, visit_id)
    row.stopped_at = row.stopped_at or now
    session.flush()


def visit_of(session: Session, visit_id: UUID) -> Visit:
    """One visit. Raises Missing."""
    row = fetch(session, ObservedVisit, visit_id)
    return _visit(session, fetch(session, Interview, row.interview_id), row)


def visits_of(session: Session, interview_id: UUID) -> tuple[Visit, ...]:
    """The visits of a conversation, oldest first; none whose words were erased."""
    interview = fetch(session, Interview, interview_id)
    rows = session.scalars(
        select(ObservedVisit)
        .where(ObservedVisit.interview_id == interview_id, ObservedVisit.place != b"")
        .order_by(ObservedVisit.on_day, ObservedVisit.at)
    )
    return tuple(_visit(session, interview, row) for row in rows)


def seen_pieces(session: Session, interview_id: UUID) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """The pieces that were seen on visits: nobody said them here.

    Returns:
        All of them; and those that one of us wrote and has not read back since, which no return
        word opens: it may have been chosen by somebody who saw only what they said themselves.
    """
    seen = session.execute(
        select(Fragment.id, Fragment.recorded_by, Fragment.at).where(
            Fragment.interview_id == interview_id, Fragment.visit_id.is_not(None)
        )
    ).all()
    if not seen:
        return frozenset(), frozenset()
    read_back = session.scalar(
        select(func.max(Event.at)).where(
            Event.interview_id == interview_id,
            Event.kind == "read_back",
            Event.recorded_by.is_not(None),
        )
    )
    return (
        frozenset(row.id for row in seen),
        frozenset(
            row.id
            for row in seen
            if row.recorded_by is not None and (read_back is None or row.at > read_back)
        ),
    )


def _visit(session: Session, interview: Interview, row: ObservedVisit) -> Visit:
    def text(column: str) -> str:
        sealed: bytes = getattr(row, column)
        return unseal(session, interview.key_id, _place(column, row.id), sealed) if sealed else ""

    return Visit(
        id=row.id,
        interview_id=row.interview_id,
        on=row.on_day,
        place=text("place"),
        observer=text("observer"),
        recorded_by=row.recorded_by,
        stopped_at=row.stopped_at,
    )


def _place(column: str, visit_id: UUID) -> Place:
    return Place(ObservedVisit.__tablename__, column, visit_id)

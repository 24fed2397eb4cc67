"""One sitting at the call pad: who else is there, and the questions to come back to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.cases.models import ComeBack, Sitting
from family_voice.interviews.models import Interview
from family_voice.interviews.voices import say_interpreted
from family_voice.storage.locking import lock


@dataclass(frozen=True)
class Presence:
    """Who is there besides whoever talks."""

    interpreter: bool = False
    child: bool = False


def sit_down(
    session: Session, interview_id: UUID, presence: Presence, by: UUID | None, now: datetime
) -> None:
    """Note that somebody began to talk with them, and who else is there."""
    session.add(
        Sitting(
            interview_id=interview_id,
            by=by,
            begun_at=now,
            interpreter=presence.interpreter,
            child_present=presence.child,
        )
    )
    session.flush()
    say_interpreted(session, interview_id, presence.interpreter)


def presence_now(session: Session, interview_id: UUID, by: UUID) -> Presence:
    """Who is there in this member of staff's latest sitting; nobody else before there was one."""
    found = _latest(session, interview_id, by)
    return Presence(found.interpreter, found.child_present) if found else Presence()


def say_present(
    session: Session, interview_id: UUID, presence: Presence, by: UUID, now: datetime
) -> None:
    """Put right who is there in this member of staff's latest sitting, or begin one."""
    lock(session, Interview, interview_id)
    found = _latest(session, interview_id, by)
    if found is None:
        return sit_down(session, interview_id, presence, by, now)
    found.interpreter, found.child_present = presence.interpreter, presence.child
    session.flush()
    say_interpreted(session, interview_id, presence.interpreter)


def who_was_there(session: Session, interview_ids: Collection[UUID]) -> dict[UUID, Presence]:
    """Who was there in any sitting of each: words that came through or before them are read so."""
    found = dict.fromkeys(interview_ids, Presence())
    rows = session.execute(
        select(Sitting.interview_id, Sitting.interpreter, Sitting.child_present).where(
            Sitting.interview_id.in_(found)
        )
    )
    for interview_id, interpreter, child in rows:
        was = found[interview_id]
        found[interview_id] = Presence(was.interpreter or interpreter, was.child or child)
    return found


def to_come_back_to(session: Session, interview_id: UUID) -> frozenset[str]:
    """The questions that somebody wants to come back to."""
    return frozenset(
        session.scalars(select(ComeBack.prompt_id).where(ComeBack.interview_id == interview_id))
    )


def come_back_to(
    session: Session,
    interview_id: UUID,
    *,
    marked: Collection[str] = (),
    cleared: Collection[str] = (),
    by: UUID,
    now: datetime,
) -> None:
    """Mark questions to come back to, and take the mark off others; both may be done twice."""
    lock(session, Interview, interview_id)
    session.execute(
        delete(ComeBack).where(
            ComeBack.interview_id == interview_id, ComeBack.prompt_id.in_(cleared)
        )
    )
    for prompt_id in sorted(set(marked) - to_come_back_to(session, interview_id)):
        session.add(ComeBack(interview_id=interview_id, prompt_id=prompt_id, by=by, at=now))
    session.flush()


def _latest(session: Session, interview_id: UUID, by: UUID) -> Sitting | None:
    return session.scalar(
        select(Sitting)
        .where(Sitting.interview_id == interview_id, Sitting.by == by)
        .order_by(Sitting.begun_at.desc())
        .limit(1)
    )

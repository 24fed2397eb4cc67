"""The seven days between DELETE by text and the deletion, in which it can be called off.

A telephone may be in the wrong hands. Until the days are over nothing is changed; by text (KEEP),
on the web, or by ringing us, it is called off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview
from family_voice.operations.models import DeletionWait
from family_voice.security.sealing import KeyKind, Place, destroy_key, new_key, seal, unseal
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import lock

DAYS: Final = timedelta(days=7)


@dataclass(frozen=True)
class Wait:
    """A deletion that was asked for by text: when, and when it is due."""

    interview_id: UUID
    asked_at: datetime
    due_at: datetime


def begin(session: Session, interview_id: UUID, phone: str, now: datetime) -> Wait:
    """Begin the seven days, or find them begun: asking twice does not begin them anew.

    Args:
        session: a writing session.
        interview_id: whose account.
        phone: from where, to say there that it is done.
        now: when.
    """
    lock(session, Interview, interview_id)
    standing = of_interview(session, interview_id)
    if standing is not None:
        return standing
    key_id = new_key(session, KeyKind.PERSON, interview_id, now)
    row = DeletionWait(
        interview_id=interview_id,
        asked_at=now,
        due_at=now + DAYS,
        key_id=key_id,
        phone=seal(session, key_id, _place(interview_id), phone),
    )
    session.add(row)
    session.flush()
    record(session, Actor("family"), "ask", "deletion", interview_id, now)
    return Wait(interview_id, row.asked_at, row.due_at)


def call_off(session: Session, interview_id: UUID, by: Actor, now: datetime) -> bool:
    """Keep everything after all. Returns whether there was something to call off."""
    lock(session, Interview, interview_id)
    if not forget(session, interview_id, now):
        return False
    record(session, by, "call off", "deletion", interview_id, now)
    return True


def forget(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Let go of the wait, with the telephone in it. Returns whether there was one."""
    row = session.get(DeletionWait, interview_id)
    if row is None:
        return False
    key_id = row.key_id
    session.delete(row)
    session.flush()
    destroy_key(session, key_id, now)
    return True


def of_interview(session: Session, interview_id: UUID) -> Wait | None:
    """The wait that goes on for an interview, if one does."""
    row = session.get(DeletionWait, interview_id)
    return Wait(row.interview_id, row.asked_at, row.due_at) if row else None


def phone_of(session: Session, interview_id: UUID) -> str | None:
    """Where the deletion was asked for from."""
    row = session.get(DeletionWait, interview_id)
    return unseal(session, row.key_id, _place(interview_id), row.phone) if row else None


def asked_from(session: Session, phone: str) -> UUID | None:
    """The interview of which a telephone asked to delete everything, and which waits.

    Found by the wait itself: the days may go on longer than the invitation finds the telephone.
    """
    waits = session.scalars(select(DeletionWait.interview_id).order_by(DeletionWait.asked_at))
    return next((each for each in waits if phone_of(session, each) == phone), None)


def due(session: Session, now: datetime) -> list[UUID]:
    """The interviews of which the days are over, longest first."""
    return list(
        session.scalars(
            select(DeletionWait.interview_id)
            .where(DeletionWait.due_at <= now)
            .order_by(DeletionWait.due_at)
        )
    )


def going_on(session: Session) -> list[Wait]:
    """Every deletion that was asked for and is not due yet, the next one first."""
    rows = session.scalars(select(DeletionWait).order_by(DeletionWait.due_at))
    return [Wait(row.interview_id, row.asked_at, row.due_at) for row in rows]


def _place(interview_id: UUID) -> Place:
    return Place(DeletionWait.__tablename__, "phone", interview_id)

"""Legal holds: the data protection officer's order that nothing of a child's is destroyed.

Taking words back works all the same for everybody who looks: what is kept is out of sight at once,
and goes when the last hold on it is lifted. No family page or receipt depends on a hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from family_voice.cases.forgetting import cases_ever
from family_voice.cases.models import Case
from family_voice.interviews.models import Interview
from family_voice.operations.models import LegalHold
from family_voice.people.models import Child, Participant
from family_voice.people.register import children
from family_voice.security.sealing import KeyKind, Place, new_key, seal, unseal
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class NoReason(ValueError):
    """A hold needs the reason it rests on."""


@dataclass(frozen=True)
class Hold:
    """One hold, in clear, for the data protection officer."""

    id: UUID
    child_id: UUID | None
    interview_id: UUID | None
    reason: str
    set_at: datetime
    lifted_at: datetime | None


def set_hold(
    session: Session,
    *,
    reason: str,
    by: UUID,
    now: datetime,
    child_id: UUID | None = None,
    interview_id: UUID | None = None,
) -> UUID:
    """Keep everything of a child, or of one interview, from being destroyed.

    Args:
        session: a writing session.
        reason: what it rests on, such as a court's order; kept sealed.
        by: the data protection officer.
        now: when.
        child_id: the child; everything said about them is held.
        interview_id: or one interview.

    Returns:
        The hold's id.

    Raises:
        NoReason: without a reason.
        Missing: if there is no such child or interview.
    """
    if not reason.strip():
        raise NoReason
    # Held while the hold is made, so that nothing is destroyed in the same moment.
    if child_id is not None:
        lock(session, Child, child_id)
    if interview_id is not None:
        lock(session, Interview, interview_id)
    hold_id = new_id()
    key_id = new_key(session, KeyKind.HOLD, hold_id, now)
    session.add(
        LegalHold(
            id=hold_id,
            child_id=child_id,
            interview_id=interview_id,
            key_id=key_id,
            reason=seal(session, key_id, _place(hold_id), reason.strip()),
            set_by=by,
            set_at=now,
        )
    )
    session.flush()
    record(session, Actor("staff", by), "add", "legal hold", hold_id, now, ["reason"])
    return hold_id


def lift(session: Session, hold_id: UUID, by: UUID, now: datetime) -> None:
    """Let go of a hold; what was taken back meanwhile is destroyed by the worker's next turn."""
    row = lock(session, LegalHold, hold_id)
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = now, by
        session.flush()
        record(session, Actor("staff", by), "change", "legal hold", hold_id, now, ["lifted"])


def holds(session: Session) -> list[Hold]:
    """Every hold there is or was, the newest first."""
    return [
        Hold(
            row.id,
            row.child_id,
            row.interview_id,
            unseal(session, row.key_id, _place(row.id), row.reason),
            row.set_at,
            row.lifted_at,
        )
        for row in session.scalars(select(LegalHold).order_by(LegalHold.set_at.desc()))
    ]


def reference_of(session: Session, hold: Hold) -> str:
    """The reference of the child that a hold is on; empty for one on a single interview."""
    if hold.child_id is None:
        return ""
    return children(session, [hold.child_id])[hold.child_id].facts.reference


def is_held(session: Session, interview_id: UUID) -> bool:
    """Whether an interview may not be destroyed now: held itself, or by a child it is about."""
    about = children_of(session, interview_id)
    return _stands(
        session, or_(LegalHold.interview_id == interview_id, LegalHold.child_id.in_(about))
    )


def child_is_held(session: Session, child_id: UUID) -> bool:
    """Whether what identifies a child may not be destroyed now."""
    ours = select(Interview.id).join(Participant, Participant.id == Interview.participant_id)
    ours = ours.where(Participant.child_id == child_id)
    return _stands(session, or_(LegalHold.child_id == child_id, LegalHold.interview_id.in_(ours)))


def children_of(session: Session, interview_id: UUID) -> set[UUID]:
    """The children an interview is about, as far as anybody knows."""
    found = set(
        session.scalars(
            select(Case.child_id).where(Case.id.in_(list(cases_ever(session, interview_id))))
        )
    )
    participant_id = fetch(session, Interview, interview_id).participant_id
    if participant_id is not None:
        found.add(fetch(session, Participant, participant_id).child_id)
    return found


def _stands(session: Session, which: object) -> bool:
    found = select(LegalHold.id).where(LegalHold.lifted_at.is_(None), which)  # type: ignore[arg-type]
    return session.scalar(found.limit(1)) is not None


def _place(hold_id: UUID) -> Place:
    return Place(LegalHold.__tablename__, "reason", hold_id)

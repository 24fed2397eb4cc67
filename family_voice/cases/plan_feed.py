"""The secret address under which a calendar program reads the plan for one member of staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from family_voice.cases.audit_plan_models import PlanFeed
from family_voice.people.access import Action, Resource, may
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import roles_of
from family_voice.security.blind import blind_index
from family_voice.security.tokens import new_token
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


def make_feed(session: Session, staff_id: UUID, now: datetime) -> str:
    """Make somebody's address; the one they had works no longer.

    Returns:
        The secret part, which is shown once and never stored in the clear.

    Raises:
        Missing: if there is no such account.
    """
    lock(session, StaffMember, staff_id)  # two presses at once leave one address standing
    end_feed(session, staff_id, now)
    token = new_token()
    session.add(
        PlanFeed(id=new_id(), staff_id=staff_id, token_index=_index(session, token), made_at=now)
    )
    session.flush()
    return token


def end_feed(session: Session, staff_id: UUID, now: datetime) -> None:
    """Let somebody's address work no longer."""
    for row in session.scalars(_standing(staff_id)):
        row.ended_at = now
    session.flush()


def feed_made_at(session: Session, staff_id: UUID) -> datetime | None:
    """When the address that works for somebody was made; None if none does."""
    row = session.scalars(_standing(staff_id)).first()
    return row.made_at if row else None


def reader_of(session: Session, token: str) -> UUID | None:
    """Whose address this is, while it works and they may see the plan; None otherwise."""
    row = session.scalar(
        select(PlanFeed).where(
            PlanFeed.token_index == _index(session, token), PlanFeed.ended_at.is_(None)
        )
    )
    if row is None:
        return None
    staff = fetch(session, StaffMember, row.staff_id)
    reads = staff.active and may(roles_of(staff), Action.SEE, Resource.PLAN)
    return staff.id if reads else None


def _standing(staff_id: UUID) -> Select[PlanFeed]:
    return select(PlanFeed).where(PlanFeed.staff_id == staff_id, PlanFeed.ended_at.is_(None))


def _index(session: Session, token: str) -> bytes:
    # blind_index ignores case, and a token does not.
    return blind_index(session, "plan_feed", token.encode().hex())

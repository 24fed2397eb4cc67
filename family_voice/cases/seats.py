"""Who sits on which Level 4 session, who of them may see its cases, and who works with a child."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.agreements import may_see
from family_voice.cases.models import Case, PanelSeat, PanelSession, WorksWith
from family_voice.storage.locking import fetch, lock


class NoAgreement(Exception):
    """They have a seat, but their agency has no data-sharing agreement in force today."""


@dataclass(frozen=True)
class Seat:
    """One member of staff at one session, for an agency.

    `may_see` is False while no data-sharing agreement covers the agency: the seat is there, and
    nothing of the session's cases may be shown.
    """

    session_id: UUID
    staff_id: UUID
    agency: str
    is_chair: bool
    may_see: bool


def seat(
    session: Session, session_id: UUID, staff_id: UUID, agency: str, is_chair: bool = False
) -> None:
    """Give somebody a seat at a session, or change the one they have.

    Args:
        session: a writing session.
        session_id: the Level 4 session.
        staff_id: who.
        agency: the id of an agency of the framework.
        is_chair: whether they type the professionals' views.
    """
    lock(session, PanelSession, session_id)
    row = session.scalar(
        select(PanelSeat).where(PanelSeat.session_id == session_id, PanelSeat.staff_id == staff_id)
    )
    if row is None:
        row = PanelSeat(session_id=session_id, staff_id=staff_id)
        session.add(row)
    row.agency, row.is_chair = agency, is_chair
    session.flush()


def leave(session: Session, session_id: UUID, staff_id: UUID) -> None:
    """Take a seat away; without effect if there is none."""
    row = session.scalar(
        select(PanelSeat).where(PanelSeat.session_id == session_id, PanelSeat.staff_id == staff_id)
    )
    if row is not None:
        session.delete(row)
        session.flush()


def seats_at(session: Session, session_id: UUID, today: date) -> list[Seat]:
    """Everybody who sits on a session."""
    rows = session.scalars(
        select(PanelSeat)
        .where(PanelSeat.session_id == session_id)
        .order_by(PanelSeat.is_chair.desc(), PanelSeat.agency, PanelSeat.staff_id)
    ).all()
    return _seats(session, rows, today)


def seats_of(session: Session, staff_id: UUID, today: date) -> list[Seat]:
    """The sessions somebody sits on, newest first."""
    rows = session.scalars(
        select(PanelSeat)
        .join(PanelSession, PanelSession.id == PanelSeat.session_id)
        .where(PanelSeat.staff_id == staff_id)
        .order_by(PanelSession.held_on.desc())
    ).all()
    return _seats(session, rows, today)


def seat_on_case(session: Session, staff_id: UUID, case_id: UUID, today: date) -> Seat | None:
    """The seat through which somebody may see a case today: only their own session's cases.

    Args:
        session: any session.
        staff_id: who wants to see it.
        case_id: which case.
        today: the day in London.

    Returns:
        The seat, or None if they have none at that session.

    Raises:
        NoAgreement: if they have one, but no data-sharing agreement covers their agency today.
    """
    rows = session.scalars(
        select(PanelSeat)
        .join(Case, Case.session_id == PanelSeat.session_id)
        .where(PanelSeat.staff_id == staff_id, Case.id == case_id)
    ).all()
    for found in _seats(session, rows, today):
        if not found.may_see:
            raise NoAgreement(found.agency)
        return found
    return None


def seats_on_case(session: Session, case_id: UUID, today: date) -> list[Seat]:
    """Everybody on the session that looks at a case who may see it today."""
    seated = seats_at(session, fetch(session, Case, case_id).session_id, today)
    return [each for each in seated if each.may_see]


def works_with(session: Session, staff_id: UUID, child_id: UUID) -> bool:
    """Whether somebody is recorded as working with a child."""
    return session.get(WorksWith, (staff_id, child_id)) is not None


def works_with_cases(session: Session, staff_id: UUID, case_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the cases whose child somebody is recorded as working with."""
    return set(
        session.scalars(
            select(Case.id)
            .join(WorksWith, WorksWith.child_id == Case.child_id)
            .where(WorksWith.staff_id == staff_id, Case.id.in_(list(case_ids)))
        )
    )


def record_works_with(session: Session, staff_id: UUID, case_id: UUID, works: bool) -> None:
    """Record that somebody works with a case's child, or that they do not."""
    child_id = fetch(session, Case, case_id).child_id
    row = session.get(WorksWith, (staff_id, child_id))
    if works and row is None:
        session.add(WorksWith(staff_id=staff_id, child_id=child_id))
    elif not works and row is not None:
        session.delete(row)
    session.flush()


def _seats(session: Session, rows: Sequence[PanelSeat], today: date) -> list[Seat]:
    seeing = may_see(session, {row.session_id for row in rows}, today)
    return [
        Seat(
            row.session_id, row.staff_id, row.agency, row.is_chair,
            may_see=row.agency in seeing[row.session_id],
        )
        for row in rows
    ]  # fmt: skip

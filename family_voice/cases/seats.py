"""Who sits on which Level 4 session, who of them may see its cases, and who works with a child.

Whoever introduced us to a family never sees what it told us, wherever else they sit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.agreements import may_see
from family_voice.cases.models import Case, Introduced, PanelSeat, PanelSession, WorksWith
from family_voice.cases.rounds import RoundView
from family_voice.frameworks.framework import PanelRole
from family_voice.people.models import Child
from family_voice.storage.locking import fetch, lock


class NoAgreement(Exception):
    """They have a seat, but their agency has no data-sharing agreement in force today."""


@dataclass(frozen=True)
class Seat:
    """One member of staff at one session, in a role of the framework, and so for an agency.

    `may_see` is False while no data-sharing agreement covers the agency: the seat is there, and
    nothing of the session's cases may be shown.
    """

    session_id: UUID
    staff_id: UUID
    agency: str
    is_chair: bool
    may_see: bool
    role: str = ""


def seat(
    session: Session,
    session_id: UUID,
    staff_id: UUID,
    agency: str,
    is_chair: bool = False,
    role: str = "",
) -> None:
    """Give somebody a seat at a session, or change the one they have.

    Args:
        session: a writing session.
        session_id: the Level 4 session.
        staff_id: who.
        agency: the id of an agency of the framework.
        is_chair: whether they type the professionals' views.
        role: the id of the framework's role they sit there in; empty if that is not known.
    """
    lock(session, PanelSession, session_id)
    row = session.scalar(
        select(PanelSeat).where(PanelSeat.session_id == session_id, PanelSeat.staff_id == staff_id)
    )
    if row is None:
        row = PanelSeat(session_id=session_id, staff_id=staff_id)
        session.add(row)
    row.agency, row.is_chair, row.role = agency, is_chair, role
    session.flush()


def missing_roles(round_: RoundView, seated: Iterable[Seat]) -> tuple[PanelRole, ...]:
    """The roles that every session of a round needs and that nobody seated at this one has."""
    there = {each.role for each in seated}
    return tuple(role for role in round_.panel if role.every_session and role.id not in there)


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
        The seat, or None if they have none at that session, or introduced us to this family.

    Raises:
        NoAgreement: if they have one, but no data-sharing agreement covers their agency today.
    """
    rows = session.scalars(
        select(PanelSeat)
        .join(Case, Case.session_id == PanelSeat.session_id)
        .where(PanelSeat.staff_id == staff_id, Case.id == case_id)
    ).all()
    for found in _seats(session, rows, today):
        if introduced_cases(session, staff_id, [case_id]):
            return None
        if not found.may_see:
            raise NoAgreement(found.agency)
        return found
    return None


def seats_on_case(session: Session, case_id: UUID, today: date) -> list[Seat]:
    """Everybody on the session that looks at a case who may see it today."""
    case = fetch(session, Case, case_id)
    introducers = set(
        session.scalars(
            select(Introduced.staff_id)
            .join(Child, Child.id == Introduced.child_id)
            .where(Child.family_id == fetch(session, Child, case.child_id).family_id)
        )
    )
    seated = seats_at(session, case.session_id, today)
    return [each for each in seated if each.may_see and each.staff_id not in introducers]


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


def introduced_cases(session: Session, staff_id: UUID, case_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the cases to whose family somebody introduced us: they never see the answer.

    A brother's or sister's case is the same family's, with the same people speaking.
    """
    families = (
        select(Child.family_id)
        .join(Introduced, Introduced.child_id == Child.id)
        .where(Introduced.staff_id == staff_id)
    )
    return set(
        session.scalars(
            select(Case.id)
            .join(Child, Child.id == Case.child_id)
            .where(Child.family_id.in_(families), Case.id.in_(list(case_ids)))
        )
    )


def record_introduced(session: Session, staff_id: UUID, case_id: UUID, introduced: bool) -> None:
    """Record that somebody introduced us to a case's family, or that they did not."""
    _record(session, Introduced, staff_id, case_id, introduced)


def record_works_with(session: Session, staff_id: UUID, case_id: UUID, works: bool) -> None:
    """Record that somebody works with a case's child, or that they do not."""
    _record(session, WorksWith, staff_id, case_id, works)


def _record(
    session: Session,
    tie: type[Introduced | WorksWith],
    staff_id: UUID,
    case_id: UUID,
    stands: bool,
) -> None:
    child_id = fetch(session, Case, case_id).child_id
    row = session.get(tie, (staff_id, child_id))
    if stands and row is None:
        session.add(tie(staff_id=staff_id, child_id=child_id))
    elif not stands and row is not None:
        session.delete(row)
    session.flush()


def _seats(session: Session, rows: Sequence[PanelSeat], today: date) -> list[Seat]:
    seeing = may_see(session, {row.session_id for row in rows}, today)
    return [
        Seat(
            row.session_id, row.staff_id, row.agency, row.is_chair,
            may_see=row.agency in seeing[row.session_id], role=row.role,
        )
        for row in rows
    ]  # fmt: skip

"""Data-sharing agreements: what lets a partner agency's panel member see a family's words at all.

The council's own agencies are named in the framework (`own: true`); everybody else sees a case only
on a day that an agreement covers. It is asked whenever something is shown, never kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.models import PanelSeat, PanelSession, Round, SharingAgreement
from family_voice.cases.rounds import RoundView, SessionView
from family_voice.frameworks.loader import load_framework
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock


class AgreementProblem(StrEnum):
    """What is wrong with an agreement that somebody wants to record."""

    REFERENCE_MISSING = "reference_missing"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    OVER_ALREADY = "over_already"


class BadAgreement(ValueError):
    """The agreement cannot be recorded; `problem` says why."""

    def __init__(self, problem: AgreementProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Agreement:
    """One agreement on record; both its days count."""

    id: UUID
    agency: str
    reference: str
    from_day: date
    until_day: date
    recorded_by: UUID
    ended_at: datetime | None

    def in_force(self, today: date) -> bool:
        """Whether it lets its agency see anything today."""
        return self.ended_at is None and self.from_day <= today <= self.until_day


@dataclass(frozen=True)
class Lapse:
    """A partner agency with a seat whose agreement does not reach to its (first such) session."""

    agency: str
    session_number: int
    held_on: date
    last_day: date | None


def record_agreement(
    session: Session,
    agency: str,
    reference: str,
    from_day: date,
    until_day: date,
    by: UUID,
    now: datetime,
    today: date,
) -> UUID:
    """Put an agreement on record.

    Args:
        session: a writing session.
        agency: the id of an agency of the framework.
        reference: where the signed agreement is found.
        from_day: the first day it covers.
        until_day: the last day it covers.
        by: who records it.
        now: when.
        today: the day in London.

    Returns:
        Its id.

    Raises:
        BadAgreement: if it has no reference, ends before it begins, or is over already.
    """
    if not reference.strip():
        raise BadAgreement(AgreementProblem.REFERENCE_MISSING)
    if until_day < from_day:
        raise BadAgreement(AgreementProblem.ENDS_BEFORE_IT_BEGINS)
    if until_day < today:
        raise BadAgreement(AgreementProblem.OVER_ALREADY)
    row = SharingAgreement(
        id=new_id(),
        agency=agency,
        reference=reference.strip(),
        from_day=from_day,
        until_day=until_day,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def end_agreement(session: Session, agreement_id: UUID, by: UUID, now: datetime) -> None:
    """End an agreement at once; ending it again changes nothing.

    Raises:
        Missing: if there is no such agreement.
    """
    row = lock(session, SharingAgreement, agreement_id)
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, by
        session.flush()


def agreements(session: Session) -> list[Agreement]:
    """Every agreement ever recorded, by agency, the latest first."""
    rows = session.scalars(
        select(SharingAgreement).order_by(
            SharingAgreement.agency, SharingAgreement.until_day.desc()
        )
    )
    return [_view(row) for row in rows]


def may_see(
    session: Session, meetings: Collection[UUID], today: date
) -> dict[UUID, frozenset[str]]:
    """The agencies whose people may see the cases of these Level 4 sessions today.

    Args:
        session: any session.
        meetings: ids of sessions.
        today: the day in London.

    Returns:
        For each session the council's own agencies and those with an agreement in force.
    """
    agreed = _in_force(session, today)
    frameworks = session.execute(
        select(PanelSession.id, Round.framework, Round.framework_version)
        .join(Round, Round.id == PanelSession.round_id)
        .where(PanelSession.id.in_(meetings))
    ).all()
    own = {
        pair: frozenset(each.id for each in load_framework(*pair).agencies if each.own)
        for pair in {(row.framework, row.framework_version) for row in frameworks}
    }
    return {row.id: own[row.framework, row.framework_version] | agreed for row in frameworks}


def lapses(session: Session, round_: RoundView, today: date) -> list[Lapse]:
    """What the lead sees coming: partner agencies seated at a session they could not read for.

    Args:
        session: any session.
        round_: whose sessions; those that are over are left out.
        today: the day in London.

    Returns:
        One an agency, for the first session that it cannot read for, in the order of the days.
    """
    coming = {each.id: each for each in round_.sessions}
    seated = session.execute(
        select(PanelSeat.session_id, PanelSeat.agency)
        .where(PanelSeat.session_id.in_(coming))
        .distinct()
    )
    pairs = [(coming[session_id], agency) for session_id, agency in seated]
    return _lapses(session, round_, pairs, today)


def lapses_ahead(session: Session, round_: RoundView, today: date) -> list[Lapse]:
    """The same before anybody has a seat: every partner agency that the audit's roles speak for."""
    agencies = {role.agency for role in round_.panel}
    pairs = [(each, agency) for each in round_.sessions for agency in agencies]
    return _lapses(session, round_, pairs, today)


def _lapses(
    session: Session, round_: RoundView, pairs: Iterable[tuple[SessionView, str]], today: date
) -> list[Lapse]:
    own = {each.id for each in round_.framework.agencies if each.own}
    coming = [pair for pair in pairs if pair[0].held_on >= today and pair[1] not in own]
    standing = agreements(session)
    found: dict[str, Lapse] = {}
    for meeting, agency in sorted(coming, key=lambda pair: (pair[0].held_on, pair[1])):
        last_day = _covered_until(standing, agency, today)
        if last_day is None or last_day < meeting.held_on:
            found.setdefault(agency, Lapse(agency, meeting.number, meeting.held_on, last_day))
    return list(found.values())


def _covered_until(standing: Iterable[Agreement], agency: str, today: date) -> date | None:
    """The last day of an unbroken run from today on, or None if today is not covered."""
    last: date | None = None
    for each in sorted(standing, key=lambda each: each.from_day):
        if each.agency != agency or each.ended_at is not None or each.until_day < today:
            continue
        reached = today if last is None else last
        if (each.from_day - reached).days <= (0 if last is None else 1):
            last = max(each.until_day, reached)
    return last


def _in_force(session: Session, today: date) -> frozenset[str]:
    return frozenset(
        session.scalars(
            select(SharingAgreement.agency).where(
                SharingAgreement.ended_at.is_(None),
                SharingAgreement.from_day <= today,
                SharingAgreement.until_day >= today,
            )
        )
    )


def _view(row: SharingAgreement) -> Agreement:
    return Agreement(
        row.id, row.agency, row.reference, row.from_day, row.until_day, row.recorded_by,
        row.ended_at,
    )  # fmt: skip

"""Deciding the year's audits: which rounds are to come, their themes, why, and their days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import deadlines
from family_voice.cases.audit_plan_models import PlannedRound
from family_voice.cases.periods import period_at
from family_voice.frameworks.framework import Audit, Framework
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock, one_at_a_time


class Reason(StrEnum):
    """Why a round has its theme."""

    COMPLIMENTS = "compliments"
    COMPLAINTS = "complaints"
    DATA = "data"
    INSPECTION = "inspection"


class PlanProblem(StrEnum):
    """What is wrong with a plan for a round."""

    NO_SUCH_PERIOD = "no_such_period"
    UNKNOWN_THEME = "unknown_theme"
    UNKNOWN_REASON = "unknown_reason"
    SOME_DAYS_MISSING = "some_days_missing"
    NOT_IN_ORDER = "not_in_order"
    NOT_A_WORKING_DAY = "not_a_working_day"
    BEFORE_ITS_PERIOD = "before_its_period"


class CannotPlan(ValueError):
    """The round cannot be planned so; `problems` holds every reason at once."""

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        super().__init__(", ".join(problems))
        self.problems = tuple(problems)


class PlanChanged(Exception):
    """Somebody else changed it meanwhile: `standing` is what stands now, None if it was dropped."""

    def __init__(self, standing: Planned | None) -> None:
        super().__init__("changed meanwhile")
        self.standing = standing


class AlreadyOpened(ValueError):
    """The round is open: its days and themes stand on its own page, and are changed there."""


@dataclass(frozen=True)
class Planned:
    """What was decided for one period of an audit."""

    id: UUID
    framework: str
    audit: str
    begins: date
    themes: Mapping[str, tuple[str, ...]]
    reasons: tuple[Reason, ...]
    held_on: tuple[date, ...]
    round_id: UUID | None
    version: int


def keep(
    session: Session,
    framework: Framework,
    audit_id: str,
    begins: date,
    *,
    themes: Mapping[str, Sequence[str]],
    reasons: Iterable[str],
    held_on: Sequence[date | None],
    version: int = 0,
) -> UUID:
    """Plan a round, or change what was planned.

    Args:
        session: a writing session.
        framework: the version in force.
        audit_id: which of its audits.
        begins: the first day of the period.
        themes: values chosen, by theme of the framework.
        reasons: why, as values of `Reason`.
        held_on: the days of its meetings in order, or none at all while they are open.
        version: of what the change is made to; 0 for one that is new.

    Returns:
        The plan's id.

    Raises:
        CannotPlan: with every problem.
        AlreadyOpened: if the round is open.
        PlanChanged: if somebody changed or dropped it since `version`, or planned it first.
    """
    days = tuple(day for day in held_on if day is not None)
    chosen = {theme: sorted(set(values)) for theme, values in themes.items() if values}
    why = sorted(set(reasons))
    try:
        audit = framework.audit(audit_id)
    except KeyError:
        raise CannotPlan([PlanProblem.NO_SUCH_PERIOD]) from None
    problems = _problems(framework, audit, begins, chosen, why, days)
    if problems:
        raise CannotPlan(problems)
    one_at_a_time(session, "audit plan")
    row = _row(session, framework.id, audit_id, begins)
    if (row.version if row else 0) != version:
        raise PlanChanged(_planned(row) if row else None)
    if row is None:
        row = PlannedRound(
            id=new_id(), framework=framework.id, audit=audit_id, begins=begins, held_on=[]
        )
        session.add(row)
    elif row.round_id is not None:
        raise AlreadyOpened
    row.themes, row.reasons = chosen, why
    row.held_on = [day.isoformat() for day in days]
    session.flush()
    return row.id


def drop(session: Session, planned_id: UUID) -> None:
    """Take a round that is not open yet out of the plan.

    Raises:
        Missing: if it is not there.
        AlreadyOpened: if the round is open.
    """
    row = lock(session, PlannedRound, planned_id)
    if row.round_id is not None:
        raise AlreadyOpened
    session.delete(row)
    session.flush()


def became(session: Session, planned_id: UUID, round_id: UUID) -> None:
    """Note the round that a plan became. One that was noted already stays.

    Raises:
        Missing: if there is no such plan.
    """
    row = lock(session, PlannedRound, planned_id)
    if row.round_id is None:
        row.round_id = round_id
        session.flush()


def planned(session: Session, planned_id: UUID) -> Planned:
    """What was planned. Raises Missing."""
    return _planned(fetch(session, PlannedRound, planned_id))


def all_planned(session: Session, framework_id: str) -> list[Planned]:
    """Everything that was planned by one area's framework."""
    rows = select(PlannedRound).where(PlannedRound.framework == framework_id)
    return [_planned(row) for row in session.scalars(rows)]


def _problems(
    framework: Framework,
    audit: Audit,
    begins: date,
    themes: Mapping[str, Sequence[str]],
    reasons: Sequence[str],
    days: Sequence[date],
) -> list[PlanProblem]:
    allowed = {theme.id: {value.id for value in theme.values} for theme in framework.themes}
    period = period_at(audit.frequency, begins)
    wrong = {
        PlanProblem.NO_SUCH_PERIOD: period.first != begins,
        PlanProblem.UNKNOWN_THEME: any(
            not set(values) <= allowed.get(theme, set()) for theme, values in themes.items()
        ),
        PlanProblem.UNKNOWN_REASON: not set(reasons) <= {each.value for each in Reason},
        PlanProblem.SOME_DAYS_MISSING: len(days) not in (0, audit.sessions),
        PlanProblem.NOT_IN_ORDER: list(days) != sorted(days),
        PlanProblem.NOT_A_WORKING_DAY: not all(deadlines.is_working_day(day) for day in days),
        # After it may be: what a month's draw found is often looked at in the next.
        PlanProblem.BEFORE_ITS_PERIOD: any(day < begins for day in days),
    }
    return [problem for problem, is_so in wrong.items() if is_so]


def _row(session: Session, framework: str, audit_id: str, begins: date) -> PlannedRound | None:
    return session.scalar(
        select(PlannedRound)
        .where(
            PlannedRound.framework == framework,
            PlannedRound.audit == audit_id,
            PlannedRound.begins == begins,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _planned(row: PlannedRound) -> Planned:
    return Planned(
        id=row.id,
        framework=row.framework,
        audit=row.audit,
        begins=row.begins,
        themes={theme: tuple(values) for theme, values in row.themes.items()},
        reasons=tuple(Reason(each) for each in row.reasons),
        held_on=tuple(date.fromisoformat(each) for each in row.held_on),
        round_id=row.round_id,
        version=row.version,
    )

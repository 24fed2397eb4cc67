"""The plan of a school year as it stands: what was decided, what was opened, what is due when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from family_voice.cases.audit_calendar import (
    Deadline,
    Meeting,
    What,
    in_order,
    of_meetings,
    of_plan,
    of_steps,
)
from family_voice.cases.audit_plan import Planned, all_planned
from family_voice.cases.periods import Period, next_period, period_at, periods_of
from family_voice.cases.rounds import RoundView, all_rounds
from family_voice.cases.school_years import school_year
from family_voice.frameworks.framework import Audit, Framework
from family_voice.storage.locking import Missing

#: How often these are held no calendar says: nothing of them is due before somebody plans one.
WITHOUT_RHYTHM = "when_needed"


@dataclass(frozen=True)
class Entry:
    """One period of one audit: what was decided, the rounds opened, and what is due when."""

    framework: Framework
    audit: Audit
    period: Period
    planned: Planned | None
    rounds: tuple[RoundView, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def is_decided(self) -> bool:
        """Whether it is more than the framework's rhythm: planned, or open."""
        return self.planned is not None or bool(self.rounds)

    @property
    def decide_by(self) -> date | None:
        """The day by which its days are to be chosen; None once they are, or need not be."""
        return next((each.day for each in self.deadlines if each.what is What.DECIDE), None)

    @property
    def runs_by_itself(self) -> bool:
        """Whether there is nothing to choose: the framework gives the days, and no theme."""
        return not self.is_decided and bool(self.deadlines) and self.decide_by is None

    @property
    def theme_names(self) -> tuple[str, ...]:
        """The framework's names of the values that were planned."""
        return self.framework.names_chosen(self.planned.themes if self.planned else {})

    def key(self, deadline: Deadline) -> str:
        """What names one deadline of this period for good; it changes with the day."""
        return f"{self.audit.id}/{self.period.first.isoformat()}/{deadline.name}"


def entry(session: Session, framework: Framework, audit_id: str, begins: date) -> Entry:
    """One period of an audit, as the framework in force has it.

    Raises:
        Missing: if the framework has no such audit, or no period of it begins on this day.
    """
    try:
        audit = framework.audit(audit_id)
    except KeyError:
        raise Missing("audit") from None
    period = period_at(audit.frequency, begins)
    if period.first != begins:
        raise Missing("period")
    return next(
        each
        for each in year(session, framework, school_year(begins), begins)
        if (each.framework.id, each.audit.id, each.period) == (framework.id, audit.id, period)
    )


def year(session: Session, framework: Framework, first_year: int, today: date) -> tuple[Entry, ...]:
    """The school year that begins in September of `first_year`, by audit and period.

    Args:
        session: any session.
        framework: the version in force.
        first_year: which school year.
        today: periods that are over are there only if something was planned or opened in them.

    Returns:
        The framework's audits in its own order, then audits of other frameworks that rounds pinned.
    """
    plans = {(each.audit, each.begins): each for each in all_planned(session, framework.id)}
    own, others = _rounds(session, framework, plans.values())
    found = []
    for audit in framework.audits:
        unplanned = _expected(audit, first_year, today)
        for period in periods_of(audit.frequency, first_year):
            plan = plans.get((audit.id, period.first))
            opened = tuple(own.get((audit.id, period.first), ()))
            if plan or opened or period in unplanned:
                found.append(_entry(framework, audit, period, plan, opened))
    for each in others:
        period = _period_of(each)
        if school_year(period.first) == first_year:
            found.append(_entry(each.framework, each.audit, period, None, (each,)))
    return tuple(found)


def to_open(session: Session, framework: Framework, today: date) -> tuple[Entry, ...]:
    """What was planned, is not open yet and not over, the first to come first."""
    this = school_year(today)
    found = [
        each
        for first_year in (this, this + 1)
        for each in year(session, framework, first_year, today)
        if each.planned and not each.rounds and _last_day(each) >= today
    ]
    return tuple(sorted(found, key=lambda each: (each.period.first, each.audit.id)))


def _last_day(it: Entry) -> date:
    return max((it.period.last, *(it.planned.held_on if it.planned else ())))


def _expected(audit: Audit, first_year: int, today: date) -> tuple[Period, ...]:
    """The periods that are still to be planned: all that are not over, by its rhythm."""
    ahead = tuple(each for each in periods_of(audit.frequency, first_year) if each.last >= today)
    if audit.frequency != WITHOUT_RHYTHM:
        return ahead
    here = period_at(audit.frequency, today)
    return tuple(each for each in ahead if each in (here, next_period(here)))


def _entry(
    framework: Framework,
    audit: Audit,
    period: Period,
    plan: Planned | None,
    opened: tuple[RoundView, ...],
) -> Entry:
    due: Iterable[Deadline]
    if opened:
        due = (*of_steps(audit, period), *(one for each in opened for one in _of_round(each)))
    elif plan or audit.frequency != WITHOUT_RHYTHM:
        due = of_plan(audit, period, plan.held_on if plan else (), framework.deadlines)
    else:
        due = ()
    return Entry(framework, audit, period, plan, opened, in_order(due))


def _of_round(view: RoundView) -> tuple[Deadline, ...]:
    held = [Meeting(each.number, each.held_on, each.heard_by) for each in view.sessions]
    return of_meetings(view.audit, held, view.freezes_on, view.framework.deadlines)


def _rounds(
    session: Session, framework: Framework, plans: Iterable[Planned]
) -> tuple[dict[tuple[str, date], list[RoundView]], list[RoundView]]:
    """Rounds of this framework's audits by the period they belong to, and all others."""
    by_plan = {each.round_id: (each.audit, each.begins) for each in plans if each.round_id}
    own: defaultdict[tuple[str, date], list[RoundView]] = defaultdict(list)
    others = []
    audits = {each.id for each in framework.audits}
    for each in reversed(all_rounds(session)):
        if each.id in by_plan:
            own[by_plan[each.id]].append(each)
        elif each.framework.id == framework.id and each.audit.id in audits:
            frequency = framework.audit(each.audit.id).frequency
            own[each.audit.id, period_at(frequency, _begun(each)).first].append(each)
        else:
            others.append(each)
    return own, others


def _period_of(view: RoundView) -> Period:
    return period_at(view.audit.frequency, _begun(view))


def _begun(view: RoundView) -> date:
    """The day by which a round is put into a period: its first meeting."""
    return view.sessions[0].held_on if view.sessions else view.freezes_on

"""School terms, and the days on which made-up meetings and telephone calls fall. Pure.

Term dates are rounded: every council sets its own, and the demo only needs days that look right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from family_voice.cases.deadlines import freezes_on, heard_by, is_working_day, working_days_after
from family_voice.frameworks.framework import Audit

NOTICE_DAYS = 10
CONTACT_DAYS = 20
_MEETING_WEEKDAYS = (1, 2, 3)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
HALVES = ("", ", first half", ", second half")


@dataclass(frozen=True)
class Term:
    """One term, or half of one. `school_year` is the calendar year of its September."""

    name: str
    school_year: int
    first_day: date
    last_day: date
    half_term: date
    half: int = 0

    @property
    def title(self) -> str:
        """Such as "Autumn term 2026"."""
        return f"{self.name.capitalize()} term {self.first_day.year}{HALVES[self.half]}"

    def halves(self) -> tuple[Term, Term]:
        """What is before the week of half term, and what is after it."""
        return (
            replace(self, last_day=self.half_term - _DAY, half=1),
            replace(self, first_day=self.half_term + _WEEK, half=2),
        )

    def days(self) -> Iterator[date]:
        """The term's school days, without half term and bank holidays."""
        day = self.first_day
        while day <= self.last_day:
            on_break = timedelta(0) <= day - self.half_term < _WEEK
            if is_working_day(day) and not on_break:
                yield day
            day += _DAY


@dataclass(frozen=True)
class Calendar:
    """A round's dates: its term, the days people were rung, and meetings a week apart."""

    term: Term
    contact_days: tuple[date, ...]
    meetings: tuple[date, ...]

    @property
    def opened_on(self) -> date:
        """The first day on which anybody was contacted."""
        return self.contact_days[0]

    @property
    def freezes_on(self) -> date:
        """The day from which the round no longer changes."""
        return freezes_on(self.meetings[-1])


def calendars(rng: Random, today: date, how_many: int, audit: Audit) -> list[Calendar]:
    """The dates of the current round and of those before it.

    Args:
        rng: where chance comes from.
        today: the day the demo is made. The current round's meetings come after it.
        how_many: rounds in all, the current one included.
        audit: how often it is held, and in how many meetings.

    Returns:
        One calendar a round, a term or half term each, the current one first.
    """
    terms = _terms_around(today, how_many)
    school_days = [day for term in terms for day in term.days()]
    if audit.frequency == "half_termly":
        terms = [half for term in terms for half in term.halves()]
    soonest = working_days_after(today, NOTICE_DAYS)
    position, meetings = next(
        (n, weeks[0])
        for n, term in enumerate(terms)
        if (weeks := _meetings(term, soonest, term.last_day, audit.sessions))
    )
    found = [Calendar(terms[position], _contact_days(school_days, today - _DAY), meetings)]
    for term in reversed(terms[:position]):
        if len(found) == how_many:
            break
        weeks = _meetings(term, term.first_day, found[-1].opened_on - _DAY, audit.sessions)
        # A half term that is too short for another round has none.
        if weeks:
            meetings = rng.choice(weeks[len(weeks) // 2 :])
            days = _contact_days(school_days, heard_by(meetings[0]))
            found.append(Calendar(term, days, meetings))
    return found


def _terms_around(today: date, how_many: int) -> list[Term]:
    first = today.year - how_many // 3 - 3
    return [term for year in range(first, today.year + 2) for term in _terms_of(year)]


def _terms_of(school_year: int) -> tuple[Term, Term, Term]:
    spring, may = school_year + 1, date(school_year + 1, 5, 31)
    return (
        Term(
            "autumn",
            school_year,
            date(school_year, 9, 4),
            date(school_year, 12, 18),
            _monday_from(date(school_year, 10, 24)),
        ),
        Term(
            "spring",
            school_year,
            date(spring, 1, 6),
            date(spring, 3, 21),
            _monday_from(date(spring, 2, 12)),
        ),
        Term(
            "summer",
            school_year,
            date(spring, 4, 20),
            date(spring, 7, 17),
            may - timedelta(days=may.weekday()),
        ),
    )


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _meetings(term: Term, first: date, last: date, how_many: int) -> list[tuple[date, ...]]:
    days = {d for d in term.days() if first <= d <= last and d.weekday() in _MEETING_WEEKDAYS}
    weeks = [tuple(day + n * _WEEK for n in range(how_many)) for day in sorted(days)]
    return [each for each in weeks if set(each) <= days]


def _contact_days(school_days: list[date], last: date) -> tuple[date, ...]:
    return tuple([day for day in school_days if day <= last][-CONTACT_DAYS:])

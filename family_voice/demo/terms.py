"""School terms, and the days on which made-up meetings and telephone calls fall. Pure.

Term dates are rounded: every council sets its own, and the demo only needs days that look right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from family_voice.cases.deadlines import freezes_on, heard_by, is_working_day, working_days_after

NOTICE_DAYS = 10
CONTACT_DAYS = 20
_MEETING_WEEKDAYS = (1, 2, 3)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """One term. `school_year` is the calendar year of its September."""

    name: str
    school_year: int
    first_day: date
    last_day: date
    half_term: date

    @property
    def title(self) -> str:
        """Such as "Autumn term 2026"."""
        return f"{self.name.capitalize()} term {self.first_day.year}"

    def days(self) -> Iterator[date]:
        """The term's school days, without half term and bank holidays."""
        day = self.first_day
        while day <= self.last_day:
            on_break = timedelta(0) <= day - self.half_term < timedelta(days=7)
            if is_working_day(day) and not on_break:
                yield day
            day += _DAY


@dataclass(frozen=True)
class Calendar:
    """A round's dates: its term, the days people were rung, and two meetings a week apart."""

    term: Term
    contact_days: tuple[date, ...]
    meetings: tuple[date, date]

    @property
    def opened_on(self) -> date:
        """The first day on which anybody was contacted."""
        return self.contact_days[0]

    @property
    def freezes_on(self) -> date:
        """The day from which the round no longer changes."""
        return freezes_on(self.meetings[-1])


def calendars(rng: Random, today: date, how_many: int) -> list[Calendar]:
    """The dates of the current round and of those before it.

    Args:
        rng: where chance comes from.
        today: the day the demo is made. The current round's meetings come after it.
        how_many: rounds in all, the current one included.

    Returns:
        One calendar a round, a term each, the current one first.
    """
    terms = _terms_around(today, how_many)
    soonest = working_days_after(today, NOTICE_DAYS)
    position, meetings = next(
        (n, pairs[0])
        for n, term in enumerate(terms)
        if (pairs := _pairs(term, soonest, term.last_day))
    )
    found = [Calendar(terms[position], _contact_days(terms, today - _DAY), meetings)]
    for term in reversed(terms[position - how_many + 1 : position]):
        pairs = _pairs(term, term.first_day, found[-1].opened_on - _DAY)
        meetings = rng.choice(pairs[len(pairs) // 2 :])
        found.append(Calendar(term, _contact_days(terms, heard_by(meetings[0])), meetings))
    return found


def _terms_around(today: date, how_many: int) -> list[Term]:
    first = today.year - how_many // 3 - 2
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


def _pairs(term: Term, first: date, last: date) -> list[tuple[date, date]]:
    days = {d for d in term.days() if first <= d <= last and d.weekday() in _MEETING_WEEKDAYS}
    week = timedelta(days=7)
    return [(day, day + week) for day in sorted(days) if day + week in days]


def _contact_days(terms: list[Term], last: date) -> tuple[date, ...]:
    days = [day for term in terms for day in term.days() if day <= last]
    return tuple(days[-CONTACT_DAYS:])

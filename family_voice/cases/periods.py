"""The months, half terms, terms and years that a framework's frequencies count in. Pure.

They are counted in months from September, as `sampling` counts them: councils' own terms differ by
days, and every day has to belong to one period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from family_voice.cases.deadlines import is_working_day, working_days_before
from family_voice.cases.sampling import MONTHS_OF, first_of, months_before

#: How long a period of each frequency is. What is held when needed is planned by terms.
MONTHS: Final = {
    "monthly": MONTHS_OF["month"],
    "half_termly": MONTHS_OF["half_term"],
    "termly": MONTHS_OF["term"],
    "yearly": 12,
    "when_needed": MONTHS_OF["term"],
}
_WEDNESDAY: Final = 2


@dataclass(frozen=True, order=True)
class Period:
    """One month, half term, term or school year; both its days belong to it."""

    first: date
    last: date
    frequency: str


def period_at(frequency: str, day: date) -> Period:
    """The period of a frequency that a day lies in. Raises KeyError for another frequency."""
    months = MONTHS[frequency]
    first = first_of(months, day)
    return Period(first, months_before(first, -months) - timedelta(days=1), frequency)


def next_period(period: Period) -> Period:
    """The one that follows."""
    return period_at(period.frequency, period.last + timedelta(days=1))


def periods_of(frequency: str, school_year: int) -> tuple[Period, ...]:
    """Every period of the school year that begins in September of a year, in order."""
    found = [period_at(frequency, date(school_year, 9, 1))]
    while (following := next_period(found[-1])).first < date(school_year + 1, 9, 1):
        found.append(following)
    return tuple(found)


def end_of_week(period: Period, week: int) -> date:
    """The last working day of a week of a period, 1 being the first.

    The first week is the first that has most of its working days in the period, so that "week 1"
    of a month that begins on a Friday is no week of one day.
    """
    ahead = (_WEDNESDAY - period.first.weekday()) % 7
    friday = period.first + timedelta(days=ahead + 2, weeks=week - 1)
    return friday if is_working_day(friday) else working_days_before(friday, 1)

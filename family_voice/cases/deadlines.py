"""Days that matter: working days in England, and deadlines of a round.

Every deadline is a date in Europe/London. Nothing here reads a clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from family_voice.consent.school_age import LONDON as LONDON
from family_voice.consent.school_age import age as age


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Whether offices in England work on this day: no weekend, no bank holiday."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_days_before(day: date, count: int) -> date:
    """The working day that lies `count` working days before `day`."""
    return _walk(day, count, -1)


def working_days_after(day: date, count: int) -> date:
    """The working day that lies `count` working days after `day`."""
    return _walk(day, count, 1)


def _walk(day: date, count: int, step: int) -> date:
    if count < 0:
        raise ValueError("a number of working days cannot be negative")
    while count:
        day += timedelta(days=step)
        if is_working_day(day):
            count -= 1
    return day


def heard_by(session_date: date, working_days: int = 5) -> date:
    """The last day on which an account still reaches the panel of this session in time."""
    return working_days_before(session_date, working_days)


def destroy_by(session_date: date, working_days: int = 5) -> date:
    """The day by which every numbered copy made for this session has to be destroyed."""
    return working_days_after(session_date, working_days)


def freezes_on(last_session_date: date, working_days: int = 10) -> date:
    """The day on which a round freezes: links stop working and its figures stay as they are."""
    return working_days_after(last_session_date, working_days)


def london_date(now: datetime) -> date:
    """The day it is in London at this moment. Raises ValueError for a time without a zone."""
    if now.tzinfo is None:
        raise ValueError("a moment must say its time zone")
    return now.astimezone(LONDON).date()


def end_of(day: date) -> datetime:
    """The moment a London day is over, in UTC: what is due by `day` is late from here on."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def has_passed(deadline: date, now: datetime) -> bool:
    """Whether a deadline is over. The day itself still counts."""
    return london_date(now) > deadline

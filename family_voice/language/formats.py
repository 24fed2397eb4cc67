"""Dates, times, numbers and lists as the language of the moment writes them.

Times are shown in Europe/London, whatever they are stored in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import dates, lists, numbers

from family_voice.language.texts import current_language

LONDON = ZoneInfo("Europe/London")


def _day(day: date | datetime) -> date:
    if isinstance(day, datetime):
        if day.tzinfo is None:
            raise ValueError("a time to be shown must say its time zone")
        return day.astimezone(LONDON).date()
    return day


def long_date(day: date | datetime) -> str:
    """`4 March 2026`; the London day of a time."""
    return dates.format_date(_day(day), "long", locale=current_language().locale)


def full_date(day: date | datetime) -> str:
    """`Wednesday 4 March 2026`."""
    return dates.format_date(_day(day), "full", locale=current_language().locale)


def short_date(day: date | datetime) -> str:
    """`4 Mar 2026`, for tables."""
    return dates.format_date(_day(day), "medium", locale=current_language().locale)


def time_of_day(moment: datetime) -> str:
    """`15:05`, London time."""
    if moment.tzinfo is None:
        raise ValueError("a time to be shown must say its time zone")
    return dates.format_time(moment, "short", tzinfo=LONDON, locale=current_language().locale)


def date_time(moment: datetime) -> str:
    """`4 March 2026, 15:05`, London time."""
    return f"{long_date(moment)}, {time_of_day(moment)}"


def number(value: int | float) -> str:
    """`12,345`."""
    return numbers.format_decimal(value, locale=current_language().locale)


def percent(share: float) -> str:
    """`67%` of 0.67, to the whole percent."""
    return numbers.format_percent(share, locale=current_language().locale)


def in_words(items: Sequence[object]) -> str:
    """`home, school and hospital`."""
    return lists.format_list([str(item) for item in items], locale=current_language().locale)


FILTERS = {
    "long_date": long_date,
    "full_date": full_date,
    "short_date": short_date,
    "time_of_day": time_of_day,
    "date_time": date_time,
    "number": number,
    "percent": percent,
    "in_words": in_words,
}

"""Dates, times, numbers and lists as the language of the moment writes them.

Times are shown in Europe/London, whatever they are stored in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers

from family_voice.language.texts import current_language

LONDON = ZoneInfo("Europe/London")


def london_day(moment: datetime) -> date:
    """The day in London at a moment."""
    return _day(moment)


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


def month_and_year(day: date) -> str:
    """`March 2026`."""
    return dates.format_skeleton("yMMMM", day, locale=current_language().locale)


def short_month(day: date) -> str:
    """`Mar`, where the year stands beside it."""
    return dates.format_date(day, "LLL", locale=current_language().locale)


def weekday_and_day(day: date) -> str:
    """`Wed 4`, under the name of its month."""
    return dates.format_skeleton("Ed", day, locale=current_language().locale)


def time_of_day(moment: datetime) -> str:
    """`15:05`, London time; by 24 hours where a language has no words of its own for AM and PM."""
    if moment.tzinfo is None:
        raise ValueError("a time to be shown must say its time zone")
    locale = Locale.parse(current_language().locale)
    halves = dates.get_period_names("abbreviated", "format", locale)
    english_halves = str(locale.time_formats["short"]).endswith("a") and halves["am"] == "AM"
    wanted = "HH:mm" if english_halves else "short"
    return dates.format_time(moment, wanted, tzinfo=LONDON, locale=locale)


def date_time(moment: datetime) -> str:
    """`4 March 2026, 15:05`, London time."""
    joined = str(dates.get_datetime_format("long", locale=current_language().locale))
    return joined.replace("{1}", long_date(moment)).replace("{0}", time_of_day(moment))


def one_line(number: str) -> str:
    """A telephone number whose groups stay together on one line."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


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
    "month_and_year": month_and_year,
    "short_month": short_month,
    "weekday_and_day": weekday_and_day,
    "time_of_day": time_of_day,
    "date_time": date_time,
    "number": number,
    "percent": percent,
    "in_words": in_words,
}

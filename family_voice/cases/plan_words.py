"""The plan in words: periods, and what falls due. All that a calendar or an email may say of it.

They are made of the framework's own names, days and numbers: nothing that somebody typed, and so
nothing of any child or family.
"""

from __future__ import annotations

from typing import Final

from babel import dates

from family_voice.cases.audit_calendar import Deadline, What
from family_voice.cases.audit_year import Entry
from family_voice.cases.periods import Period
from family_voice.language.texts import _, current_language

_TERMS: Final = {9: "autumn", 1: "spring", 5: "summer"}


def period_name(period: Period) -> str:
    """`October 2026`, `September and October 2026`, `Autumn term 2026`, `School year 2026/27`."""
    match period.frequency:
        case "monthly":
            return _month(period, "MMMM y")
        case "half_termly":
            return _(
                "%(first)s and %(last)s %(year)d",
                first=_month(period, "LLLL"),
                last=dates.format_date(period.last, "LLLL", locale=current_language().locale),
                year=period.last.year,
            )
        case "yearly":
            first = period.first.year
            return _("School year %(first)d/%(last)s", first=first, last=f"{first + 1}"[-2:])
    year = period.first.year
    match _TERMS[period.first.month]:
        case "autumn":
            return _("Autumn term %(year)d", year=year)
        case "spring":
            return _("Spring term %(year)d", year=year)
        case _:
            return _("Summer term %(year)d", year=year)


def what_is_due(entry: Entry, deadline: Deadline) -> str:
    """What is to be done by a deadline, in a few words."""
    number = deadline.number
    match deadline.what:
        case What.DECIDE:
            return (
                _("Choose the theme and the days") if entry.audit.themed else _("Choose the days")
            )
        case What.OPEN:
            return _("Open the round and draw the cases")
        case What.HEARD_BY:
            return _("Last day to hear families for session %(number)d", number=number)
        case What.MEET:
            return _("Session %(number)d", number=number)
        case What.FREEZE:
            return _("Links and codes stop working")
        case What.DESTROY:
            return _("Last day to destroy the copies made for session %(number)d", number=number)
        case What.STEP:
            return deadline.step.name if deadline.step else ""


def whose(entry: Entry, deadline: Deadline) -> str:
    """The framework's name of the role that a step falls to; empty where it names none."""
    role = deadline.step.by if deadline.step else ""
    return next((each.name for each in entry.framework.roles if each.id == role), "")


def in_one_line(entry: Entry, deadline: Deadline) -> str:
    """`Choose the theme and the days: Multi-agency assurance, Spring term 2027`."""
    return _(
        "%(what)s: %(audit)s, %(period)s",
        what=what_is_due(entry, deadline),
        audit=entry.audit.name,
        period=period_name(entry.period),
    )


def _month(period: Period, form: str) -> str:
    return dates.format_date(period.first, form, locale=current_language().locale)

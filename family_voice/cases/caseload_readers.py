"""What the cells of an export may say: a reader for every field. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from family_voice.cases import caseload_cells as cells
from family_voice.cases import caseload_identifiers as identifiers
from family_voice.frameworks.framework import Framework
from family_voice.language.texts import _

LONGEST_WORD: Final = 60
_DATE = re.compile(
    r"(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>\d{4})"
    r"|(?P<day>\d{1,2})[ -](?P<month>[A-Za-z]{3,9})[ -](?P<in_year>\d{4}))"
    r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Reader = Callable[[str], Any]


def readers(framework: Framework, month_first: bool) -> dict[str, Reader]:
    """A reader for every field, with the values that this framework allows."""
    themes = {theme.id: {one.id: one.name for one in theme.values} for theme in framework.themes}
    plans = {each.id: each.name for each in framework.plan_types}

    def of_theme(theme: str) -> Reader:
        if theme not in themes:
            return _word
        return lambda cell: cells.one_of(cell, themes[theme]) if cell else ""

    groups = themes.get("vulnerable_group", {})

    def date_of(cell: str) -> date | None:
        return day(cell, month_first=month_first) if cell else None

    return {
        "reference": lambda cell: cells.words(cell, 40),
        "plan_type": lambda cell: cells.one_of(cell, plans),
        "year_group": cells.year_group,
        "area_of_need": of_theme("area_of_need"),
        "placement": of_theme("placement"),
        "vulnerable_groups": lambda cell: cells.some_of(cell, groups),
        "language": lambda cell: cells.language(cell) if cell else "",
        "area": _word,
        "plan_finalised_on": date_of,
        "review_finalised_on": date_of,
        "last_audited_on": date_of,
        "date_of_birth": date_of,
        "upn": identifiers.upn,
        "nhs_number": identifiers.nhs_number,
        "first_name": cells.optional_words,
        "last_name": cells.optional_words,
        "postcode": identifiers.postcode,
        "phone": identifiers.phones,
        "email": cells.email,
    }


def _word(cell: str) -> str:
    return cells.optional_words(cell, LONGEST_WORD)


def day(cell: str, *, month_first: bool = False) -> date:
    """A date as case systems write it: 31/01/2015, 2015-01-31 or 31-Jan-2015; midnight may follow.

    Raises:
        Refused: for anything else, two-digit years among them.
    """
    found = _DATE.fullmatch(cell)
    month = _MONTHS.index(found["month"][:3].lower()) + 1 if found and _is_month(found) else 0
    if found is None or (found["month"] and not month):
        raise cells.Refused(_("Write the date as day/month/year, like 31/01/2015."))
    try:
        if found["iso"]:
            return date(*map(int, found["iso"].split("-")))
        if month:
            return date(int(found["in_year"]), month, int(found["day"]))
        first, second = int(found["a"]), int(found["b"])
        of_month, number = (second, first) if month_first else (first, second)
        return date(int(found["year"]), number, of_month)
    except ValueError:
        raise cells.Refused(_("There is no such day. Write it as day/month/year.")) from None


def _is_month(found: re.Match[str]) -> bool:
    return bool(found["month"]) and found["month"][:3].lower() in _MONTHS

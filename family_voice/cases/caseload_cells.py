"""What each cell of a caseload may say: one small reader a kind of cell.

A reader gives a value or raises Refused with a sentence that names what is expected and never
repeats what was written, which is personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time

from babel import Locale

from family_voice.language.texts import _
from family_voice.messages import numbers
from family_voice.messages.hours import DAYTIME, shared
from family_voice.messages.numbers import Odd, OddNumber
from family_voice.people.facts import Hours


class Refused(ValueError):
    """A cell cannot be taken. The message says what to write instead."""


PLAN_TYPES = {"ehcp": "EHCP", "sen_support": "SEN Support"}
RELATIONSHIPS = {
    "mother": "Mother",
    "father": "Father",
    "parent": "Parent",
    "step_parent": "Step-parent",
    "grandparent": "Grandparent",
    "foster_carer": "Foster carer",
    "carer": "Carer",
    "guardian": "Guardian",
    "relative": "Other relative",
    "young_person": "Young person",
    "advocate": "Advocate",
    "social_worker": "Social worker",
}
CARE_STATUSES = {
    "none": "None",
    "child_in_need": "Child in need",
    "child_protection": "Child protection plan",
    "looked_after": "Looked after",
    "care_leaver": "Care leaver",
}
ACCESS_NEEDS = {
    "interpreter": "Interpreter",
    "bsl": "BSL",
    "relay": "Relay",
    "video": "Video",
    "large_print": "Large print",
    "easy_read": "Easy Read",
}
SAFE = {"yes": "Yes", "no": "No", "not_confirmed": "Not confirmed"}
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_EMAIL = re.compile(
    r"[^\s@<>(),;:\"\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}"
)
_HOURS = re.compile(
    r"(\d{1,2})(?:[:.](\d\d))?(am|pm)?(?:to|until|-|–)(\d{1,2})(?:[:.](\d\d))?(am|pm)?"
)
_SHORTEST_HOURS = 60
_ODD_NUMBERS = {
    Odd.NO_NUMBER: lambda: _("Write a mobile number, like 07700 900123."),
    Odd.NOT_THERE: lambda: _("This is not a number that exists. Check it for a slip."),
    Odd.LANDLINE: lambda: _(
        "This is not a mobile number, so no text can reach it. Leave it empty and write the "
        "number under “how to contact safely”."
    ),
}


def words(cell: str, longest: int = 120) -> str:
    """Plain words that have to be there."""
    if not cell:
        raise Refused(_("Fill in this cell."))
    return optional_words(cell, longest)


def optional_words(cell: str, longest: int = 120) -> str:
    """Plain words, or nothing."""
    if len(cell) > longest:
        raise Refused(_("Use at most %(longest)d letters.", longest=longest))
    return cell


def one_of(cell: str, allowed: Mapping[str, str]) -> str:
    """The id of one of the `allowed` names (id -> name as people write it)."""
    by_name = {_folded(name): key for key, name in allowed.items()}
    by_name |= {_folded(key): key for key in allowed}
    found = by_name.get(_folded(cell))
    if found is None:
        raise Refused(_("Write one of: %(names)s.", names=_listed(allowed.values())))
    return found


def some_of(cell: str, allowed: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of any number of the `allowed` names, with semicolons between them."""
    try:
        found = {one_of(each, allowed) for each in re.split(r"[;|]", cell) if each.strip()}
    except Refused:
        raise Refused(
            _(
                "Write any of these with a semicolon between them, or leave it empty: %(names)s.",
                names=_listed(allowed.values()),
            )
        ) from None
    return tuple(key for key in allowed if key in found)


def yes_or_no(cell: str) -> bool:
    """Yes or no; an empty cell is neither."""
    try:
        return {"yes": True, "y": True, "no": False, "n": False}[_folded(cell)]
    except KeyError:
        raise Refused(_("Write yes or no.")) from None


def day(cell: str) -> date:
    """A date as dd/mm/yyyy or yyyy-mm-dd."""
    match = _DATE.fullmatch(cell)
    if match is None:
        raise Refused(_("Write the date as day/month/year, like 31/01/2015."))
    numbers = [int(each) for each in match.groups() if each is not None]
    year, month, of_month = reversed(numbers) if "/" in cell else numbers
    try:
        return date(year, month, of_month)
    except ValueError:
        raise Refused(_("There is no such day. Write it as day/month/year.")) from None


def year_group(cell: str) -> int | None:
    """1 to 14, 0 for Reception, -1 for Nursery, nothing where there is no year group."""
    folded = _folded(cell).removeprefix("year").removeprefix("yr").removeprefix("y")
    if not folded:
        return None
    if folded in {"n", "nursery"}:
        return -1
    if folded in {"r", "reception"}:
        return 0
    if folded.isdecimal() and 1 <= int(folded[:4]) <= 14:
        return int(folded)
    raise Refused(_("Write N, R or a number from 1 to 14, or leave it empty where there is none."))


def number(cell: str, highest: int) -> int:
    """A whole number from 1 to `highest`."""
    if cell.isdecimal() and 1 <= int(cell[:9]) <= highest:
        return int(cell)
    raise Refused(_("Write a number from 1 to %(highest)d.", highest=highest))


def mobile(cell: str) -> str | None:
    """A mobile number in international form (E.164), or nothing."""
    if not cell:
        return None
    try:
        return numbers.mobile(cell)
    except OddNumber as odd:
        raise Refused(_ODD_NUMBERS[odd.why]()) from None


def hours(cell: str) -> Hours | None:
    """The times of day at which a text is safe, or nothing: `16:00 to 19:30`, `4pm-7.30pm`."""
    if not cell:
        return None
    found = _HOURS.fullmatch(_spaceless(cell))
    if found is None:
        raise Refused(_("Write two times of day, like 16:00 to 19:30, or leave it empty."))
    safe = Hours(_clock(*found.group(1, 2, 3)), _clock(*found.group(4, 5, 6)))
    if safe.begins >= safe.ends:
        raise Refused(_("The second time has to be later on the same day than the first."))
    daytime = shared((DAYTIME, safe))
    if daytime is None or _minutes(daytime.ends) - _minutes(daytime.begins) < _SHORTEST_HOURS:
        raise Refused(
            _("Texts go out between 9:00 and 20:00. Choose times with at least an hour of that.")
        )
    return safe


def _clock(hour: str, minute: str | None, half: str | None) -> time:
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise Refused(_("There is no such time. Write it like 16:00 or 4pm."))
        number = number % 12 + (12 if half == "pm" else 0)
    try:
        return time(number, int(minute or 0))
    except ValueError:
        raise Refused(_("There is no such time. Write it like 16:00 or 4pm.")) from None


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _spaceless(cell: str) -> str:
    return "".join(cell.casefold().split())


def email(cell: str) -> str | None:
    """An email address by its shape, or nothing."""
    if not cell:
        return None
    if len(cell) > 254 or _EMAIL.fullmatch(cell) is None:
        raise Refused(_("Write one email address, like name@example.org, or leave it empty."))
    return cell


def language(cell: str) -> str:
    """A language's code from its English name or its code; empty means English."""
    if not cell:
        return "en"
    names = Locale("en").languages
    folded = _folded(cell)
    for code, name in names.items():
        if folded == _folded(name) or folded == _folded(code):
            return str(code).replace("_", "-")
    raise Refused(_("Write a language's English name, like Urdu, Polish or Welsh."))


def _folded(text: str) -> str:
    return re.sub(r"[\s_\-/.,()]+", "", text.casefold())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)

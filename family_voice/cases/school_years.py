"""Year groups and phases of school in England. Pure.

A child is in Year 1 in the school year that begins after the fifth birthday, so a birthday on
31 August and one on 1 September are a year of school apart (Education Act 1996 section 8:
compulsory school age; the school year begins on 1 September).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from family_voice.consent.school_age import age
from family_voice.consent.school_age import school_year as school_year

NURSERY, RECEPTION, LAST_YEAR_GROUP = -1, 0, 14

#: The phases that a framework's strata name, and the last year group of each but the last.
PRE_5, PRIMARY, SECONDARY, POST_16 = "pre_5", "primary", "secondary", "post_16"
PHASES: Final = (PRE_5, PRIMARY, SECONDARY, POST_16)
_LAST_OF: Final = ((PRE_5, NURSERY), (PRIMARY, 6), (SECONDARY, 11))


def year_group(date_of_birth: date, on: date) -> int:
    """The year group that the date of birth gives: 1 to 14, 0 Reception, -1 Nursery.

    Numbers below -1 and above 14 are not year groups of a school, but go on counting.
    """
    return age(date_of_birth, date(school_year(on), 8, 31)) - 4


def moved_on(group: int | None, in_school_year: int, on: date) -> int | None:
    """The year group now of somebody who was in `group` in another school year."""
    return None if group is None else group + school_year(on) - in_school_year


def phase(group: int | None) -> str:
    """Before Reception, primary, secondary or post-16; empty where no year group is known."""
    if group is None:
        return ""
    return next((name for name, last in _LAST_OF if group <= last), POST_16)

"""Ages that decide who is asked: the end of compulsory school age, and sixteen. Pure.

* Compulsory school age ends with the school leaving date: the last Friday in June of the school
  year in which somebody turns 16 (Education Act 1996 section 8; the Education (School Leaving Date)
  Order 1997, for 1998 and after). Who turns 16 between that Friday and the end of August is of
  that school year still, and so is done with it at 15.
* From the day after it somebody is a "young person" and decides for themselves in matters of
  special educational needs (Children and Families Act 2014 section 83(2)).
* From the sixteenth birthday somebody is taken to be able to decide unless it is shown that they
  are not (Mental Capacity Act 2005 sections 1(2) and 2(5)).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CAPACITY_PRESUMED_FROM = 16
_FRIDAY = 4


def age(date_of_birth: date, on: date) -> int:
    """Full years. Somebody born on 29 February has a birthday on 1 March in other years."""
    before_birthday = (on.month, on.day) < (date_of_birth.month, date_of_birth.day)
    return on.year - date_of_birth.year - before_birthday


def school_year(on: date) -> int:
    """The calendar year in which the school year of this day began (on 1 September)."""
    return on.year if on.month >= 9 else on.year - 1


def compulsory_school_age_ends(date_of_birth: date) -> date:
    """The last day of compulsory school age: the last Friday in June of that school year."""
    last = date(school_year(_sixteenth_birthday(date_of_birth)) + 1, 6, 30)
    return last - timedelta(days=(last.weekday() - _FRIDAY) % 7)


def over_compulsory_school_age(date_of_birth: date, on: date) -> bool:
    """Whether somebody is a young person in the sense of the law, who decides for themselves."""
    return on > compulsory_school_age_ends(date_of_birth)


def decides_from(date_of_birth: date) -> datetime:
    """The moment at which somebody stops being of compulsory school age, in UTC.

    The law says "at the end of the day": midnight in London after the last Friday in June.
    """
    ends = compulsory_school_age_ends(date_of_birth)
    return datetime.combine(ends + timedelta(days=1), time(), LONDON).astimezone(UTC)


def capacity_presumed(date_of_birth: date, on: date) -> bool:
    """Whether somebody is taken to be able to decide: they are 16, or a young person before that.

    A young person in the sense of the Children and Families Act has the decision although the
    Mental Capacity Act presumes nothing before 16; for those few weeks we ask them as well.
    """
    return age(date_of_birth, on) >= CAPACITY_PRESUMED_FROM or over_compulsory_school_age(
        date_of_birth, on
    )


def _sixteenth_birthday(date_of_birth: date) -> date:
    try:
        return date_of_birth.replace(year=date_of_birth.year + 16)
    except ValueError:  # 29 February; 16 years later is a leap year but for a century like 1900
        return date(date_of_birth.year + 16, 3, 1)

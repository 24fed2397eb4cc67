"""The end of compulsory school age, and sixteen, whatever the birthday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.consent.school_age import (
    age,
    capacity_presumed,
    compulsory_school_age_ends,
    decides_from,
    over_compulsory_school_age,
)

BORN = st.dates(date(1985, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("born", "ends"),
    [
        (date(2010, 9, 1), date(2027, 6, 25)),
        (date(2010, 8, 31), date(2026, 6, 26)),  # turns 16 after the leaving date, same year
        (date(2010, 6, 26), date(2026, 6, 26)),  # turns 16 on the day itself
        (date(2008, 2, 29), date(2024, 6, 28)),
        (date(2007, 1, 1), date(2023, 6, 30)),  # when 30 June itself is a Friday
    ],
)
def test_it_ends_on_the_last_friday_in_june(born: date, ends: date) -> None:
    assert compulsory_school_age_ends(born) == ends
    assert not over_compulsory_school_age(born, ends)
    assert over_compulsory_school_age(born, ends + timedelta(days=1))


@given(BORN)
def test_it_is_always_the_last_friday_of_a_june_in_the_year_of_the_sixteenth_birthday(
    born: date,
) -> None:
    ends = compulsory_school_age_ends(born)
    assert ends.weekday() == 4
    assert (ends.month, (ends + timedelta(days=7)).month) == (6, 7)
    # 16 on the last day of that school year, and not on the last day of the one before.
    assert age(born, date(ends.year, 8, 31)) == 16
    assert age(born, date(ends.year - 1, 8, 31)) == 15


@given(BORN)
def test_only_who_has_a_birthday_in_the_summer_is_done_with_it_at_fifteen(born: date) -> None:
    ends = compulsory_school_age_ends(born)
    turned_sixteen = age(born, ends) == 16
    assert turned_sixteen == ((born.month, born.day) <= (ends.month, ends.day) or born.month >= 9)


@given(BORN, st.integers(0, 20 * 366))
def test_once_over_it_somebody_stays_over_it(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    assert over_compulsory_school_age(born, on) <= over_compulsory_school_age(
        born, on + timedelta(days=1)
    )


@given(BORN)
def test_the_moment_is_midnight_in_london_after_that_day(born: date) -> None:
    moment = decides_from(born)
    # It is summer time in June: midnight in London is an hour before it is midnight in UTC.
    day = compulsory_school_age_ends(born)
    assert moment == datetime(day.year, day.month, day.day, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "on", "presumed"),
    [
        (date(2010, 11, 20), date(2026, 11, 19), False),
        (date(2010, 11, 20), date(2026, 11, 20), True),  # 16, and at school until June
        (date(2010, 8, 20), date(2026, 6, 26), False),
        (date(2010, 8, 20), date(2026, 6, 27), True),  # 15, and a young person in law
    ],
)
def test_being_able_to_decide_is_presumed_from_sixteen_and_of_a_young_person(
    born: date, on: date, presumed: bool
) -> None:
    assert capacity_presumed(born, on) is presumed

"""Year groups: a table of birthdays around 31 August and 1 September, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.school_years import (
    PHASES,
    moved_on,
    phase,
    school_year,
    year_group,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("born", "on", "group"),
    [
        # Either side of the night that parts two years of school, on either side of another.
        (date(2015, 8, 30), date(2020, 8, 31), 0),
        (date(2015, 8, 30), date(2020, 9, 1), 1),
        (date(2015, 8, 31), date(2020, 8, 31), 0),
        (date(2015, 8, 31), date(2020, 9, 1), 1),  # the youngest in Year 1, five and a day
        (date(2015, 9, 1), date(2020, 8, 31), -1),
        (date(2015, 9, 1), date(2020, 9, 1), 0),  # the oldest in Reception, five today
        (date(2015, 9, 2), date(2020, 9, 1), 0),
        (date(2014, 9, 1), date(2020, 9, 1), 1),  # the oldest in Year 1
        (date(2014, 8, 31), date(2020, 9, 1), 2),
        # Through one school year the group stays.
        (date(2015, 8, 31), date(2020, 12, 31), 1),
        (date(2015, 8, 31), date(2021, 1, 1), 1),
        (date(2015, 8, 31), date(2021, 8, 31), 1),
        (date(2015, 8, 31), date(2021, 9, 1), 2),
        # Leap days.
        (date(2016, 2, 29), date(2026, 11, 1), 6),
        (date(2016, 2, 29), date(2024, 2, 29), 3),
        # Into secondary school, out of it, and the ends of the scale.
        (date(2015, 8, 31), date(2026, 9, 1), 7),
        (date(2015, 9, 1), date(2026, 9, 1), 6),
        (date(2010, 8, 31), date(2026, 9, 1), 12),
        (date(2010, 9, 1), date(2026, 9, 1), 11),
        (date(2022, 8, 31), date(2026, 9, 1), 0),
        (date(2022, 9, 1), date(2026, 9, 1), -1),
        (date(2022, 10, 1), date(2026, 11, 1), -1),
        (date(2008, 9, 1), date(2026, 11, 1), 13),
        (date(2007, 9, 1), date(2026, 11, 1), 14),
        (date(2025, 9, 1), date(2026, 9, 1), -4),
    ],
)
def test_birthdays_around_the_first_of_september(born: date, on: date, group: int) -> None:
    assert year_group(born, on) == group


@given(DAYS, st.integers(0, 25 * 365))
def test_a_year_group_goes_up_by_one_each_september(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    later = on.replace(year=on.year + 1, day=min(on.day, 28))
    assert year_group(born, later) == year_group(born, on.replace(day=min(on.day, 28))) + 1


@given(DAYS, DAYS, DAYS)
def test_a_stored_year_group_moves_on_by_itself(born: date, then: date, now: date) -> None:
    stored = year_group(born, then)
    assert moved_on(stored, school_year(then), now) == year_group(born, now)


def test_phases_part_where_schools_do() -> None:
    groups = [-3, -1, 0, 6, 7, 11, 12, 20]
    assert [phase(group) for group in groups] == [each for each in PHASES for _twice in range(2)]
    assert phase(None) == ""
    assert moved_on(None, 2020, date(2026, 1, 1)) is None

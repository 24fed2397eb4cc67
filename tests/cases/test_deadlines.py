"""Working days around bank holidays, and London days around midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.deadlines import (
    destroy_by,
    end_of,
    freezes_on,
    has_passed,
    heard_by,
    is_working_day,
    london_date,
    working_days_after,
    working_days_before,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("session", "by"),
    [
        (date(2026, 11, 25), date(2026, 11, 18)),  # an ordinary Wednesday
        (date(2026, 11, 23), date(2026, 11, 16)),  # Monday to Monday
        (date(2026, 1, 7), date(2025, 12, 30)),  # over New Year's Day
        (date(2026, 4, 9), date(2026, 3, 31)),  # over Good Friday and Easter Monday
        (date(2027, 12, 31), date(2027, 12, 22)),  # Christmas on a weekend, days in lieu
        (date(2026, 11, 22), date(2026, 11, 16)),  # a session on a Sunday, oddly
    ],
)
def test_heard_by_is_five_working_days_before_the_session(session: date, by: date) -> None:
    assert heard_by(session) == by


def test_copies_and_freezing_count_forward() -> None:
    assert destroy_by(date(2026, 12, 21)) == date(2026, 12, 30)
    assert freezes_on(date(2026, 11, 25)) == date(2026, 12, 9)


@given(DAYS, st.integers(0, 40))
def test_counting_back_and_forth_agrees(day: date, count: int) -> None:
    back = working_days_before(day, count)
    between = [back + timedelta(days=n) for n in range((day - back).days)]
    assert sum(map(is_working_day, between)) == count
    if is_working_day(day):
        assert working_days_after(back, count) == day


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        heard_by(date(2026, 1, 1), -1)


def test_the_day_is_londons() -> None:
    late_in_summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert london_date(late_in_summer) == date(2026, 7, 1)
    assert has_passed(date(2026, 6, 30), late_in_summer)
    assert not has_passed(date(2026, 7, 1), late_in_summer)
    assert end_of(date(2026, 6, 30)) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert end_of(date(2026, 12, 1)) == datetime(2026, 12, 2, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        london_date(datetime(2026, 1, 1))  # noqa: DTZ001


@given(DAYS, st.integers(-3600, 3600))
def test_a_deadline_passes_when_its_day_ends(day: date, seconds: int) -> None:
    assert has_passed(day, end_of(day) + timedelta(seconds=seconds)) == (seconds >= 0)

"""When a shift begins and ends in London, over nights, clock changes and bank holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from family_voice.safeguarding import shifts
from family_voice.safeguarding.rota import bank_holiday
from family_voice.safeguarding.shifts import LONDON, Shift
from tests.moments import MOMENTS

DAYS = st.frozensets(st.integers(0, 6), min_size=1)
TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def shift(
    days: frozenset[int] = frozenset(range(5)),
    begins: time = time(9),
    ends: time = time(17),
    first: date | None = None,
    last: date | None = None,
    holidays: bool = False,
) -> Shift:
    return Shift(uuid4(), uuid4(), 1, days, first, last, begins, ends, holidays)


def london(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


def on(one: Shift, moment: datetime) -> bool:
    return bool(shifts.on([one], moment, bank_holiday))


def test_office_hours_are_london_hours_in_summer_and_winter() -> None:
    for day in (date(2026, 7, 1), date(2026, 11, 18)):
        assert not on(shift(), london(day, time(8, 59)))
        assert on(shift(), london(day, time(9)))
        assert on(shift(), london(day, time(16, 59)))
        assert not on(shift(), london(day, time(17)))
    assert not on(shift(), london(date(2026, 11, 21), time(12)))


def test_a_bank_holiday_is_off_unless_it_was_asked_for() -> None:
    christmas = london(date(2026, 12, 25), time(12))
    assert not on(shift(), christmas)
    assert on(shift(holidays=True), christmas)
    assert shifts.next_on([shift()], london(date(2026, 12, 24), time(18)), bank_holiday) == (
        london(date(2026, 12, 29), time(9))
    )


def test_a_night_shift_ends_the_next_morning() -> None:
    night = shift(frozenset({4}), time(17), time(9))
    assert on(night, london(date(2026, 11, 20), time(23)))
    assert on(night, london(date(2026, 11, 21), time(8, 59)))
    assert not on(night, london(date(2026, 11, 21), time(9)))
    # The night in which the clocks go back is an hour longer, and there is no hole in it.
    back = shift(frozenset({5}), time(17), time(9))
    since, until = london(date(2026, 10, 24), time(17)), london(date(2026, 10, 25), time(9))
    assert until - since == timedelta(hours=17)
    for hours in range(17):
        assert on(back, since + timedelta(hours=hours))


def test_a_span_between_two_dates_goes_through_the_nights() -> None:
    holiday_cover = shift(
        frozenset(), time(17), time(9), first=date(2026, 12, 24), last=date(2026, 12, 29)
    )
    assert on(holiday_cover, london(date(2026, 12, 25), time(3)))
    assert not on(holiday_cover, london(date(2026, 12, 24), time(16, 59)))
    assert not on(holiday_cover, london(date(2026, 12, 29), time(9)))


def test_gaps_are_named_in_working_hours_only() -> None:
    monday = date(2026, 11, 16)
    since, until = london(monday, time()), london(monday + timedelta(days=7), time())
    morning = shift(ends=time(13))
    afternoon = shift(frozenset({0, 1, 2, 4}), time(13), time(17))
    [gap] = shifts.gaps([morning, afternoon], since, until, bank_holiday)
    thursday = monday + timedelta(days=3)
    assert (gap.begins, gap.ends) == (london(thursday, time(13)), london(thursday, time(17)))
    assert len(shifts.gaps([], since, until, bank_holiday)) == 5
    # Easter week: Good Friday and Easter Monday are nobody's working day.
    easter = date(2026, 3, 30)
    found = shifts.gaps(
        [], london(easter, time()), london(easter + timedelta(days=8), time()), bank_holiday
    )
    assert [each.begins.astimezone(LONDON).day for each in found] == [30, 31, 1, 2, 7][: len(found)]


@given(DAYS, TIMES, TIMES, MOMENTS, st.booleans())
def test_the_next_shift_is_the_first_moment_that_somebody_is_on(
    days: frozenset[int], begins: time, ends: time, now: datetime, holidays: bool
) -> None:
    one = shift(days, begins, ends, holidays=holidays)
    found = shifts.next_on([one], now, bank_holiday)
    assert found is not None
    assert found > now
    # At a spring change an hour is missing, so a shift inside it is empty and never on.
    if any(span.begins < span.ends for span in shifts.spans(one, found, found, bank_holiday)):
        assert on(one, found)
    if not on(one, now):
        between = (found - now) / 7
        assert not any(on(one, now + between * part) for part in range(1, 7))


@given(st.lists(st.tuples(DAYS, TIMES, TIMES), max_size=3), MOMENTS)
def test_no_moment_is_both_a_gap_and_covered(
    made: list[tuple[frozenset[int], time, time]], now: datetime
) -> None:
    rota = [shift(days, begins, ends) for days, begins, ends in made]
    week = now + timedelta(days=7)
    for gap in shifts.gaps(rota, now, week, bank_holiday):
        assert gap.begins < gap.ends
        middle = gap.begins + (gap.ends - gap.begins) / 2
        assert not shifts.on(rota, middle, bank_holiday)

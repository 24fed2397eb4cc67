"""What falls due when, by the framework's calendar: pure, for any day and any days of meetings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.audit_calendar import (
    TO_REACH_FAMILIES,
    What,
    of_plan,
    of_steps,
)
from family_voice.cases.deadlines import is_working_day, working_days_after, working_days_before
from family_voice.cases.periods import MONTHS, end_of_week, next_period, period_at, periods_of
from family_voice.cases.sampling import period_before
from family_voice.frameworks.framework import Audit, Step
from family_voice.frameworks.loader import version_in_force

TODAY = date(2026, 11, 18)
BLACKBURN = version_in_force("blackburn_with_darwen", TODAY)
SHEFFIELD = version_in_force("sheffield", TODAY)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
WORKING = DAYS.filter(is_working_day)


@given(day=DAYS, frequency=st.sampled_from(sorted(MONTHS)))
def test_every_day_lies_in_one_period_of_a_frequency(day: date, frequency: str) -> None:
    period = period_at(frequency, day)
    assert period.first <= day <= period.last
    assert period_at(frequency, period.first) == period_at(frequency, period.last) == period
    assert next_period(period).first == period.last + timedelta(days=1)


@given(year=st.integers(2020, 2040), frequency=st.sampled_from(sorted(MONTHS)))
def test_a_school_year_is_its_periods(year: int, frequency: str) -> None:
    found = periods_of(frequency, year)
    assert found[0].first == date(year, 9, 1)
    assert found[-1].last == date(year + 1, 8, 31)
    assert len(found) == 12 // MONTHS[frequency]
    assert all(next_period(one) == other for one, other in pairwise(found))


@given(day=DAYS)
def test_periods_are_those_that_a_draw_looks_back_on(day: date) -> None:
    for frequency, word in (("monthly", "month"), ("half_termly", "half_term"), ("termly", "term")):
        first, last = period_before(day, word)
        assert next_period(period_at(frequency, first)) == period_at(frequency, day)
        assert period_at(frequency, first).last == last


@pytest.mark.parametrize(
    ("month", "fridays"),
    [
        # Begins on a Thursday: the two days before the weekend are no week of their own.
        (date(2026, 10, 1), [9, 16, 23, 30]),
        (date(2026, 9, 1), [4, 11, 18, 25]),  # on a Tuesday
        (date(2026, 8, 1), [7, 14, 21, 28]),  # on a Saturday
        (date(2027, 3, 1), [5, 12, 19, 25]),  # the last is Good Friday: the day before it
    ],
)
def test_weeks_of_a_month(month: date, fridays: list[int]) -> None:
    period = period_at("monthly", month)
    assert [end_of_week(period, week).day for week in (1, 2, 3, 4)] == fridays


def test_sheffields_month() -> None:
    """003: drawn and packed in week 1, sent in week 2, audited in two weeks, reported in week 4."""
    due = of_plan(
        SHEFFIELD.audit("new_plans"), period_at("monthly", date(2026, 11, 1)), (),
        SHEFFIELD.deadlines,
    )  # fmt: skip
    assert {(each.step.id, each.day.day) for each in due if each.step} == {
        ("draw", 6), ("packs", 6), ("send", 13), ("audit", 27), ("report", 27),
    }  # fmt: skip
    assert {each.what for each in due} == {What.STEP}  # nothing is left to choose


def with_steps(*steps: Step) -> Audit:
    return replace(SHEFFIELD.audit("new_plans"), steps=steps)


def test_a_step_without_a_week_follows_the_one_before_it_or_has_no_day() -> None:
    period = period_at("monthly", date(2026, 11, 1))
    send, read, some_day = (
        Step("send", "Send", 2, None, ""),
        Step("read", "Read", None, 3, ""),
        Step("some_day", "Some day", None, None, ""),
    )
    assert [(d.name, d.day.day) for d in of_steps(with_steps(send, read, some_day), period)] == [
        ("step/send/2026-11-13", 13),
        ("step/read/2026-11-18", 18),
    ]
    assert of_steps(with_steps(read), period) == ()


def test_nobody_chose_yet() -> None:
    term = period_at("termly", date(2027, 1, 1))
    due = of_plan(BLACKBURN.main_audit, term, (), BLACKBURN.deadlines)
    assert [(each.what, each.day) for each in due] == [(What.DECIDE, date(2027, 1, 15))]


@given(held_on=st.lists(WORKING, min_size=2, max_size=2, unique=True).map(sorted))
def test_everything_follows_from_the_days_of_the_meetings(held_on: list[date]) -> None:
    rule = BLACKBURN.deadlines
    period = period_at("termly", held_on[0])
    due = of_plan(BLACKBURN.main_audit, period, held_on, rule)
    days = {(each.what, each.number): each.day for each in due}
    assert list(days.values()) == sorted(days.values())
    assert all(is_working_day(day) for day in days.values())
    for number, day in enumerate(held_on, 1):
        before = rule.heard_by_working_days_before_session
        after = rule.destroy_copies_working_days_after_session
        assert days[What.MEET, number] == day
        assert days[What.HEARD_BY, number] == working_days_before(day, before)
        assert days[What.DESTROY, number] == working_days_after(day, after)
    heard = days[What.HEARD_BY, 1]
    assert days[What.OPEN, 0] == working_days_before(heard, TO_REACH_FAMILIES)
    freezes = rule.freeze_working_days_after_last_session
    assert days[What.FREEZE, 0] == working_days_after(held_on[-1], freezes)


def test_where_no_family_is_heard_nothing_waits_for_one() -> None:
    month = period_at("monthly", TODAY)
    for audit, before in (
        (SHEFFIELD.audit("new_plans"), What.STEP),  # its own calendar says when to draw
        (with_steps(), What.OPEN),
    ):
        due = of_plan(audit, month, [date(2026, 11, 26)], SHEFFIELD.deadlines)
        assert {each.what for each in due} == {before, What.MEET, What.DESTROY}
    assert due[0].day == date(2026, 11, 12)  # auditors have two weeks with the papers

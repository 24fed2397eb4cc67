"""What a provider's code leads to, when a family may be texted, and which numbers take texts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.messages import hours, numbers
from family_voice.messages.attention import Need
from family_voice.messages.numbers import Odd, OddNumber
from family_voice.messages.provider_errors import CODES, WAITS, Step, gravest, next_step, wait_after
from family_voice.people.facts import Hours
from tests.moments import MOMENTS

WINDOWS = st.builds(
    lambda begins, ends: Hours(time(begins // 60, begins % 60), time(ends)),
    st.integers(0, 20 * 60),
    st.integers(21, 23),
)


@pytest.mark.parametrize(
    ("code", "step", "need"),
    [
        ("21610", Step.STOPPED, None),
        ("30003", Step.RETRY, Need.GIVEN_UP),
        ("30005", Step.STAFF, Need.NUMBER_DEAD),
        ("30006", Step.STAFF, Need.LANDLINE),
        ("30007", Step.ALERT, Need.FILTERED),
        ("21408", Step.ALERT, Need.NOT_ALLOWED_THERE),
        ("99999", Step.ALERT, Need.GIVEN_UP),
        (None, Step.ALERT, Need.GIVEN_UP),
    ],
)
def test_each_code_leads_somewhere(code: str | None, step: Step, need: Need | None) -> None:
    assert next_step(code) == type(next_step(code))(step, need)


def test_every_need_is_one_that_a_person_is_shown() -> None:
    assert {Need(each.need) for each in CODES.values() if each.need}


def test_of_several_reasons_the_gravest_counts_in_any_order() -> None:
    codes = ("30003", "30007", "30005", None, "77")
    assert {gravest(order) for order in permutations(codes)} == {"30005"}
    assert gravest([None, None]) is None


def test_it_is_tried_anew_twice_and_later_each_time() -> None:
    assert [wait_after(attempt) for attempt in (1, 2, 3)] == [*WAITS, None]
    assert WAITS[0] < WAITS[1]


@given(MOMENTS, WINDOWS)
def test_no_text_goes_outside_a_familys_hours(now: datetime, safe: Hours) -> None:
    for theirs in (None, now, now - timedelta(minutes=5)):
        first = hours.may_go_from(now, theirs, [safe])
        if first is None:
            assert hours.shared((hours.DAYTIME, safe)) is None
            continue
        local = first.astimezone(hours.LONDON).time()
        assert safe.begins <= local < safe.ends
        assert first >= now
        if theirs is None:
            assert hours.OPENS <= local < hours.CLOSES


def test_an_answer_late_in_the_evening_goes_where_the_family_says_that_it_is_safe() -> None:
    evening = datetime(2026, 1, 5, 21, 30, tzinfo=UTC)
    theirs = evening - timedelta(minutes=1)
    assert hours.may_go_from(evening, theirs, [Hours(time(18), time(22))]) == evening
    morning = datetime(2026, 1, 6, 10, tzinfo=UTC)
    assert hours.may_go_from(evening, theirs, [Hours(time(10), time(15))]) == morning


def test_two_people_on_one_phone_have_the_hours_that_suit_both() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    one, other = Hours(time(9), time(15)), Hours(time(14), time(19))
    assert hours.may_go_from(noon, noon, [one, other]) == noon + timedelta(hours=2)
    assert hours.may_go_from(noon, noon, [one, Hours(time(16), time(19))]) is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("not a number", Odd.NO_NUMBER),
        ("0770", Odd.NOT_THERE),
        ("0161 496 0000", Odd.LANDLINE),
        ("020 7946 0018", Odd.LANDLINE),
        ("0800 1111", Odd.LANDLINE),
    ],
)
def test_what_no_text_reaches_is_refused(typed: str, why: Odd) -> None:
    with pytest.raises(OddNumber) as refused:
        numbers.mobile(typed)
    assert refused.value.why is why


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900123", "07911 123456"])
def test_a_mobile_is_taken(typed: str) -> None:
    assert numbers.mobile(typed).startswith("+447")
    assert not numbers.never_gets_texts(numbers.mobile(typed))


@pytest.mark.parametrize("phone", ["+441614960000", "+448001111", "+442079460018"])
def test_a_landline_never_gets_texts(phone: str) -> None:
    assert numbers.never_gets_texts(phone)

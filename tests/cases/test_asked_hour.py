"""The hour in somebody's wish to be rung: taken where it is plain, and never guessed."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.asked_hour import FIRST, LAST, earliest_hour

before = st.sampled_from(["", "Please ring ", "hi, can you call me ", "Only ", "I'm free "])
behind = st.sampled_from(["", " please", "!", " tomorrow thanks", " is best. Thank you x"])


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("after 5 please", 17), ("After 5pm", 17), ("after 5 p.m. please", 17), ("from 4", 16),
        ("not before 10", 10), ("Not before 10 o'clock please", 10), ("mornings", 9),
        ("any evening", 17), ("in the afternoon please", 12), ("after 17:00", 17),
        ("after 5.30", 18), ("after 7am", 9), ("after 12", 12), ("From 9am", 9),
    ],
)  # fmt: skip
def test_what_is_plain_is_taken(words: str, hour: int) -> None:
    assert earliest_hour([words]) == time(hour)


@pytest.mark.parametrize(
    "words",
    [
        "", "yes please", "not after 5", "don't ring after 5", "never in the mornings",
        "no evenings", "before 5", "after 8", "after 9", "after 9pm", "after 5 or in the morning",
        "after 3 but not after 4", "between 3 and 5", "after 5 days", "after 5 minutes",
        "after 2 November", "after 5 on 07700 900123", "after school", "after 25", "after 13pm",
        "good morning", "Morning! Ring me please", "after 5 in am",
        "we tried 5 times", "Monday after 5 if he is out", "after 5th",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_a_person(words: str) -> None:
    assert earliest_hour([words]) is None


@given(before, behind, st.integers(1, 7), st.sampled_from(["after", "from", "not before", "AFTER"]),
       st.sampled_from(["", "pm", " pm", "PM", ":00", " o'clock"]))  # fmt: skip
def test_an_hour_of_the_afternoon_is_one_however_it_is_said(
    first: str, last: str, hour: int, word: str, half: str
) -> None:
    assert earliest_hour([f"{first}{word} {hour}{half}{last}"]) == time(hour + 12)


@given(
    before, behind, st.integers(0, 30), st.sampled_from(["not", "never", "don't ring", "before"])
)
def test_a_no_to_it_is_no_hour(first: str, last: str, hour: int, no: str) -> None:
    assert earliest_hour([f"{first}{no} after {hour}{last}"]) is None
    assert earliest_hour([f"after {hour}", f"{no} really"]) is None, "said in a second text"


@given(st.lists(st.text(max_size=40), max_size=3))
def test_whatever_they_write_it_is_a_full_hour_in_which_we_ring_or_none(texts: list[str]) -> None:
    found = earliest_hour(texts)
    assert found is None or (FIRST <= found.hour < LAST and found.minute == 0)


@given(st.integers(0, 99), st.integers(0, 99))
def test_two_hours_are_none(one: int, other: int) -> None:
    assert earliest_hour([f"after {one} and from {other}"]) is None

"""Which passwords are refused: short ones, common ones, and those made of what everybody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.people.passwords import WeakPassword, insist_on_a_good_one, normal_password

ABOUT = ["sam.adeyemi@ravensbeck.gov.uk", "Sam Adeyemi", "Coproduction lead", "Ravensbeck Council"]


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "familyvoice2026",
        "Family Voice 2026!",
        "ravensbeck2026",
        "RavensbeckCouncil1",
        "ravensbeck council family voice",
        "sam.adeyemi@ravensbeck.gov.uk",
        "adeyemiadeyemi12",
        "Coproduction lead 1",
        "123456789012",
        "x" * 300,
    ],
)
def test_weak_ones(weak: str) -> None:
    with pytest.raises(WeakPassword):
        insist_on_a_good_one(normal_password(weak), ABOUT)


@pytest.mark.parametrize(
    "good",
    [
        "otter bicycle lamp forty",
        "kettle orbit mustard plank",
        "8Kd-2vwq-Lp0x",
        "zażółć gęślą jaźń",
    ],
)
def test_good_ones(good: str) -> None:
    insist_on_a_good_one(normal_password(good), ABOUT)


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_judged(password: str, about: list[str]) -> None:
    try:
        insist_on_a_good_one(normal_password(password), about)
    except WeakPassword:
        return
    assert 12 <= len(normal_password(password)) <= 256

"""Numbers and addresses that lead to somebody, and their check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.sharing.identifiers import identifiers, nhs_number, upn
from family_voice.sharing.vocabulary import ordinary


def found(text: str) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.kind) for each in identifiers(text, ordinary)]


@given(st.integers(0, 10**9 - 1))
def test_nine_digits_have_one_check_digit_or_none(body: int) -> None:
    right = [last for last in range(10) if nhs_number(f"{body:09}{last}")]
    assert len(right) <= 1
    if right:
        # The last is 11 less the remainder: all eleven weighted products then go into 11.
        digits = [int(each) for each in f"{body:09}"]
        total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True))
        assert (total + right[0]) % 11 == 0


@given(st.integers(0, 10**12 - 1))
def test_twelve_digits_have_one_letter(body: int) -> None:
    letters = [each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if upn(f"{each}{body:012}")]
    assert len(letters) == 1
    assert letters[0] not in "IOS"


@pytest.mark.parametrize("number", ["943 476 5919", "9434765919", "943-476-5919"])
def test_an_nhs_number_is_known_by_its_check_digit_or_by_its_name(number: str) -> None:
    assert found(f"it is {number} ok") == [(number, "NHS")]
    wrong = number[:-1] + "8"
    assert ("NHS" in dict(map(reversed, found(f"it is {wrong}")))) is False  # type: ignore[arg-type]
    assert found(f"NHS no. {wrong}") == [(wrong, "NHS")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ring 07911 123456", [("07911 123456", "PHONE")]),
        (
            "on +44 7911 123456 or 0116 496 0231",
            [("+44 7911 123456", "PHONE"), ("0116 496 0231", "PHONE")],
        ),
        ("mobile is 496023", [("496023", "PHONE")]),
        ("chi.o@example.com.", [("chi.o@example.com", "EMAIL")]),
        ("jo99 at gmail dot com", [("jo99 at gmail dot com", "EMAIL")]),
        ("le3 1ab", [("le3 1ab", "POSTCODE")]),
        ("we live in LE3 now", [("LE3", "POSTCODE")]),
        ("born 2 June 2019", [("2 June 2019", "DOB")]),
        ("dob 12.3.14", [("12.3.14", "DOB")]),
        ("on 3rd February 2024 he fell", [("3rd February 2024", "DATE")]),
        ("see www.foo.org/bar.", [("www.foo.org/bar", "URL")]),
        ("insta: jaydens.mum", [("jaydens.mum", "USER")]),
        ("ask @gracesmum_x", [("@gracesmum_x", "USER")]),
        ("at 12 Acacia Avenue", [("12 Acacia Avenue", "LOC")]),
        ("UPN H801200001001", [("H801200001001", "UPN")]),
        ("ref EHC/2023/1234", [("EHC/2023/1234", "ID")]),
        ("snapchat stories and tiktok videos", []),
        ("24/7 since 2023/24, 9-5, 10.30am, £1,200, Year 5, 0-19 team, dial 111, May 3 times", []),
        ("6 children in class, 12 hours down the road", []),
    ],
)
def test_what_is_one_and_what_is_none(text: str, what: list[tuple[str, str]]) -> None:
    assert found(text) == what

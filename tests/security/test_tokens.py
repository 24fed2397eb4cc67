"""Secrets that people carry: hard to guess, easy to read out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.security.tokens import (
    ALPHABET,
    CODE_LENGTH,
    WORDS,
    hash_return_word,
    new_code_word,
    new_printed_code,
    new_token,
    read_printed_code,
    return_word_matches,
)

CODES = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def printed(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def test_how_much_there_is_to_guess() -> None:
    assert CODE_LENGTH * math.log2(len(set(ALPHABET))) >= 60
    assert len(new_token()) >= math.ceil(256 / 6)
    assert len({new_token() for _ in range(500)}) == 500
    assert len({new_printed_code() for _ in range(500)}) == 500
    # A code word works from one telephone only, and five tries a day.
    assert len(set(WORDS)) ** 2 > 5 * 365 * 10
    assert len(set(WORDS)) == len(WORDS)


def test_a_printed_code_has_three_groups_of_four() -> None:
    code = new_printed_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert not set(code) & set("ILOU")


@given(CODES)
def test_a_code_is_read_however_it_is_typed(letters: str) -> None:
    assert read_printed_code(letters) == printed(letters)
    assert read_printed_code(printed(letters).lower()) == printed(letters)
    assert read_printed_code(f"  {' '.join(letters)}. ") == printed(letters)


@given(CODES)
def test_letters_that_look_alike_are_taken_for_each_other(letters: str) -> None:
    misread = letters.replace("1", "I").replace("0", "O").replace("V", "U")
    assert read_printed_code(misread) == printed(letters)
    assert read_printed_code(letters.replace("1", "l").replace("0", "o")) == printed(letters)


@given(st.text())
def test_anything_typed_is_a_code_or_none(typed: str) -> None:
    read = read_printed_code(typed)
    assert read is None or read_printed_code(read) == read


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH", "ABCD-EFGH-JKMN-P", "ABCD-EFGH-JKM!", "é" * 12])
def test_what_cannot_be_a_code(typed: str) -> None:
    assert read_printed_code(typed) is None


def test_a_code_word_is_two_words_from_the_list() -> None:
    first, second = new_code_word().split()
    assert {first, second} <= set(WORDS)


def test_a_return_word_is_known_again_and_not_kept() -> None:
    stored = hash_return_word("Blue  Kettle")
    assert "kettle" not in stored.lower()
    assert stored != hash_return_word("Blue  Kettle")
    assert return_word_matches("blue-kettle", stored)
    assert return_word_matches(" BLUE KETTLE ", stored)
    assert not return_word_matches("bluekettle", stored)

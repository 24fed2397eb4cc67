"""Whether a word is an ordinary one as it is written, a slip of one, or a strange one. Pure."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from family_voice.sharing.vocabulary import (
    common,
    everyday,
    first_name,
    language_names,
    ordinary,
)
from family_voice.sharing.words_in import Reading, Word

_CONTRACTED: Final = re.compile(r"(?:n't|'(?:ll|ve|re|d|m|s|all|em|til|cos|cause))$")


def allowed(word: Word, reading: Reading, at: int) -> bool:
    """Whether the word is on one of the lists of what is nobody's name, as it is written there."""
    lists = everyday()
    small = word.small
    if small in lists.short_forms:
        return (
            word.all_capitals
            or not word.capital
            or not first_name(word.plain)
            or small in lists.capitals
        )
    if not lists.things.isdisjoint((small, word.plain, _bare(small))) or small in lists.text_speak:
        return True
    if any(
        tuple(each.small.replace("'", "") for each in reading.words[begin : begin + len(phrase)])
        == phrase
        for phrase in lists.phrases
        for begin in range(max(0, at - len(phrase) + 1), at + 1)
    ):
        return True
    return (
        small in language_names()
        or small in lists.capitals
        or small.removesuffix("s") in lists.capitals
    )


def usual(word: Word) -> bool:
    """Whether it is an ordinary word, or is plainly made of one: "didn't", "soooo", "unhelped"."""
    small = word.small
    if ordinary(small):
        return True
    bare = _bare(small)
    if bare != small and (not bare or ordinary(bare) or bare in everyday().text_speak):
        return True
    if (short := re.sub(r"(.)\1{2,}", r"\1", small)) != small:
        return ordinary(short) or ordinary(re.sub(r"(.)\1{2,}", r"\1\1", small)) or len(short) < 3
    if "'" in small:
        return ordinary(small.replace("'", ""))
    return False


@lru_cache(maxsize=1 << 14)
def slip_of_a_word(small: str) -> bool:
    """Whether a strange word is most likely a common one with a letter wrong."""
    if len(small) < 4:
        return False
    far = 2 if len(small) > 7 else 1
    near = process.extractOne(small, common(), scorer=DamerauLevenshtein.distance, score_cutoff=far)
    return near is not None


def no_vowel(plain: str) -> bool:
    """ "cpn": letters that stand for something."""
    return len(plain) < 6 and not set("aeiouy") & set(plain)


@lru_cache(maxsize=1 << 12)
def run_together(small: str) -> bool:
    """Whether two common words were written as one: "theteacher"."""
    usual_words = _common_words()
    return any(
        small[:cut] in usual_words and small[cut:] in usual_words
        for cut in range(3, len(small) - 2)
    )


def _bare(small: str) -> str:
    return _CONTRACTED.sub("", small)


@cache
def _common_words() -> frozenset[str]:
    return frozenset(
        (*common(), "the", "and", "was", "our", "any", "his", "her", "for", "not", "all", "too")
    )

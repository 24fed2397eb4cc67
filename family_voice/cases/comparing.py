"""How alike two names, dates, schools, postcodes and numbers are, one comparator a kind.

Each comparator gives a Level, or NOTHING where either side says nothing. String distances are
RapidFuzz's: Jaro-Winkler for names (Winkler 1990), Damerau-Levenshtein for slips of the keyboard.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from family_voice.cases.spelling import forms_of_one_name, letters, skeleton


class Level(IntEnum):
    """How far two values agree. Small numbers, so that a whole comparison is a few bytes."""

    NOTHING = 0  # one side or both say nothing
    SAME = 1
    OTHER_FORM = 2  # a nickname, or the same name in another spelling
    SIMILAR = 3  # a slip
    PART = 4  # one half of a double name; the neighbourhood of a postcode
    SWAPPED = 5  # day and month, or first and last name
    MONTH = 6  # the month of birth agrees, the day does not or is not known
    DIFFERENT = 7


_SHARED_BY_SCHOOLS = """
the school primary infant infants junior juniors academy high secondary college community nursery
special ce rc cofe catholic church of england c e trust sch pri acad
"""
_SCHOOL_WORDS = frozenset(_SHARED_BY_SCHOOLS.split())


@lru_cache(maxsize=1 << 17)
def names(one: str, other: str) -> Level:
    """Compare names that `letters` has been applied to."""
    if not one or not other:
        return Level.NOTHING
    if one == other:
        return Level.SAME
    if (" " in one or " " in other) and one.replace(" ", "") == other.replace(" ", ""):
        return Level.SAME
    if forms_of_one_name(one, other):
        return Level.OTHER_FORM
    if (
        JaroWinkler.similarity(one, other, score_cutoff=0.92)
        or (min(len(one), len(other)) > 3 and _one_slip(one, other))
        or _short_and_sounds_alike(one, other)
    ):
        return Level.SIMILAR
    if " " not in one and " " not in other:
        return Level.DIFFERENT
    mine, theirs = one.split(), other.split()
    pairs = ((a, b) for a in mine for b in theirs if len(a) > 2 and len(b) > 2)
    part = any(names(a, b) in {Level.SAME, Level.OTHER_FORM} for a, b in pairs)
    return Level.PART if part else Level.DIFFERENT


def births(one: str, other: str) -> Level:
    """Compare two dates of birth as eight digits, yyyymmdd; they need not be days that exist."""
    if not one or not other:
        return Level.NOTHING
    if one == other:
        return Level.SAME
    if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return Level.SWAPPED
    if _one_slip(one, other):
        return Level.SIMILAR
    return months(one[:6], other[:6])


def months(one: str, other: str) -> Level:
    """Compare years and months of birth, yyyymm, where that is all somebody said."""
    if not one or not other:
        return Level.NOTHING
    return Level.MONTH if one == other else Level.DIFFERENT


@lru_cache(maxsize=1 << 14)
def school_name(text: str) -> str:
    """A school's name without the words that schools share; "St" is spelled out."""
    words = ["saint" if word == "st" else word for word in letters(text).split()]
    return " ".join(word for word in words if word not in _SCHOOL_WORDS) or " ".join(words)


@lru_cache(maxsize=1 << 16)
def schools(one: str, other: str) -> Level:
    """Compare names that `school_name` has been applied to."""
    if not one or not other:
        return Level.NOTHING
    if one == other:
        return Level.SAME
    mine, theirs = set(one.split()), set(other.split())
    close = fuzz.token_sort_ratio(one, other) >= 84 or mine < theirs or theirs < mine
    return Level.SIMILAR if close else Level.DIFFERENT


def postcode(text: str) -> str:
    """A postcode in capitals without its space. Those of other countries are taken as they are."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def postcodes(one: str, other: str) -> Level:
    """Compare postcodes that `postcode` has been applied to; PART is the same British sector."""
    if not one or not other:
        return Level.NOTHING
    if one == other:
        return Level.SAME
    if len(one) > 4 and one[:-2] == other[:-2]:
        return Level.PART
    return Level.SIMILAR if _one_slip(one, other) else Level.DIFFERENT


def doors(address: str) -> frozenset[tuple[str, str]]:
    """The number of the house with the street's first word, of what `letters` was applied to."""
    words = address.split()
    return frozenset(
        (number, street)
        for number, street in pairwise(words)
        if number[0].isdigit() and not street[0].isdigit()
    )


def addresses(
    one: str, other: str, door: frozenset[tuple[str, str]], other_door: frozenset[tuple[str, str]]
) -> Level:
    """Compare addresses that `letters` has been applied to, and their `doors`."""
    if not one or not other:
        return Level.NOTHING
    if one == other:
        return Level.SAME
    alike = fuzz.token_sort_ratio(one, other, score_cutoff=62)
    if alike >= 96:
        return Level.SAME
    if alike >= 82 or not door.isdisjoint(other_door):
        return Level.SIMILAR
    return Level.PART if alike else Level.DIFFERENT


def phone(text: str) -> str:
    """The last ten digits, which do not depend on how the country was written."""
    digits = re.sub(r"\D", "", text)
    return digits[-10:] if len(digits) >= 9 else ""


def any_shared(one: frozenset[str], other: frozenset[str]) -> Level:
    """Whether two sets of numbers or addresses share one."""
    if not one or not other:
        return Level.NOTHING
    return Level.DIFFERENT if one.isdisjoint(other) else Level.SAME


def references(one: str, other: str) -> Level:
    """Compare case references that `letters` has been applied to."""
    if not one or not other:
        return Level.NOTHING
    if one == other:
        return Level.SAME
    return Level.SIMILAR if len(one) > 4 and _one_slip(one, other) else Level.DIFFERENT


def _short_and_sounds_alike(one: str, other: str) -> bool:
    """Rosie and Rosy, Riley and Reilly: two consonants alone are in many names (`forms_of_one_name`
    wants three), so here the letters have to be much alike as well."""
    bones = skeleton(one)
    return (
        len(bones) == 2
        and bones == skeleton(other)
        and JaroWinkler.similarity(one, other, score_cutoff=0.8) > 0
    )


def _one_slip(one: str, other: str) -> bool:
    """One letter more, fewer or other, or two neighbours that changed places."""
    return DamerauLevenshtein.distance(one, other, score_cutoff=1) == 1

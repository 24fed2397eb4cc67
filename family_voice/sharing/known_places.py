"""Marking the schools and services of a case: whole, in part, misspelt, by their letters. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from family_voice.cases.spelling import letters
from family_voice.sharing.grammar import DETERMINERS, NO_SURNAME, acts
from family_voice.sharing.marking import ORG, Mark, Marking
from family_voice.sharing.vocabulary import everyday, is_common, ordinary
from family_voice.sharing.words_in import Word, listed, read

_SMALL: Final = frozenset(("the", "of", "and", "at", "for", "in", "with", "a"))
#: Words of a school's name that tell its sort and not which.
_SORTS: Final = listed(
    """special community church england catholic rc ce cofe c of voluntary aided controlled free
    trust sen send school schools primary academy college nursery infants infant juniors junior
    high grammar secondary sixth form upper lower middle pre preschool foundation the and"""
)
_AT: Final = listed(
    """at to from in left leave leaving attends attend attended started start starts join joined
    joining inside outside near loves likes hates by with named naming visit visited visiting
    via past into for"""
)


_SHORT: Final = {
    short: frozenset(long.split())
    for short, long in {
        "st": "saint street", "saint": "st", "rd": "road", "ave": "avenue", "ln": "lane",
        "pri": "primary", "prim": "primary", "acad": "academy", "sch": "school", "skool": "school",
        "coll": "college", "jnr": "junior", "jr": "junior", "inf": "infant infants",
        "infants": "infant", "infant": "infants", "juniors": "junior", "sec": "secondary",
        "comm": "community", "centre": "center", "ctr": "centre", "hse": "house",
    }.items()
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Somewhere known: its words by `letters`, which of them name it, and the placeholder."""

    words: tuple[frozenset[str], ...]
    head: int  # so many words name it; the rest says what sort of place it is
    begin: int  # 1 where it begins with "the"
    placeholder: str
    short: str  # its letters: "sbps"


def place(name: str, placeholder: str) -> Place | None:
    """A school or service by its full name; nothing if there is no name in it."""
    words = [
        frozenset((each.plain, each.plain + "s"))
        if each.owns or each.plain.endswith("'s")
        else frozenset((each.plain,))
        for each in read(name).words
    ]
    plain = [min(each, key=len) for each in words]
    begin = 1 if plain and plain[0] == "the" and len(plain) > 1 else 0
    kinds = everyday().places_of_a_kind
    head = len(words)
    while head - begin > 1 and (
        plain[head - 1] in _SORTS or plain[head - 1] in kinds or plain[head - 1] in _SMALL
    ):
        head -= 1
    if not words:
        return None
    # "Little Stars Nursery", "Hope Street School": one common word would be too little to go by.
    named = head < len(words) and plain[head] in kinds and plain[head] not in _SORTS
    if head - begin == 1 and (
        (named and is_common(plain[begin]))
        or plain[begin]
        in (
            "little",
            "great",
            "new",
            "old",
            "first",
            "high",
            "north",
            "south",
            "east",
            "west",
            "st",
            "saint",
            "upper",
            "lower",
            "our",
            "big",
            "good",
            "bright",
            "happy",
            "early",
            "family",
            "community",
        )
    ):
        head = min(head + 1, len(words))
    short = "".join(each[0] for each in plain[begin:] if each not in _SMALL)
    return Place(tuple(words), head, begin, placeholder, short)


def placeholder_of(name: str) -> str:
    """What to write for a service by the sort of place its name says it is, or ""."""
    kinds = everyday().places_of_a_kind
    for word in reversed(letters(name.replace("'", "")).split()):
        if word in kinds:
            return kinds[word] if kinds[word] != "[street]" else "[place]"
    return ""


def mark_places(marking: Marking, places: Sequence[Place]) -> None:
    """Mark every mention of somewhere known.

    Args:
        marking: the text and what is made of it so far.
        places: what is known.
    """
    words = marking.reading.words
    for one in places:
        at = 0
        while at < len(words):
            end = _mention(marking, at, one)
            if end:
                marking.put_run(at, end, Mark(ORG, one.placeholder, known=True))
                if words[end - 1].owns and any(
                    len(each) > 1 and words[end - 1].plain in each for each in one.words
                ):
                    marking.ends[end - 1] = words[end - 1].whole_end
            at = max(at + 1, end)


def _mention(marking: Marking, at: int, one: Place) -> int:
    """Where a mention of this place that begins at this word ends; 0 if none does."""
    reading = marking.reading
    words = reading.words
    if at in marking.marks:
        return 0
    begin = at + 1 if words[at].plain == "the" and at + 1 < len(words) else at
    if begin > at and words[begin].apart:
        return 0
    met = 0
    while (
        one.begin + met < len(one.words)
        and begin + met < len(words)
        and (met == 0 or not words[begin + met].apart or words[begin + met].gap.strip() == ".")
        and _same(words[begin + met], one.words[one.begin + met])
    ):
        met += 1
    if met == 0:
        return _by_letters(marking, at, one)
    wanted = one.head - one.begin
    end = begin + met
    if met < min(wanted, 2):
        return end if met and not begin > at and _rare_and_at(marking, begin) else 0
    if met < 2 and not _alone(marking, begin, one):
        return 0
    plain = all(ordinary(words[each].small) for each in range(begin, end))
    if met >= 2 and plain and wanted > met:
        # "castle view dont answer", not "the castle view was lovely"
        told = reading.before(begin) not in DETERMINERS and not reading.capitals
        if not told and not reading.named_by_capital(begin + 1):
            return 0
    return _with_its_sort(marking, end)


def _with_its_sort(marking: Marking, end: int) -> int:
    """ "Oakfield school": with the words after it that say what sort of place it is."""
    words = marking.reading.words
    while end < len(words) and not words[end].apart and not words[end - 1].owns:
        small = words[end].plain
        close = any(
            len(each) > 5 and DamerauLevenshtein.distance(small, each) < 3
            for each in ("academy", "primary", "college", "nursery", "secondary", "special")
        )
        if (
            small
            not in _SORTS
            - _SMALL
            - {
                "c",
                "send",
                "sen",
                "form",
                "free",
                "trust",
                "middle",
                "upper",
                "lower",
                "foundation",
                "community",
            }
            and not close
        ):
            break
        end += 1
    return end


def _alone(marking: Marking, at: int, one: Place) -> bool:
    """Whether one word is enough to go by where it stands."""
    reading, word = marking.reading, marking.reading.words[at]
    if not ordinary(word.small):
        return True
    after = reading.after(at)
    sort = after in _SORTS - _SMALL or (
        after in everyday().places_of_a_kind and frozenset((after,)) in one.words
    )
    if sort or (reading.named_by_capital(at) and reading.before(at) not in ("a", "my")):
        return True
    before = reading.before(at)
    if before == "the":
        told = word.capital or not reading.capitals
        return told and (bool(one.begin) or reading.before(at, 2) in _AT or acts(reading, at))
    if word.small in everyday().capitals:
        return False
    if reading.capitals and not word.capital:
        return False
    if is_common(word.small):
        return before in _AT - {"for", "by", "with", "in"} or (word.first and acts(reading, at))
    return before not in DETERMINERS


def _rare_and_at(marking: Marking, at: int) -> bool:
    """ "at seahorse", where Seahorse Swim Club is known: a rare first word where one goes."""
    reading, word = marking.reading, marking.reading.words[at]
    if len(word.plain) < 5 or is_common(word.small) or word.small in everyday().capitals:
        return False
    after = reading.after(at)
    goes_on = after and after not in NO_SURNAME and not acts(reading, at)
    return reading.before(at) in _AT - {"for", "by", "with", "in", "near"} and not goes_on


def _same(word: Word, wanted: frozenset[str]) -> bool:
    if word.plain in wanted or not _SHORT.get(word.plain, frozenset()).isdisjoint(wanted):
        return True
    for each in wanted:
        # A misspelling of a word that is itself an ordinary one is that other word.
        far = 2 if len(each) > 6 else 1 if len(each) > 3 else 0
        if (
            far
            and len(word.plain) > 3
            and not ordinary(word.small)
            and DamerauLevenshtein.distance(word.plain, each) <= far
        ):
            return True
        plural = len(each) > 3 and word.plain == each + "s" and not word.owns
        if plural and not ordinary(word.small):
            return True
    return False


def _by_letters(marking: Marking, at: int, one: Place) -> int:
    """Where the place by its letters, or its words run together, ends; 0 if it is not that."""
    words = marking.reading.words
    word, long = words[at], len(one.short)
    together = "".join(min(each, key=len) for each in one.words[one.begin : one.begin + 2])
    if len(together) > 7 and word.plain == together and not ordinary(word.small):
        return _with_its_sort(marking, at + 1)
    dotted = words[at : at + long]
    if long > 2 and "".join(each.plain for each in dotted) == one.short and len(word.plain) == 1:
        between = marking.reading.text[word.start : dotted[-1].end]
        if between.count(".") >= long - 1:
            if marking.reading.text[dotted[-1].end : dotted[-1].end + 1] == ".":
                marking.ends[at + long - 1] = dotted[-1].end + 1
            return at + long
    if long < 3 or word.plain != one.short or ordinary(word.small):
        return 0
    return at + 1 if word.all_capitals or long > 3 else 0

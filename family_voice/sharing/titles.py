"""Marking titles with the names that follow them: "Mrs Osei-Bonsu", "Mr and Mrs Khan". Pure."""

from __future__ import annotations

from collections.abc import Sequence

from family_voice.sharing.grammar import NO_SURNAME, VERBS_FOLLOW, acts
from family_voice.sharing.known_people import mark_of, who_is
from family_voice.sharing.marking import STRANGER, Marking
from family_voice.sharing.name_forms import Person
from family_voice.sharing.strange_words import allowed, slip_of_a_word, usual
from family_voice.sharing.vocabulary import everyday, kinds, last_name, ordinary
from family_voice.sharing.words_in import Reading, Word


def mark_titled(marking: Marking, people: Sequence[Person]) -> None:
    reading = marking.reading
    words = reading.words
    at = 0
    while at < len(words):
        word = words[at]
        if word.small not in everyday().titles or (
            at in marking.marks and not marking.marks[at].known
        ):
            at += 1
            continue
        last = at
        # "Mr and Mrs Khan"
        while (
            last + 2 < len(words)
            and words[last + 1].small in ("and", "&")
            and words[last + 2].small in everyday().titles
        ):
            last += 2
        if (
            last + 1 < len(words)
            and words[last + 1].small in everyday().titles
            and words[last + 1].gap.strip(" .") == "/"
        ):
            last += 1
        end = _after_title(marking, last, people)
        if end > last + 1:
            who = _whom(marking, last + 1, end, people)
            mark = mark_of(who, people, sure=True, titled=True) if who else STRANGER
            marking.put_run(at, end, mark, over=True)
        at = max(end, at + 1)


def _whom(marking: Marking, begin: int, end: int, people: Sequence[Person]) -> frozenset[int]:
    """Which of those known the words after a title name, if any."""
    found = [
        marking.marks[at].people
        if at in marking.marks and marking.marks[at].people
        else who_is(marking.reading.words[at].plain, people)
        for at in range(begin, end)
    ]
    found = [each for each in found if each]
    if not found:
        return frozenset()
    both = frozenset.intersection(*found)
    return both or found[-1]


def _after_title(marking: Marking, title: int, people: Sequence[Person]) -> int:
    """Where the name after a title ends; just behind the title where there is none."""
    reading = marking.reading
    words = reading.words
    titled = words[title]
    at = title + 1
    while at < len(words) and at < title + 5:
        word = words[at]
        gap = word.gap.strip(" \xa0")
        if gap not in ("", ".", "-", "‐", "‑") or (
            gap == "." and at > title + 1 and len(words[at - 1].text) > 1
        ):
            break
        if at > title + 1 and words[at - 1].owns:
            break
        named = at in marking.marks and marking.is_person(at)
        if not (
            named
            or word.joined
            or (at == title + 1 and _is_theirs(reading, at, people))
            or _may_follow_title(reading, titled, at, word, first=at == title + 1)
        ):
            break
        at += 1
    return at


def _between_commas(reading: Reading, at: int) -> bool:
    """ "his ta, miss deol, knows": a title and a name, and nothing else, between two marks."""
    after = reading[at + 1]
    return at > 1 and reading.words[at - 1].apart and (after is None or after.apart)


def _is_theirs(reading: Reading, at: int, people: Sequence[Person]) -> bool:
    """Whether what follows a title is a known family name: "mrs best", not "i miss best"."""
    word = reading.words[at]
    if not any(word.plain in one.last for one in people):
        return False
    return reading.words[at - 1].small != "miss" or not (
        reading.before(at, 2) in VERBS_FOLLOW or reading.after(at) == "of"
    )


def _may_follow_title(reading: Reading, title: Word, at: int, word: Word, *, first: bool) -> bool:
    lists = everyday()
    if word.small in lists.titles:
        return False
    if len(word.text) == 1:
        return (word.text.isupper() and word.small not in ("i",)) or (
            first and not reading.capitals and word.small not in "aiurn"
        )
    if (
        reading.capitals
        and word.capital
        and not word.all_capitals
        and (title.capital or not ordinary(word.small))
    ):
        return first or not (word.small in lists.capitals or word.small in NO_SURNAME)
    if word.small in NO_SURNAME:
        return False
    if reading.capitals and not word.capital and title.capital and ordinary(word.small):
        return False  # "Miss told us", "the Dr said"
    if not first:
        return not usual(word) and not allowed(word, reading, at)
    if word.small in lists.short_forms and last_name(word.plain) and len(word.plain) < 4:
        return not reading.capitals or word.capital
    if title.small in ("miss", "sir", "madam", "dame", "master", "doctor", "fr"):
        if not usual(word):
            return not slip_of_a_word(word.small) or _between_commas(reading, at)
        # "want miss price to see", not "i miss school"
        missed = reading.before(at, 2) in VERBS_FOLLOW or acts(reading, at - 1)
        return title.small == "miss" and last_name(word.plain) and not missed and not allowed(
            word, reading, at
        )  # fmt: skip
    if not usual(word):
        return True
    what = kinds(word.small)
    if title.small in ("mr", "mrs", "ms"):
        return "aux" not in what and "adv" not in what
    return last_name(word.plain) and "aux" not in what and not acts(reading, at - 1)

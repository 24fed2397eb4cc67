"""Marking the people of a case wherever they are named, in whatever form. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from family_voice.sharing.grammar import (
    NO_SHORT_NAME,
    ONLY_PEOPLE,
    acts,
    reads_as_name,
    stands_bare,
)
from family_voice.sharing.marking import PERSON, Mark, Marking
from family_voice.sharing.name_forms import (
    EXACT,
    FORM,
    SLIP,
    Person,
    form,
    joined_with,
    written_out,
)
from family_voice.sharing.vocabulary import everyday, is_common, ordinary
from family_voice.sharing.words_in import Word, listed

_NO_INITIAL_AFTER: Final = listed(
    """class year section part plan appendix vitamin hepatitis type key stage grade option figure
    group band level form room unit block page letter schedule annex box tier table strep covid"""
)
_PERHAPS_TO: Final = listed("with for and give gave get got at")
_SPOKEN_TO: Final = listed("ask asked tell told ring rang phone phoned email emailed called")
_TITLED_CARER: Final = "[parent]"
FAMILY_NAME: Final = "[family name]"


def mark_known(marking: Marking, people: Sequence[Person]) -> None:
    """Mark every word that names somebody known, and the initials beside and instead of names.

    Args:
        marking: the text and what is made of it so far.
        people: who is known.
    """
    for at, word in enumerate(marking.reading.words):
        if at in marking.marks:
            continue
        if marking.reading.text[max(0, word.start - 1) : word.start] in ("#", "@"):
            continue
        mark, swallowed = _as_known(marking, at, word, people)
        if mark is not None:
            marking.put(at, mark)
            if swallowed:
                marking.swallowed.add(at)
    _beside_each_other(marking, people)
    _initials(marking, people)


def mark_of(
    who: frozenset[int], people: Sequence[Person], *, sure: bool, titled: bool = False
) -> Mark:
    """The mark for whoever of those known it may be."""
    groups = {people[each].group for each in who}
    placeholders = {people[each].placeholder for each in who}
    if len(placeholders) == 1:
        placeholder = placeholders.pop()
    elif titled and "carers" in groups:
        placeholder = _TITLED_CARER
    elif groups <= {"child", "carers", "others"}:
        placeholder = FAMILY_NAME
    else:
        placeholder = "[name]"
    return Mark(PERSON, placeholder, known=True, sure=sure, people=who)


def _as_known(
    marking: Marking, at: int, word: Word, people: Sequence[Person]
) -> tuple[Mark | None, bool]:
    reading = marking.reading
    best, who, given = _best(word.plain, people, written=not word.caseless)
    swallowed = False
    if best < FORM and word.small.endswith("s") and len(word.plain) > 3 and not word.owns:
        shorter = _best(word.plain[:-1], people)
        # "deans got her": a word too, but then somebody has or is.
        stands = not ordinary(word.small) or (
            shorter[0] == EXACT and not reading.capitals and word.first and acts(reading, at)
        )
        if shorter[0] >= FORM and shorter[0] > best and stands:
            (best, who, given), swallowed = shorter, True
    if not best:
        who = frozenset(
            each for each, one in enumerate(people)
            if (word.plain in one.whole and len(word.plain) > 4)
            or any(joined_with(word.plain, part) for part in one.first)
        )  # fmt: skip
        return (mark_of(who, people, sure=True), False) if who else (None, False)
    if not swallowed and not _stands_as_name(marking, at, word, best, given):
        return None, False
    return mark_of(who, people, sure=best > SLIP and not ordinary(word.small)), swallowed


def _best(
    plain: str, people: Sequence[Person], *, written: bool = True
) -> tuple[int, frozenset[int], bool]:
    """How well a word fits, whom it fits so, and whether as a first name.

    `written` says that its script writes every vowel.
    """
    best, who, given = 0, set[int](), False
    for number, one in enumerate(people):
        for parts, first in ((one.first, True), (one.last, False)):
            for part in parts:
                fits = form(plain, part, given=first)
                if not (written or written_out(plain, part)):
                    continue
                if fits > best:
                    best, who, given = fits, {number}, first
                elif fits and fits == best:
                    who.add(number)
                    given = given or first
    return best, frozenset(who), given


def _stands_as_name(marking: Marking, at: int, word: Word, fits: int, given: bool) -> bool:
    """Whether what may be the name is it where it stands."""
    reading = marking.reading
    if word.caseless:
        return fits >= FORM
    if fits == SLIP:
        if ordinary(word.small):
            return False
        return len(word.plain) > 3
    if fits == FORM and word.small in NO_SHORT_NAME:
        return False
    lists = everyday()
    if word.small in lists.text_speak | lists.short_forms and word.small == word.text:
        # "ta", "sis", "ed": short words that texts are full of.
        return fits == EXACT and reads_as_name(reading, at) is True
    if (
        word.all_capitals
        and len(word.text) < 5
        and word.small in lists.short_forms
        and reading.capitals
    ):
        return False
    if not ordinary(word.small):
        # "a carrow is an old word": in writing, a name has a capital or no article.
        small = reading.capitals and not word.capital
        return not (small and reading.before(at) in ("a", "an"))
    reads = reads_as_name(reading, at)
    if reading.capitals and not word.capital:
        return reads is True and acts(reading, at)
    if not given:
        # A family name that is a word: "Young", "Hall". Names and titles beside it are seen later.
        if fits == EXACT and reads is not False and (
            stands_bare(reading, at) or (reads is None and reading.named_by_capital(at))
        ):  # fmt: skip
            return True
        return reads is True and (
            reading.named_by_capital(at)
            or _is_surname_there(marking, at)
            or not is_common(word.small)
        )
    if fits == FORM:
        return reads is True and (word.capital or _is_nickname_there(marking, at))
    if reads is None:
        # A rare word is likelier the name; a common one needs a word before it that takes people.
        before = reading.before(at)
        rare = not is_common(word.small) and word.small not in everyday().names_that_are_words
        return word.first or word.capital or rare or before in _PERHAPS_TO
    return reads


def _is_surname_there(marking: Marking, at: int) -> bool:
    reading = marking.reading
    if reading.words[at].owns or reading.before(at) in _SPOKEN_TO:
        return True
    if reading.after(at) in ONLY_PEOPLE:
        return True
    return reading.after(at) == "and" and reading.after(at, 2) in ("i", "me")


def _is_nickname_there(marking: Marking, at: int) -> bool:
    return acts(marking.reading, at) or marking.reading.before(at) in (
        "called",
        "and",
        "ask",
        "asked",
        "told",
        "tell",
        "ring",
        "rang",
    )


def _beside_each_other(marking: Marking, people: Sequence[Person]) -> None:
    """Take family names that are words, and first names not sure of, beside the other part."""
    words = marking.reading.words
    for at in range(1, len(words)):
        first, last = words[at - 1], words[at]
        if last.gap.strip(" -‐‑–\xa0") or first.owns:
            continue
        whole = frozenset(
            each for each, one in enumerate(people)
            if first.plain in one.first and last.plain in one.last
        )  # fmt: skip
        if whole:
            marking.put(at - 1, mark_of(whole, people, sure=True))
            marking.put(at, mark_of(whole, people, sure=True))
            continue
        for here, side in ((at, at - 1), (at - 1, at)):
            near = marking.marks.get(side)
            if here in marking.marks or near is None or near.kind != PERSON or not near.people:
                continue
            fits = (who_is(words[here].plain, people) & near.people) or _small_part(
                marking, here, side, people
            )
            modal = words[here].small in ("will", "may") and here == at
            if fits and not (modal and acts(marking.reading, at - 1)):
                marking.put(here, mark_of(fits, people, sure=True))


def _small_part(marking: Marking, here: int, side: int, people: Sequence[Person]) -> frozenset[int]:
    """ "al" before "Jabouri", "o" before "Domhnaill", and "Shanice C"."""
    word, near = marking.reading.words[here], marking.marks[side]
    initial = (
        here > side and len(word.plain) == 1 and (word.text.isupper() or word.plain not in "aiurn")
    )
    return frozenset(
        each for each in near.people
        if (here < side and word.plain in people[each].particles)
        or (initial and people[each].initials[1:] == word.plain)
    )  # fmt: skip


def who_is(plain: str, people: Sequence[Person]) -> frozenset[int]:
    """Which of those known have a part of their name so, or misspelt so."""
    return frozenset(
        each for each, one in enumerate(people)
        if any(form(plain, part, given=False) for part in one.parts)
    )  # fmt: skip


def _initials(marking: Marking, people: Sequence[Person]) -> None:
    reading = marking.reading
    words = reading.words
    for at, word in enumerate(words):
        if at in marking.marks:
            continue
        who = frozenset(
            each for each, one in enumerate(people)
            if word.plain in one.all_initials
        )  # fmt: skip
        digit = re.search(r"\d\s*$", word.gap) is not None
        lists = everyday()
        as_letters = word.all_capitals and reading.capitals and not digit
        # "ar has had a good week": in a text message, letters that begin it and do something.
        in_small = not (reading.capitals or ordinary(word.small) or word.small in lists.text_speak)
        in_small = in_small and stands_bare(reading, at) and acts(reading, at)
        if who and (as_letters or in_small) and word.small not in lists.short_forms:
            marking.put(at, mark_of(who, people, sure=False))
        elif _two_letters(marking, at, people):
            continue
        elif len(word.plain) == 1 and word.text == word.plain.upper() and not word.caseless:
            _one_letter(marking, at, people)
        elif len(word.plain) == 1:
            _small_letter(marking, at, people)


def _two_letters(marking: Marking, at: int, people: Sequence[Person]) -> bool:
    """ "J.O.", "J O", "j.o.": the letters of a first and a last name beside each other."""
    reading, word = marking.reading, marking.reading.words[at]
    after = reading[at + 1]
    if after is None or len(word.plain) != 1 or len(after.plain) != 1 or at + 1 in marking.marks:
        return False
    between = reading.text[word.end : after.start]
    capitals = word.text.isupper() and after.text.isupper()
    if between not in (".", ". ") and not (between == " " and capitals and reading.capitals):
        return False
    who = frozenset(
        each for each, one in enumerate(people) if one.initials == word.plain + after.plain
    )
    if not who or (word.plain + after.plain in ("am", "pm", "eg", "ie") and not capitals):
        return False
    marking.put_run(at, at + 2, mark_of(who, people, sure=False))
    if reading.text[after.end : after.end + 1] == ".":
        marking.ends[at + 1] = after.end + 1
    return True


def _one_letter(marking: Marking, at: int, people: Sequence[Person]) -> None:
    reading, word = marking.reading, marking.reading.words[at]
    if word.plain in ("i", "a") or reading.before(at) in _NO_INITIAL_AFTER or not reading.capitals:
        return
    who = frozenset(
        each for each, one in enumerate(people)
        if one.group == "child" and one.first and one.first[0][0] == word.plain
    )  # fmt: skip
    if reading.before(at) in ("the", "an", "letter"):
        return
    if who and "&" not in word.gap and reading.text[word.end : word.end + 1] not in ("&", "-"):
        marking.put(at, mark_of(who, people, sure=False))


def _small_letter(marking: Marking, at: int, people: Sequence[Person]) -> None:
    """ "j loves it there": in a text message, a letter that no text is full of."""
    reading, word = marking.reading, marking.reading.words[at]
    if (
        word.plain in "aiurnkcbxystmdwe"
        or reading.capitals
        or (word.gap and word.gap[-1] not in " \n")
    ):
        return
    who = frozenset(
        each for each, one in enumerate(people)
        if one.group == "child" and one.first and one.first[0][0] == word.plain
    )  # fmt: skip
    if who and (acts(reading, at) or reading.before(at) in ("with", "for", "told", "and")):
        marking.put(at, mark_of(who, people, sure=False))

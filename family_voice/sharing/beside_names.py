"""Marking what belongs to a name because it stands beside one: family names, kin, lists. Pure."""

from __future__ import annotations

from family_voice.sharing.grammar import DETERMINERS, NO_SURNAME, acts, reads_as_name
from family_voice.sharing.marking import PERHAPS, Marking
from family_voice.sharing.strange_words import allowed, slip_of_a_word, usual
from family_voice.sharing.vocabulary import (
    british_first_name,
    everyday,
    first_name,
    kinds,
    last_name,
    ordinary,
)
from family_voice.sharing.words_in import Reading


def mark_first_names(marking: Marking) -> None:
    """ "jo trelawney": a short or everyday first name, right before a family name."""
    reading = marking.reading
    for at in range(len(reading.words) - 1):
        word, after = reading.words[at], reading.words[at + 1]
        if at in marking.marks or not marking.is_person(at + 1) or after.gap.strip(" \xa0-"):
            continue
        mark = marking.marks[at + 1]
        if mark.known or mark.run != -1 or word.owns or word.small in NO_SURNAME:
            continue
        if first_name(after.plain) and not last_name(after.plain):
            continue
        named = british_first_name(word.plain) or (
            len(word.plain) > 1 and first_name(word.plain) and not kinds(word.small)
        )
        if not named or (reading.capitals and not word.capital) or allowed(word, reading, at):
            continue
        if reads_as_name(reading, at) is not False:
            marking.put(at, mark)


def mark_surnames(marking: Marking) -> None:
    """Take what follows a first name as the family name: "Gemma Price", "gemma price"."""
    reading = marking.reading
    for at in range(1, len(reading.words)):
        word, before = reading.words[at], reading.words[at - 1]
        if at in marking.marks or not marking.is_person(at - 1) or before.owns:
            continue
        if word.gap.strip(" \xa0-‐‑") or word.small in NO_SURNAME:
            continue
        mark = marking.marks[at - 1]
        if len(word.text) == 1:
            small = (
                not reading.capitals and not marking.reading.text[word.end : word.end + 1].isalnum()
            )
            if (word.text.isupper() and word.small != "i" and reading.capitals) or (
                small
                and word.small not in "aiurnkcbxy"
                and not first_name(word.plain)
                and reading.after(at) == ""
            ):
                marking.put(at, mark)
            continue
        capital = reading.named_by_capital(at) and not word.all_capitals
        told = word.joined or (capital and (not ordinary(word.small) or last_name(word.plain)))
        if not told and not reading.capitals and first_name(before.plain):
            told = last_name(word.plain) and _ends_a_name(reading, at)
        if told and not allowed(word, reading, at):
            marking.put(at, mark)


def _ends_a_name(reading: Reading, at: int) -> bool:
    """Whether a word in small letters, after a first name, is more likely a family name."""
    what = kinds(reading.words[at].small)
    if what & {"adv", "aux", "finite"}:
        return False
    goes_on = acts(reading, at) or "finite" in kinds(reading.after(at))
    if what & {"verb", "adj"} and not goes_on:
        return False
    return not what or goes_on or reading.after(at) in ("", "who")


def mark_listed(marking: Marking) -> None:
    """ "Tracey, Debs or Lou", "Precious and Blessing are": names that stand beside each other."""
    reading = marking.reading
    for at, word in enumerate(reading.words):
        if _two_of_them(marking, at):
            marking.put(at, PERHAPS)
            marking.put(at + 2, PERHAPS)
        if at in marking.marks or (word.all_capitals and reading.capitals):
            continue
        if not reading.named_by_capital(at):
            strange = not reading.capitals and len(word.plain) > 2 and not usual(word)
            sure = word.gap.strip() == "," or not slip_of_a_word(word.small)
            if strange and sure and _beside_a_name(marking, at):
                marking.put(at, PERHAPS)
            continue
        may_be = first_name(word.plain) or first_name(word.plain.removesuffix("s"))
        if may_be and not allowed(word, reading, at) and _beside_a_name(marking, at):
            marking.put(at, PERHAPS)


def _beside_a_name(marking: Marking, at: int) -> bool:
    """Whether a comma, "and" or "or" is all there is between the word and somebody's name."""
    words = marking.reading.words
    if marking.is_person(at - 1) and words[at].gap.strip() == ",":
        return True
    if marking.is_person(at - 2) and words[at - 1].small in ("and", "or"):
        return True
    if marking.is_person(at + 1) and words[at + 1].gap.strip() == ",":
        return True
    return marking.is_person(at + 2) and words[at + 1].small in ("and", "or")


def _two_of_them(marking: Marking, at: int) -> bool:
    """Whether two words that may be names are said to do something together."""
    reading = marking.reading
    if at + 2 >= len(reading.words) or {at, at + 2} <= marking.marks.keys():
        return False
    one, other = reading.words[at], reading.words[at + 2]
    if reading.after(at) not in ("and", "&") or reading.before(at) in DETERMINERS or other.apart:
        return False
    if not (british_first_name(one.plain) and british_first_name(other.plain)):
        return False
    if reading.capitals:
        return one.capital and other.capital
    return reading.after(at + 2) in ("are", "were", "have", "both", "r")


def mark_kin(marking: Marking) -> None:
    """ "Auntie Bisi": what she is called is both words."""
    reading = marking.reading
    for at in range(len(reading.words) - 1):
        after = reading.words[at + 1]
        possessed = reading.before(at) in ("my", "his", "her", "our", "their", "the", "a", "your")
        if possessed and not reading.named_by_capital(at):
            continue
        if (
            at not in marking.marks
            and (reading.words[at].capital or not reading.capitals)
            and reading.words[at].small in everyday().kin_titles
            and marking.is_person(at + 1)
            and not after.gap.strip(" \xa0")
            and not reading.words[at].owns
        ):
            marking.put(at, marking.marks[at + 1])

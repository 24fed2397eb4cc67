"""Marking people whom the case does not know, and towns, by lists and by what is around. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from family_voice.sharing.beside_names import (
    mark_first_names,
    mark_kin,
    mark_listed,
    mark_surnames,
)
from family_voice.sharing.grammar import NO_SURNAME, acts, reads_as_name
from family_voice.sharing.marking import (
    PERHAPS,
    PERHAPS_PLACE,
    PERSON,
    PLACE,
    SOMEBODY,
    STRANGER,
    Mark,
    Marking,
)
from family_voice.sharing.name_forms import Person
from family_voice.sharing.strange_words import (
    allowed,
    no_vowel,
    run_together,
    slip_of_a_word,
    usual,
)
from family_voice.sharing.titles import mark_titled
from family_voice.sharing.vocabulary import (
    british_first_name,
    everyday,
    first_name,
    is_common,
    kinds,
    last_name,
)
from family_voice.sharing.words_in import Reading, Word, listed

_WHERE: Final = listed("in near from to around across towards between via outside at")
_CUES_BEFORE: Final = listed("called named nicknamed aka dear")


def mark_strangers(marking: Marking, people: Sequence[Person]) -> None:
    """Mark everybody else who is named, and places that only look like a name.

    Args:
        marking: the text and what is made of it so far.
        people: who is known, because "Mrs Khan" may be one of them.
    """
    _towns(marking)
    mark_titled(marking, people)
    reading = marking.reading
    for at, word in enumerate(reading.words):
        if at in marking.marks or len(word.text) < 2 or word.caseless:
            continue
        if reading.text[max(0, word.start - 1) : word.start].isdigit():
            continue  # "4pm", "2nd"
        mark = _made_of(marking, at, word)
        if mark is not None:
            marking.put(at, mark)
    mark_first_names(marking)
    mark_surnames(marking)
    mark_listed(marking)
    mark_kin(marking)


def _towns(marking: Marking) -> None:
    """Mark the towns and counties that this program lists, however they are written."""
    words = marking.reading.words
    for at in range(len(words)):
        for length in (3, 2, 1):
            here = range(at, at + length)
            if tuple(each.plain for each in words[at : at + length]) not in everyday().towns:
                continue
            if any(each in marking.marks for each in here):
                continue
            if any(each.gap.strip(" -‐") for each in words[at + 1 : at + length]):
                continue
            before = marking.reading.before(at)
            if length == 1 and first_name(words[at].plain) and before not in _WHERE:
                continue
            mark = PLACE if words[at].capital else PERHAPS_PLACE
            if length == 1:
                marking.put(at, mark)
            else:
                marking.put_run(at, at + length, mark)
            break


def _made_of(marking: Marking, at: int, word: Word) -> Mark | None:
    """What is made of a word that nobody known is called."""
    reading = marking.reading
    if allowed(word, reading, at):
        return _allowed_but_named(marking, at, word)
    # A rare word that people are called by is likelier the name: "Neve", "Griffin".
    rare = word.capital and british_first_name(word.plain) and not is_common(word.small)
    rare = rare and reads_as_name(reading, at) is not False
    strange = not usual(word) or rare
    capital = reading.named_by_capital(at)
    if re.fullmatch(r"[A-Z]{2,}s|(?!Mc|Mac|De|La|Le|Fitz|O['’])[A-Z]?[a-z]+[A-Z]\w+", word.text):
        # "EHCPs", and makes such as "TalkTalk" and "eSchools"
        return STRANGER if first_name(word.plain) else None
    if word.all_capitals and reading.capitals:
        # "SALT", "NOT": shouted or short for something, unless people are called so.
        if not strange or (len(word.text) < 7 and not first_name(word.plain)):
            return None
        return STRANGER if first_name(word.plain) else PERHAPS
    if strange and (capital or (word.capital and reading.capitals)):
        return _strange_capital(reading, at, word, inside=capital)
    if strange:
        return _strange_small(marking, at, word)
    if capital:
        return _usual_capital(reading, at, word)
    return _usual_small(reading, at, word)


def _allowed_but_named(marking: Marking, at: int, word: Word) -> Mark | None:
    """ "someone called Elsa": nobody's name, but somebody is said to be called so."""
    reading = marking.reading
    if word.capital and not word.all_capitals and first_name(word.plain) and (
        _named_here(reading, at) and word.small not in everyday().capitals
    ):  # fmt: skip
        return PERHAPS
    return None


def _named_here(reading: Reading, at: int) -> bool:
    """Whether the words before bring in a name: "called", "her name is", "my sister", "i'm"."""
    before, earlier = reading.before(at), reading.before(at, 2)
    if before in _CUES_BEFORE or before in everyday().calling:
        return True
    if before in ("is", "was", "called", "it's", "its") and earlier in ("name", "names", "surname"):
        return True
    if before == "by" and earlier == "called":
        return False
    return before in everyday().roles or _in_apposition(reading, at)


def _in_apposition(reading: Reading, at: int) -> bool:
    """ "the escort, mags, shouts": a role, then a name between commas."""
    before, after = reading[at - 1], reading[at + 1]
    if before is None or reading.words[at].gap.strip() not in (",", "("):
        return False
    closed = after is None or after.gap.strip()[:1] in (",", ")", ".")
    return before.small in everyday().roles and closed


def _strange_capital(reading: Reading, at: int, word: Word, *, inside: bool) -> Mark | None:
    known_as_name = first_name(word.plain) or last_name(word.plain)
    if not inside and not known_as_name and slip_of_a_word(word.small) and not acts(reading, at):
        return None  # "Definatly better"
    if word.joined and not known_as_name and not inside:
        return None
    if _like_a_place(reading, at, word):
        return PLACE
    return STRANGER if known_as_name or not slip_of_a_word(word.small) else PERHAPS


def _strange_small(marking: Marking, at: int, word: Word) -> Mark | None:
    """A strange word in small letters: a name in a text message, a slip, or jargon."""
    reading = marking.reading
    if len(word.plain) < 3 and not _named_here(reading, at):
        return None
    part = word.joined or (at + 1 < len(reading.words) and reading.words[at + 1].joined)
    first, last = first_name(word.plain), last_name(word.plain)
    named = _named_here(reading, at)
    owned = word.small.endswith("s") and first_name(word.plain[:-1]) and len(word.plain) > 4
    if reading.capitals:
        # In writing, capitals would have told; a first name typed small is still one.
        if first and not part and (british_first_name(word.plain) or named or acts(reading, at)):
            return PERHAPS
        return PERHAPS if named and not part and not slip_of_a_word(word.small) else None
    if first or owned:
        return Mark(PERSON, SOMEBODY, sure=british_first_name(word.plain) or named)
    slip = slip_of_a_word(word.small)
    if _like_a_place(reading, at, word) and not slip:
        return PERHAPS_PLACE
    if last:
        return PERHAPS
    if part and not named:
        return None
    strong = named or (reading.after(at) == "and" and reading.after(at, 2) in ("i", "me"))
    if not strong and (no_vowel(word.plain) or run_together(word.small)):
        return None
    strong = strong or word.owns or reading.before(at) in _TOLD
    strong = strong or (reading.before(at) in _ASKED and _breaks_off(reading, at))
    if not strong and (slip or len(word.plain) < 4):
        return None
    return PERHAPS


_TOLD: Final = listed("ask asked tell told ring rang phone phoned text texted email emailed")
_ASKED: Final = listed(
    """with ask asked tell told ring rang phone phoned text texted email emailed met saw thank
    thanks called love miss"""
)


def _breaks_off(reading: Reading, at: int) -> bool:
    """Whether nothing that belongs to the word follows: "with kath", not "with wierd noises"."""
    after = reading.after(at)
    return not after or after in NO_SURNAME


def _usual_capital(reading: Reading, at: int, word: Word) -> Mark | None:
    """A word with a capital inside a sentence: "Grace", or a Panel that is important."""
    before = reading.before(at)
    if word.small in everyday().word_towns and before in _WHERE and not first_name_strongly(word):
        return PERHAPS_PLACE
    noun = "noun" in kinds(word.small)
    if _in_apposition(reading, at) or (
        _named_here(reading, at) and (first_name(word.plain) or noun)
    ):
        return PERHAPS
    goes_on = at + 1 < len(reading.words) and reading.named_by_capital(at + 1)
    if before in ("at", "to", "from") and "noun" in kinds(word.small) and not goes_on:
        # "at Marshlands", "to Badgers"
        return None if word.owns or word.small in everyday().places_of_a_kind else PERHAPS_PLACE
    if (
        british_first_name(word.plain)
        and reads_as_name(reading, at)
        and before not in ("the", "a", "an", "his", "her", "their")
    ):
        return PERHAPS
    return None


def first_name_strongly(word: Word) -> bool:
    """Whether many people are called so first and foremost, the town or thing aside."""
    return british_first_name(word.plain) and word.small not in everyday().word_towns


def _usual_small(reading: Reading, at: int, word: Word) -> Mark | None:
    """An ordinary word told by what is around it: "our social worker grace said"."""
    if not reading.capitals and _is_called(reading, at):
        return PERHAPS if first_name(word.plain) or kinds(word.small) & {"noun", "adj"} else None
    if (
        reading.before(at) in everyday().kin_titles
        and british_first_name(word.plain)
        and len(word.small) > 2
    ):
        verb = kinds(word.small) & {"finite", "aux"}
        return None if verb or reads_as_name(reading, at) is False else PERHAPS
    if not british_first_name(word.plain):
        return None
    if word.capital and word.first and reading.capitals:
        verb = kinds(word.small) & {"verb", "aux", "adv"}
        if reads_as_name(reading, at) and acts(reading, at) and not verb:
            return PERHAPS
        return None
    if reading.capitals:
        return None
    reads = reads_as_name(reading, at)
    if _named_here(reading, at):
        return None if reads is False else PERHAPS
    # "speak about lily", "lily is off today"
    doing = kinds(word.small) & {"verb", "aux", "adv"}
    begins = reading.before(at) in _TOLD | {"about", "because", "cos", "when", "if"}
    begins = begins or (word.first and not is_common(word.small))
    return PERHAPS if reads and begins and not doing else None


def _is_called(reading: Reading, at: int) -> bool:
    """ "the new ta is called precious", "a girl called summer"; not "he was called names"."""
    before, earlier, after = reading.before(at), reading.before(at, 2), reading.after(at)
    if before not in ("called", "named") or reading.words[at].small in _NOT_CALLED:
        return False
    return (earlier in everyday().roles or earlier in _SOMEBODY) and (
        not after or after in NO_SURNAME or after in ("in", "at", "from", "x")
    )


_SOMEBODY: Final = listed("is someone somebody person one he's she's her him child")
_NOT_CALLED: Final = listed(
    """names back home out in off up again me us him her them it this that the a an by for and to
    about stupid naughty thick lazy mum dad police autism autistic weird difficult disruptive"""
)


def _like_a_place(reading: Reading, at: int, word: Word) -> bool:
    ending = len(word.plain) > 5 and word.plain.endswith(everyday().place_endings)
    before = reading.before(at)
    if first_name(word.plain):
        return False
    if before in ("in", "near", "around", "across", "towards", "via") and not word.owns:
        return True
    if before in ("from", "to", "outside", "at", "between") and not word.owns:
        return ending or reading.before(at, 2) in (
            "live",
            "lived",
            "lives",
            "moved",
            "moving",
            "move",
            "go",
            "went",
            "came",
            "travel",
            "drive",
            "back",
            "way",
        )
    return ending and not last_name(word.plain) and before not in _ASKED and not acts(reading, at)

"""Marking places that the case does not know, by the word that says what they are. Pure."""

from __future__ import annotations

from typing import Final

from family_voice.sharing.marking import LOC, ORG, PERSON, SOMEWHERE, Mark, Marking
from family_voice.sharing.strange_words import allowed, usual
from family_voice.sharing.vocabulary import everyday, first_name, kinds, ordinary
from family_voice.sharing.words_in import Reading, Word, listed

_BETWEEN: Final = listed("of the and on upon under le la de by in with cum next")
_BEGINNINGS: Final = listed(
    """market great little st saint upper lower north south east west new old long high kings
    king's bishops bishop's castle burton melton milton chipping nether over stoke newcastle
    sutton royal much church abbots king bishop temple brent"""
)
_NO_PLACE: Final = listed(
    """the a an my our his her their this that any no every each special mainstream primary
    secondary infant infants junior high new old other another same normal local nearest
    village day home boarding faith state summer sunday hospital after before big good bad
    right wrong whole small private public church nursery pre catholic grammar first middle
    upper lower different own next last only free independent residential proper play of and
    or to at in from for is was with leave start starts started left school children's kids
    child care youth respite sensory breakfast lunch football early food bus social resource
    therapy forest medical hire health mental family community which what as like hate hates
    love loves attend attends attending going getting finish finishes miss misses missed
    refuse refuses refused"""
)


def mark_strange_places(marking: Marking) -> None:
    """Mark runs of words that end in what a place is: "Oak Tree Nursery", "st marys".

    Args:
        marking: the text, after everybody in it is marked.
    """
    words = marking.reading.words
    for at, word in enumerate(words):
        if at not in marking.marks or marking.marks[at].kind == PERSON:
            if word.plain in ("st", "saint", "ste"):
                _saint(marking, at)
            elif word.plain in everyday().places_of_a_kind:
                _of_a_kind(marking, at)
    _named_in_capitals(marking)
    for at in range(len(words)):
        if at > 1 and _upon(marking, at):
            marking.put_run(at - 2, at + 1, Mark(LOC, SOMEWHERE, sure=words[at].joined), over=True)
        if at in marking.marks and marking.marks[at].kind == LOC:
            _whole_place(marking, at)


_SORTS: Final = listed(
    """special primary infant infants junior secondary high community grammar church of england c
    e ce catholic rc academy general royal day childrens children's children family medical
    health early years tutorial technology science language training arts performing sixth
    learning development outdoor music dance swimming football youth adventure tennis city
    county borough district metropolitan upper lower form"""
)


def _named_in_capitals(marking: Marking) -> None:
    """ "at Little Acorns", "from Bright Futures": two ordinary words and more, with capitals that
    only a name gives, where somewhere or something is named."""
    reading = marking.reading
    at = 0
    while at < len(reading.words):
        end = at
        while (
            end < len(reading.words)
            and (end == at or not reading.words[end].apart)
            and (
                end not in marking.marks
                and reading.named_by_capital(end)
                and not reading.words[end].all_capitals
                and not allowed(reading.words[end], reading, end)
            )
        ):
            end += 1
        new = any(each not in marking.marks for each in range(at, end))
        if end - at > 1 and new and reading.before(at) in _BRINGS_IN:
            marking.put_run(at, end, Mark(ORG, SOMEWHERE, sure=False), over=True)
        at = max(end, at + 1)


def _may_be_part(marking: Marking, at: int) -> bool:
    mark = marking.marks[at]
    return not mark.known and mark.run == -1 and ordinary(marking.reading.words[at].small)


_BRINGS_IN: Final = listed(
    """in at to from with by called named charity nursery group club school centre left attends
    for that near setting respite pass past class"""
)


def _upon(marking: Marking, at: int) -> bool:
    """Whether three words that end here are as in "Stoke-on-Trent", "barrow in furness"."""
    words = marking.reading.words
    first, between, last = words[at - 2], words[at - 1], words[at]
    if (
        between.apart
        or last.apart
        or any(marking.marks[each].known for each in (at - 2, at) if each in marking.marks)
    ):
        return False
    if between.small not in ("on", "upon", "under", "le", "in", "by", "cum", "de"):
        return False
    if between.joined and last.joined and between.small not in ("in", "by", "de"):
        return first.capital or at in marking.marks or at - 2 in marking.marks
    if not usual(last) and (first.small in everyday().word_towns or first.small in _BEGINNINGS):
        return between.small not in ("in", "by") or last.capital or between.joined
    return (
        first.capital
        and last.capital
        and between.small in ("upon", "under", "le")
        and not first.first
    )


def _saint(marking: Marking, at: int) -> None:
    """ "St Mary's", "st marys primary"."""
    reading = marking.reading
    words = reading.words
    if (
        at + 1 >= len(words)
        or words[at + 1].gap.strip(" .")
        or (at in marking.marks and marking.marks[at].known)
    ):
        return
    if reading.text[max(0, words[at].start - 1) : words[at].start].isdigit():
        return
    name = words[at + 1]
    if reading.capitals and not name.capital:
        return
    if (
        not reading.capitals
        and ordinary(name.small)
        and not first_name(name.plain.removesuffix("s"))
    ):
        return
    end = at + 2
    while (
        end < len(words)
        and not words[end].apart
        and words[end].plain in everyday().places_of_a_kind
    ):
        end += 1
    placeholder = everyday().places_of_a_kind.get(words[end - 1].plain, SOMEWHERE)
    marking.put_run(at, end, Mark(ORG, placeholder), over=True)
    if words[end - 1].owns:
        marking.ends[end - 1] = words[end - 1].whole_end


def _of_a_kind(marking: Marking, at: int) -> None:
    reading = marking.reading
    words = reading.words
    placeholder = everyday().places_of_a_kind[words[at].plain]
    if marking.is_person(at) and marking.marks[at].run != -1:
        return  # "Dr Deshmukh-Ward"
    if at and (
        words[at].apart
        or (words[at - 1].owns and not (words[at - 1].capital or words[at - 1].plain in _SORTS))
    ):
        return
    begin = at
    if reading.capitals:
        begin = _capital_run(marking, at)
    elif at and not words[at].apart:
        begin = _small_run(marking, at, placeholder)
    if begin == at:
        return
    street = placeholder in ("[street]", "[place]")
    end = at + 1
    kinds_of_place = everyday().places_of_a_kind
    while end < len(words) and not words[end].apart and words[end].plain in kinds_of_place:
        if reading.capitals and not words[end].capital:
            break
        end += 1
    if end > at + 1:
        placeholder = everyday().places_of_a_kind[words[end - 1].plain]
    marking.put_run(
        begin, end, Mark(LOC if street else ORG, placeholder, sure=words[at].capital), over=True
    )


def _capital_run(marking: Marking, at: int) -> int:
    """Where a name in capitals that this word ends begins; `at` where it is none."""
    reading = marking.reading
    words = reading.words
    if not words[at].capital and not (at and marking.marks.get(at - 1)):
        # "oakfield school" is one of somewhere; "Panel meeting at school" is none.
        return at
    begin, telling = at, 0
    while begin and not words[begin].apart:
        word = words[begin - 1]
        mark = marking.marks.get(begin - 1)
        if mark is not None and mark.known:
            break
        if word.small in _BETWEEN and begin > 1 and words[begin - 2].capital and not word.capital:
            begin -= 1
            continue
        if not word.capital or (word.all_capitals and len(word.text) < 6):
            break
        if word.first and usual(word) and not words[at].capital:
            break
        if word.first and word.small in _LEADING:
            break
        begin -= 1
        telling += _tells(word, mark is not None)
    while begin < at and words[begin].small in _BETWEEN | {"the", "our", "my"}:
        begin += 1
    if mark_is_person_only(marking, begin, at) and not words[at].capital:
        return at
    return begin if telling else at


_LEADING: Final = listed(
    """the our my his her their this that a an and but so when if at in from to we i they he she
    it is was do does did ring call visit ask tell see please leave left why what how where
    who no yes not even thanks thank after before since going being having getting moving
    another every each some any all most"""
)


def mark_is_person_only(marking: Marking, begin: int, end: int) -> bool:
    """Whether the words are just somebody's name and what follows is not theirs: "Gemma house"."""
    return (
        all(marking.is_person(at) for at in range(begin, end))
        and end - begin > 0
        and any(first_name(marking.reading.words[at].plain) for at in range(begin, end))
    )


def _tells(word: Word, marked: bool) -> bool:
    """Whether the word tells which place, and not only what sort."""
    if marked:
        return True
    kind = everyday().places_of_a_kind.get(word.plain)
    if kind in ("[place]", "[street]") and word.plain not in everyday().capitals:
        return True
    return (
        kind is None
        and word.small not in everyday().capitals
        and word.small.removesuffix("s") not in everyday().capitals
    )


def _small_run(marking: Marking, at: int, placeholder: str) -> int:
    """Where a name in small letters that this word ends begins; `at` where it is none."""
    reading = marking.reading
    begin = at
    while begin > 1 and reading.words[begin - 1].plain in _SORTS and not reading.words[begin].apart:
        begin -= 1
    sorts = begin
    while (
        begin
        and (begin - 1) in marking.marks
        and not reading.words[begin].apart
        and not marking.marks[begin - 1].known
    ):
        if reading.words[begin - 1].owns:
            break
        begin -= 1
    if begin < sorts:
        while begin and reading.words[begin].joined:
            begin -= 1
        while (
            begin
            and not reading.words[begin].apart
            and reading.words[begin - 1].small in _BEGINNINGS - {"new", "old", "little"}
        ):
            begin -= 1
        return (
            at
            if mark_is_person_only(marking, begin, at) and placeholder in ("[service]", "[place]")
            else begin
        )
    if placeholder == "[street]":
        said = reading.words[at].plain in _STREETS and reading.before(at, 2) in _ALONG
        return at - 1 if said and _names(reading.before(at)) else at
    if placeholder not in ("[school]", "[hospital]"):
        return at
    begin = sorts
    while sorts - begin < 3 and (before := reading.before(begin)) not in _TO:
        if not _names(before, adjective=True):
            break
        begin -= 1
    named = any(_names(reading.words[each].small) for each in range(begin, sorts))
    return begin if named and reading.before(begin) in _TO else at


_STREETS: Final = listed("road street avenue lane crescent drive close terrace grove")
_ALONG: Final = listed("on of off along up down")
_TO: Final = listed("at to from called left attends pass past passed near visited joined")


def _names(small: str, *, adjective: bool = False) -> bool:
    """Whether an ordinary word may be the name of a place: "hilltop", not "mainstream"."""
    if not small or small in _NO_PLACE or small in everyday().capitals:
        return False
    what = kinds(small)
    return bool(what & {"noun", "adj"}) if adjective else "noun" in what and "adj" not in what


def _whole_place(marking: Marking, at: int) -> None:
    """ "Market Harborough", "Stoke on Trent", "leigh on sea": all the words of its name."""
    reading = marking.reading
    words = reading.words
    begin, end = at, at + 1
    mark = marking.marks[at]
    if mark.run != -1:
        return
    while begin and not words[begin].apart and (begin - 1) not in marking.marks:
        word = words[begin - 1]
        capital = reading.named_by_capital(begin - 1) and not allowed(word, reading, begin - 1)
        if word.small in _BETWEEN and begin > 1 and _part_of_place(marking, begin - 2):
            begin -= 2
        elif (
            (capital and not word.all_capitals)
            or (word.small in _BEGINNINGS and (not reading.capitals or word.capital))
        ) or words[begin].joined:
            begin -= 1
        else:
            break
    while end < len(words) and not words[end].apart:
        word = words[end]
        also = (
            end in marking.marks
            and marking.marks[end].kind in (LOC, PERSON)
            and not marking.marks[end].known
        )
        if (
            also
            or words[end].joined
            or (not reading.capitals and end == at + 1 and _ends(reading, at))
            or (
                reading.named_by_capital(end)
                and not allowed(word, reading, end)
                and not word.all_capitals
            )
        ):
            end += 1
        elif word.small in _BETWEEN - {"and", "in", "of"} and _is_place(marking, end + 1):
            end += 2
        else:
            break
    if end - begin > 1:
        marking.put_run(begin, end, mark, over=True)


_ENDINGS: Final = listed(
    """bridge bay spa green heath common moor hill hills cross ferry mills wells abbey castle
    regis royal island vale sands"""
)


def _ends(reading: Reading, at: int) -> bool:
    """Whether the word after a strange one ends the name of a town: "hebden bridge"."""
    return reading.after(at) in _ENDINGS and not ordinary(reading.words[at].small)


def _is_place(marking: Marking, at: int) -> bool:
    return at in marking.marks and marking.marks[at].kind == LOC


def _part_of_place(marking: Marking, at: int) -> bool:
    word = marking.reading.words[at]
    between = marking.reading.words[at + 1].small
    if between in ("and", "in", "of", "with", "by", "the"):
        return False
    return (
        word.small in everyday().word_towns
        or word.small in _BEGINNINGS
        or marking.reading.named_by_capital(at)
    )

"""Words without the names that are in them: what in a text tells who it is about. Pure.

`find` says where, as what, and how sure; `redact` writes the text with placeholders instead. It is
an aid: nothing is anonymous because a program said so, and a person looks at every replacement.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

from family_voice.cases.spelling import letters
from family_voice.sharing.further_names import Finder
from family_voice.sharing.identifiers import Identifier, hashtags, identifiers
from family_voice.sharing.known_people import mark_known, mark_of
from family_voice.sharing.known_places import Place, mark_places, place, placeholder_of
from family_voice.sharing.marking import Mark, Marking
from family_voice.sharing.name_forms import Person, person
from family_voice.sharing.strange_places import mark_strange_places
from family_voice.sharing.strangers import mark_strangers
from family_voice.sharing.vocabulary import (
    everyday,
    first_name,
    is_nobodys,
    last_name,
    ordinary,
)
from family_voice.sharing.words_in import read

_PEOPLE: Final = (
    ("child", "[child]"),
    ("carers", "[parent]"),
    ("professionals", "[professional]"),
    ("others", "[name]"),
)
_NUMBERS: Final = {
    "PHONE": "[phone number]",
    "EMAIL": "[email address]",
    "POSTCODE": "[postcode]",
    "NHS": "[NHS number]",
    "UPN": "[pupil number]",
    "ID": "[number]",
    "DOB": "[date of birth]",
    "DATE": "[date]",
    "URL": "[web address]",
    "USER": "[account name]",
    "LOC": "[address]",
}
_FOUND: Final = {"PERSON": "[name]", "ORG": "[service]", "LOC": "[place]"}


@dataclass(frozen=True)
class Known:
    """Who and what is known to belong to a case and its round, in full names."""

    child: tuple[str, ...] = ()
    carers: tuple[str, ...] = ()
    school: tuple[str, ...] = ()
    professionals: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def __add__(self, more: Known) -> Known:
        """Both together, each name once."""
        return Known(
            *(
                tuple(dict.fromkeys(getattr(self, each.name) + getattr(more, each.name)))
                for each in fields(Known)
            )
        )


@dataclass(frozen=True)
class Span:
    """One thing to be replaced: `[start, end)` in code points.

    `kind` is one of PERSON, ORG, LOC (an address too), PHONE, EMAIL, POSTCODE, NHS, UPN, ID
    (another number), DOB, DATE, URL, USER and OTHER (what a person added); `known` says that it is
    somebody or something of the case; `sure` is false where the words may be no name at all and a
    person should look first.
    """

    start: int
    end: int
    kind: str
    placeholder: str
    known: bool
    sure: bool


def find(
    text: str,
    known: Known,
    *,
    taken: Collection[str] = (),
    left: Collection[str] = (),
    also: Finder | None = None,
) -> tuple[Span, ...]:
    """What in these words tells who they are about, in order and never overlapping.

    Args:
        text: the words as they were given.
        known: the names of the case and its round.
        taken: words that a person added for this case; each is found wherever it stands.
        left: words that a person took back; they stand, whatever the rules say.
        also: a model to ask besides; it only adds.
    """
    people, places = _who_and_where(known)
    marking = Marking(read(text))
    numbers = identifiers(text, ordinary)
    _set_apart(marking, numbers)
    mark_places(marking, places)
    mark_known(marking, people)
    mark_strangers(marking, people)
    mark_strange_places(marking)
    found = _added(text, taken)
    for span in (
        *_of_numbers(numbers),
        *_of_hashtags(text, people),
        *_of_marks(marking, people),
        *(_of_a_model(text, also) if also else ()),
    ):
        if not any(span.start < other.end and other.start < span.end for other in found):
            found.append(span)
    stands = {_folded(each) for each in left}
    return tuple(
        sorted(
            (span for span in found if _folded(text[span.start : span.end]) not in stands),
            key=lambda span: span.start,
        )
    )


def redact(text: str, spans: Iterable[Span]) -> str:
    """The words with each span's placeholder in its place."""
    written, at = [], 0
    for span in sorted(spans, key=lambda each: each.start):
        written += [text[at : span.start], span.placeholder]
        at = span.end
    return "".join([*written, text[at:]])


@lru_cache(maxsize=64)
def _who_and_where(known: Known) -> tuple[tuple[Person, ...], tuple[Place, ...]]:
    people, places = [], []
    for group, placeholder in _PEOPLE:
        for name in getattr(known, group):
            if group == "others" and (sort := _as_place(name)):
                places.append(place(name, sort))
            else:
                people.append(person(name, group, placeholder))
    places += [place(name, "[school]") for name in known.school]
    return tuple(each for each in people if each), tuple(each for each in places if each)


def _as_place(name: str) -> str:
    """What to write for one of the others that is no person; "" for a person."""
    words = read(name).words
    if len(words) > 1 and (sort := placeholder_of(name)):
        return sort
    if len(words) > 1 and words[0].plain == "the":
        return "[service]"  # nobody is called so: "The Burrow"
    plain = [each.plain for each in words]
    if any(first_name(each) for each in plain[:1]) or (len(plain) > 1 and last_name(plain[-1])):
        return ""
    return "[service]" if all(ordinary(each.small) for each in words) else ""


def _set_apart(marking: Marking, numbers: Iterable[Identifier]) -> None:
    """The words within a number or an address are read as nothing else."""
    for one in numbers:
        for at, word in enumerate(marking.reading.words):
            if word.start < one.end and one.start < word.end:
                marking.put(at, Mark(one.kind, ""))


def _of_numbers(numbers: Iterable[Identifier]) -> list[Span]:
    return [
        Span(one.start, one.end, one.kind, _NUMBERS[one.kind], False, one.sure) for one in numbers
    ]


def _of_hashtags(text: str, people: Iterable[Person]) -> list[Span]:
    """ "#JusticeForJayden" names him."""
    names = {part for one in people for part in one.parts if len(part) > 3}
    return [
        Span(start, end, "USER", _NUMBERS["USER"], True, True)
        for start, end in hashtags(text)
        if any(name in letters(text[start:end]) for name in names)
    ]


def _of_marks(marking: Marking, people: tuple[Person, ...]) -> list[Span]:
    """The marks as spans: words of one run, and names beside each other of one person, together."""
    spans: list[Span] = []
    words = marking.reading.words
    at = 0
    while at < len(words):
        mark = marking.marks.get(at)
        if mark is None or not mark.placeholder:
            at += 1
            continue
        end = at + 1
        while end < len(words) and (joined := _together(marking, mark, end)) is not None:
            mark, end = joined, end + 1
        last = end - 1
        placeholder = mark.placeholder
        if mark.known and mark.kind == "PERSON" and mark.people:
            titled = words[at].small in everyday().titles
            placeholder = mark_of(mark.people, people, sure=True, titled=titled).placeholder
        if last in marking.swallowed:
            placeholder += "’s"
        spans.append(
            Span(
                words[at].start,
                marking.ends.get(last, words[last].end),
                mark.kind,
                placeholder,
                mark.known,
                mark.sure,
            )
        )
        at = end
    return spans


def _together(marking: Marking, mark: Mark, at: int) -> Mark | None:
    """The mark of both, if the word at a place goes on with what stands before it."""
    other = marking.marks.get(at)
    word, before = marking.reading.words[at], marking.reading.words[at - 1]
    if other is None or other.kind != mark.kind or not other.placeholder:
        return None
    if other.run != -1 and other.run == mark.run:
        return mark
    if mark.kind != "PERSON" or before.owns or at - 1 in marking.swallowed:
        return None
    if word.gap.strip(" \xa0") not in ("", "-", "‐", "‑", "–") and not (
        word.gap == ". " and len(before.text) == 1
    ):
        return None
    if other.run != -1 and word.small in everyday().titles:
        return None
    who = mark.people & other.people
    if mark.people and other.people and not who:
        return None
    return Mark(
        mark.kind,
        mark.placeholder if mark.known or not other.known else other.placeholder,
        known=mark.known or other.known,
        sure=mark.sure or other.sure,
        people=who or mark.people or other.people,
        run=other.run,
    )


def _of_a_model(text: str, also: Finder) -> Iterator[Span]:
    """What a model found, but for words that are nobody's name, such as "SENCO"."""
    for start, end, kind in also(text):
        words = read(text[start:end]).words
        if words and not all(is_nobodys(each.small) for each in words):
            yield Span(start, end, kind, _FOUND.get(kind, "[name]"), False, False)


def _added(text: str, taken: Collection[str]) -> list[Span]:
    """Wherever the words stand that a person added, the longest first."""
    found: list[Span] = []
    for words in sorted({each.strip() for each in taken if each.strip()}, key=len, reverse=True):
        # A straight apostrophe and a curly one are one, and so are one space and two.
        pieces = words.replace("’", "'").split()
        for match in re.finditer(
            r"(?<!\w)" + r"\s+".join(re.escape(x).replace("'", "[’']") for x in pieces) + r"(?!\w)",
            text,
            re.I,
        ):
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(Span(*match.span(), "OTHER", "[removed]", True, True))
    return found


def _folded(words: str) -> str:
    return " ".join(words.replace("’", "'").casefold().split())

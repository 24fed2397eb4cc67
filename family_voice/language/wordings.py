"""One piece of wording in a language beside its English, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

_VALUE: Final = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
#: A value that is put in as a figure: a text put in there would break the page.
_FIGURE: Final = re.compile(r"%\((\w+)\)d")
_TAG: Final = re.compile(r"<[^>]*>?")
_MANY: Final = range(201)


class Part(StrEnum):
    """Where wording comes from."""

    CATALOGUE = "catalogue"
    GUIDE = "guide"
    STATEMENT = "statement"
    COMMANDS = "commands"


class Shape(StrEnum):
    """What a wording is made of."""

    SENTENCE = "sentence"
    PLURAL = "plural"
    LINES = "lines"
    WORDS = "words"
    """Any number of words that mean the same, such as those that stop the texts."""


class Wrong(StrEnum):
    """What can be wrong with a wording."""

    BLANK = "blank"
    PARTS = "parts"
    VALUE_LOST = "value_lost"
    VALUE_STRANGE = "value_strange"
    MARKS = "marks"
    PERCENT = "percent"
    UNUSABLE = "unusable"
    """What is made of it could not be used: a guide, the words of text commands."""
    NO_FILE = "no_file"
    """There is no draft that could be corrected."""


@dataclass(frozen=True)
class Problem:
    """Something wrong, and what about: names of values, or how many parts it needs."""

    wrong: Wrong
    about: str = ""


@dataclass(frozen=True)
class Wording:
    """Something families read, in English and in one language.

    `english` is one sentence, a singular and a plural, or lines; `own` is the language's, one for
    each of its plural forms, and empty where there is none. `places` are the files it stands in.
    """

    part: Part
    key: str
    shape: Shape
    english: tuple[str, ...]
    own: tuple[str, ...]
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether there is something in every place of it."""
        return bool(self.own) and all(text.strip() for text in self.own)


def fingerprint(texts: Sequence[str]) -> str:
    """A short name for exactly these texts; empty for none."""
    return sha256("\x1f".join(texts).encode()).hexdigest()[:32] if texts else ""


def values(text: str) -> set[str]:
    """The names of the values that are put into a text."""
    return {one or other for one, other in _VALUE.findall(text)}


def problems(
    wording: Wording, texts: Sequence[str], plural: Callable[[int], int] | None = None
) -> Iterator[Problem]:
    """What is wrong with these texts for a wording.

    Args:
        wording: what they are to say in their language.
        texts: the language's, as many as it has.
        plural: which form of a plural a number takes in the language.
    """
    if not texts or not all(text.strip() for text in texts):
        yield Problem(Wrong.BLANK)
        return
    wanted, english = len(wording.english), wording.english
    if wording.shape is Shape.PLURAL:
        uses = [(plural or (lambda n: int(n != 1)))(number) for number in _MANY]
        wanted, english = max(uses) + 1, (wording.english[-1],) * (max(uses) + 1)
    if wording.shape is Shape.WORDS:
        return
    if len(texts) != wanted:
        yield Problem(Wrong.PARTS, str(wanted))
        return
    for index, (theirs, ours) in enumerate(zip(texts, english, strict=True)):
        needed, optional = values(ours), set[str]()
        if wording.shape is Shape.PLURAL and uses.count(index) <= 1:
            optional = {"num"}  # "one day" says its number without a figure
        lost, strange = needed - values(theirs) - optional, values(theirs) - needed
        if lost:
            yield Problem(Wrong.VALUE_LOST, ", ".join(sorted(lost)))
        if strange:
            yield Problem(Wrong.VALUE_STRANGE, ", ".join(sorted(strange)))
        for name in sorted(set(_FIGURE.findall(theirs)) - set(_FIGURE.findall(ours)) - strange):
            yield Problem(Wrong.VALUE_STRANGE, f"%({name})d")
        if sorted(_TAG.findall(theirs)) != sorted(_TAG.findall(ours)):
            yield Problem(Wrong.MARKS)
        left = _VALUE.sub("", theirs).replace("%%", "")
        if wording.part is Part.CATALOGUE and "%" in left:
            yield Problem(Wrong.PERCENT)
        if wording.part is Part.STATEMENT and set("{}") & set(left):
            yield Problem(Wrong.VALUE_STRANGE, "{ }")

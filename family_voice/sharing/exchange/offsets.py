"""What another program counted when it wrote where a passage begins and ends. Pure.

The standard counts Unicode code points of the text file, from nought, with an exclusive end. Some
programs count UTF-16 units or bytes, a line end as one or as two whatever the file holds, or the
byte order mark. Where a passage's words stand beside its places, the way of counting that finds
them all is the right one; where none does, nothing can be trusted.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, product
from typing import Final


class Counted(StrEnum):
    """What counts as one."""

    CODE_POINTS = "code points"
    UTF_16 = "UTF-16 units"
    BYTES = "bytes"


class LineEnd(StrEnum):
    """What a line end counts as."""

    AS_IN_FILE = "as in the file"
    ONE = "one"
    TWO = "two"


@dataclass(frozen=True)
class Way:
    """A way of counting."""

    counted: Counted = Counted.CODE_POINTS
    line_end: LineEnd = LineEnd.AS_IN_FILE
    with_mark: bool = False
    end_included: bool = False


STANDARD: Final = Way()
#: The more usual first: where several find every passage, the first of them is taken.
WAYS: Final = tuple(
    Way(counted, line_end, mark, included)
    for included, mark, counted, line_end in product((False, True), (False, True), Counted, LineEnd)
)


@dataclass(frozen=True)
class Told:
    """A text as it lay in the file, without its byte order mark, and where passages are said to be.

    `passages` are (start, end, words); words are empty where the file has none.
    """

    text: str
    had_mark: bool
    passages: Sequence[tuple[int, int, str]]


class NowhereToBeFound(ValueError):
    """No way of counting finds the words of all passages where they are said to be.

    Attributes:
        passages: how many the most usual way misses.
    """

    def __init__(self, passages: int) -> None:
        super().__init__(passages)
        self.passages = passages


Places = tuple[tuple[int, int], ...]


def found(texts: Sequence[Told]) -> tuple[Way, tuple[Places, ...]]:
    """The way a file counts, and where each text's passages begin and end in code points.

    Raises:
        NowhereToBeFound: if there is no such way.
    """
    passages = sum(len(each.passages) for each in texts)
    missed = 0
    best: tuple[int, Way, tuple[Places, ...]] | None = None
    for way in _worth_trying(texts):
        tried = _try(texts, way, until_wrong=way != STANDARD)
        missed = tried.wrong if way == STANDARD else missed
        if not tried.wrong and (best is None or tried.exact > best[0]):
            best = tried.exact, way, tried.places
        if best is not None and best[0] == passages:
            break
    if best is None:
        raise NowhereToBeFound(missed)
    return best[1], best[2]


@dataclass(frozen=True)
class _Tried:
    """How a way of counting did: passages it misses, and those it finds letter by letter."""

    wrong: int
    exact: int
    places: tuple[Places, ...]


def _try(texts: Sequence[Told], way: Way, *, until_wrong: bool) -> _Tried:
    wrong = exact = 0
    found: list[Places] = []
    for told in texts:
        its: list[tuple[int, int]] = []
        # A text without passages needs no counting.
        for (_start, _end, words), place in zip(
            told.passages, _places(told, way) if told.passages else (), strict=True
        ):
            fit = _fit(told.text, place, words)
            if fit is None or place is None:
                wrong += 1
                if until_wrong:
                    return _Tried(wrong, exact, ())
            else:
                exact += fit
                its.append(place)
        found.append(tuple(its))
    return _Tried(wrong, exact, tuple(found))


def _worth_trying(texts: Sequence[Told]) -> Iterator[Way]:
    """The ways of counting that can differ in these texts."""
    letters = set().union(*(each.text for each in texts))
    pairs = any("\r\n" in each.text for each in texts)
    same = {
        Counted.UTF_16: max(letters, default="") <= "\uffff",
        Counted.BYTES: max(letters, default="") < "\u0080",
        LineEnd.ONE: not pairs,
        LineEnd.TWO: "\n" not in letters,
    }
    marks = any(each.had_mark for each in texts)
    return (
        way
        for way in WAYS
        if not same.get(way.counted) and not same.get(way.line_end) and (marks or not way.with_mark)
    )


def _places(told: Told, way: Way) -> Iterator[tuple[int, int] | None]:
    if (way.counted, way.line_end) == (STANDARD.counted, STANDARD.line_end):
        place = _as_told(len(told.text))
    else:
        place = _finder(list(accumulate(_widths(told.text, way), initial=0)))
    shift = _width("\ufeff", way.counted) if way.with_mark and told.had_mark else 0
    for start, end, _words in told.passages:
        first, last = place(start - shift), place(end - shift + way.end_included)
        whole = first is not None and last is not None and first <= last
        yield (first, last) if whole and first is not None and last is not None else None


def _as_told(length: int) -> Callable[[int], int | None]:
    return lambda offset: offset if 0 <= offset <= length else None


def _finder(begins: list[int]) -> Callable[[int], int | None]:
    """Which letter begins at an offset; None where none does."""

    def place(offset: int) -> int | None:
        at = bisect_left(begins, offset)
        return at if at < len(begins) and begins[at] == offset else None

    return place


def _widths(text: str, way: Way) -> Iterator[int]:
    before = ""
    for letter in text:
        width = _width(letter, way.counted)
        if letter == "\n" and before == "\r" and way.line_end is LineEnd.ONE:
            width = 0
        elif letter == "\n" and before != "\r" and way.line_end is LineEnd.TWO:
            width = 2
        before = letter
        yield width


def _width(letter: str, counted: Counted) -> int:
    if counted is Counted.CODE_POINTS:
        return 1
    if counted is Counted.UTF_16:
        return 2 if letter > "\uffff" else 1
    return len(letter.encode())


_ELLIPSIS = re.compile(r"\s*(\.\.\.|…)$")
_NUMBERED = re.compile(r"^\d+:\d+\s+")
#: Names that some programs give a passage instead of its words: places, or a kind and a number.
_NO_WORDS = re.compile(
    r"^[\W\d_]*$"
    r"|^(line|selection|quotation|quote|segment|passage|coding|excerpt|reference)s?\b[\W\d_]*$",
    re.IGNORECASE,
)
_CUT_FROM = 20


def _fit(text: str, place: tuple[int, int] | None, words: str) -> int | None:
    """How well a place fits the words beside it: 1 letter by letter, 0 at least; None not at all.

    A place without words fits if it is one. Words may be cut short, or stand in one line.
    """
    if place is None:
        return None
    stands = text[slice(*place)]
    if _plain(words) == _plain(stands) or not words:
        return 1
    wanted = {_one_line(each) for each in (words, html.unescape(words), _NUMBERED.sub("", words))}
    there = _one_line(stands)
    if there in wanted:
        return 0
    for each in wanted:
        cut = _ELLIPSIS.sub("", each)
        if cut and there.startswith(cut) and (cut != each or len(cut) >= _CUT_FROM):
            return 0
    return 0 if _NO_WORDS.match(words) else None


def _plain(words: str) -> str:
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines)


def _one_line(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).split())

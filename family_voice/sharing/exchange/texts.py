"""Texts as they travel: NFC, one LF a line, no byte order mark; and where each place moves. Pure.

Two things make offsets slip between programs: letters that are put together differently, and line
ends that are counted as two. A text is therefore made plain stretch by stretch, so that the first
and the last letter of every passage stay where they can be named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

#: At the start of a file it would be read as a byte order mark, and shift every place by one.
MARK: Final = "\ufeff"
_TAIL = 64


class Stretch(NamedTuple):
    """A stretch of a text and where it stands now. A kept one reads as it did, letter by letter."""

    start: int
    end: int
    now: int
    until: int
    kept: bool


class Moved(NamedTuple):
    """A text as it is now, that knows where each of its old places went."""

    text: str
    stretches: tuple[Stretch, ...]

    def start(self, place: int) -> int:
        """Where what began at an old place begins; inside something replaced, where that begins."""
        for each in self.stretches:
            if each.start <= place < each.end:
                return each.now + (place - each.start if each.kept else 0)
        return len(self.text)

    def end(self, place: int) -> int:
        """Where what ended at an old place ends; inside something replaced, where that ends."""
        for each in self.stretches:
            if each.start < place <= each.end:
                return each.now + place - each.start if each.kept else each.until
        return 0


def plain(text: str, places: Iterable[int] = ()) -> Moved:
    """A text made plain.

    Args:
        text: any text.
        places: where something begins or ends; these places can be asked for afterwards.
    """
    cuts = sorted({0, len(text), *(each for each in places if 0 < each < len(text))})
    whole = ""
    stretches = []
    for start, end in pairwise(cuts):
        piece = text[start:end]
        if start and text[start - 1] == "\r":
            piece = piece.removeprefix("\n")  # the other half of one line end
        piece = unicodedata.normalize("NFC", piece.replace("\r\n", "\n").replace("\r", "\n"))
        if not whole:
            piece = piece.lstrip(MARK)
        if piece and not unicodedata.is_normalized("NFC", whole[-_TAIL:] + piece):
            whole += " "  # they would grow into one letter, half inside a passage
        stretches.append(Stretch(start, end, len(whole), len(whole) + len(piece), False))
        whole += piece
    return Moved(whole, tuple(stretches))


def is_plain(text: str) -> bool:
    """Whether a text can travel as it is."""
    return "\r" not in text and text[:1] != MARK and unicodedata.is_normalized("NFC", text)


def replaced(text: str, spans: Iterable[tuple[int, int, str]]) -> Moved:
    """A text of which some stretches are replaced.

    Args:
        text: the text.
        spans: where each begins and ends, and what stands there instead; none overlap.

    Raises:
        ValueError: if some overlap.
    """
    out = ""
    stretches = []
    at = 0

    def add(start: int, end: int, words: str, kept: bool) -> None:
        nonlocal out
        if start < end:
            stretches.append(Stretch(start, end, len(out), len(out) + len(words), kept))
            out += words

    for start, end, instead in sorted(spans):
        if start < at:
            raise ValueError("What is replaced must not overlap.")
        add(at, start, text[at:start], True)
        add(start, end, instead, False)
        at = end
    add(at, len(text), text[at:], True)
    return Moved(out, tuple(stretches))

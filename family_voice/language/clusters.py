"""What a reader takes for one character: extended grapheme clusters (UAX 29, Unicode 10.0.0).

The table is pinned, not the machine's own: a text must count alike under every Python, and as
npm's sms-segments-calculator counts it, which stands on this version.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple


class Kind(Enum):
    """The classes of UAX 29, table 2."""

    OTHER = "Other"
    CR = "CR"
    LF = "LF"
    CONTROL = "Control"
    EXTEND = "Extend"
    ZWJ = "ZWJ"
    SPACING = "SpacingMark"
    PREPEND = "Prepend"
    REGIONAL = "Regional_Indicator"
    L = "L"
    V = "V"
    T = "T"
    LV = "LV"
    LVT = "LVT"
    BASE = "E_Base"
    MODIFIER = "E_Modifier"
    GLUE = "Glue_After_Zwj"
    BASE_GLUE = "E_Base_GAZ"


class _Range(NamedTuple):
    first: int
    last: int
    kind: Kind


_HANGUL = range(0xAC00, 0xD7A4)
_BREAKS = {Kind.CR, Kind.LF, Kind.CONTROL}
_BASES = {Kind.BASE, Kind.BASE_GLUE}
_JOINS = {
    (before, after)
    for befores, afters in (
        ({Kind.L}, {Kind.L, Kind.V, Kind.LV, Kind.LVT}),  # GB6
        ({Kind.LV, Kind.V}, {Kind.V, Kind.T}),  # GB7
        ({Kind.LVT, Kind.T}, {Kind.T}),  # GB8
        ({Kind.ZWJ}, {Kind.GLUE, Kind.BASE_GLUE}),  # GB11
    )
    for before in befores
    for after in afters
}


def clusters(text: str) -> list[str]:
    """The text cut into what a reader takes for one character each."""
    found: list[str] = []
    start = 0
    kinds = [kind_of(character) for character in text]
    for at in range(1, len(text)):
        if not _together(kinds, start, at):
            found.append(text[start:at])
            start = at
    return [*found, text[start:]] if text else []


def kind_of(character: str) -> Kind:
    """The class of one character."""
    code = ord(character)
    if code in _HANGUL:
        return Kind.LVT if (code - _HANGUL.start) % 28 else Kind.LV
    starts, ranges = _table()
    place = bisect_right(starts, code) - 1
    found = ranges[place]
    return found.kind if found.first <= code <= found.last else Kind.OTHER


def _together(kinds: list[Kind], start: int, at: int) -> bool:
    """Whether the character at `at` goes with those from `start` on."""
    before, after = kinds[at - 1], kinds[at]
    if before is Kind.CR and after is Kind.LF:  # GB3
        return True
    if before in _BREAKS or after in _BREAKS:  # GB4, GB5
        return False
    if after in (Kind.EXTEND, Kind.ZWJ, Kind.SPACING) or before is Kind.PREPEND:  # GB9
        return True
    if after is Kind.MODIFIER:  # GB10
        while at - 1 > start and kinds[at - 1] is Kind.EXTEND:
            at -= 1
        return kinds[at - 1] in _BASES
    if before is after is Kind.REGIONAL:  # GB12, GB13: flags are pairs
        flags = at
        while flags > start and kinds[flags - 1] is Kind.REGIONAL:
            flags -= 1
        return (at - flags) % 2 == 1
    return (before, after) in _JOINS


@lru_cache(maxsize=1)
def _table() -> tuple[list[int], list[_Range]]:
    ranges: list[_Range] = []
    kind = Kind.OTHER
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="ascii").splitlines():
        if line.startswith("["):
            kind = Kind(line.strip("[]"))
        elif not line.startswith("#"):
            for part in line.split():
                first, _, last = part.partition("-")
                ranges.append(_Range(int(first, 16), int(last or first, 16), kind))
    ranges.sort()
    return [found.first for found in ranges], ranges

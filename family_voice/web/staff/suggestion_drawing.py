"""Where bars go in the drawings of what became of suggestions. Pure; widths are in per cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from family_voice.themes.suggestions import Rate
from family_voice.themes.tone import Sounds

ROW, BAR, FIRST, WIDEST = 48, 18, 24, 90


@dataclass(frozen=True)
class CodeBar:
    """One code: what stands of what was accepted, what was taken back, what was refused."""

    name: str
    y: int
    rate: Rate
    stands: float
    back: float
    refused: float


@dataclass(frozen=True)
class CodesDrawing:
    """One bar a code, the most answered first."""

    height: int
    bars: tuple[CodeBar, ...]


def draw_codes(codes: Sequence[tuple[str, Rate]]) -> CodesDrawing:
    """Place a bar a code."""
    most = max((rate.answered for _name, rate in codes), default=0) or 1
    rows = sorted(codes, key=lambda each: (-each[1].answered, each[0]))

    def wide(count: int) -> float:
        return round(WIDEST * count / most, 2)

    return CodesDrawing(
        FIRST + len(rows) * ROW - BAR,
        tuple(
            CodeBar(
                name,
                FIRST + at * ROW,
                rate,
                wide(rate.accepted - rate.taken_back),
                wide(rate.taken_back),
                wide(rate.refused),
            )
            for at, (name, rate) in enumerate(rows)
        ),
    )


@dataclass(frozen=True)
class Band:
    """How sure the machine said it was, of a hundred, and how often people said yes, if ever."""

    low: int
    high: int
    rate: Rate
    yes: int | None


def draw_sureness(bands: Mapping[tuple[int, int], Rate]) -> tuple[Band, ...]:
    """What it said beside what people said, band by band."""
    return tuple(
        Band(
            low,
            min(high, 100),
            rate,
            round(100 * rate.accepted / rate.answered) if rate.answered else None,
        )
        for (low, high), rate in bands.items()
    )


@dataclass(frozen=True)
class ToneBar:
    """One heading: the widths of praise, of neither and of worry, as shares of its sentences."""

    name: str
    y: int
    sounds: Sounds
    praise: float
    neither: float
    worry: float


@dataclass(frozen=True)
class ToneDrawing:
    """One bar a heading, each as wide as the others."""

    height: int
    bars: tuple[ToneBar, ...]


def draw_tone(rows: Sequence[tuple[str, Sounds]]) -> ToneDrawing:
    """Praise from the left, worry to the right."""

    def part(count: int, of: Sounds) -> float:
        return round(100 * count / max(1, of.sentences), 2)

    return ToneDrawing(
        FIRST + len(rows) * ROW - BAR,
        tuple(
            ToneBar(
                name,
                FIRST + at * ROW,
                each,
                part(each.praise, each),
                part(each.neither, each),
                part(each.worry, each),
            )
            for at, (name, each) in enumerate(rows)
        ),
    )

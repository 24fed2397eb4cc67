"""Where the bars of a drawing of minutes go. Pure; the template turns it into SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Beyond the talk itself an account takes a lead about 88 minutes by estimate; 45 is the target.
MINUTES_TODAY, MINUTES_WANTED = 88, 45
# Widths are in per cent, so that the drawing fits any screen; what is left over is for the sums.
FIRST, ROW, BAR, WIDEST = 66, 52, 20, 88


@dataclass(frozen=True)
class Piece:
    """One step's part of a bar; `step` is its place in the list of steps."""

    step: int
    x: float
    width: float
    minutes: int


@dataclass(frozen=True)
class Bar:
    """One case, or one round."""

    label: str
    y: int
    total: int
    end: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class MinutesDrawing:
    """Bars, and where the lines of comparison stand."""

    height: int
    bar: int
    bars: tuple[Bar, ...]
    today: float
    wanted: float


def draw(rows: Sequence[tuple[str, Sequence[int]]]) -> MinutesDrawing:
    """Place the bars.

    Args:
        rows: each bar's label and its minutes by step.
    """
    longest = max([MINUTES_TODAY, *(sum(minutes) for _label, minutes in rows)])
    scale = WIDEST / longest

    def place(minutes: float) -> float:
        return round(minutes * scale, 2)

    bars = []
    for row, (label, minutes) in enumerate(rows):
        pieces, before = [], 0
        for step, count in enumerate(minutes):
            if count:
                pieces.append(Piece(step, place(before), round(count * scale, 2), count))
                before += count
        bars.append(Bar(label, FIRST + row * ROW, before, place(before), tuple(pieces)))
    return MinutesDrawing(
        height=FIRST + len(rows) * ROW - BAR,
        bar=BAR,
        bars=tuple(bars),
        today=place(MINUTES_TODAY),
        wanted=place(MINUTES_WANTED),
    )

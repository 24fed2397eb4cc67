"""Where the bars of the drawing of minutes go. Pure; the template turns it into SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Beyond the talk itself an account takes a lead about 88 minutes by estimate; 45 is the target.
MINUTES_TODAY, MINUTES_WANTED = 88, 45
LEFT, TOP, ROW, BAR = 96, 34, 34, 20
WIDTH = 700


@dataclass(frozen=True)
class Piece:
    """One step's part of a bar; `step` is its place in the list of steps."""

    step: int
    x: float
    width: float
    minutes: int


@dataclass(frozen=True)
class Bar:
    """One case."""

    label: str
    y: int
    total: int
    end: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class MinutesDrawing:
    """Bars from `left`, and where the two lines of comparison stand."""

    width: int
    height: int
    left: int
    top: int
    bar: int
    bars: tuple[Bar, ...]
    today: float
    wanted: float


def draw(rows: Sequence[tuple[str, Sequence[int]]]) -> MinutesDrawing:
    """Place the bars.

    Args:
        rows: each case's label and its minutes by step.
    """
    longest = max([MINUTES_TODAY, *(sum(minutes) for _label, minutes in rows)])
    scale = (WIDTH - LEFT - 60) / longest

    def place(minutes: float) -> float:
        return round(LEFT + minutes * scale, 1)

    bars = []
    for row, (label, minutes) in enumerate(rows):
        pieces, before = [], 0
        for step, count in enumerate(minutes):
            if count:
                pieces.append(Piece(step, place(before), round(count * scale, 1), count))
                before += count
        bars.append(Bar(label, TOP + row * ROW, before, place(before), tuple(pieces)))
    return MinutesDrawing(
        width=WIDTH,
        height=TOP + len(rows) * ROW + 8,
        left=LEFT,
        top=TOP,
        bar=BAR,
        bars=tuple(bars),
        today=place(MINUTES_TODAY),
        wanted=place(MINUTES_WANTED),
    )

"""Where the dots of the drawing of who saw what go. Pure; the template turns it into SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WIDTH: Final = 720
LEFT: Final = 170
RIGHT: Final = 30
TOP: Final = 12
LANE: Final = 34
SMALLEST: Final = 5.0
LARGEST: Final = 13.0


@dataclass(frozen=True)
class Dot:
    """What happened on one day in one lane; the larger, the more."""

    x: float
    y: float
    radius: float
    times: int
    day: date


@dataclass(frozen=True)
class Lane:
    """One kind of doing."""

    kind: str
    y: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Drawing:
    """Lanes from `left` to `right`; the first and the last day stand under them."""

    width: int
    height: float
    left: int
    right: int
    foot: float
    lanes: tuple[Lane, ...]
    first: date
    last: date


def draw(kinds: Sequence[str], happened: Iterable[tuple[date, str]]) -> Drawing | None:
    """Place the dots.

    Args:
        kinds: the lanes from the top; one in which nothing happened stays empty.
        happened: the day and the kind of each thing that happened.

    Returns:
        The drawing, or None if nothing happened.
    """
    times = Counter(happened)
    if not times:
        return None
    days = [day for day, _kind in times]
    first, last = min(days), max(days)
    span = max(1, (last - first) // timedelta(days=1))
    room = WIDTH - LEFT - RIGHT
    lanes = []
    for number, kind in enumerate(kinds):
        y = TOP + LANE * number + LANE / 2
        dots = tuple(
            Dot(
                round(LEFT + room * ((day - first).days / span), 1),
                y,
                round(min(LARGEST, SMALLEST + count**0.5 - 1), 1),
                count,
                day,
            )
            for (day, its), count in sorted(times.items())
            if its == kind
        )
        lanes.append(Lane(kind, y, dots))
    foot = TOP + LANE * len(kinds) + 6
    return Drawing(WIDTH, foot + 22, LEFT, WIDTH - RIGHT, foot, tuple(lanes), first, last)

"""Where bars and dots go in the drawings of who was heard and how. Pure.

Widths and places along are in per cent, so that a drawing fits any screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from family_voice.cases.response import Hour, Times, Way
from family_voice.improvement.past_table import ScaleTable

WIDEST = 92
ROW, BAR, FIRST = 48, 18, 26
TALLEST, BASE = 100, 118
DOT = 14


@dataclass(frozen=True)
class WayBar:
    """One channel: how wide its bars are, of the most families any channel has."""

    way: Way
    y: int
    families: float
    answered: float
    worked: float


@dataclass(frozen=True)
class WaysDrawing:
    """One bar a channel."""

    height: int
    bars: tuple[WayBar, ...]


def draw_ways(ways: Sequence[Way]) -> WaysDrawing:
    """A channel's families, of them those who answered, of them those for whom it worked."""
    most = max((max(way.families, way.answered, way.worked) for way in ways), default=0) or 1
    bars = tuple(
        WayBar(
            way,
            FIRST + row * ROW,
            *(_part(n, most) for n in (way.families, way.answered, way.worked)),
        )
        for row, way in enumerate(way for way in ways if way.tries)
    )
    return WaysDrawing(FIRST + len(bars) * ROW - BAR, bars)


@dataclass(frozen=True)
class HourBar:
    """One hour: where its column stands and how high its two parts are."""

    hour: int
    x: float
    middle: float
    width: float
    calls: int
    answered: int
    calls_high: float
    answered_high: float


@dataclass(frozen=True)
class HoursDrawing:
    """One column an hour; `base` is the line they stand on."""

    base: int
    height: int
    bars: tuple[HourBar, ...]


def draw_hours(hours: Sequence[Hour]) -> HoursDrawing:
    """Calls by the hour, those that were answered at the foot of each column."""
    most = max((each.calls for each in hours), default=0) or 1
    step = 100 / max(len(hours), 1)
    bars = tuple(
        HourBar(
            hour=each.hour,
            x=round(place * step + step * 0.15, 2),
            middle=round((place + 0.5) * step, 2),
            width=round(step * 0.7, 2),
            calls=each.calls,
            answered=each.answered,
            calls_high=round(TALLEST * each.calls / most, 1),
            answered_high=round(TALLEST * each.answered / most, 1),
        )
        for place, each in enumerate(hours)
    )
    return HoursDrawing(BASE, BASE + 26, bars)


@dataclass(frozen=True)
class DaysDrawing:
    """One dot a family, along the days; dots on the same day stand on each other."""

    height: int
    base: int
    dots: tuple[tuple[float, int], ...]
    marks: tuple[tuple[float, int], ...]
    middle: float | None


def draw_days(found: Times) -> DaysDrawing:
    """Days from draw to heard."""
    longest = max(7, *found.days) if found.days else 7
    on_day = Counter(found.days)
    highest = max(on_day.values(), default=1)
    base = 30 + highest * DOT
    week = range(0, longest + 1, 7 if longest <= 70 else 28)
    return DaysDrawing(
        height=base + 30,
        base=base,
        dots=tuple(
            (_along(day, longest), base - DOT // 2 - place * DOT)
            for day, count in sorted(on_day.items())
            for place in range(count)
        ),
        marks=tuple((_along(day, longest), day) for day in week),
        middle=None if found.middle is None else _along(found.middle, longest),
    )


@dataclass(frozen=True)
class MeetingBar:
    """One meeting: its pieces as (point's place, x, width, count)."""

    held: str
    focus: str
    y: int
    pieces: tuple[tuple[int, float, float, int], ...]


@dataclass(frozen=True)
class MeetingsDrawing:
    """One bar a meeting, on one scale."""

    height: int
    bars: tuple[MeetingBar, ...]


def draw_meetings(part: ScaleTable) -> MeetingsDrawing:
    """How many cases got which judgement, meeting by meeting."""
    most = max((each.counted for each in part.meetings), default=0) or 1
    bars = []
    for row, each in enumerate(part.meetings):
        pieces, before = [], 0
        for place, point in enumerate(part.points):
            count = each.counts.get(point.value, 0)
            if count:
                pieces.append((place, _part(before, most), _part(count, most), count))
                before += count
        bars.append(MeetingBar(each.held, each.focus, FIRST + row * ROW, tuple(pieces)))
    return MeetingsDrawing(FIRST + len(bars) * ROW - BAR, tuple(bars))


def _part(count: int, most: int) -> float:
    return round(count * WIDEST / most, 2)


def _along(day: float, longest: int) -> float:
    return round(3 + day * (WIDEST + 2) / longest, 2)

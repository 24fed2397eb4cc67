"""Where things go on the drawings of an audit: cases by stratum, steps by week. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from family_voice.frameworks.framework import Audit, Step

SIDE, GAP, BETWEEN = 30, 6, 16
WEEK, BAR, TOP = 52, 24, 22
#: A stratum's look; one that is not there is drawn as "anybody else".
LOOKS = 4
#: A working week, by which days become a stretch of the calendar.
DAYS_A_WEEK = 5


@dataclass(frozen=True)
class Square:
    """One case: where it stands, its number, and the look of its stratum (0: anybody else)."""

    x: int
    number: int
    look: int


@dataclass(frozen=True)
class Part:
    """One line of the table beneath: whom, how many, and the numbers of their squares."""

    name: str
    cases: int
    first: int
    last: int
    look: int


@dataclass(frozen=True)
class Cases:
    """A sample drawn as squares, with a gap wherever another kind of case begins."""

    width: int
    squares: tuple[Square, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Bar:
    """One step over the weeks it takes, by its number in the list beneath."""

    x: int
    y: int
    width: int
    number: int


@dataclass(frozen=True)
class Weeks:
    """An audit's calendar: weeks across, a bar a step."""

    width: int
    height: int
    weeks: tuple[tuple[int, int], ...]
    bars: tuple[Bar, ...]


def cases_of(audit: Audit, anybody: str) -> Cases:
    """An audit's sample; `anybody` names the places that no stratum claims."""
    kinds = [(each.name, each.at_least) for each in audit.strata]
    rest = audit.cases - sum(count for _name, count in kinds)
    if rest:
        kinds.append((anybody, rest))
    squares: list[Square] = []
    parts: list[Part] = []
    x = 0
    for place, (name, count) in enumerate(kinds):
        look = 0 if place >= len(audit.strata) else place % LOOKS + 1
        first = len(squares) + 1
        for _case in range(count):
            squares.append(Square(x, len(squares) + 1, look))
            x += SIDE + GAP
        parts.append(Part(name, count, first, len(squares), look))
        x += BETWEEN - GAP
    return Cases(x - BETWEEN, tuple(squares), tuple(parts))


def weeks_of(audit: Audit) -> Weeks | None:
    """An audit's steps by week; None if the framework names no week."""
    placed = [(number, step) for number, step in enumerate(audit.steps, 1) if step.week]
    if not placed:
        return None
    last = max(_ends(step) for _number, step in placed)
    bars = tuple(
        Bar(
            ((step.week or 1) - 1) * WEEK + 2,
            TOP + row * (BAR + 4),
            (_ends(step) - (step.week or 1) + 1) * WEEK - 4,
            number,
        )
        for row, (number, step) in enumerate(placed)
    )
    return Weeks(
        last * WEEK,
        TOP + len(bars) * (BAR + 4),
        tuple((week, (week - 1) * WEEK) for week in range(1, last + 1)),
        bars,
    )


def _ends(step: Step) -> int:
    """The last week of a step: what may take some working days is due so long after its week."""
    return (step.week or 1) + -(-(step.working_days or 0) // DAYS_A_WEEK)

"""Where things go on the drawing of a school year: a row a month, a place a day. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from family_voice.cases.audit_calendar import Deadline, What
from family_voice.cases.deadlines import is_working_day

LEFT, TOP, CELL, ROW = 40, 18, 11, 20
WIDTH = LEFT + 31 * CELL + 4
DAYS_ON_TOP = (1, 5, 10, 15, 20, 25, 30)

#: The mark of each thing that can be due. A day has room for one, the first in this order.
MARKS = {
    What.MEET: "meet",
    What.HEARD_BY: "heard",
    What.OPEN: "decide",
    What.DECIDE: "decide",
    What.STEP: "step",
    What.FREEZE: "after",
    What.DESTROY: "after",
}
_FIRST = tuple(MARKS)


@dataclass(frozen=True)
class Row:
    """One month: its first day, where its line begins, and how wide it is."""

    first: date
    y: int
    width: int


@dataclass(frozen=True)
class Stretch:
    """Days on end on which offices are closed."""

    x: int
    y: int
    width: int


@dataclass(frozen=True)
class Mark:
    """Something due on a day, by the middle of its place."""

    x: float
    y: float
    kind: str
    is_past: bool


@dataclass(frozen=True)
class YearDrawing:
    """The drawing of a school year."""

    width: int
    height: int
    cell: int
    row: int
    days: tuple[tuple[int, float], ...]
    rows: tuple[Row, ...]
    closed: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    today: tuple[int, int] | None
    kinds: tuple[str, ...]


def draw(first_year: int, due: Iterable[Deadline], today: date) -> YearDrawing:
    """Place everything of the school year that begins in September of a year.

    Args:
        first_year: which.
        due: what is due; days outside the year are left out.
        today: it has a frame of its own, and what was before it is paler.
    """
    months = [date(first_year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(9, 21)]
    rows, closed = [], []
    top = {}
    for number, first in enumerate(months):
        y = top[first] = TOP + number * ROW
        length = monthrange(first.year, first.month)[1]
        rows.append(Row(first, y, length * CELL))
        closed += _closed(first, length, y)
    chosen: dict[date, What] = {}
    for each in due:
        if each.day.replace(day=1) in top:
            there = chosen.get(each.day, each.what)
            chosen[each.day] = min(there, each.what, key=_FIRST.index)
    marks = [
        Mark(
            _x(day) + CELL / 2,
            top[day.replace(day=1)] + (ROW - 4) / 2,
            MARKS[what],
            day < today,
        )
        for day, what in sorted(chosen.items())
    ]
    here = today.replace(day=1)
    return YearDrawing(
        width=WIDTH,
        height=TOP + 12 * ROW,
        cell=CELL,
        row=ROW - 4,
        days=tuple((day, LEFT + (day - 0.5) * CELL) for day in DAYS_ON_TOP),
        rows=tuple(rows),
        closed=tuple(closed),
        marks=tuple(marks),
        today=(_x(today), top[here]) if here in top else None,
        kinds=tuple(dict.fromkeys(MARKS[what] for what in _FIRST if what in chosen.values())),
    )


def _x(day: date) -> int:
    return LEFT + (day.day - 1) * CELL


def _closed(first: date, length: int, y: int) -> list[Stretch]:
    found: list[Stretch] = []
    for number in range(length):
        day = first + timedelta(days=number)
        if is_working_day(day):
            continue
        x = _x(day)
        if found and found[-1].x + found[-1].width == x:
            found[-1] = Stretch(found[-1].x, y, found[-1].width + CELL)
        else:
            found.append(Stretch(x, y, CELL))
    return found

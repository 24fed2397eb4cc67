"""Where the bars of the week's drawing go. Pure; the template turns it into SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from family_voice.safeguarding.rota import FIRST, Week
from family_voice.safeguarding.shifts import LONDON, Span

LEFT, TOP, ROW, BAR, WIDTH = 84, 26, 40, 15, 760
HOURS = (0, 3, 6, 9, 12, 15, 18, 21, 24)
#: A bar narrower than this has no room for a name.
ROOM = 62


@dataclass(frozen=True)
class Bar:
    """One stretch of one day: a person on the rota, or a gap."""

    x: float
    y: float
    width: float
    name: str
    first: bool


@dataclass(frozen=True)
class Row:
    """One day: its line on the drawing, and who is on when, for the table."""

    day: date
    y: int
    is_bank_holiday: bool
    people: tuple[tuple[str, datetime, datetime, bool], ...]


@dataclass(frozen=True)
class WeekDrawing:
    """The drawing of a week."""

    width: int
    height: int
    left: int
    bar: int
    hours: tuple[tuple[int, float], ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    gaps: tuple[Bar, ...]
    now: tuple[float, float] | None


def draw(week: Week, names: Mapping[UUID, str], now: datetime) -> WeekDrawing:
    """Place the bars of a week.

    Args:
        week: who is on when.
        names: of the people in it.
        now: the present, for the line that marks it.
    """
    rows, bars, gaps = [], [], []
    for number, day in enumerate(week.days):
        y = TOP + number * ROW
        people = []
        for span in week.spans:
            if span.shift is None or (part := _on(span, day)) is None:
                continue
            name, first = names[span.shift.staff_id], span.shift.place == FIRST
            people.append((name, *part, first))
            bars.append(_bar(part, day, y if first else y + BAR + 2, name, first))
        for span in week.gaps:
            if (part := _on(span, day)) is not None:
                gaps.append(_bar(part, day, y, "", first=True))
        rows.append(Row(day, y, day in week.bank_holidays, tuple(people)))
    here = now.astimezone(LONDON)
    mark = None
    if here.date() in week.days:
        mark = (_x(now, here.date()), float(TOP + week.days.index(here.date()) * ROW))
    return WeekDrawing(
        WIDTH,
        TOP + 7 * ROW + 6,
        LEFT,
        BAR,
        tuple((hour, round(LEFT + hour * _SCALE, 1)) for hour in HOURS),
        tuple(rows),
        tuple(bars),
        tuple(gaps),
        mark,
    )


_SCALE = (WIDTH - LEFT - 16) / 24


def _on(span: Span, day: date) -> tuple[datetime, datetime] | None:
    """The part of a stretch that lies on a day."""
    begins = max(span.begins, datetime.combine(day, time(), LONDON))
    ends = min(span.ends, datetime.combine(day + timedelta(days=1), time(), LONDON))
    return (begins, ends) if begins < ends else None


def _bar(part: tuple[datetime, datetime], day: date, y: float, name: str, first: bool) -> Bar:
    begins, ends = (_x(moment, day) for moment in part)
    width = round(ends - begins, 1)
    return Bar(begins, y, width, name if width >= ROOM else "", first)


def _x(moment: datetime, day: date) -> float:
    here = moment.astimezone(LONDON)
    hours = 24.0 if here.date() > day else here.hour + here.minute / 60
    return round(LEFT + hours * _SCALE, 1)

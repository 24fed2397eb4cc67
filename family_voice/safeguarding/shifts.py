"""When somebody is on the concern rota: weekly patterns and dated spans in London's time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
#: How far ahead the next shift is looked for.
HORIZON: Final = timedelta(days=400)
#: The hours in which a family may expect somebody to be there: gaps in them are named.
WORKING_DAYS: Final = frozenset(range(5))
WORKING_FROM, WORKING_UNTIL = time(9), time(17)

#: Whether a day is a bank holiday.
Closed = Callable[[date], bool]


@dataclass(frozen=True)
class Shift:
    """When one person receives concerns.

    With `days` (0 is Monday) it comes every week, within the two dates where they are set; an end
    that is not after its beginning lies on the next day. Without `days` it is one span from `first`
    at `begins` to `last` at `ends`. `place` 1 is told first, 2 stands behind.
    """

    id: UUID
    staff_id: UUID
    place: int
    days: frozenset[int]
    first: date | None
    last: date | None
    begins: time
    ends: time
    bank_holidays: bool = False


@dataclass(frozen=True)
class Span:
    """One stretch of time, in UTC; `shift` is None for a gap."""

    begins: datetime
    ends: datetime
    shift: Shift | None = None


def spans(shift: Shift, since: datetime, until: datetime, closed: Closed) -> Iterator[Span]:
    """Every stretch of a shift that touches the time between two moments, in order."""
    if not shift.days:
        if shift.first is not None and shift.last is not None:
            span = Span(_at(shift.first, shift.begins), _at(shift.last, shift.ends), shift)
            if span.begins < until and span.ends > since:
                yield span
        return
    day = since.astimezone(LONDON).date() - timedelta(days=1)
    if shift.first is not None:
        day = max(day, shift.first)
    end = until.astimezone(LONDON).date()
    while day <= (end if shift.last is None else min(end, shift.last)):
        if day.weekday() in shift.days and (shift.bank_holidays or not closed(day)):
            over = timedelta(days=1 if shift.ends <= shift.begins else 0)
            span = Span(_at(day, shift.begins), _at(day + over, shift.ends), shift)
            if span.begins < until and span.ends > since:
                yield span
        day += timedelta(days=1)


def on(shifts: Iterable[Shift], now: datetime, closed: Closed) -> list[Shift]:
    """The shifts that go on now, the first place first."""
    going = [
        shift
        for shift in shifts
        if any(span.begins <= now < span.ends for span in spans(shift, now, now + _TICK, closed))
    ]
    return sorted(going, key=lambda shift: shift.place)


def next_on(shifts: Iterable[Shift], now: datetime, closed: Closed) -> datetime | None:
    """When somebody is next on, after now; None if nobody ever is."""
    first = [
        next((s.begins for s in spans(shift, now, now + HORIZON, closed) if s.begins > now), None)
        for shift in shifts
    ]
    return min((moment for moment in first if moment is not None), default=None)


def all_spans(
    shifts: Sequence[Shift], since: datetime, until: datetime, closed: Closed
) -> list[Span]:
    """Every stretch of every shift between two moments, cut to them, in order."""
    found = [
        Span(max(span.begins, since), min(span.ends, until), shift)
        for shift in shifts
        for span in spans(shift, since, until, closed)
    ]
    return sorted(found, key=lambda span: (span.begins, span.shift.place if span.shift else 0))


def gaps(shifts: Sequence[Shift], since: datetime, until: datetime, closed: Closed) -> list[Span]:
    """The working hours between two moments in which nobody is on, bank holidays left out."""
    found: list[Span] = []
    covered = all_spans(shifts, since, until, closed)
    day = since.astimezone(LONDON).date()
    while day <= until.astimezone(LONDON).date():
        if day.weekday() in WORKING_DAYS and not closed(day):
            open_from = max(_at(day, WORKING_FROM), since)
            close = min(_at(day, WORKING_UNTIL), until)
            for span in covered:
                if span.ends <= open_from or span.begins >= close:
                    continue
                if span.begins > open_from:
                    found.append(Span(open_from, span.begins))
                open_from = span.ends
            if open_from < close:
                found.append(Span(open_from, close))
        day += timedelta(days=1)
    return found


def clock_time(written: str) -> time:
    """A time of day as people write it, `9:00` or `17.30`. Raises ValueError."""
    hour, minute = written.replace(".", ":").split(":")
    return time(int(hour), int(minute))


_TICK = timedelta(seconds=1)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON).astimezone(UTC)

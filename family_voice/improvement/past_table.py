"""A council's own table of past judgements: reading it, and where its totals disagree. Pure.

Columns: meeting, focus, scale, the points of the scale by their numbers, and cases (how many cases
the meeting had, which may be left out). A line whose meeting is "Total" holds the table's own
totals for its scale. Nothing is put right, and no scale is ever turned into another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from family_voice.cases.caseload_file import Problem, read_sheet
from family_voice.language.texts import _

MOST_POINTS: Final = 10
MOST_CASES: Final = 10_000
LONGEST: Final = {"meeting": 40, "focus": 200, "scale": 60}
REQUIRED: Final = ("meeting", "focus", "scale")
POINTS: Final = tuple(str(value) for value in range(1, MOST_POINTS + 1))
TOTALS: Final = frozenset({"total", "totals"})
CASES: Final = "cases"

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_BY_NAME = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?([a-z]{3,9})\.?,?\s+(\d{4})", re.I)
_BY_NUMBER = re.compile(r"(?:\d{1,2}/)?(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})(?:-\d{1,2})?")


@dataclass(frozen=True)
class Point:
    """A point of a scale. The words are empty where nobody knows them any more."""

    value: int
    words: str


@dataclass(frozen=True)
class Meeting:
    """One meeting: `counts` maps a point's value to how many cases were judged so."""

    line: int
    held: str
    month: date
    focus: str
    scale: str
    counts: Mapping[int, int]
    cases: int | None = None

    @property
    def counted(self) -> int:
        """How many cases the counts come to."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Total:
    """What the table itself gives as the totals of one scale, and what it says beside them."""

    line: int
    words: str
    counts: Mapping[int, int]
    cases: int | None = None


@dataclass(frozen=True)
class Disagreement:
    """A total that is not what its lines come to.

    `point` is None where it is the number of cases; `meeting` is set where that is one meeting's.
    """

    point: int | None
    stated: int
    counted: int
    meeting: Meeting | None = None


@dataclass(frozen=True)
class ScaleTable:
    """The part of a table that is on one scale."""

    scale: str
    points: tuple[Point, ...]
    meetings: tuple[Meeting, ...]
    total: Total | None

    @property
    def counts(self) -> dict[int, int]:
        """What the lines come to, point by point."""
        return {
            point.value: sum(each.counts.get(point.value, 0) for each in self.meetings)
            for point in self.points
        }

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Every total that is not what its lines come to, meetings first."""
        found = [
            Disagreement(None, each.cases, each.counted, each)
            for each in self.meetings
            if each.cases is not None and each.cases != each.counted
        ]
        if self.total is None:
            return tuple(found)
        counts = self.counts
        found += [
            Disagreement(value, stated, counts.get(value, 0))
            for value, stated in sorted(self.total.counts.items())
            if stated != counts.get(value, 0)
        ]
        counted = sum(counts.values())
        if self.total.cases is not None and self.total.cases != counted:
            found.append(Disagreement(None, self.total.cases, counted))
        return tuple(found)


@dataclass(frozen=True)
class Read:
    """A table that was read: its parts, or everything that has to be put right first."""

    parts: tuple[ScaleTable, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...] = ()


def read_table(data: bytes, known: Mapping[str, Sequence[Point]]) -> Read:
    """Read a table.

    Args:
        data: the CSV file.
        known: scales by id, with the words of their points.

    Returns:
        Its parts, one a scale, in the order of their first meetings; or every problem.
    """
    sheet = read_sheet(data, REQUIRED, (CASES, *POINTS), lambda name: name)
    problems = list(sheet.problems)
    meetings: list[Meeting] = []
    totals: dict[str, Total] = {}
    for line, row in sheet.rows:
        found = list(_cells(line, row, known))
        problems += found
        if found:
            continue
        scale, counts, cases = row["scale"], _counts(row), _number(row[CASES])
        if row["meeting"].casefold() in TOTALS:
            if scale in totals:
                problems.append(
                    Problem(line, "meeting", _("This scale has its line of totals already."))
                )
            totals[scale] = Total(line, row["focus"], counts, cases)
            continue
        month = _month(row["meeting"])
        assert month is not None
        meetings.append(Meeting(line, row["meeting"], month, row["focus"], scale, counts, cases))
    problems += _among_themselves(meetings, totals)
    if not problems and not meetings:
        problems.append(Problem(2, "", _("There is no meeting in this file. Add a line for each.")))
    if problems:
        return Read((), tuple(sorted(set(problems))), tuple(sheet.notices))
    parts = (_part(scale, meetings, totals.get(scale), known) for scale in _scales(meetings))
    return Read(tuple(parts), (), tuple(sheet.notices))


def _cells(
    line: int, row: Mapping[str, str], known: Mapping[str, Sequence[Point]]
) -> list[Problem]:
    found = []
    is_total = row["meeting"].casefold() in TOTALS
    for name, most in LONGEST.items():
        if not row[name] and not (is_total and name == "focus"):
            found.append(Problem(line, name, _("Fill in this cell.")))
        elif len(row[name]) > most:
            found.append(
                Problem(line, name, _("Shorten this to %(most)d characters or fewer.", most=most))
            )
    if row["meeting"] and not is_total and _month(row["meeting"]) is None:
        found.append(
            Problem(
                line, "meeting", _("Write the month and year, such as December 2023 or 12/2023.")
            )
        )
    for name in (*POINTS, CASES):
        if row[name] and _number(row[name]) is None:
            found.append(
                Problem(line, name, _("Write a whole number of cases, or leave the cell empty."))
            )
    on_scale = {str(point.value) for point in known.get(row["scale"], ())}
    for name in POINTS:
        if on_scale and row[name] and name not in on_scale:
            found.append(
                Problem(line, name, _("This scale has no such point. Check the scale’s name."))
            )
    if not found and not any(row[name] for name in POINTS):
        found.append(Problem(line, "", _("This line has no numbers. Put how many cases got what.")))
    return found


def _among_themselves(meetings: Sequence[Meeting], totals: Mapping[str, Total]) -> list[Problem]:
    found, there = [], set()
    for each in meetings:
        key = (each.month, each.held.casefold(), each.focus.casefold(), each.scale)
        if key in there:
            found.append(Problem(each.line, "", _("This meeting is in the file twice. Keep one.")))
        there.add(key)
    found += [
        Problem(total.line, "scale", _("There is no meeting on this scale. Check its name."))
        for scale, total in totals.items()
        if scale not in {each.scale for each in meetings}
    ]
    return found


def _scales(meetings: Sequence[Meeting]) -> list[str]:
    return list(dict.fromkeys(each.scale for each in meetings))


def _part(
    scale: str,
    meetings: Sequence[Meeting],
    total: Total | None,
    known: Mapping[str, Sequence[Point]],
) -> ScaleTable:
    mine = tuple(each for each in meetings if each.scale == scale)
    points = tuple(known.get(scale, ()))
    if not points:
        counts = [each.counts for each in mine] + ([total.counts] if total else [])
        values = {value for each in counts for value in each}
        points = tuple(Point(value, "") for value in range(1, max(values) + 1))
    return ScaleTable(scale, points, mine, total)


def _counts(row: Mapping[str, str]) -> dict[int, int]:
    return {int(name): number for name in POINTS if (number := _number(row[name])) is not None}


def _number(cell: str) -> int | None:
    """A whole number of cases; an empty cell is none, as is anything that is no number."""
    if not (cell.isascii() and cell.isdigit()) or len(cell) > len(str(MOST_CASES)):
        return None
    return int(cell) if int(cell) <= MOST_CASES else None


def _month(cell: str) -> date | None:
    """The first day of the month that a cell names."""
    if named := _BY_NAME.fullmatch(cell.strip()):
        begins = named[1].casefold()
        months = [n for n, name in enumerate(_MONTHS, 1) if name.startswith(begins)]
        return _first(named[2], months[0]) if len(months) == 1 else None
    if numbered := _BY_NUMBER.fullmatch(cell.strip()):
        month, year = numbered[1] or numbered[4], numbered[2] or numbered[3]
        return _first(year, int(month))
    return None


def _first(year: str, month: int) -> date | None:
    return date(int(year), month, 1) if 1 <= month <= 12 and 2000 <= int(year) <= 2100 else None

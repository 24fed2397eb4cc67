"""How a caseload is made up, as tables with a bar in each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from family_voice.cases.caseload_reading import MakeUp
from family_voice.cases.school_years import PHASES
from family_voice.language.texts import lazy
from family_voice.web.staff.desk import language_name

KINDS = {
    "plan_type": lazy("Plan"),
    "phase": lazy("Phase of school"),
    "area_of_need": lazy("Area of need"),
    "placement": lazy("Placement"),
    "language": lazy("Language"),
}
PHASE_NAMES = {
    "pre_5": lazy("Before Reception"),
    "primary": lazy("Primary"),
    "secondary": lazy("Secondary"),
    "post_16": lazy("Post-16"),
}
#: Languages are many: the rest stand together.
MOST_ROWS = 9


@dataclass(frozen=True)
class TableRow:
    """One value: its name, how many in each make-up, and the length of its bar in per cent."""

    name: str
    counts: tuple[int, ...]
    width: float


@dataclass(frozen=True)
class Table:
    """One kind of thing that a caseload is counted by."""

    kind: str
    heading: str
    rows: tuple[TableRow, ...]


def tables(make_ups: Sequence[MakeUp], names: Mapping[str, str]) -> list[Table]:
    """A table for each kind, the last make-up drawn as bars.

    Args:
        make_ups: what stands side by side, such as the caseload now and a file's.
        names: the framework's names of plan types and theme values.
    """
    return [
        Table(kind, str(heading), _rows(kind, [each[kind] for each in make_ups], names))
        for kind, heading in KINDS.items()
    ]


def _rows(
    kind: str, counters: Sequence[Mapping[str, int]], names: Mapping[str, str]
) -> tuple[TableRow, ...]:
    known = {value for each in counters for value, many in each.items() if many and value}
    drawn = counters[-1]
    if kind == "phase":
        values = [each for each in PHASES if each in known]
    else:
        values = sorted(known, key=lambda value: (-drawn.get(value, 0), value))
    rest = values[MOST_ROWS:]
    shown = [(_name(kind, each, names), [each]) for each in values[:MOST_ROWS]]
    if rest:
        shown.append((str(lazy("All others")), rest))
    if any(each.get("", 0) for each in counters):
        shown.append((str(lazy("Not known")), [""]))
    summed = [
        (name, tuple(sum(each.get(value, 0) for value in some) for each in counters))
        for name, some in shown
    ]
    longest = max((counts[-1] for _name, counts in summed), default=0) or 1
    return tuple(
        TableRow(name, counts, round(100 * counts[-1] / longest, 1)) for name, counts in summed
    )


def _name(kind: str, value: str, names: Mapping[str, str]) -> str:
    if kind == "phase":
        return str(PHASE_NAMES[value])
    if kind == "language":
        return language_name(value)
    return names.get(value, value)

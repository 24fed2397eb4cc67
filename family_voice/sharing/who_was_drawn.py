"""What may be shown of who was drawn, reached and heard beside the caseload.

Drawn and heard are the very numbers of `who_is_not_heard`, so that the two pages beside each other
tell no more than one. Reached lies between them: it is shown of a value only where those heard,
those reached and not heard, and those not reached could each be shown, and where the same holds of
everybody who is left when the values that show it are taken away.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from family_voice.cases.drift import Drift
from family_voice.cases.not_heard import Kind, Kindred
from family_voice.sharing.suppression import BASE_AT_LEAST, SHOWN_AT_LEAST, may_show, rounded
from family_voice.sharing.who_is_not_heard import Shown, everybody, who_is_not_heard


@dataclass(frozen=True)
class Shares:
    """Of a hundred in the caseload, drawn, reached and heard, how many have one value.

    None where the numbers are too small to be shown.
    """

    value: str
    caseload: int | None
    drawn: int | None
    reached: int | None
    heard: int | None

    @property
    def apart(self) -> int:
        """By how many of a hundred those drawn are more, or less, than in the caseload."""
        return 0 if self.drawn is None or self.caseload is None else self.drawn - self.caseload


@dataclass(frozen=True)
class Compared:
    """One kind of family, value by value."""

    kind: Kind
    lines: tuple[Shares, ...]

    @property
    def enough(self) -> bool:
        """Whether there is anything to compare with the caseload."""
        return any(line.drawn is not None for line in self.lines)


def who_was_drawn(found: Drift, order: Mapping[Kind, Sequence[str]]) -> tuple[Compared, ...]:
    """What may be shown, kind by kind.

    Args:
        found: exact families and counts, from `cases.drift`.
        order: as `who_is_not_heard` takes it.
    """
    return tuple(_compared(found, shown) for shown in who_is_not_heard(found.drawn, order))


def _compared(found: Drift, shown: Shown) -> Compared:
    by_value = found.drawn.get(shown.kind, {})
    counts = found.caseload.get(shown.kind, {})
    values = [line.value for line in shown.lines]
    values += [value for value in sorted(counts) if value and value not in values]
    lines = {line.value: line for line in shown.lines}
    together = everybody(found.drawn)
    all_of_them = _together([each for of_kind in found.drawn.values() for each in of_kind.values()])
    open_values = [value for value, line in lines.items() if line.of is not None]
    reached = _reached(found, all_of_them, {value: by_value[value] for value in open_values})
    return Compared(
        shown.kind,
        tuple(
            Shares(
                value,
                caseload=_caseload(counts.get(value, 0), found.children),
                drawn=_share(lines[value].of if value in lines else None, together.of),
                reached=_share(reached.get(value), reached.get("")),
                heard=_share(lines[value].heard if value in lines else None, together.heard),
            )
            for value in values
        ),
    )


def _reached(found: Drift, all_of_them: Kindred, by_value: Mapping[str, Kindred]) -> dict[str, int]:
    """By value, about how many were reached, where it may be shown; "" for all together."""
    if not _may_show_reached(all_of_them, found.reached):
        return {}
    shown = {value for value, its in by_value.items() if _may_show_reached(its, found.reached)}
    while shown:
        taken = _together([by_value[each] for each in shown])
        left = Kindred(all_of_them.families - taken.families, all_of_them.heard - taken.heard)
        if not left.families or _may_show_reached(left, found.reached):
            break
        shown.remove(min(shown, key=lambda each: (len(by_value[each].families), each)))
    counted = {value: by_value[value] for value in shown} | {"": all_of_them}
    return {
        value: rounded(len(its.families & (found.reached | its.heard)))
        for value, its in counted.items()
    }


def _may_show_reached(those: Kindred, reached: frozenset[Hashable]) -> bool:
    not_heard = those.families - those.heard
    parts = (those.heard, not_heard & reached, not_heard - reached)
    return len(those.families) >= BASE_AT_LEAST and all(
        len(part) >= SHOWN_AT_LEAST for part in parts
    )


def _together(those: Sequence[Kindred]) -> Kindred:
    families: frozenset[Hashable] = frozenset().union(*(each.families for each in those))
    heard: frozenset[Hashable] = frozenset().union(*(each.heard for each in those))
    return Kindred(families, heard)


def _caseload(count: int, children: int) -> int | None:
    return _share(rounded(count), rounded(children)) if may_show(count, children) else None


def _share(part: int | None, whole: int | None) -> int | None:
    return None if part is None or not whole else min(100, round(100 * part / whole))

"""What may be shown of who is not heard, so that no number points at a family.

Each kind of family is a table of its own: how many there were, and how many of them were heard. A
line is shown under the rules of `suppression`: at least 10 families, at least 8 of them heard and 8
not, rounded to the nearest 5. What is left when the shown lines are taken from all has to stand the
same rules, or further lines are hidden, the one with the fewest families first.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from family_voice.cases.not_heard import Families, Kind, Kindred
from family_voice.sharing.suppression import may_show, rounded


@dataclass(frozen=True)
class Line:
    """Families with one value: about how many, and about how many were heard; None where the
    numbers are too small to be shown."""

    value: str
    of: int | None
    heard: int | None

    @property
    def percent(self) -> int | None:
        """About how many of a hundred were heard."""
        return round(100 * self.heard / self.of) if self.of and self.heard is not None else None


@dataclass(frozen=True)
class Shown:
    """One kind of family, line by line."""

    kind: Kind
    lines: tuple[Line, ...]

    @property
    def too_few(self) -> tuple[str, ...]:
        """The values whose numbers are not shown."""
        return tuple(line.value for line in self.lines if line.of is None)

    @property
    def enough(self) -> bool:
        """Whether any line has a number."""
        return any(line.of is not None for line in self.lines)


def who_is_not_heard(found: Families, order: Mapping[Kind, Sequence[str]]) -> tuple[Shown, ...]:
    """What may be shown, kind by kind.

    Args:
        found: exact families, from `cases.not_heard`.
        order: the values of each kind in the order in which they always stand; others come after
            them, by name. Never in the order of size.
    """
    all_of_them = _everybody(found)
    return tuple(
        _shown(kind, found.get(kind, {}), all_of_them, order.get(kind, ())) for kind in Kind
    )


def everybody(found: Families) -> Line:
    """All families of these rounds together."""
    together = _everybody(found)
    return _line("", together, _may_show(together))


def _everybody(found: Families) -> Kindred:
    return _together([each for by_value in found.values() for each in by_value.values()])


def _shown(
    kind: Kind, by_value: Mapping[str, Kindred], all_of_them: Kindred, order: Sequence[str]
) -> Shown:
    values = [each for each in order if each in by_value]
    values += sorted(by_value.keys() - set(values))
    shown = {each for each in values if _may_show(by_value[each])}
    while shown and not _left_over_is_safe(all_of_them, [by_value[each] for each in shown]):
        shown.remove(min(shown, key=lambda each: (len(by_value[each].families), each)))
    return Shown(kind, tuple(_line(each, by_value[each], each in shown) for each in values))


def _left_over_is_safe(all_of_them: Kindred, shown: Sequence[Kindred]) -> bool:
    """Whether what follows by taking the shown lines from all could itself be shown."""
    taken = _together(shown)
    left = Kindred(all_of_them.families - taken.families, all_of_them.heard - taken.heard)
    return not left.families or _may_show(left)


def _together(those: Sequence[Kindred]) -> Kindred:
    families: frozenset[Hashable] = frozenset().union(*(each.families for each in those))
    heard: frozenset[Hashable] = frozenset().union(*(each.heard for each in those))
    return Kindred(families, heard)


def _may_show(those: Kindred) -> bool:
    return may_show(len(those.heard), len(those.families))


def _line(value: str, those: Kindred, shown: bool) -> Line:
    if not shown:
        return Line(value, None, None)
    return Line(value, rounded(len(those.families)), rounded(len(those.heard)))

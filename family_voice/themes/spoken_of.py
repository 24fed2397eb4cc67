"""What families spoke of, side by side: counts with what they are counted of. Pure.

A family is counted once, however many of it spoke and however often; brothers and sisters are one
family. A share without its denominator says nothing, so the two go together everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Saying:
    """What a family spoke of in one place: under a heading, in a term, by a channel.

    Several of one family and place add up. A family that spoke there and has no code stands with
    none: it is counted in the denominator.
    """

    family: Hashable
    place: Hashable
    codes: frozenset[str]


@dataclass(frozen=True)
class Count:
    """So many families, of so many."""

    families: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of none is 0."""
        return self.families / self.of if self.of else 0.0


@dataclass(frozen=True)
class Table:
    """Codes by place, the code that most families spoke of first. `of` counts a place's families,
    `total` is over all places together."""

    places: tuple[Hashable, ...]
    of: Mapping[Hashable, int]
    rows: tuple[tuple[str, Count, tuple[Count, ...]], ...]


def by_place(sayings: Iterable[Saying], places: Sequence[Hashable]) -> Table:
    """How many families spoke of what, in each place and in all.

    Args:
        sayings: what each family spoke of where.
        places: the columns, in order; what was said anywhere else is not counted.

    Returns:
        The table, without codes that nobody spoke of; codes of as many families go by their id.
    """
    there: dict[Hashable, set[Hashable]] = {place: set() for place in places}
    spoke: dict[str, dict[Hashable, set[Hashable]]] = defaultdict(lambda: defaultdict(set))
    for each in sayings:
        if each.place in there:
            there[each.place].add(each.family)
            for code in each.codes:
                spoke[code][each.place].add(each.family)
    everybody = len(set().union(*there.values()))
    rows = [
        (
            code,
            Count(len(set().union(*found.values())), everybody),
            tuple(Count(len(found[place]), len(there[place])) for place in places),
        )
        for code, found in spoke.items()
    ]
    rows.sort(key=lambda row: (-row[1].families, row[0]))
    return Table(tuple(places), {place: len(there[place]) for place in places}, tuple(rows))


@dataclass(frozen=True)
class Both:
    """Praise beside worry: of how many families a code stands on what works well, on what worries
    them, and on both."""

    code: str
    praise: Count
    worry: Count


def praise_beside_worry(table: Table, praise: Hashable, worry: Hashable) -> tuple[Both, ...]:
    """The codes that stand under what works well or under what worries people, most of both first.

    Args:
        table: codes by heading.
        praise: the heading of what works well.
        worry: the heading of worries.
    """
    at, over = table.places.index(praise), table.places.index(worry)
    found = [Both(code, counts[at], counts[over]) for code, _total, counts in table.rows]
    found = [each for each in found if each.praise.families or each.worry.families]
    return tuple(
        sorted(found, key=lambda each: (-each.praise.families - each.worry.families, each.code))
    )


@dataclass(frozen=True)
class Together:
    """The codes that most families spoke of, and how many spoke of each two of them.

    `both` has every pair once, the one that stands first in `codes` first; `alone` how many spoke
    of each.
    """

    codes: tuple[str, ...]
    alone: Mapping[str, int]
    both: Mapping[tuple[str, str], int]


def together(codes_of: Mapping[Hashable, frozenset[str]], most: int) -> Together:
    """What is spoken of by the same families.

    Args:
        codes_of: what each family spoke of.
        most: how many codes to set beside each other.
    """
    alone: dict[str, int] = defaultdict(int)
    for codes in codes_of.values():
        for code in codes:
            alone[code] += 1
    chosen = sorted(alone, key=lambda code: (-alone[code], code))[:most]
    both = {
        pair: sum(pair[0] in codes and pair[1] in codes for codes in codes_of.values())
        for pair in combinations(chosen, 2)
    }
    return Together(tuple(chosen), {code: alone[code] for code in chosen}, both)

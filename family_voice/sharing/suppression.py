"""What may be shown of counts of families, so that no count points at one.

The rules bind the forum, the board and the panel alike; nobody gets a table with smaller numbers.

* Families are counted, never answers; siblings, and a family met in two terms, count once.
* Nothing is shown of fewer than 10 families. A count under 8 is hidden. So is one that leaves
  fewer than 8 of the base out of it: "all of them" tells of each as surely as "only her". Every
  other number is rounded to the nearest 5, and the base with it.
* Where the rows of a table add up to its base and one has to be hidden, only the first stays, so
  that no hidden row follows by taking the others away (complementary suppression).
* Terms are pooled by how many families they hold and never by what the counts turn out to be.
* A new release is compared with every earlier one (differencing): about fewer than 10 families
  that came or went it may say nothing, and about more it may say nothing closer than rounding does.

So of one term of six cases nobody but the lead sees "heard X of Y", not even rounded: 6 of 6 and 0
of 6 tell of each family, and 5 of 6 singles one out. How many cases there were is in the framework
and is no secret. Heard X of Y and the reasons are rows of one table over a year or more, because
two tables of the same families would have to be protected against each other.

Source: DESIGN.md section 5, Disclosure control. For rounding, complementary suppression and
differencing: Hundepool and others, Statistical Disclosure Control, Wiley 2012, chapters 4 and 5.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

BASE_AT_LEAST = 10
SHOWN_AT_LEAST = 8
ROUNDED_TO = 5
TERMS_IN_A_YEAR = 3
# Pooling stops here: with 30 families a theme that a third of them hold can be shown.
POOL_UNTIL = 30

HEARD, SAID_NO, NOT_HEARD = "heard", "said_no", "not_heard"
_HALF = ROUNDED_TO // 2

Families = frozenset[Hashable]
Range = tuple[int, int]


@dataclass(frozen=True)
class Term:
    """One term: its families, and which of them each label holds of."""

    name: str
    families: Families
    holding: Mapping[str, Families]


@dataclass(frozen=True)
class Table:
    """Exact families behind a table. Never leaves this room.

    `adds_up`: every family is in exactly one row, so the rows add up to the base.
    """

    terms: tuple[str, ...]
    families: Families
    rows: Mapping[str, Families]
    adds_up: bool


@dataclass(frozen=True)
class Row:
    """A row as it may be shown; None where it may not."""

    label: str
    shown: int | None


@dataclass(frozen=True)
class Shown:
    """A table as it may be shown. `of` is None when there are not enough families yet."""

    terms: tuple[str, ...]
    of: int | None
    rows: tuple[Row, ...]

    @property
    def enough(self) -> bool:
        """Whether to show the table at all, or the page for "not enough families yet"."""
        return self.of is not None and any(row.shown is not None for row in self.rows)

    def shown(self, label: str) -> int | None:
        """The number to show for a label, or None."""
        return next((row.shown for row in self.rows if row.label == label), None)


def pool(
    terms: Sequence[Term], at_least_terms: int = 1, until: int = POOL_UNTIL
) -> tuple[Term, ...]:
    """The latest terms that together hold `until` families, or all of them if they never do.

    `terms` come oldest first. How far back it goes depends on the number of families only.
    """
    chosen: list[Term] = []
    families: set[Hashable] = set()
    for term in reversed(terms):
        if len(chosen) >= at_least_terms and len(families) >= until:
            break
        chosen.append(term)
        families |= term.families
    return tuple(reversed(chosen))


def overlapping(terms: Sequence[Term], labels: Sequence[str]) -> Table:
    """Pool terms into a table whose rows may share families, such as themes."""
    families = _all(term.families for term in terms)
    rows = {
        label: _all(term.holding.get(label, frozenset()) for term in terms) & families
        for label in labels
    }
    return Table(tuple(term.name for term in terms), families, rows, adds_up=False)


def adding_up(terms: Sequence[Term], labels: Sequence[str]) -> Table:
    """Pool terms into a table that puts every family into one row.

    A family that different terms put into different rows goes into the first of them in `labels`;
    one that no term put anywhere goes into the last.
    """
    loose = overlapping(terms, labels)
    left, rows = loose.families, {}
    for label in labels[:-1]:
        rows[label] = loose.rows[label] & left
        left -= rows[label]
    rows[labels[-1]] = left
    return Table(loose.terms, loose.families, rows, adds_up=True)


def protect(table: Table) -> Shown:
    """The table as it may be shown, rows in the order given (never in the order of size)."""
    base = len(table.families)
    counts = {label: len(families) for label, families in table.rows.items()}
    if base < BASE_AT_LEAST:
        return Shown(table.terms, None, tuple(Row(label, None) for label in counts))
    open_labels = {label for label, count in counts.items() if may_show(count, base)}
    if table.adds_up:
        _hide_besides(counts, open_labels)
    rows = tuple(
        Row(label, rounded(count) if label in open_labels else None)
        for label, count in counts.items()
    )
    return Shown(table.terms, rounded(base), rows)


def themes(terms: Sequence[Term], labels: Sequence[str]) -> Shown:
    """Themes over the latest terms: each term's `families` are those heard and counted in."""
    return protect(overlapping(pool(terms), labels))


def participation(terms: Sequence[Term]) -> Shown:
    """Heard X of Y with the reasons, over a year or more; the same for board, forum and panel.

    Each term's `families` are those of the sample without the ones stood down, and `holding` has
    HEARD, SAID_NO and NOT_HEARD, "not safe" being in NOT_HEARD already (cases.ledger).
    X is `shown(HEARD)` and Y is `of`. With fewer terms than a year has, nothing is shown.
    """
    table = adding_up(pool(terms, TERMS_IN_A_YEAR), (HEARD, SAID_NO, NOT_HEARD))
    if len(table.terms) < TERMS_IN_A_YEAR:
        return Shown(table.terms, None, tuple(Row(label, None) for label in table.rows))
    return protect(table)


def may_show(count: int, base: int) -> bool:
    """Whether a count may be shown by itself: neither few families nor nearly all of them."""
    return base >= BASE_AT_LEAST and SHOWN_AT_LEAST <= count <= base - SHOWN_AT_LEAST


def rounded(count: int) -> int:
    """To the nearest 5."""
    return ROUNDED_TO * ((count + _HALF) // ROUNDED_TO)


def differs_safely(earlier: Table, new: Table) -> bool:
    """Whether showing `new` beside `earlier` tells nothing that neither tells alone."""
    return not unsafe_labels(earlier, new)


def safe_after_all(earlier: Iterable[Table], new: Table) -> bool:
    """Whether `new` may be released after all these. If not, the last release stays on show."""
    return all(differs_safely(table, new) for table in earlier)


def unsafe_labels(earlier: Table, new: Table) -> tuple[str, ...]:
    """The labels whose two numbers, taken from each other, say too much.

    Whoever compares is taken to know exactly how many families came and went, and these rules.
    The answer uses what is shown and not the counts behind it, so that refusing tells nothing.
    """
    came = len(new.families - earlier.families)
    went = len(earlier.families - new.families)
    before, after = _known(earlier), _known(new)
    return tuple(
        label
        for label in after
        if label in before
        and not all(
            _vague(old, now, came, went) for old, now in product(before[label], after[label])
        )
    )


def beside_a_merge(
    earlier: Iterable[Table], new: Table, merged: Mapping[str, str]
) -> frozenset[str]:
    """The labels that must stay hidden in `new` because another has been merged into them.

    Where an earlier release shows one of two labels and hides the other, the number of both as one
    would tell how many the hidden one adds. Enough families that came or went make that vague.
    Like all of these rules this looks at what was shown, so that hiding tells nothing.

    Args:
        earlier: the tables of all earlier releases.
        new: what is to be shown.
        merged: for each label that is no more, the one that it has become.
    """
    hidden = set()
    for table in earlier:
        shown = protect(table)
        if len(table.families ^ new.families) >= BASE_AT_LEAST:
            continue
        for gone, into in merged.items():
            if gone in table.rows and (shown.shown(gone) is None) != (shown.shown(into) is None):
                hidden.add(into)
    return frozenset(hidden)


def _all(sets: Iterable[Families]) -> Families:
    return frozenset().union(*sets)


def _hide_besides(counts: Mapping[str, int], open_labels: set[str]) -> None:
    """Of rows that add up: show all of them, or the first alone, or none.

    Hiding only as many as needed, smallest or last first, lets somebody who knows that rule work
    back: 22, 22 and 7 were pinned by the one, 7, 7 and 12 by the other. When only the first is
    shown, what is left of the base is at least 8 and may fall between the others in any way.
    """
    if len(open_labels) < len(counts):
        open_labels.intersection_update(list(counts)[:1])


def _known(table: Table) -> dict[str, list[Range]]:
    """What can be worked out about each count from one release: ranges it may lie in."""
    base, shown = len(table.families), protect(table)
    if shown.of is None:
        return {row.label: [(0, base)] for row in shown.rows}
    known: dict[str, list[Range]] = {}
    for row in shown.rows:
        if row.shown is not None:
            known[row.label] = [
                (
                    max(SHOWN_AT_LEAST, row.shown - _HALF),
                    min(base - SHOWN_AT_LEAST, row.shown + _HALF),
                )
            ]
        elif table.adds_up:
            known[row.label] = [(0, SHOWN_AT_LEAST - 1), (SHOWN_AT_LEAST, base)]
        else:
            known[row.label] = [
                (0, min(base, SHOWN_AT_LEAST - 1)),
                (max(0, base - SHOWN_AT_LEAST + 1), base),
            ]
    return _adding_up_to(base, known) if table.adds_up else known


def _adding_up_to(base: int, known: dict[str, list[Range]]) -> dict[str, list[Range]]:
    """Narrow ranges by what the other rows leave of the base."""
    least = {label: min(low for low, _ in ranges) for label, ranges in known.items()}
    most = {label: max(high for _, high in ranges) for label, ranges in known.items()}
    narrowed = {}
    for label, ranges in known.items():
        low = base - sum(most.values()) + most[label]
        high = base - sum(least.values()) + least[label]
        kept = [(max(low, one), min(high, two)) for one, two in ranges]
        narrowed[label] = [(one, two) for one, two in kept if one <= two]
    return narrowed


def _vague(old: Range, now: Range, came: int, went: int) -> bool:
    """Whether two ranges leave open how many of those who came, and went, hold a label."""
    low, high = now[0] - old[1], now[1] - old[0]
    if high < -went or low > came:
        return True  # these two cannot both be true: the case is no case
    return _open(max(0, low), min(came, high + went), came) and _open(
        max(0, -high), min(went, came - low), went
    )


def _open(low: int, high: int, size: int) -> bool:
    """Nothing learned at all or, of enough families, nothing closer than rounding leaves it."""
    return (low, high) == (0, size) or (size >= BASE_AT_LEAST and high - low >= ROUNDED_TO - 1)

"""Matching two CSV files: what `cases match` does. The command line itself is in cli.

The smaller file is made ready and held; the larger goes past it in slices, each worked on by a
process of its own. What agrees is found first, for every pair worth a look; only then, with all of
it seen, are the weights learned and is anything decided. So it makes no difference to the outcome
how many processes there are.
"""

from __future__ import annotations

import csv
import gc
import multiprocessing
import os
import random
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from math import ceil, log2
from pathlib import Path

from family_voice.cases.estimating import Estimated, estimated
from family_voice.cases.match_reading import BadMatchingFile, Row, Sheet, person, survey
from family_voice.cases.matching import Decision, Judge, reason_text
from family_voice.cases.pairing import Blocks, Prepared, compared, prepared
from family_voice.cases.spelling import letters
from family_voice.cases.weights import STATED_WEIGHTS, Pattern, Rarity
from family_voice.language.texts import _

__all__ = ["BadMatchingFile", "Matched", "match_files"]

OUT_COLUMNS = ("case", "account", "score", "decision", "reasons")
SLICE = 2_000
ALONE_UP_TO = 12_000  # rows; fewer are matched sooner than other processes are started
RARITY_FROM = 300  # cases
WORTH_KEEPING = 0.0
CHANCE_PAIRS = 100_000
ACCOUNTS_TO_LEARN_FROM = 20_000
KEPT_FOR_AN_ACCOUNT = 24
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Matched:
    """What a run did. `learned_from` is how many accounts the weights were learned from; nought
    where there were too few and the stated ones were used."""

    cases: int
    accounts: int
    pairs: int
    certain: int
    learned_from: int


def match_files(
    caseload: Path,
    accounts: Path,
    out: Path,
    *,
    progress: Progress = lambda done, before, of: None,
    processes: int | None = None,
) -> Matched:
    """Match every row of `accounts` to the rows of `caseload` and write the pairs to `out`.

    Only `id` has to be there and filled in. `out` appears when it is complete and not before.

    Args:
        caseload: the cases.
        accounts: the accounts.
        out: where the pairs go.
        progress: told how many rows of the larger file are done, how many were before, of how many.
        processes: how many to work with; as many as there are cores, if left out.

    Raises:
        BadMatchingFile: if one of the three cannot be used; nothing is written then.
    """
    cases, told = survey(caseload), survey(accounts)
    found = _compare(cases, told, progress, processes or len(os.sched_getaffinity(0)))
    learned = found.learn(len(cases.ids))
    judge = Judge(len(cases.ids), learned.weights)
    pairs = certain = 0
    partial = out.with_name(f"{out.name}.part")
    try:
        with partial.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(OUT_COLUMNS)
            texts: dict[tuple[str, ...], str] = {}
            for account, likely in enumerate(found.pairs):
                for each in judge.candidates(found.unpacked(likely, cases.ids)):
                    pairs += 1
                    certain += each.decision is Decision.CERTAIN
                    why = texts.get(each.reasons)
                    if why is None:
                        why = texts[each.reasons] = "; ".join(map(reason_text, each.reasons))
                    rows.writerow(
                        [each.case_id, told.ids[account], each.score, each.decision.value, why]
                    )
        os.replace(partial, out)
    except OSError:
        raise BadMatchingFile(
            _("%(file)s cannot be written. Choose another place.", file=out.name)
        ) from None
    finally:
        partial.unlink(missing_ok=True)
    return Matched(len(cases.ids), len(told.ids), pairs, certain, learned.matches)


class _Found:
    """Every pair worth a look, packed small: for each account its cases and how they agree."""

    def __init__(self, accounts: int) -> None:
        self.pairs: list[array[int] | None] = [None] * accounts
        self.chance: Counter[Pattern] = Counter()
        self._numbers: dict[Pattern, int] = {}
        self._patterns: list[Pattern] = []

    def take(self, slice_found: _SliceFound) -> None:
        """Add what was found in one slice."""
        self.chance.update(slice_found.chance)
        numbers = [self._number(pattern) for pattern in slice_found.patterns]
        of_slice = iter(slice_found.pairs)
        for account, case, pattern in zip(of_slice, of_slice, of_slice, strict=True):
            likely = self.pairs[account]
            if likely is None:
                likely = self.pairs[account] = array("Q")
            likely.append(case << 24 | numbers[pattern])
            if len(likely) > 2 * KEPT_FOR_AN_ACCOUNT:
                self.pairs[account] = array(
                    "Q", sorted(likely, key=self._unlikely)[:KEPT_FOR_AN_ACCOUNT]
                )

    def unpacked(
        self, likely: array[int] | None, case_ids: list[str]
    ) -> Iterator[tuple[str, Pattern]]:
        """The cases of one account by id, each with how they agree."""
        for each in likely or ():
            yield case_ids[each >> 24], self._patterns[each & 0xFFFFFF]

    def learn(self, cases: int) -> Estimated:
        """The weights that these pairs teach."""
        every = max(1, len(self.pairs) // ACCOUNTS_TO_LEARN_FROM)
        some = [
            [self._patterns[each & 0xFFFFFF] for each in likely or ()]
            for likely in self.pairs[::every]
        ]
        return estimated(self.chance, some, cases)

    def _number(self, pattern: Pattern) -> int:
        number = self._numbers.setdefault(pattern, len(self._patterns))
        if number == len(self._patterns):
            self._patterns.append(pattern)
        return number

    def _unlikely(self, packed: int) -> float:
        return -STATED_WEIGHTS.score(self._patterns[packed & 0xFFFFFF])


@dataclass(frozen=True)
class _SliceFound:
    pairs: array[int]  # account, case, place in patterns; and so on
    patterns: list[Pattern]
    chance: Counter[Pattern]


@dataclass(frozen=True)
class _Held:
    """What each process works with: the smaller file made ready, and how to read the other."""

    people: list[Prepared]
    blocks: Blocks
    are_cases: bool
    places: dict[str, int]
    others: int
    rarity: tuple[Rarity, Rarity] | None

    def slice_found(self, first: int, rows: list[Row]) -> _SliceFound:
        """Hold a slice of the larger file against the smaller.

        Args:
            first: the place of the slice's first row in its file.
            rows: the slice.
        """
        pairs, numbers, scores = array("L"), dict[Pattern, int](), dict[Pattern, float]()
        others = [_ready(row, self.places, self.rarity) for row in rows]
        for place, other in enumerate(others, start=first):
            for near in self.blocks.near(other):
                pattern = self._pattern(self.people[near], other)
                score = scores.get(pattern)
                if score is None:
                    score = scores[pattern] = STATED_WEIGHTS.score(pattern)
                if score >= WORTH_KEEPING:
                    number = numbers.setdefault(pattern, len(numbers))
                    pairs.extend((place, near, number) if self.are_cases else (near, place, number))
        return _SliceFound(pairs, list(numbers), self._by_chance(first, others))

    def _by_chance(self, seed: int, others: list[Prepared]) -> Counter[Pattern]:
        """Pairs picked blindly, without those that are probably the same child."""
        chance, seen = random.Random(seed), Counter[Pattern]()  # noqa: S311 - nothing is secret
        wanted = min(ceil(CHANCE_PAIRS * len(others) / self.others), len(others) * len(self.people))
        for _each in range(wanted):
            seen[self._pattern(chance.choice(self.people), chance.choice(others))] += 1
        the_same = max(10.0, log2(len(self.people)))
        return Counter(
            {p: times for p, times in seen.items() if STATED_WEIGHTS.score(p) < the_same}
        )

    def _pattern(self, held: Prepared, other: Prepared) -> Pattern:
        return compared(held, other) if self.are_cases else compared(other, held)


_held: _Held


def _hold(held: _Held) -> None:
    global _held
    _held = held


def _slice_found(first: int, rows: list[Row]) -> _SliceFound:
    return _held.slice_found(first, rows)


def _compare(cases: Sheet, told: Sheet, progress: Progress, processes: int) -> _Found:
    found = _Found(len(told.ids))
    if not cases.ids or not told.ids:
        return found
    hold_cases = len(cases.ids) <= len(told.ids)
    small, large = (cases, told) if hold_cases else (told, cases)
    rarity = _rarity(cases) if len(cases.ids) >= RARITY_FROM else None
    people = [_ready(row, small.places, rarity if hold_cases else None) for row in small.rows()]
    held = _Held(
        people,
        Blocks(people),
        hold_cases,
        large.places,
        len(large.ids),
        None if hold_cases else rarity,
    )
    alone = processes == 1 or len(large.ids) + len(small.ids) <= ALONE_UP_TO
    for first, size, slice_found in (_one_by_one if alone else _side_by_side)(
        held, large, processes
    ):
        found.take(slice_found)
        progress(first + size, first, len(large.ids))
    return found


def _one_by_one(
    held: _Held, large: Sheet, _processes: int
) -> Iterator[tuple[int, int, _SliceFound]]:
    for first, rows in _slices(large.rows()):
        yield first, len(rows), held.slice_found(first, rows)


def _side_by_side(
    held: _Held, large: Sheet, processes: int
) -> Iterator[tuple[int, int, _SliceFound]]:
    """The same with several processes, never more slices under way than they can use."""
    # A copy of this process has everything at hand; where there is no such thing it is sent.
    ways = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in ways else "spawn")
    gc.freeze()
    under_way: deque[tuple[int, int, Future[_SliceFound]]] = deque()
    try:
        with ProcessPoolExecutor(processes, context, _hold, (held,)) as pool:
            for first, rows in _slices(large.rows()):
                under_way.append((first, len(rows), pool.submit(_slice_found, first, rows)))
                if len(under_way) > 2 * processes:
                    start, size, future = under_way.popleft()
                    yield start, size, future.result()
            for start, size, future in under_way:
                yield start, size, future.result()
    except BrokenProcessPool:
        raise BadMatchingFile(
            _("The machine stopped part of the work, perhaps for want of memory. Try again.")
        ) from None
    finally:
        gc.unfreeze()


def _slices(rows: Iterator[Row]) -> Iterator[tuple[int, list[Row]]]:
    first = 0
    while some := list(islice(rows, SLICE)):
        yield first, some
        first += len(some)


def _ready(row: Row, places: dict[str, int], rarity: tuple[Rarity, Rarity] | None) -> Prepared:
    ready = prepared(person(row, places))
    if rarity:
        first, last = rarity
        ready.rare_first, ready.rare_last = first.of(ready.first_name), last.of(ready.last_name)
    return ready


def _rarity(cases: Sheet) -> tuple[Rarity, Rarity]:
    return Rarity(_column(cases, "first_name")), Rarity(_column(cases, "last_name"))


def _column(sheet: Sheet, name: str) -> Iterable[str]:
    place = sheet.places.get(name)
    if place is None:
        return ()
    return (letters(row[place]) for row in sheet.rows() if place < len(row))

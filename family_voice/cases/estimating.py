"""Weights learned from the two lists themselves, where there is enough in them to learn from.

u, how often two different children agree, is counted over pairs picked blindly. m, how often the
answers about one child agree, is found by expectation and maximisation (Dempster, Laird and Rubin
1977, as Winkler 1988 applies it to Fellegi and Sunter): judge which pairs are one child by the
weights so far, count how they agree, and begin again. An account belongs to one case at most, so
its candidates share one doubt between them, with all the cases that were not worth comparing.

Where there is little to count the stated values weigh in: as if they had been seen that many times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from family_voice.cases.comparing import Level
from family_voice.cases.weights import (
    FIELDS,
    PLACE,
    STATED,
    STATED_WEIGHTS,
    Chances,
    Pattern,
    Weights,
)

ENOUGH_CHANCE_PAIRS = 5_000
ENOUGH_MATCHES = 100
STATED_COUNTS_FOR_CHANCE = 500
STATED_COUNTS_FOR_MATCHES = 20
ROUNDS_AT_MOST = 30
SETTLED = 0.0005


@dataclass(frozen=True)
class Estimated:
    """Weights, and what they rest on: `matches` is how many accounts are thought to have a case;
    nought where there were too few and the stated values stand."""

    weights: Weights
    matches: int = 0


def estimated(
    chance: Mapping[Pattern, int], accounts: Sequence[Sequence[Pattern]], cases: int
) -> Estimated:
    """Learn from pairs.

    Args:
        chance: comparisons of pairs picked blindly that are not the same child, with how many of
            each.
        accounts: for each account that was looked at, its comparisons with the likely cases.
        cases: how many cases there are in all.

    Returns:
        The weights; the stated ones where there is too little.
    """
    if sum(chance.values()) < ENOUGH_CHANCE_PAIRS:
        return Estimated(STATED_WEIGHTS)
    by_chance = _shares(chance.items(), 1, STATED_COUNTS_FOR_CHANCE)
    agree = {field: {level: m for level, (m, _) in of.items()} for field, of in STATED.items()}
    weights, matches, share = Weights(_chances(agree, by_chance)), 0.0, 0.5
    for _round in range(ROUNDS_AT_MOST):
        seen, matches = _expected(weights, accounts, cases * (1 - share) / share)
        if matches < ENOUGH_MATCHES:
            agree = {f: {level: m for level, (m, _) in of.items()} for f, of in STATED.items()}
            return Estimated(Weights(_chances(agree, by_chance)))
        before, agree = agree, _shares(seen.items(), 0, STATED_COUNTS_FOR_MATCHES)
        share = min(0.99, max(0.01, matches / len(accounts)))
        weights = Weights(_chances(agree, by_chance))
        moved = max(abs(m - before[f][level]) for f, of in agree.items() for level, m in of.items())
        if moved < SETTLED:
            break
    return Estimated(weights, round(matches))


def _expected(
    weights: Weights, accounts: Iterable[Sequence[Pattern]], nobody: float
) -> tuple[Mapping[Pattern, float], float]:
    """How often each comparison was of one child, in expectation, and how many accounts had one."""
    odds: dict[Pattern, float] = {}
    seen: defaultdict[Pattern, float] = defaultdict(float)
    matches = 0.0
    for patterns in accounts:
        for pattern in patterns:
            if pattern not in odds:
                odds[pattern] = 2.0 ** weights.score(pattern)
        total = nobody + sum(odds[pattern] for pattern in patterns)
        for pattern in patterns:
            likely = odds[pattern] / total
            seen[pattern] += likely
            matches += likely
    return seen, matches


def _shares(
    seen: Iterable[tuple[Pattern, float]], of_stated: int, stated_counts: int
) -> dict[str, dict[Level, float]]:
    """How often each field agreed how far, among the pairs where both sides filled it in."""
    counts = [[0.0] * len(Level) for _ in FIELDS]
    for pattern, times in seen:
        for place in range(len(FIELDS)):
            counts[place][pattern[place]] += times
    named = sum(counts[PLACE["first_name"]][1:]) + sum(counts[PLACE["both_names"]][1:])
    shares: dict[str, dict[Level, float]] = {}
    for place, field in enumerate(FIELDS):
        filled = named if field == "both_names" else sum(counts[place][1:])
        shares[field] = {
            level: (counts[place][level] + stated_counts * stated[of_stated])
            / (filled + stated_counts)
            for level, stated in STATED[field].items()
        }
    return shares


def _chances(
    agree: Mapping[str, Mapping[Level, float]], by_chance: Mapping[str, Mapping[Level, float]]
) -> Chances:
    return {
        field: {level: (m, by_chance[field][level]) for level, m in levels.items()}
        for field, levels in agree.items()
    }

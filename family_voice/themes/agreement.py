"""How far two people who coded the same sentences agree. Pure: counts in, figures out.

For each code a sentence either has it or not. The figures per code and over all codes come from how
often both, one or neither of the two put it. A figure that cannot be worked out is None, never nan.

* percent: of all sentences, on how many they agree (high by itself where a code is rare);
* positive agreement: of the times that either put it, how often both did (Dice, F1);
* kappa: agreement beyond what each one's own habit gives by chance (Cohen 1960);
* AC1: the same with a chance that does not run away where a code is rare (Gwet 2008);
* alpha: the same with one habit for both, corrected for few sentences (Krippendorff 1980);
* MASI alpha: alpha over whole sets of codes, where partly the same counts so (Passonneau 2006).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Codes = frozenset[str]

#: With fewer sentences, or a code put fewer times, one decision more or less turns a figure over.
FEW_SENTENCES = 30
FEW_USES = 5


@dataclass(frozen=True)
class Figures:
    """One code, or all of them together: the four counts, and what follows from them."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def n(self) -> int:
        """On how many sentences the two are compared."""
        return self.both + self.apart + self.neither

    @property
    def apart(self) -> int:
        """How often only one of the two put it."""
        return self.first_only + self.second_only

    @property
    def used(self) -> int:
        """How often it was put, by either: twice where both did."""
        return 2 * self.both + self.apart

    @property
    def few(self) -> bool:
        """Whether there is too little to lean on the figures."""
        return self.n < FEW_SENTENCES or self.both + self.apart < FEW_USES

    @property
    def prevalence(self) -> float | None:
        """How common it is: the share of the two coders' decisions that put it."""
        return _share(self.used, 2 * self.n)

    @property
    def percent(self) -> float | None:
        """The share of sentences on which they agree."""
        return _share(self.both + self.neither, self.n)

    @property
    def positive(self) -> float | None:
        """Positive agreement; None where neither ever put it."""
        return _share(2 * self.both, self.used)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None where both always or both never put it."""
        a, b, c, d = self.both, self.first_only, self.second_only, self.neither
        return _share(2 * (a * d - b * c), (a + b) * (b + d) + (a + c) * (c + d))

    @property
    def ac1(self) -> float | None:
        """Gwet's AC1; None without sentences."""
        if self.percent is None or self.prevalence is None:
            return None
        chance = 2 * self.prevalence * (1 - self.prevalence)
        return (self.percent - chance) / (1 - chance)

    @property
    def alpha(self) -> float | None:
        """Krippendorff's alpha; None where both always or both never put it."""
        values = 2 * self.n
        apart = _share((values - 1) * self.apart, self.used * (values - self.used))
        return None if apart is None else 1 - apart


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree: per code, over all codes that either put, and as sets."""

    sentences: int
    per_code: Mapping[str, Figures]
    overall: Figures
    same_set: float | None
    masi_alpha: float | None


def figures(
    first: Sequence[Codes], second: Sequence[Codes], aside: Sequence[Codes] | None = None
) -> Agreement:
    """The figures of two codings of the same sentences.

    Args:
        first: the codes that one coder put on each sentence.
        second: the other's, in the same order.
        aside: codes of a sentence that are not compared there, such as those that a machine
            suggested to one of the two.

    Returns:
        Per code in the order of their names, overall, and as sets. Overall pools every decision on
        every code that either of them put somewhere: codes that nobody put are left out, for their
        agreement is none.

    Raises:
        ValueError: if the sequences are not of one length.
    """
    left_out = aside if aside is not None else [frozenset()] * len(first)
    units = [
        (ones - out, others - out, out)
        for ones, others, out in zip(first, second, left_out, strict=True)
    ]
    codes = sorted({code for ones, others, _out in units for code in ones | others})
    per_code = {code: _of_code(code, units) for code in codes}
    every = list(per_code.values())
    return Agreement(
        sentences=len(units),
        per_code=per_code,
        overall=Figures(
            sum(each.both for each in every),
            sum(each.first_only for each in every),
            sum(each.second_only for each in every),
            sum(each.neither for each in every),
        ),
        same_set=_share(sum(ones == others for ones, others, _out in units), len(units)),
        masi_alpha=_masi_alpha([(ones, others) for ones, others, _out in units]),
    )


def masi_distance(ones: Codes, others: Codes) -> float:
    """How far two sets of codes are apart, from 0 (the same) to 1 (nothing in common).

    One minus Jaccard's share times 1, 2/3 or 1/3: the same set, one inside the other, or neither.
    Two empty sets are the same decision: that no code applies.
    """
    if ones == others:
        return 0.0
    common, every = len(ones & others), len(ones | others)
    if not common:
        return 1.0
    weight = 2 / 3 if common == min(len(ones), len(others)) else 1 / 3
    return 1 - common / every * weight


def _of_code(code: str, units: Sequence[tuple[Codes, Codes, Codes]]) -> Figures:
    counts = Counter(
        (code in ones, code in others) for ones, others, out in units if code not in out
    )
    return Figures(
        counts[True, True], counts[True, False], counts[False, True], counts[False, False]
    )


def _masi_alpha(units: Sequence[tuple[Codes, Codes]]) -> float | None:
    observed = sum(masi_distance(ones, others) for ones, others in units)
    sets = Counter(each for pair in units for each in pair)
    values = 2 * len(units)
    expected = sum(
        masi_distance(ones, others) * often * seldom
        for ones, often in sets.items()
        for others, seldom in sets.items()
    )
    if not expected:
        return None
    return 1 - (observed / len(units)) / (expected / (values * (values - 1)))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

"""Learning every code at once, and what each text would have scored had it not been learned from.

Kernel ridge regression on the codes as 0 and 1. Its leave-one-out scores are exact and cost nothing
more, so that what is calibrated on them has never seen its own answer; texts of one group (one
account, or the same words twice) are left out together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack

Singles = npt.NDArray[np.float32]
CARE = 1.0  # how hard weights are drawn to nothing
AT_ONCE = 4_000  # texts: beyond that, parts of it learn apart and are averaged


@dataclass(frozen=True)
class Fit:
    """A weight for each text and code, and the scores of each text when its group is left out."""

    weights: Singles
    left_out: Singles


def fit(alike: Singles, truth: Singles, groups: Sequence[str]) -> Fit:
    """Learn from how alike texts are.

    Args:
        alike: how alike the texts are, each with each.
        truth: texts x codes, 1 where a person put the code.
        groups: for each text, what it must not be parted from.
    """
    weights, left_out = np.zeros_like(truth), np.zeros_like(truth)
    parts = _parts(groups)
    for part in parts:
        weights[part], left_out[part] = _fit_part(
            alike[np.ix_(part, part)], truth[part], [groups[at] for at in part]
        )
    return Fit(weights / np.float32(max(1, len(parts))), left_out)


def _fit_part(alike: Singles, truth: Singles, groups: Sequence[str]) -> tuple[Singles, Singles]:
    inverse = alike + CARE * np.eye(len(truth), dtype=np.float32)
    factor, wrong = lapack.spotrf(inverse, lower=1, overwrite_a=1)
    inverse, also_wrong = lapack.spotri(factor, lower=1, overwrite_c=1)
    if wrong or also_wrong:
        raise ArithmeticError("How alike the texts are does not add up; a text is not a number.")
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    weights = inverse @ truth
    off = weights / np.diag(inverse)[:, None]
    for together in _repeated(groups):
        off[together] = np.linalg.solve(inverse[np.ix_(together, together)], weights[together])
    return weights, truth - off


def _repeated(groups: Sequence[str]) -> list[list[int]]:
    places: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        places.setdefault(group, []).append(at)
    return [each for each in places.values() if len(each) > 1]


def _parts(groups: Sequence[str]) -> list[npt.NDArray[np.intp]]:
    """Places in parts of at most about `AT_ONCE`, whole groups dealt out in turn."""
    count = -(-len(groups) // AT_ONCE)
    dealt = {group: number % count for number, group in enumerate(dict.fromkeys(groups))}
    which = np.array([dealt[group] for group in groups])
    return [found for part in range(count) if (found := np.flatnonzero(which == part)).size]

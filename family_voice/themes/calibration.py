"""From scores to probabilities that mean what they say, and from which one on a code is offered.

One logistic regression a code, each drawn towards what all codes together taught: a code that was
put twice cannot teach its own, one that was put a thousand times need not borrow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEPS = 30
POOLED_CARE = 0.01  # how hard the pooled weights are drawn to nothing
OWN_CARE = 30.0  # how hard a code's own weights are drawn to the pooled
SHARPNESS_CARE = 50.0
TYPICAL_F1 = 0.5  # what a code reaches by experience, until it has examples of its own
TYPICAL_FROM = 20  # examples' worth of that experience
UNSEEN = 0.6  # so much less is asked of a code without examples than of others
SEEN_FROM = 4  # examples at which half of that is taken back
FLOOR = 1e-4  # nothing is certain


def sigmoid(logits: Floats) -> Floats:
    """Probabilities of logits."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def logit(shares: Floats) -> Floats:
    """Logits of shares, none of them quite 0 or 1."""
    kept = np.clip(shares, FLOOR, 1 - FLOOR)
    return np.asarray(np.log(kept / (1 - kept)))


def logistic(features: Floats, truth: Floats, towards: Floats, care: Floats) -> Floats:
    """The weights of a logistic regression, drawn towards `towards` as hard as `care` says.

    Newton's steps, halved where one would make it worse; deterministic.
    """

    def loss(weights: Floats) -> float:
        logits = features @ weights
        off = weights - towards
        fit = np.logaddexp(0, logits) - truth * logits
        return float(fit.sum() + 0.5 * (care * off * off).sum())

    weights = towards.copy()
    now = loss(weights)
    for _step in range(STEPS):
        shares = sigmoid(features @ weights)
        slope = features.T @ (shares - truth) + care * (weights - towards)
        bend = (features * (shares * (1 - shares))[:, None]).T @ features + np.diag(care)
        step = np.linalg.solve(bend, slope)
        size = 1.0
        while (after := loss(weights - size * step)) > now and size > 1e-6:
            size /= 2
        if now - after < 1e-9 * max(1.0, abs(now)):
            break
        weights, now = weights - size * step, after
    return weights


def pooled_then_own(features: Floats, truth: Floats, default: Floats) -> Floats:
    """A row of weights for each code.

    Args:
        features: texts x codes x features; the first feature is always 1.
        truth: texts x codes, 1 where a person put the code.
        default: the weights before anything was learned.
    """
    texts, codes, width = features.shape
    flat = features.reshape(texts * codes, width)
    pooled = logistic(flat, truth.reshape(-1), default, np.full(width, POOLED_CARE * codes))
    care = np.full(width, OWN_CARE)
    return np.stack([logistic(features[:, at], truth[:, at], pooled, care) for at in range(codes)])


def sharpness(logits: Floats, truth: Floats) -> tuple[float, float]:
    """Slope and shift that put right what was surer, or less sure, than it should have been.

    Args:
        logits: of texts that were learned from by none of what scored them.
    """
    flat = logits.reshape(-1)
    features = np.stack([flat, np.ones(len(flat))], axis=1)
    slope, shift = logistic(
        features, truth.reshape(-1), np.array([1.0, 0.0]), np.full(2, SHARPNESS_CARE)
    )
    return float(slope), float(shift)


def thresholds(probabilities: Floats, truth: Floats) -> Floats:
    """For each code, the probability from which on offering it pays.

    Offering whatever is likelier than half of the F1 that can be reached is what reaches it (a
    known property of F1). What a code can reach is taken from its own figures as far as it has
    examples, else from experience; halfway between that and what serves all codes together. How
    likely a code without examples is, is guessed too low where it does apply: it is asked for less.
    """
    codes = probabilities.shape[1]
    reached = np.full(codes, TYPICAL_F1)
    for at in range(codes):
        count = truth[:, at].sum()
        best = best_f1(probabilities[:, at], truth[:, at])
        reached[at] = (best * count + TYPICAL_F1 * TYPICAL_FROM) / (count + TYPICAL_FROM)
    together = best_f1(probabilities.reshape(-1), truth.reshape(-1)) if truth.size else TYPICAL_F1
    asked = 1 - UNSEEN * SEEN_FROM / (truth.sum(axis=0) + SEEN_FROM)
    return np.asarray(asked * (reached + (together or TYPICAL_F1)) / 4)


def best_f1(probabilities: Floats, truth: Floats) -> float:
    """The best F1 that any threshold would have reached."""
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(truth[order])
    offered = np.arange(1, len(order) + 1)
    return float(np.max(2 * right / (offered + max(1.0, truth.sum())), initial=0.0))


@dataclass(frozen=True)
class Bin:
    """How often suggestions that say about the same were right."""

    low: float
    high: float
    count: int
    said: float
    right: float


def reliability(probabilities: Floats, truth: Floats, bins: int = 10) -> list[Bin]:
    """Of what was said with 0.8, how much was right? One bin each tenth; empty ones left out."""
    flat, right = probabilities.reshape(-1), truth.reshape(-1)
    which = np.minimum((flat * bins).astype(int), bins - 1)
    found = []
    for each in range(bins):
        here = which == each
        if here.any():
            said, share = float(flat[here].mean()), float(right[here].mean())
            found.append(Bin(each / bins, (each + 1) / bins, int(here.sum()), said, share))
    return found

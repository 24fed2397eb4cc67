"""Agreement beside three programs that other people wrote, on random tables.

scikit-learn gives kappa and positive agreement (F1), the `krippendorff` package alpha, NLTK kappa,
alpha and MASI alpha, and AC1 by way of its pi: for two answers Gwet's chance is one minus Scott's.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance as nltk_masi
from sklearn.metrics import cohen_kappa_score, f1_score

from family_voice.themes.agreement import Codes, Figures, figures, masi_distance
from tests.conftest import EXAMPLES

#: All of them with `make soak`, which runs what bears the mark of its properties.
TABLES = 10_000 if EXAMPLES > 1 else 1_000
CODES = np.array(["answers", "kind", "late", "lost", "waiting"])
NOTHING = frozenset({"no code applies"})
EXACT = 1e-9


def tables() -> Iterator[tuple[list[Codes], list[Codes]]]:
    """Random codings of two people who agree more or less, with codes that are rare or common."""
    chance = np.random.default_rng(7)
    for _each in range(TABLES):
        sentences, codes = chance.integers(2, 25), chance.integers(1, len(CODES) + 1)
        common = chance.choice([0.02, 0.1, 0.3, 0.5, 0.9], codes)
        first = chance.random((sentences, codes)) < common
        again = chance.random((sentences, codes)) < common
        second = np.where(chance.random((sentences, codes)) < chance.random(), first, again)
        yield sets(first), sets(second)


def sets(marks: np.ndarray) -> list[Codes]:
    return [frozenset(CODES[: len(row)][row].tolist()) for row in marks]


@pytest.mark.hypothesis
def test_every_figure_is_that_of_the_three_programs() -> None:
    compared = 0
    for number, (first, second) in enumerate(tables()):
        found = figures(first, second)
        compared += bool(found.per_code)
        marks = [
            np.array([[code in each for code in found.per_code] for each in coder])
            for coder in (first, second)
        ]
        ours, ones, others = found.overall, marks[0].ravel(), marks[1].ravel()
        if number % 2 and found.per_code:
            ours, ones, others = next(iter(found.per_code.values())), marks[0][:, 0], marks[1][:, 0]
        if ours.n:
            beside(ours, ones.astype(int), others.astype(int))
        labels = [
            (each or NOTHING, other or NOTHING) for each, other in zip(first, second, strict=True)
        ]
        task = AnnotationTask(
            [(who, at, pair[who]) for at, pair in enumerate(labels) for who in (0, 1)], nltk_masi
        )
        if found.masi_alpha is None:
            assert len({each for pair in labels for each in pair}) == 1
        else:
            assert found.masi_alpha == pytest.approx(task.alpha(), abs=EXACT)
    assert compared > TABLES * 0.9


def beside(ours: Figures, ones: np.ndarray, others: np.ndarray) -> None:
    assert ours.percent == pytest.approx(np.mean(ones == others), abs=EXACT)
    assert ours.prevalence == pytest.approx(np.mean([ones, others]), abs=EXACT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kappa = cohen_kappa_score(ones, others, labels=[0, 1])
    assert (ours.kappa is None) == bool(np.isnan(kappa))
    if ours.kappa is not None:
        assert ours.kappa == pytest.approx(kappa, abs=EXACT)
    if ones.any() or others.any():
        assert ours.positive == pytest.approx(f1_score(ones, others), abs=EXACT)
    else:
        assert ours.positive is None
    constant = len(np.unique([ones, others])) == 1
    assert (ours.alpha is None) == constant
    if constant:
        assert ours.ac1 == 1
        return
    alpha = krippendorff.alpha(np.array([ones, others]), level_of_measurement="nominal")
    assert ours.alpha == pytest.approx(alpha, abs=EXACT)
    task = AnnotationTask(
        [
            (who, at, mark)
            for who, coder in enumerate([ones, others])
            for at, mark in enumerate(coder)
        ]
    )
    if len(np.unique(ones)) == 1 and len(np.unique(others)) == 1:
        return  # each said one thing throughout, and not the same: pi does not tell its chance
    agreed, pi = task.avg_Ao(), task.pi()
    if pi == 1:
        assert ours.ac1 == 1
        return
    same_habit = (agreed - pi) / (1 - pi)
    assert ours.ac1 == pytest.approx((agreed - (1 - same_habit)) / same_habit, abs=EXACT)


def test_a_rare_code_is_where_the_figures_part() -> None:
    """Feinstein and Cicchetti's paradox: they agree on 94 of 100, and kappa says nearly nothing."""
    rare = Figures(both=1, first_only=3, second_only=3, neither=93)
    assert rare.percent == 0.94
    assert rare.positive == 0.25
    assert rare.kappa == pytest.approx(0.21875)
    assert rare.ac1 == pytest.approx((0.94 - 0.0768) / (1 - 0.0768))
    assert rare.prevalence == 0.04
    assert not rare.few


def test_not_enough_is_none_and_never_nan() -> None:
    none = figures([], [])
    assert (none.sentences, none.same_set, none.masi_alpha) == (0, None, None)
    silent = figures([frozenset()] * 40, [frozenset()] * 40)
    assert (silent.per_code, silent.same_set, silent.masi_alpha) == ({}, 1.0, None)
    for found in (none.overall, silent.overall):
        for name in ("percent", "positive", "kappa", "ac1", "alpha", "prevalence"):
            assert getattr(found, name) is None
    always = figures([frozenset({"late"})] * 40, [frozenset({"late"})] * 40).per_code["late"]
    assert (always.positive, always.ac1, always.kappa, always.alpha) == (1, 1, None, None)
    assert figures([frozenset({"late"})] * 29, [frozenset({"late"})] * 29).overall.few


def test_what_a_machine_suggested_is_compared_by_nobody() -> None:
    late, both = frozenset({"late"}), frozenset({"late", "lost"})
    found = figures(
        [both, late, late], [late, late, frozenset()], [frozenset({"lost"}), late, late]
    )
    assert found == figures(
        [late, frozenset(), frozenset()],
        [late, frozenset(), frozenset()],
        [frozenset(), late, late],
    )
    assert found.per_code.keys() == {"late"}
    assert found.per_code["late"].n == 1


CODINGS = st.lists(
    st.tuples(*[st.frozensets(st.sampled_from(["late", "lost", "kind"]))] * 2), max_size=12
)


@given(CODINGS)
def test_who_is_called_the_first_does_not_matter(pairs: list[tuple[Codes, Codes]]) -> None:
    one = figures([a for a, _b in pairs], [b for _a, b in pairs])
    other = figures([b for _a, b in pairs], [a for a, _b in pairs])
    assert one.masi_alpha == pytest.approx(other.masi_alpha)
    for name in ("n", "percent", "positive", "kappa", "ac1", "alpha", "prevalence"):
        assert getattr(one.overall, name) == pytest.approx(getattr(other.overall, name))


@given(CODINGS)
def test_no_figure_is_out_of_its_bounds(pairs: list[tuple[Codes, Codes]]) -> None:
    found = figures([a for a, _b in pairs], [b for _a, b in pairs])
    for each in [found.overall, *found.per_code.values()]:
        for share in (each.percent, each.positive, each.prevalence):
            assert share is None or 0 <= share <= 1
        for beyond in (each.kappa, each.ac1, each.alpha):
            assert beyond is None or -1 <= beyond <= 1 + EXACT
    for one, other in pairs:
        assert 0 <= masi_distance(one, other) <= 1

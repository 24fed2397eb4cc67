"""Suggested themes on the public NHS comments, beside the published recipe, in one run.

The comments (`../shared/data/nhs-feedback`, MIT, NHS England) and the codebook that was written for
them (`benchmarks/data/nhs_codebook.csv`, from what the categories mean, not from the comments) are
used here only; nothing of them is in the product. Every learner meets the same five parts, and the
same words never stand on both sides. All that is chosen in learning is chosen on the four parts.

    python -m benchmarks.themes [../shared/data/nhs-feedback/train.jsonl] [--embeddings]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from family_voice.themes.embeddings import NotInstalled, installed
from family_voice.themes.evaluation import Report, as_text, report
from family_voice.themes.learning import Embed, Example, learn, parts_apart, remembering
from family_voice.themes.learning_files import as_examples, read_codebook, read_texts
from family_voice.themes.prior import CodeNote

HERE = Path(__file__).parent
COMMENTS = Path("../shared/data/nhs-feedback/train.jsonl")
CODEBOOK = HERE / "data" / "nhs_codebook.csv"
FEW, DRAWN = 100, 5
Scores = list[dict[str, float]]
Learner = Callable[[Sequence[Example], Sequence[Example]], tuple[Scores, list[list[str]]]]


def ours(notes: Sequence[CodeNote], embed: Embed | None = None) -> Learner:
    """The product's own learner."""

    def learner(rest: Sequence[Example], part: Sequence[Example]) -> tuple[Scores, list[list[str]]]:
        model = learn(rest, notes, embed=embed)
        scores = model.suggest([(each.text, each.question) for each in part])
        return scores, [model.chosen(each) for each in scores]

    return learner


def recipe(classifier: Callable[[], Any], at_least: float = 0.5) -> Learner:
    """TF-IDF of words and the question into one classifier a code, cut at one half; if none is over
    it, the likeliest: as NHS England's `pxtextmining` is described."""

    def learner(rest: Sequence[Example], part: Sequence[Example]) -> tuple[Scores, list[list[str]]]:
        from scipy import sparse
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.preprocessing import OneHotEncoder

        words = TfidfVectorizer(max_df=0.9, min_df=2, ngram_range=(1, 2), sublinear_tf=True)
        asked = OneHotEncoder(handle_unknown="ignore")
        learned = sparse.hstack(
            [
                words.fit_transform([each.text for each in rest]),
                asked.fit_transform([[each.question] for each in rest]),
            ]
        ).tocsr()
        new = sparse.hstack(
            [
                words.transform([each.text for each in part]),
                asked.transform([[each.question] for each in part]),
            ]
        ).tocsr()
        scores: Scores = [{} for _each in part]
        for code in sorted(set().union(*(each.codes for each in rest))):
            put = np.array([code in each.codes for each in rest], int)
            if put.all():
                found = np.ones(len(part))
            else:
                found = classifier().fit(learned, put).predict_proba(new)[:, 1]
            for each, value in zip(scores, found, strict=True):
                each[code] = float(value)
        offered = [
            [code for code, value in each.items() if value >= at_least]
            or [max(each, key=lambda code: each[code])]
            for each in scores
        ]
        return scores, offered

    return learner


def svc() -> Any:
    """The recipe's support vector machine; its margin as a probability by Platt's sigmoid."""
    from sklearn.svm import SVC

    class Platt:
        def fit(self, rows: Any, put: Any) -> Platt:
            self.machine = SVC(C=15, kernel="rbf", class_weight="balanced").fit(rows, put)
            return self

        def predict_proba(self, rows: Any) -> Any:
            sure = 1 / (1 + np.exp(-2 * self.machine.decision_function(rows)))
            return np.stack([1 - sure, sure], axis=1)

    return Platt()


def trees() -> Any:
    """The recipe's boosted trees."""
    from xgboost import XGBClassifier

    return XGBClassifier(n_estimators=100, max_depth=5, learning_rate=0.2, n_jobs=1)


def regression() -> Any:
    """What stands in most tutorials."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10, solver="liblinear")


def in_five(examples: Sequence[Example], learner: Learner) -> Report:
    """Each of five parts by what was learned from the other four."""
    scores: Scores = [{} for _each in examples]
    offered: list[list[str]] = [[] for _each in examples]
    for rest, part in parts_apart(examples, 5, "evaluate"):
        found, codes = learner([examples[at] for at in rest], [examples[at] for at in part])
        for at, one, more in zip(part, found, codes, strict=True):
            scores[at], offered[at] = one, more
    return report([each.codes for each in examples], offered, scores)


def after_few(examples: Sequence[Example], learner: Learner) -> tuple[float, float]:
    """Learned from 100 texts drawn by chance, looked at on all others; the mean of five draws."""
    found = []
    for draw in range(DRAWN):
        order = np.random.default_rng(1000 + draw).permutation(len(examples))
        few = [examples[at] for at in order[:FEW]]
        known = {each.kept_with for each in few}
        rest = [examples[at] for at in order[FEW:] if examples[at].kept_with not in known]
        scores, offered = learner(few, rest)
        each = report([example.codes for example in rest], offered, scores)
        found.append((each.micro, each.macro))
    micro, macro = np.mean(found, axis=0)
    return float(micro), float(macro)


def main() -> None:
    """Print the tables."""
    names = [each for each in sys.argv[1:] if not each.startswith("--")]
    lines = read_texts(Path(names[0]) if names else COMMENTS)
    notes = read_codebook(CODEBOOK)
    examples = as_examples(lines, notes)
    learners: dict[str, Learner] = {
        "recipe: TF-IDF, support vectors": recipe(svc),
        "recipe: TF-IDF, boosted trees": recipe(trees),
        "TF-IDF, logistic regression": recipe(regression),
        "ours, no codebook": ours([]),
        "ours": ours(notes),
    }
    if "--embeddings" in sys.argv:
        try:
            learners["ours, with embeddings"] = ours(notes, remembering(installed()))
        except NotInstalled as problem:
            print(problem, file=sys.stderr)
    if "--ours" in sys.argv:
        learners = {name: each for name, each in learners.items() if name.startswith("ours")}
    print(f"{'':34}  micro-F1  macro-F1  after {FEW}: micro  macro  seconds")
    last: Report | None = None
    for name, learner in learners.items():
        begun = time.process_time()
        found = in_five(examples, learner)
        seconds = time.process_time() - begun
        micro, macro = after_few(examples, learner)
        print(
            f"{name:34}  {found.micro:8.4f}  {found.macro:8.4f}  {micro:16.4f}  {macro:.4f}  "
            f"{seconds:7.1f}",
            flush=True,
        )
        last = found if name == "ours" else last
    if last:
        print(f"\nours, in five parts\n\n{as_text(last)}\n")
    begun = time.process_time()
    model = learn(examples, notes)
    learned = time.process_time() - begun
    texts = [(each.text, each.question) for each in examples]
    begun = time.process_time()
    model.suggest(texts)
    each = len(texts) / (time.process_time() - begun)
    print(
        f"Learned from {len(texts):,} texts in {learned:.1f} s of processor time; then suggests "
        f"for {each:,.0f} texts a second of it; the model is {len(model.to_bytes()) / 1e6:.1f} MB."
    )


if __name__ == "__main__":
    main()

"""How good suggestions are: on texts that none of what suggested them had learned from.

Pure. Every code's figures come with how many examples they rest on, and the probabilities with how
often they were right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from family_voice.themes.calibration import Bin, Floats, reliability
from family_voice.themes.learning import (
    Embed,
    Example,
    Model,
    Progress,
    learn,
    parts_apart,
    remembering,
)
from family_voice.themes.prior import CodeNote


@dataclass(frozen=True)
class Score:
    """One code's figures, or those of all codes together."""

    code: str
    support: int  # how often a person put it
    offered: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of what was offered, how much was right; None if nothing was."""
        return self.right / self.offered if self.offered else None

    @property
    def recall(self) -> float | None:
        """Of what a person put, how much was offered; None if nobody put it."""
        return self.right / self.support if self.support else None

    @property
    def f1(self) -> float | None:
        """Both in one; None if the code was neither put nor offered."""
        both = self.support + self.offered
        return 2 * self.right / both if both else None


@dataclass(frozen=True)
class Report:
    """What an evaluation came to."""

    texts: int
    codes: tuple[Score, ...]  # the most used first
    micro: float
    macro: float  # over the codes that a person put at least once
    calibration: tuple[Bin, ...]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "texts": self.texts,
            "micro_f1": self.micro,
            "macro_f1": self.macro,
            "codes": [
                {
                    **asdict(each), "precision": each.precision, "recall": each.recall,
                    "f1": each.f1,
                }
                for each in self.codes
            ],
            "calibration": [asdict(each) for each in self.calibration],
        }  # fmt: skip


def report(
    put: Sequence[frozenset[str]],
    offered: Sequence[Sequence[str]],
    scores: Sequence[dict[str, float]],
) -> Report:
    """Compare what people put with what was offered, text by text."""
    codes = sorted({*set().union(*put), *(code for each in scores for code in each)})
    found = [
        Score(
            code,
            sum(code in each for each in put),
            sum(code in each for each in offered),
            sum(code in people and code in ours for people, ours in zip(put, offered, strict=True)),
        )
        for code in codes
    ]
    used = [each for each in found if each.support]
    both = sum(each.support + each.offered for each in found)
    said = np.array([[each.get(code, 0.0) for code in codes] for each in scores])
    truth = np.array([[float(code in each) for code in codes] for each in put])
    return Report(
        texts=len(put),
        codes=tuple(sorted(found, key=lambda each: (-each.support, each.code))),
        micro=2 * sum(each.right for each in found) / both if both else 0.0,
        macro=sum(each.f1 or 0.0 for each in used) / len(used) if used else 0.0,
        calibration=tuple(_bins(said, truth)),
    )


def of_model(model: Model, examples: Sequence[Example]) -> Report:
    """How a model does on texts that it did not learn from."""
    scores = model.suggest([(each.text, each.question) for each in examples])
    return report(
        [each.codes for each in examples], [model.chosen(each) for each in scores], scores
    )


def cross_validated(
    examples: Sequence[Example],
    notes: Sequence[CodeNote],
    *,
    folds: int = 5,
    embed: Embed | None = None,
    progress: Progress | None = None,
    learner: Callable[..., Model] = learn,
) -> Report:
    """Learn from all parts but one and look at that one, for each; no group is parted.

    Everything that is chosen in learning is chosen again in each turn, on the other parts alone.
    """
    embed = remembering(embed) if embed else None  # each text is met in every turn
    scores: list[dict[str, float]] = [{} for _each in examples]
    offered: list[list[str]] = [[] for _each in examples]
    for number, (rest, part) in enumerate(parts_apart(examples, folds, "evaluate")):
        model = learner([examples[at] for at in rest], notes, embed=embed)
        found = model.suggest([(examples[at].text, examples[at].question) for at in part])
        for at, each in zip(part, found, strict=True):
            scores[at], offered[at] = each, model.chosen(each)
        if progress:
            progress(number + 1, folds)
    return report([each.codes for each in examples], offered, scores)


def _bins(said: Floats, truth: Floats) -> list[Bin]:
    return reliability(said, truth) if said.size else []


def as_text(found: Report) -> str:
    """The tables, for a terminal."""
    wide = max([len("all codes, each alike"), *(len(each.code) for each in found.codes)])
    lines = [f"{'code':{wide}}  support  offered  precision  recall    F1"]
    lines.append("-" * len(lines[0]))
    for each in found.codes:
        figures = [_figure(each.precision), _figure(each.recall), _figure(each.f1)]
        lines.append(
            f"{each.code:{wide}}  {each.support:7d}  {each.offered:7d}  "
            f"{figures[0]:>9}  {figures[1]:>6}  {figures[2]:>4}"
        )
    lines += [
        "",
        f"Texts: {found.texts}. Micro-F1 (every code put or offered counts once): "
        f"{found.micro:.4f}. Macro-F1 (every code that was put counts alike): {found.macro:.4f}.",
        "",
        "Calibration: of suggestions that said so much, how many were right",
        "said         count   said   right",
        "---------------------------------",
    ]
    lines += [
        f"{each.low:.1f} to {each.high:.1f}  {each.count:6d}  {each.said:.3f}   {each.right:.3f}"
        for each in found.calibration
    ]
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"

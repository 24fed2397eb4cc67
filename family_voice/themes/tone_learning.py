"""Learning what tone sounds like, once, by whoever changes `tone.yaml`: never while a page waits.

`python -m family_voice.themes.tone_learning` writes `tone_weights.json` anew; a test says when that
was forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from family_voice.themes.tone import (
    WEIGHTS,
    Spoken,
    Tone,
    ToneModel,
    told,
    written,
    written_hash,
)

_DIGITS = 6


def learn(examples: Sequence[tuple[Spoken, Tone]]) -> ToneModel:
    """Learn from sentences whose tone somebody wrote down.

    Args:
        examples: sentences and what they sound like; every tone must be among them.
    """
    words, line = fitted(examples)
    count = len(words.vocabulary_)
    return ToneModel(
        tones=tuple(Tone(each) for each in line.classes_),
        start=_rounded(line.intercept_),
        told=tuple(_rounded(row[count:]) for row in line.coef_),
        words={
            phrase: _rounded((words.idf_[column], *line.coef_[:, column]))
            for phrase, column in sorted(words.vocabulary_.items())
        },
    )


def fitted(examples: Sequence[tuple[Spoken, Tone]]) -> tuple[Any, Any]:
    """scikit-learn's own words and line, from which a model is taken."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, lowercase=True)
    words.fit([spoken.text for spoken, _tone in examples])
    line = LogisticRegression(C=2.0, max_iter=2000, class_weight="balanced")
    rows = features(words, [spoken for spoken, _tone in examples])
    return words, line.fit(rows, [tone.value for _spoken, tone in examples])


def features(words: Any, sentences: Sequence[Spoken]) -> Any:
    """What scikit-learn sees of some sentences."""
    from scipy.sparse import csr_matrix, hstack

    rest = csr_matrix([told(spoken) for spoken in sentences])
    return hstack([words.transform([each.text for each in sentences]), rest]).tocsr()


def _rounded(row: Any) -> tuple[float, ...]:
    return tuple(round(float(each), _DIGITS) for each in row)


def main() -> None:
    """Write the weights that come with the program."""
    model = learn(written())
    kept = {"learned_from": written_hash(), **vars(model)}
    WEIGHTS.write_text(json.dumps(kept, ensure_ascii=False, indent=None) + "\n", "utf-8")


if __name__ == "__main__":
    main()

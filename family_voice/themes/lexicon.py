"""TextBlob's lexicon score, by TextBlob's own code and word list, without the rest of TextBlob.

Its front door brings NLTK along, and that SciPy and scikit-learn: seconds that nobody who opens a
page should wait for. The module that scores stands by itself; `tests/themes/test_tone.py` holds
that what it says here is what TextBlob says.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def lexicon_score(text: str) -> tuple[float, float]:
    """What TextBlob's lexicon says: polarity from -1 to 1, subjectivity from 0 to 1.

    Needs none of NLTK's corpora, and fetches nothing.
    """
    score = _sentiment()(text)
    return float(score[0]), float(score[1])


@cache
def _sentiment() -> Callable[[str], Any]:
    """As `textblob.en` makes it: for English, "terribly" is as bad as "terrible"."""
    package = importlib.util.find_spec("textblob")
    assert package is not None, "textblob is not installed"
    assert package.origin is not None
    folder = Path(package.origin).parent
    spec = importlib.util.spec_from_file_location("textblob_scoring", folder / "_text.py")
    assert spec is not None
    assert spec.loader is not None
    scoring = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scoring)
    made = scoring.Sentiment(
        path=str(folder / "en" / "en-sentiment.xml"), synset="wordnet_id", language="en"
    )
    made.load()
    for word, kinds in list(made.items()):
        if "JJ" in kinds:
            stem = word[:-1] + "i" if word.endswith("y") else word
            stem = stem[:-2] if stem.endswith("le") else stem
            made.annotate(stem + "ly", "RB", *kinds["JJ"])
    score: Callable[[str], Any] = made
    return score

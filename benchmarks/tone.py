"""How often tone is right: on comments that people had marked and that nothing was learned from.

python -m benchmarks.tone /work/shared/data/nhs-feedback/train.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy
from sklearn.model_selection import GroupKFold

from family_voice.themes.lexicon import lexicon_score
from family_voice.themes.tone import Spoken, Tone, ToneModel, tone_model, written
from family_voice.themes.tone_learning import learn as learn_tone

#: The heading of ours that asks most nearly what theirs asked.
ASKED = {"good": "working_well", "improve": "next", "nonspecific": "important"}
Row = tuple[Spoken, Tone]


def marked(path: Path) -> list[Row]:
    """The comments that somebody marked from 1 (very positive) to 5 (very negative)."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (Spoken(row["text"], ASKED[row["question"]]), _tone(row["comment_sentiment"]))
        for row in rows
        if row["comment_sentiment"] is not None
    ]


def _tone(sentiment: float) -> Tone:
    if sentiment < 2.75:
        return Tone.PRAISE
    return Tone.WORRY if sentiment > 3.25 else Tone.NEITHER


def by_lexicon(spoken: Spoken) -> Tone:
    """What TextBlob's polarity alone would say."""
    polarity, _subjectivity = lexicon_score(spoken.text)
    if abs(polarity) < 0.05:
        return Tone.NEITHER
    return Tone.PRAISE if polarity > 0 else Tone.WORRY


def told(name: str, true: Sequence[Tone], found: Sequence[Tone]) -> None:
    """Print one line of the table."""
    right = [t is f for t, f in zip(true, found, strict=True)]
    worry = [f is Tone.WORRY for t, f in zip(true, found, strict=True) if t is Tone.WORRY]
    said = [t is Tone.WORRY for t, f in zip(true, found, strict=True) if f is Tone.WORRY]
    two = [t is f for t, f in zip(true, found, strict=True) if Tone.NEITHER not in (t, f)]
    not_worry = [(t is Tone.WORRY) is (f is Tone.WORRY) for t, f in zip(true, found, strict=True)]
    cells = (right, not_worry, worry, said, two)
    figures = "  ".join(f"{sum(each) / max(1, len(each)):.3f}" for each in cells)
    print(f"{name:<52} {len(true):>5}  {figures}")


def folded(rows: Sequence[Row], learn: Callable[[list[Row]], ToneModel]) -> list[Tone]:
    """What five models say, each of the fifth that it has not seen; the same text is one group."""
    found: list[Tone] = [Tone.NEITHER] * len(rows)
    groups = [spoken.text.strip().casefold() for spoken, _tone_ in rows]
    for train, test in GroupKFold(5).split(numpy.zeros(len(rows)), groups=groups):
        model = learn([rows[i] for i in train])
        for place, tone in zip(test, model.likeliest([rows[i][0] for i in test]), strict=True):
            found[place] = tone
    return found


def main() -> None:
    """Print the table."""
    rows, own = marked(Path(sys.argv[1])), written()
    true, texts = [tone for _spoken, tone in rows], [spoken for spoken, _tone_ in rows]
    print(f"{'':<52} {'n':>5}  three  worry?  found  right  praise/worry")
    told("every one praise", true, [Tone.PRAISE] * len(rows))
    told("TextBlob's lexicon alone", true, [by_lexicon(each) for each in texts])
    told("ours, learned from none of these (in the product)", true, tone_model().likeliest(texts))
    told("ours, learned from four fifths of these", true, folded(rows, learn_tone))
    told("ours, own sentences, five folds", [t for _s, t in own], folded(own, learn_tone))


if __name__ == "__main__":
    main()

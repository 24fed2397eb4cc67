"""Which words of a text caused a code: what each word and piece counted, laid back on the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from family_voice.themes.features import Block, Token, piece_counts, pieces, runs, tokens

AT_MOST = 5  # words
OF_BEST = 0.35  # a word that counts less than this share of the best is not a reason


def spans(
    text: str, words: Block, by_words: Any, small: Block, by_pieces: Any
) -> tuple[tuple[int, int], ...]:
    """Where the words stand that counted most for a code.

    Args:
        text: what somebody said.
        words, small: which features there are.
        by_words, by_pieces: what each of them counts for the code.

    Returns:
        Code-point spans, end exclusive, in order; neighbouring words are one span.
    """
    found = tokens(text)
    counted = np.zeros(len(found))
    named = runs(found)
    often = Counter(name for name, _at in named)
    weights = words.matrix([often]).multiply(by_words[None]).tocsr()
    value = dict(zip(weights.indices, weights.data, strict=True))
    for name, places in named:
        share = value.get(words.places.get(name, -1), 0.0) / often[name] / len(places)
        counted[list(places)] += share
    often = piece_counts(text)
    weights = small.matrix([often]).multiply(by_pieces[None]).tocsr()
    value = dict(zip(weights.indices, weights.data, strict=True))
    for at, each in enumerate(found):
        for piece in pieces(each.word):
            counted[at] += value.get(small.places.get(piece, -1), 0.0) / often[piece]
    best = [at for at in np.argsort(-counted, kind="stable") if found[at].word[0].isalnum()]
    kept = [at for at in best[:AT_MOST] if counted[at] > 0]
    return _joined(found, sorted(at for at in kept if counted[at] >= OF_BEST * counted[kept[0]]))


def _joined(found: Sequence[Token], places: Sequence[int]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for before, at in zip([-2, *places], places, strict=False):
        if joined and before == at - 1:
            joined[-1] = (joined[-1][0], found[at].end)
        else:
            joined.append((found[at].start, found[at].end))
    return tuple(joined)

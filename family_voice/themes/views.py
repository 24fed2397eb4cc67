"""How alike two texts are: in their words, in what was asked, in what the codebook says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Singles = npt.NDArray[np.float32]

BASE = 2.0  # so that a thing two texts share counts by itself, and more with others that they share
QUESTION = 0.5
CODEBOOK = 7.0
BY_WORDS = (True, False, True)  # which views see words
MEANING_SHARP = 2.0


@dataclass(frozen=True, repr=False)
class Seen:
    """What is seen of some texts, a row each."""

    words: Any  # sparse
    pieces: Any  # sparse
    question: Singles  # one column a question known, 1 in the one that was asked
    codebook: Singles  # one column a code
    meaning: Singles | None  # what the embedding model makes of it, rows of length one

    def __len__(self) -> int:
        return int(self.words.shape[0])

    def first(self, count: int) -> Seen:
        """Only so many, from the beginning."""
        meaning = None if self.meaning is None else self.meaning[:count]
        return Seen(
            self.words[:count], self.pieces[:count], self.question[:count],
            self.codebook[:count], meaning,
        )  # fmt: skip


def plain(one: Seen, other: Seen) -> Singles:
    """What they share, summed."""
    shared = (one.words @ other.words.T).toarray() + (one.pieces @ other.pieces.T).toarray()
    shared += QUESTION * (one.question @ other.question.T)
    shared += CODEBOOK * (one.codebook @ other.codebook.T)
    return np.asarray(shared, np.float32)


def bent(shared: Singles) -> Singles:
    """Things shared together count for more than each alone: (2 + shared)² / 8."""
    return np.asarray(1 + (BASE + shared) ** 2 / 8, np.float32)


def pull(one: Seen, other: Seen) -> Singles:
    """What one more shared thing counts, for one text beside each other; exact for `bent`."""
    return np.asarray((2 * BASE + plain(one, other)[0]) / 8, np.float32)


def meant(one: Seen, other: Seen) -> Singles:
    """How near their meanings are; nearness falls off fast."""
    assert one.meaning is not None
    assert other.meaning is not None
    near = np.exp(MEANING_SHARP * (one.meaning @ other.meaning.T - 1))
    return np.asarray(near, np.float32)


def likenesses(one: Seen, other: Seen) -> Sequence[Singles]:
    """One square of numbers a view: by words, and with embeddings by meaning and by both."""
    shared = plain(one, other)
    by_words = bent(shared)
    if one.meaning is None or other.meaning is None:
        return [by_words]
    near = meant(one, other)
    asked = 1 + 0.3 * (one.question @ other.question.T)
    codebook = CODEBOOK * (one.codebook @ other.codebook.T)
    by_meaning = np.asarray(1 + 6 * near * asked + codebook, np.float32)
    return [by_words, by_meaning, np.asarray(by_words + 4 * near, np.float32)]

"""What the codebook itself says of a text: how much of a code's own words are in it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from family_voice.themes.features import Block, piece_counts, word_counts

Singles = npt.NDArray[np.float32]

APART = re.compile(r"[,;:.!?()\n]")
SHORT = 3  # words: what is longer is a sentence about the code, not a thing somebody says
NAME_COUNTS = 3  # a word of a code's name says as much as three of its description
WORDS, PIECES = 20, 100  # how many features of each kind a usual text has
PIECES_COUNT = 0.5  # what is in pieces is mostly in words as well
LENGTH = 0.3  # a row's length is one however long the text: some of what a word loses by it


@dataclass(frozen=True)
class CodeNote:
    """What the codebook says of one code: the prior, before anybody used it."""

    id: str
    name: str
    description: str
    examples: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of it as one text, the name as heavy as it should be."""
        name = self.name.replace("_", " ")
        return "\n".join([*[name] * NAME_COUNTS, self.description, *self.examples])

    @property
    def phrases(self) -> list[str]:
        """Its examples, and what its description names in a word or three."""
        named = [each.strip() for each in APART.split(self.description)]
        short = [each for each in named if each and len(each.split()) <= SHORT]
        return [*self.examples, *short]


@dataclass(frozen=True, repr=False)
class Prior:
    """Each code's keywords as weights, over words and over pieces of words."""

    words: Any  # sparse, codes x words
    pieces: Any

    @classmethod
    def of(cls, notes: Sequence[CodeNote], words: Block, pieces: Block) -> Prior:
        """The keywords of each code: what its note has and few other notes have."""
        return cls(
            _keywords([word_counts(each.words) for each in notes], words),
            _keywords([piece_counts(each.words) for each in notes], pieces),
        )

    def scores(self, words: Any, pieces: Any) -> Singles:
        """How much of each code's keywords is in each text: texts x codes, 0 where nothing is."""
        by_words, by_pieces = _counting(words, pieces)
        found = by_words[:, None] * (words @ self.words.T).toarray()
        found += by_pieces[:, None] * (pieces @ self.pieces.T).toarray()
        return np.asarray(found, np.float32)

    def part(self, code: int, share: float, words: Any, pieces: Any) -> tuple[Any, Any]:
        """What each word, and each piece, of one text counts for one code."""
        by_words, by_pieces = _counting(words, pieces)
        return (
            share * by_words[0] * self.words[code].toarray()[0],
            share * by_pieces[0] * self.pieces[code].toarray()[0],
        )


def _counting(words: Any, pieces: Any) -> tuple[Singles, Singles]:
    """What the words, and the pieces, of each text count."""
    return _longer(words, WORDS), np.asarray(PIECES_COUNT * _longer(pieces, PIECES), np.float32)


def _longer(rows: Any, usual: int) -> Singles:
    lengths = np.maximum(rows.getnnz(axis=1), 1) / usual
    return np.asarray(lengths**LENGTH, np.float32)


def _keywords(counts: Sequence[Counter[str]], block: Block) -> Any:
    met = Counter(name for each in counts for name in each)
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for each in counts:
        raw = {
            block.places[name]: (1 + math.log(n)) * math.log((len(counts) + 1) / met[name])
            for name, n in each.items()
        }
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        columns += raw
        values += [value / length for value in raw.values()]
        ends.append(len(columns))
    shape = (len(counts), len(block.names))
    return sparse.csr_matrix((np.array(values, np.float32), columns, ends), shape=shape)

"""What the theme model sees of a text: its words, pairs of words and pieces of words, weighed.

Pure, and without scikit-learn: the same few lines make the numbers when learning, when suggesting
and when showing which words did it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
PIECES = range(3, 6)  # letters in a piece of a word
SEEN_IN = 2  # texts: what only one text has teaches nothing about another


@dataclass(frozen=True)
class Token:
    """One word or mark of a text, folded, and where it stands (code points, end exclusive)."""

    word: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words and marks of a text in order, whatever its script."""
    return [Token(folded(each.group()), *each.span()) for each in WORD.finditer(text)]


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """A word without case and with one kind of apostrophe and of composed letters."""
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")


@lru_cache(maxsize=4096)
def pieces(word: str) -> tuple[str, ...]:
    """The pieces of one word, its edges marked, so that misspelt and bent words still meet."""
    if not word[0].isalnum():
        return ()
    edged = f" {word} "
    return tuple(edged[at : at + size] for size in PIECES for at in range(len(edged) - size + 1))


def runs(found: Sequence[Token]) -> list[tuple[str, tuple[int, ...]]]:
    """Every word and pair of neighbours, with the positions of the tokens that make it."""
    single = [(each.word, (at,)) for at, each in enumerate(found)]
    pairs = enumerate(pairwise(found))
    return single + [(f"{one.word} {two.word}", (at, at + 1)) for at, (one, two) in pairs]


@dataclass(frozen=True, repr=False)
class Block:
    """One kind of feature: its names in order, and how much each tells (idf)."""

    names: tuple[str, ...]
    idf: Floats

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each name stands."""
        return {name: place for place, name in enumerate(self.names)}

    @classmethod
    def of(cls, texts: Sequence[Iterable[str]], notes: Sequence[Iterable[str]]) -> Block:
        """What at least `SEEN_IN` texts have, and all that the codebook has."""
        kept = {name for names in notes for name in names}
        seen = Counter(name for names in (*texts, *notes) for name in set(names))
        kept |= {name for name, times in seen.items() if times >= SEEN_IN}
        names = sorted(kept or seen)
        count = len(texts) + len(notes)
        idf = [math.log((1 + count) / (1 + seen[name])) + 1 for name in names]
        return cls(tuple(names), np.array(idf))

    def matrix(self, counts: Sequence[Counter[str]]) -> Any:
        """A sparse row of length one for each text: (1 + log of the count) x idf."""
        places, idf = self.places, self.idf
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for each in counts:
            known = [(places[name], n) for name, n in each.items() if name in places]
            raw = [(1 + math.log(n)) * idf[at] for at, n in known]
            length = math.sqrt(sum(value * value for value in raw)) or 1.0
            columns += [at for at, _n in known]
            values += [value / length for value in raw]
            ends.append(len(columns))
        shape = (len(counts), len(self.names))
        return sparse.csr_matrix((np.array(values, np.float32), columns, ends), shape=shape)


def word_counts(text: str) -> Counter[str]:
    """How often each word and pair of words is in a text."""
    return Counter(name for name, _at in runs(tokens(text)))


def piece_counts(text: str) -> Counter[str]:
    """How often each piece of a word is in a text."""
    return Counter(piece for each in tokens(text) for piece in pieces(each.word))

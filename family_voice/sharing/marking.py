"""What is made of each word of a text while it is read for names. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from family_voice.sharing.words_in import Reading

PERSON, ORG, LOC = "PERSON", "ORG", "LOC"
SOMEBODY, SOMEWHERE = "[name]", "[place]"


@dataclass(frozen=True)
class Mark:
    """What one word, or the whole run it is part of, is to be replaced by."""

    kind: str
    placeholder: str
    known: bool = False
    sure: bool = True
    people: frozenset[int] = frozenset()  # which of those known it may be
    run: int = -1  # words of one run become one span


STRANGER: Final = Mark(PERSON, SOMEBODY)
PERHAPS: Final = Mark(PERSON, SOMEBODY, sure=False)
PLACE: Final = Mark(LOC, SOMEWHERE)
PERHAPS_PLACE: Final = Mark(LOC, SOMEWHERE, sure=False)


@dataclass
class Marking:
    """The marks so far, one a word at most; a first mark stands."""

    reading: Reading
    marks: dict[int, Mark] = field(default_factory=dict)
    swallowed: set[int] = field(default_factory=set)  # "jaydens": its last letter means 's
    ends: dict[int, int] = field(default_factory=dict)  # "St Mary's", "J.O.": ends after the word
    _runs: int = 0

    def put(self, at: int, mark: Mark, *, over: bool = False) -> None:
        """Mark one word, if nothing is made of it yet or the new mark is to stand instead."""
        if over or at not in self.marks:
            self.marks[at] = mark

    def put_run(self, begin: int, end: int, mark: Mark, *, over: bool = False) -> None:
        """Mark the words `[begin, end)` as one thing."""
        self._runs += 1
        for at in range(begin, end):
            self.put(at, replace(mark, run=self._runs), over=over)

    def is_person(self, at: int) -> bool:
        """Whether the word is marked as somebody's name."""
        return at in self.marks and self.marks[at].kind == PERSON

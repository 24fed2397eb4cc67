"""What a person writes of a code, and what has to be right about it before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from family_voice.themes.codebook import Code

LONGEST_NAME, LONGEST_SENTENCE, LONGEST_SOURCE = 60, 400, 200
SHORTEST_SENTENCE, SHORTEST_SOURCE = 12, 4


class Problem(StrEnum):
    """Why a change cannot be made."""

    NAME = "name"
    NAME_TAKEN = "name taken"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    EXAMPLES = "examples"
    HEADINGS = "headings"
    NO_SUCH_CODE = "no such code"
    NO_GROUP = "no group"
    NOT_OFFERED = "not offered"
    STILL_OFFERED = "still offered"
    ITSELF = "itself"
    PARTS = "parts"
    LAST = "last"
    NOTHING = "nothing"
    SINCE_CHANGED = "since changed"


class BadChange(ValueError):
    """A change that cannot be made. `part` is the field that has to be put right, if one has."""

    def __init__(self, problem: Problem, part: str = "") -> None:
        super().__init__(problem.value)
        self.problem, self.part = problem, part


@dataclass(frozen=True)
class Wording:
    """All that a person writes of a code."""

    name: str
    definition: str
    use_when: str
    not_when: str
    examples: tuple[str, ...]
    headings: tuple[str, ...]
    source: str

    @classmethod
    def of(cls, code: Code) -> Wording:
        """What is written of a code now."""
        return cls(*(getattr(code, part) for part in PARTS))

    def on(self, code: Code) -> Code:
        """A code with these words and everything else as it is."""
        return replace(code, **vars(self))


#: The names of what is written, in the order in which it is read.
PARTS = tuple(each.name for each in fields(Wording))


def check(wording: Wording, taken: Mapping[str, str]) -> None:
    """Whether a code may be worded so. `taken`: names in use. Raises `BadChange`."""
    check_name(wording.name, taken)
    for part in ("definition", "use_when", "not_when"):
        check_length(getattr(wording, part), SHORTEST_SENTENCE, LONGEST_SENTENCE, part)
    if len(wording.examples) != 2 or len(set(wording.examples)) != 2:
        raise BadChange(Problem.EXAMPLES, "examples")
    for example in wording.examples:
        check_length(example, SHORTEST_SENTENCE, LONGEST_SENTENCE, "examples")
    if not wording.headings:
        raise BadChange(Problem.HEADINGS, "headings")
    check_length(wording.source, SHORTEST_SOURCE, LONGEST_SOURCE, "source")


def check_name(name: str, taken: Mapping[str, str]) -> None:
    if not re.match("[A-Z]", name):
        raise BadChange(Problem.NAME, "name")
    check_length(name, 1, LONGEST_NAME, "name")
    if name.casefold() in taken:
        raise BadChange(Problem.NAME_TAKEN, "name")


def check_length(text: str, shortest: int, longest: int, part: str) -> None:
    if len(text.strip()) < shortest:
        raise BadChange(Problem.TOO_SHORT, part)
    if len(text) > longest:
        raise BadChange(Problem.TOO_LONG, part)

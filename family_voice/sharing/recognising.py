"""Whether anybody would know who said it: what a person answers before words may leave. Pure.

A program can find names; it cannot tell that only one family has a child with a pony and a pump.
Few families are heard in a term, so the questions begin with those who know them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Question(StrEnum):
    """One question about some words; yes to any of them, and they do not leave."""

    SCHOOL = "school"
    WORKERS = "workers"
    FAMILIES = "families"
    RARE = "rare"
    MANNER = "manner"


#: No to every question.
NOBODY: Final[Mapping[Question, bool]] = MappingProxyType(dict.fromkeys(Question, False))


class NotAnswered(ValueError):
    """Some of the questions have no answer: `questions`."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__("not answered")
        self.questions = questions


class WouldBeKnown(ValueError):
    """Somebody would know who said it: by `questions`."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__("would be known")
        self.questions = questions


def settle(answers: Mapping[Question, bool]) -> None:
    """Let words pass of which every question was answered with no.

    Args:
        answers: for each question whether somebody would know.

    Raises:
        NotAnswered: if one was left out; that is no answer, whatever the others say.
        WouldBeKnown: if one was answered with yes.
    """
    if left_out := tuple(each for each in Question if each not in answers):
        raise NotAnswered(left_out)
    if known := tuple(each for each in Question if answers[each]):
        raise WouldBeKnown(known)

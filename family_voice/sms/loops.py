"""Two machines answering each other: when to fall silent. Pure.

A phone may answer by itself ("I am driving"), and each answer of ours would bring another of its
own. Nothing that is said is lost: the program falls silent, and a person is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from family_voice.interviews.events import NOTES
from family_voice.interviews.state import State

#: The same words so often within the hour are a machine's. A command in between is a person's.
SAME: Final = 3
WITHIN: Final = timedelta(hours=1)
#: So many texts of ours that brought nothing on are enough.
MOST_UNMOVED: Final = 6


def heard(before: Sequence[str], mark: str, now: datetime) -> list[str]:
    """What a phone said within the hour, with what it has just said.

    Args:
        before: what this function gave last.
        mark: a keyed hash of the words that came.
        now: when they came.
    """
    since = now - WITHIN
    return [*(each for each in before if _at(each) > since), f"{int(now.timestamp())} {mark}"]


def same_again(said: Sequence[str]) -> bool:
    """Whether what was said last was said `SAME` times within the hour."""
    marks = [each.partition(" ")[2] for each in said]
    return bool(marks) and marks.count(marks[-1]) >= SAME


def goes_round(unmoved: int, answers: int) -> bool:
    """Whether these answers would be more than `MOST_UNMOVED` that moved nothing on."""
    return answers > 0 and unmoved + answers > MOST_UNMOVED


def moved_on(before: State, after: State, said: Sequence[str]) -> bool:
    """Whether a text moved the conversation on: a note does where it says something new.

    Args:
        before: where it stood.
        after: where it stands now.
        said: what `heard` gave; empty after a command.
    """
    marks = [each.partition(" ")[2] for each in said]
    new = bool(marks) and marks.count(marks[-1]) == 1
    return _where(before) != _where(after) or (new and before.notes() != after.notes())


def _where(state: State) -> State:
    return replace(
        state,
        answers={place: words for place, words in state.answers.items() if place != NOTES},
        flagged=frozenset(),
        put=None,
        late=None,
        quiet_until=None,
        text_at=None,
        read_back_at=None,
    )


def _at(entry: str) -> datetime:
    return datetime.fromtimestamp(int(entry.partition(" ")[0]), UTC)

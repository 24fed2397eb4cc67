"""How a voice is known: whose words a piece is in, and who helped. Pure; kept for ever.

What somebody saw of a child, told for a child or wrote about one is never the child's own words,
however often it is put right afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from family_voice.interviews.events import Manner

#: How a note names who spoke, in a conversation with one person and in a joint one.
SELF: Final = "self"
CHILD: Final = "child"

#: As they themselves put it. Nothing else may ever stand between quotation marks as theirs.
THEIRS: Final = frozenset({Manner.OWN_WORDS, Manner.CHOSE})
#: What somebody else put into words, the furthest from their own first.
TOLD_BY_OTHERS: Final = (
    Manner.PROFESSIONAL,
    Manner.OBSERVED,
    Manner.SPOKEN_FOR,
    Manner.THROUGH_PARENT,
)


class Helper(StrEnum):
    """Who helped somebody to tell us, as they say themselves."""

    NOBODY = "nobody"
    PARENT = "parent"
    SCHOOL = "school"
    INTERPRETER = "interpreter"
    ADVOCATE = "advocate"
    OTHER = "other"


def is_theirs(manner: Manner) -> bool:
    """Whether a piece is in the words, or the choice, of the one who is named as its speaker."""
    return manner in THEIRS


def put_right(before: Collection[Manner], now: Manner) -> Manner:
    """How a piece is known that takes the place of others, from how these were known.

    Who puts right what was seen of a child does not make it the child's words: the furthest from
    their own stays.
    """
    return next((each for each in TOLD_BY_OTHERS if each in before), now)

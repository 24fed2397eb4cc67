"""How a child's own voice is known: by the nearest to it of what this reader may read. Pure."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from family_voice.interviews.events import Manner
from family_voice.interviews.manners import CHILD, SELF
from family_voice.interviews.words import Piece
from family_voice.people.facts import YOUNG_PERSON

#: Who a piece of a conversation says it is by, where that is the child.
THE_CHILD = frozenset({YOUNG_PERSON, CHILD})


class ChildsVoice(StrEnum):
    """How the child's own voice is known to the panel."""

    OWN_WORDS = "own_words"
    CHOSE = "chose"
    OBSERVED = "observed"
    THROUGH_OTHERS = "through_others"
    NOT_KNOWN = "not_known"


def by_the_child(piece: Piece, with_child: bool) -> bool:
    """Whether a piece is the child's: never what a professional tells, whoever they say said it.

    `with_child`: the conversation is the child's own.
    """
    if piece.manner is Manner.PROFESSIONAL:
        return False
    return piece.speaker in THE_CHILD or (with_child and piece.speaker == SELF)


def voice_of(child_manners: Collection[Manner], every_manner: Collection[Manner]) -> ChildsVoice:
    """How the child's voice is known.

    Args:
        child_manners: how the child's own pieces are known.
        every_manner: how all pieces are known, of whoever spoke.
    """
    if not every_manner:
        return ChildsVoice.NOT_KNOWN
    for manner, voice in (
        (Manner.OWN_WORDS, ChildsVoice.OWN_WORDS),
        (Manner.CHOSE, ChildsVoice.CHOSE),
        (Manner.OBSERVED, ChildsVoice.OBSERVED),
    ):
        if manner in child_manners:
            return voice
    seen = Manner.OBSERVED in every_manner and not child_manners
    return ChildsVoice.OBSERVED if seen else ChildsVoice.THROUGH_OTHERS

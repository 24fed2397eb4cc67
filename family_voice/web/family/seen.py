"""What of the conversation this sitting may see, where somebody also wrote down what they saw.

What was seen on a visit was said by nobody here. It is no earlier answer of theirs, and a return
word opens it only once we have read it back to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import g

from family_voice.interviews.visits import seen_pieces
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db


def may_see(fragment_id: UUID) -> bool:
    """Whether this sitting may see a piece."""
    return this_visit().may_see(fragment_id) and fragment_id not in _seen()[1]


def theirs(fragments: Iterable[UUID]) -> tuple[UUID, ...]:
    """Those of the pieces that were told here, and not seen on a visit."""
    return tuple(each for each in fragments if each not in _seen()[0])


def to_show(fragments: Iterable[UUID]) -> tuple[UUID, ...]:
    """The pieces without what was seen on a visit and may not be shown: it is as if not there."""
    on_visits = _seen()[0]
    return tuple(each for each in fragments if each not in on_visits or may_see(each))


def held_back(fragments: Iterable[UUID]) -> bool:
    """Whether one of the pieces is not shown to them even behind the return word."""
    return not _seen()[1].isdisjoint(fragments)


def _seen() -> tuple[frozenset[UUID], frozenset[UUID]]:
    """As `seen_pieces`, asked once a request. Nobody writes of a visit on these pages."""
    interview_id = this_visit().interview_id
    kept: tuple[UUID, tuple[frozenset[UUID], frozenset[UUID]]] | None = g.get("seen_on_visits")
    if kept is None or kept[0] != interview_id:
        kept = g.seen_on_visits = (interview_id, seen_pieces(db(), interview_id))
    return kept[1]

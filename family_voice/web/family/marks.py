"""Keeping sentences from the people who work with the family: one tick each, up to a length.

A very long answer has thousands of sentences. Each of the first hundred has a box of its own; one
more box stands for all the rest, so that the page stays light and can be gone through.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final
from uuid import UUID

from family_voice.interviews import record
from family_voice.interviews.words import Piece
from family_voice.web.family.forms import CheckForm
from family_voice.web.family.gate import blueprint
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db

#: Sentences of one piece that have a box each.
EACH_UP_TO: Final = 100


def keep_marks(form: CheckForm) -> None:
    """Mark sentences as the page says, of the pieces that it showed; other marks stay as they are.

    A page that was open before a correction shows pieces that stand no more; they are left alone.
    """
    visit = this_visit()
    shown = set(str(form.shown.data or "").split())
    wanted = set(form.marks.data or ())
    marked: set[UUID] = set()
    for answer in record.account(db(), visit.interview_id).answers:
        for piece in answer.pieces:
            if piece.fragment_id.hex in shown and visit.may_see(piece.fragment_id):
                marked |= _wanted(piece, wanted, shown)
            else:
                marked |= {each.id for each in piece.sentences if each.not_for_workers}
    record.mark_for_workers(db(), visit.interview_id, marked)


def _wanted(piece: Piece, wanted: Set[str], shown: Set[str]) -> set[UUID]:
    """The sentences of a piece to mark.

    The box of the rest takes marks away only if the page showed it ticked: unticked it may stand
    for a rest of which some are marked.
    """
    each, rest = piece.sentences[:EACH_UP_TO], piece.sentences[EACH_UP_TO:]
    marked = {sentence.id for sentence in each if sentence.id.hex in wanted}
    if rest_of(piece) in wanted:
        return marked | {sentence.id for sentence in rest}
    if rest_of(piece) in shown:
        return marked
    return marked | {sentence.id for sentence in rest if sentence.not_for_workers}


def rest_of(piece: Piece) -> str:
    """How a form names the sentences of a piece that have no box of their own."""
    return f"rest-{piece.fragment_id.hex}"


def rest_marked(piece: Piece) -> bool:
    """Whether there are such sentences and all of them are marked."""
    rest = piece.sentences[EACH_UP_TO:]
    return bool(rest) and all(sentence.not_for_workers for sentence in rest)


@blueprint.context_processor
def _boxes() -> dict[str, object]:
    return {"each_up_to": EACH_UP_TO, "rest_of": rest_of, "rest_marked": rest_marked}

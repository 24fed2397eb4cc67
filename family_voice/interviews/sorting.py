"""Open notes, sorted onto the questions they answer, once the talk is over.

Sentences are put where they belong. A note that goes to one question whole is moved and stays the
same piece; any other is taken apart. What is kept from the people who work with the family stays
kept, whose words they are and when they were written stays too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.interviews import words
from family_voice.interviews.errors import UnknownPrompt
from family_voice.interviews.events import NOTES, Channel, Moved
from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.noting import MayNotKeep, Newer, Sent
from family_voice.interviews.record import as_agreed, guide_of, happen, say, write
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import Piece, SentenceView
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch


def to_sort(
    session: Session, interview_id: UUID, state: State, hidden: frozenset[str] = frozenset()
) -> tuple[Piece, ...]:
    """The open notes that a member of staff took, but for what the `hidden` speakers said."""
    found = words.pieces(session, fetch(session, Interview, interview_id), state.notes())
    return tuple(
        each for each in found if each.recorded_by is not None and each.speaker not in hidden
    )


def sort_notes(
    session: Session,
    interview_id: UUID,
    places: Mapping[UUID, str],
    *,
    channel: Channel,
    by: UUID,
    now: datetime,
) -> int:
    """Put sentences of the open notes under the questions they answer.

    Args:
        session: a writing session.
        interview_id: the conversation.
        places: the question for each sentence that is to go somewhere; all others stay.
        channel: how they talked.
        by: who sorts.
        now: when.

    Returns:
        How many sentences went somewhere.

    Raises:
        Newer: if one of the sentences stands in the notes no more; nothing is changed then.
        Sent: if the account was sent.
        MayNotKeep: if nothing may be stored any more.
        UnknownPrompt: if there is no such question.
    """
    state = as_agreed(session, interview_id, now, held=True)
    if not state.speaking_allowed or state.stage is Stage.DECLINED:
        raise MayNotKeep
    if state.stage is Stage.SENT:
        raise Sent
    pieces = to_sort(session, interview_id, state)
    standing = {sentence.id for piece in pieces for sentence in piece.sentences}
    if not standing.issuperset(places):
        raise Newer(pieces)
    if not set(guide_of(session, interview_id).prompts).issuperset(places.values()):
        raise UnknownPrompt("This guide has no such question.")
    for piece in pieces:
        wanted = {s.id: places[s.id] for s in piece.sentences if s.id in places}
        if not wanted:
            continue
        if len(wanted) == len(piece.sentences) and len(set(wanted.values())) == 1:
            moved = Moved(channel, piece.fragment_id, next(iter(wanted.values())))
            happen(session, interview_id, moved, now, recorded_by=by)
        else:
            _take_apart(session, interview_id, piece, wanted, channel, by, now)
    return len(places)


def _take_apart(
    session: Session,
    interview_id: UUID,
    piece: Piece,
    wanted: Mapping[UUID, str],
    channel: Channel,
    by: UUID,
    now: datetime,
) -> None:
    interview = fetch(session, Interview, interview_id)
    for place in dict.fromkeys(wanted.values()):
        part = [each for each in piece.sentences if wanted.get(each.id) == place]
        name = new_id()
        say(
            session,
            interview_id,
            _together(piece.text, part),
            channel=channel,
            prompt_id=place,
            manner=piece.manner,
            speaker=piece.speaker,
            now=now,
            recorded_by=piece.recorded_by,
            fragment_id=name,
        )
        _as_written(session, interview, piece, name)
    left = [each for each in piece.sentences if each.id not in wanted]
    name = new_id()
    write(
        session,
        interview_id,
        NOTES,
        _together(piece.text, left),
        channel=channel,
        manner=piece.manner,
        speaker=piece.speaker,
        over=(piece.fragment_id,),
        now=now,
        recorded_by=by if not left else piece.recorded_by,
        fragment_id=name,
    )
    if left:
        _as_written(session, interview, piece, name)


def _as_written(session: Session, interview: Interview, piece: Piece, part: UUID) -> None:
    """Let a part of a note keep the note's marks and its time."""
    words.carry_marks(session, interview, [piece.fragment_id], part)
    fetch(session, Fragment, part).at = piece.at
    session.flush()


def _together(text: str, part: list[SentenceView]) -> str:
    """Some sentences of a text as one; what stood next to each other keeps the space between."""
    found = ""
    for before, each in zip([None, *part], part, strict=False):
        gap = text[before.end : each.start] if before else ""
        found += (gap if not gap.strip() else " ") + each.text if before else each.text
    return found

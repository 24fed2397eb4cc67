"""Notes that a member of staff takes while somebody speaks: typed, typed over, sent more than once.

A note is one fragment, known to its page by every id it has had or may have got. That makes saving
safe to repeat: a page whose answer was lost on the way sends again, and it is still one note. Where
something newer stands that the page has not seen, nothing is overwritten and both are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews import words
from family_voice.interviews.events import Channel, Manner
from family_voice.interviews.models import Event, Fragment, Interview
from family_voice.interviews.record import as_agreed, say, write
from family_voice.interviews.state import Stage, State
from family_voice.interviews.voices import hidden_speakers, manner_of
from family_voice.interviews.words import Piece
from family_voice.storage.locking import fetch


class Sent(Exception):
    """The account was sent; it has to be opened again before notes can change."""


class MayNotKeep(Exception):
    """They have not agreed to talk, or no longer do: nothing is stored."""


@dataclass(frozen=True)
class Note:
    """One note as a page sends it.

    `known` are the ids the page knows it by, never empty; a note that is new has one that the page
    made. `new_id` is what it is to be called once it is written, if the page chose that;
    `visit_id` the visit on which it was seen.
    """

    prompt_id: str
    known: tuple[UUID, ...]
    text: str
    manner: Manner
    speaker: str = "self"
    new_id: UUID | None = None
    visit_id: UUID | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a note: the fragment that now stands for it, and whether that is news."""

    fragment_id: UUID | None
    changed: bool


class Newer(Exception):
    """Something newer stands than the page had seen: nothing is changed.

    `standing` are the pieces that stand instead; none if the note was taken away.
    """

    def __init__(self, standing: tuple[Piece, ...]) -> None:
        super().__init__("fragment")
        self.standing = standing


def take_down(
    session: Session,
    interview_id: UUID,
    note: Note,
    *,
    channel: Channel,
    by: UUID,
    now: datetime,
) -> Taken:
    """Let a note stand as it was sent; an empty one is taken away.

    Args:
        session: a writing session.
        interview_id: the conversation.
        note: the note.
        channel: how they are talking.
        by: the member of staff who writes.
        now: when.

    Returns:
        What became of it.

    Raises:
        Newer: if what the page had seen stands no more, and the page has other words than it had.
        Sent: if the account was sent.
        MayNotKeep: if nothing may be stored, or nothing of this speaker's.
    """
    state = as_agreed(session, interview_id, now, held=True)
    interview = fetch(session, Interview, interview_id)
    note = replace(note, manner=manner_of(session, interview, note.manner, note.speaker))
    if note.text.strip() and note.speaker in hidden_speakers(session, interview):
        raise MayNotKeep
    over = tuple(each for each in note.known if state.place_of(each) == note.prompt_id)
    if not over and _was_there(session, interview_id, note.known):
        if _untouched(session, interview_id, note):
            return Taken(None, False)
        if not _may_write(state):
            raise MayNotKeep
        raise Newer(_instead(session, interview_id, state, note.known))
    before = words.pieces(session, fetch(session, Interview, interview_id), over)
    if not before and not note.text.strip():
        return Taken(None, False)
    relabelled = any((p.manner, p.speaker) != (note.manner, note.speaker) for p in before)
    same = " ".join(p.text.strip() for p in before) == note.text.strip()
    if before and same and not relabelled:
        return Taken(over[0], False)
    if not _may_write(state):
        raise MayNotKeep
    if state.stage is Stage.SENT:
        raise Sent
    if not over:
        outcome = say(
            session,
            interview_id,
            note.text,
            channel=channel,
            prompt_id=note.prompt_id,
            manner=note.manner,
            speaker=note.speaker,
            now=now,
            recorded_by=by,
            fragment_id=note.known[0],
            visit_id=note.visit_id,
        )
    else:
        outcome = write(
            session,
            interview_id,
            note.prompt_id,
            note.text,
            channel=channel,
            manner=note.manner,
            speaker=note.speaker,
            over=over,
            now=now,
            recorded_by=by,
            fragment_id=note.new_id,
            relabelled=relabelled,
        )
    if not outcome.stored:
        raise MayNotKeep
    old = set(state.fragments)
    added = [each for each in outcome.state.fragments if each not in old]
    return Taken(added[0] if added else None, True)


def begun_at(session: Session, interview_id: UUID, by: UUID) -> datetime | None:
    """When this member of staff last began to talk with them."""
    return session.scalar(
        select(Event.at)
        .where(
            Event.interview_id == interview_id,
            Event.recorded_by == by,
            Event.kind == "opened",
        )
        .order_by(Event.seq.desc())
        .limit(1)
    )


def _may_write(state: State) -> bool:
    return state.speaking_allowed and state.stage is not Stage.DECLINED


def _was_there(session: Session, interview_id: UUID, known: Sequence[UUID]) -> bool:
    return (
        session.scalar(
            select(Fragment.id)
            .where(Fragment.interview_id == interview_id, Fragment.id.in_(known))
            .limit(1)
        )
        is not None
    )


def _untouched(session: Session, interview_id: UUID, note: Note) -> bool:
    """The page sends back just what it was given: whoever sits there did not touch it."""
    before = words.pieces(session, fetch(session, Interview, interview_id), note.known)
    return any(
        (piece.text.strip(), piece.manner, piece.speaker)
        == (note.text.strip(), note.manner, note.speaker)
        for piece in before
    )


def _instead(
    session: Session, interview_id: UUID, state: State, known: Sequence[UUID]
) -> tuple[Piece, ...]:
    """What took the place of fragments that stand no more, followed through the log."""
    wanted = {str(each) for each in known}
    ends = set(wanted)
    for detail in session.scalars(
        select(Event.detail)
        .where(Event.interview_id == interview_id, Event.kind == "replaced")
        .order_by(Event.seq)
    ):
        if ends & set(detail["old"]):
            ends -= set(detail["old"])
            if detail["new"] is not None:
                ends.add(detail["new"])
    standing = [each for each in state.fragments if str(each) in ends]
    return words.pieces(session, fetch(session, Interview, interview_id), standing)

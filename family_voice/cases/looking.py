"""What somebody should look at in an account: pieces that may stand in the wrong place, and texts.

A text that comes late is put with the question before; one that answers nothing with the notes.
A person says where each belongs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.permission import NotForUs, account_for, lead_may_read
from family_voice.cases.reaching import staff_id
from family_voice.interviews import record as interview_record
from family_voice.interviews.events import Channel, Moved
from family_voice.interviews.words import Piece
from family_voice.security.trail import Actor, record


@dataclass(frozen=True)
class Signs:
    """What the case page says of one account beside how far it has come."""

    to_look_at: int
    texts_stopped: bool
    with_person: bool

    @property
    def any(self) -> bool:
        """Whether there is something to say."""
        return bool(self.to_look_at or self.texts_stopped or self.with_person)


@dataclass(frozen=True)
class ToLookAt:
    """One piece, and the prompt (or the notes) it stands under now."""

    piece: Piece
    prompt_id: str


def signs(session: Session, interview_id: UUID, now: datetime) -> Signs:
    """What there is to look at in one account. Opens no words. Raises Missing."""
    state = interview_record.state_of(session, interview_id)
    readable = bool(state.flagged) and lead_may_read(session, interview_id, now)
    return Signs(len(state.flagged) if readable else 0, state.texts_stopped, state.with_person)


def to_look_at(session: Session, interview_id: UUID, reader: UUID, now: datetime) -> list[ToLookAt]:
    """The flagged pieces that this reader may read, in the order they came.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
        Missing: if there is no such account.
    """
    flagged = interview_record.state_of(session, interview_id).flagged
    found = [
        ToLookAt(piece, answer.prompt_id)
        for answer in account_for(session, interview_id, reader, now).answers
        for piece in answer.pieces
        if piece.fragment_id in flagged
    ]
    return sorted(found, key=lambda each: each.piece.at)


def put_where(
    session: Session, interview_id: UUID, piece_id: UUID, prompt_id: str, by: Actor, now: datetime
) -> None:
    """Say which question a piece answers; that it stands there already is an answer too.

    Args:
        session: a writing session.
        interview_id: the account.
        piece_id: the piece.
        prompt_id: a question of the guide, or the notes.
        by: who says so.
        now: when.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
        UnknownFragment: if the piece stands no more.
        UnknownPrompt: if the guide has no such question.
        Missing: if there is no such account.
    """
    if not lead_may_read(session, interview_id, now):
        raise NotForUs
    moved = Moved(Channel.WEB, piece_id, prompt_id)
    interview_record.happen(session, interview_id, moved, now, recorded_by=staff_id(by))
    record(session, by, "change", "interview", interview_id, now, ["place"])

"""What somebody should look at in an account: pieces that may stand in the wrong place, and texts.

A text that comes late is put with the question before; one that answers nothing with the notes.
A person says where each belongs. Some are about permission and nothing else ("yes, but not the
school"): these are no part of the account, and what the family decided is written down apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import remarks
from family_voice.cases.permission import (
    NotForUs,
    account_for,
    lead_may_read,
    said_of_permission,
)
from family_voice.cases.reaching import staff_id
from family_voice.consent.decisions import standing
from family_voice.consent.parts import origin_of
from family_voice.consent.statements import Purpose
from family_voice.interviews import record as interview_record
from family_voice.interviews.errors import UnknownFragment
from family_voice.interviews.events import PERMISSION, Channel, Moved
from family_voice.interviews.models import Event
from family_voice.interviews.words import Account, Piece
from family_voice.security.trail import Actor, record


@dataclass(frozen=True)
class Signs:
    """What the case page says of one account beside how far it has come.

    `held_back`: nothing of it goes to the panel, because of what nobody has looked at or decided.
    """

    to_look_at: int
    texts_stopped: bool
    with_person: bool
    held_back: bool = False

    @property
    def any(self) -> bool:
        """Whether there is something to say."""
        return bool(self.to_look_at or self.texts_stopped or self.with_person or self.held_back)


@dataclass(frozen=True)
class ToLookAt:
    """One piece, and the prompt (or the notes) it stands under now."""

    piece: Piece
    prompt_id: str


def signs(session: Session, interview_id: UUID, now: datetime) -> Signs:
    """What there is to look at in one account. Opens no words. Raises Missing."""
    state = interview_record.state_of(session, interview_id)
    readable = lead_may_read(session, interview_id, now)
    return Signs(
        len(state.flagged) if readable else 0,
        state.texts_stopped,
        state.with_person,
        readable and held_back(session, interview_id, now),
    )


def to_look_at(session: Session, interview_id: UUID, reader: UUID, now: datetime) -> list[ToLookAt]:
    """The flagged pieces that this reader may read, in the order they came.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
        Missing: if there is no such account.
    """
    flagged = interview_record.state_of(session, interview_id).flagged
    found = _pieces(account_for(session, interview_id, reader, now))
    return [each for each in found if each.piece.fragment_id in flagged]


def every_piece(
    session: Session, interview_id: UUID, reader: UUID, now: datetime
) -> list[ToLookAt]:
    """Every piece that this reader may read, wherever it stands. Raises as `to_look_at`."""
    account = account_for(session, interview_id, reader, now)
    return _pieces(account) + about_permission(session, interview_id, reader, now)


def about_permission(
    session: Session, interview_id: UUID, reader: UUID, now: datetime
) -> list[ToLookAt]:
    """The pieces that somebody put out of the account because they are about permission alone.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
        Missing: if there is no such account.
    """
    return _pieces(said_of_permission(session, interview_id, reader, now))


def put_where(
    session: Session, interview_id: UUID, places: Mapping[UUID, str], by: Actor, now: datetime
) -> None:
    """Say which question each piece answers; that it stands there already is an answer too.

    Args:
        session: a writing session.
        interview_id: the account.
        places: by piece, a question of the guide, the notes, or `PERMISSION`.
        by: who says so.
        now: when.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
        UnknownFragment: if a piece stands no more; then none is put anywhere.
        UnknownPrompt: if the guide has no such question.
        Missing: if there is no such account.
    """
    if not lead_may_read(session, interview_id, now):
        raise NotForUs
    state = interview_record.hold(session, interview_id)
    if any(state.place_of(each) is None for each in places):
        raise UnknownFragment("Some of these words no longer stand there.")
    for piece_id, prompt_id in places.items():
        moved = Moved(Channel.WEB, piece_id, prompt_id)
        interview_record.happen(session, interview_id, moved, now, recorded_by=staff_id(by))
        record(session, by, "change", "interview", interview_id, now, ["place"])


def held_back(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether nothing of an account may go to the panel yet, whatever was agreed to.

    So it is while a text beside the questions was not looked at, for it may be half a yes; and,
    once somebody found that one is about permission, until a decision is written down after it.
    It holds for the account and for every other that is the same one or was cut out of it. Opens
    no words. Raises Missing.
    """
    found = {interview_id, *remarks.same_account(session, interview_id)}
    found |= {origin for each in found if (origin := origin_of(session, each)) is not None}
    return any(_undecided(session, each, now) for each in found)


def _undecided(session: Session, interview_id: UUID, now: datetime) -> bool:
    state = interview_record.state_of(session, interview_id)
    if not state.flagged.isdisjoint(state.notes()):
        return True
    if not state.apart:
        return False
    looked = max(
        at
        for detail, at in session.execute(
            select(Event.detail, Event.at).where(
                Event.interview_id == interview_id, Event.kind == "moved"
            )
        )
        if detail.get("prompt_id") == PERMISSION
    )
    # What they go on to decide of other things by themselves is no answer to this.
    return not any(
        made.at > looked and (purpose is Purpose.CHECK or made.recorded_by is not None)
        for purpose, made in standing(session, interview_id, now).items()
    )


def _pieces(whole: Account) -> list[ToLookAt]:
    found = [
        ToLookAt(piece, answer.prompt_id) for answer in whole.answers for piece in answer.pieces
    ]
    return sorted(found, key=lambda each: each.piece.at)

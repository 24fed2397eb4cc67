"""What a family tells us about itself, beside what it tells us about the support.

Who they are, where nobody invited them; and how they would like to hear what happened.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews import words
from family_voice.interviews.guide import load_guide
from family_voice.interviews.models import Event, Interview
from family_voice.people.models import Participant
from family_voice.storage.locking import fetch, lock


class HearBack(StrEnum):
    """How they would like to hear what happened."""

    TEXT = "text"
    LETTER = "letter"
    EMAIL = "email"
    CALL = "call"
    NOT_AT_ALL = "not_at_all"


def came_uninvited(session: Session, interview_id: UUID) -> bool:
    """Whether they came by the open link, so that nobody knows yet who they are."""
    return fetch(session, Interview, interview_id).participant_id is None


def audience_of(session: Session, interview_id: UUID) -> str:
    """Whose guide they are asked with."""
    return fetch(session, Interview, interview_id).guide_audience


def ask_with(session: Session, interview_id: UUID, audience: str) -> None:
    """Ask with this guide, its newest version, where the conversation has not begun yet.

    Once it has, the guide that it pinned stays: what was said answers those questions.
    """
    interview = lock(session, Interview, interview_id)
    begun = select(Event.id).where(Event.interview_id == interview_id).limit(1)
    if interview.guide_audience == audience or session.scalar(begun) is not None:
        return
    interview.guide_audience = audience
    interview.guide_version = load_guide(audience, interview.language).version
    session.flush()


def round_of(session: Session, interview_id: UUID) -> UUID | None:
    """The round it belongs to, if that is known."""
    return fetch(session, Interview, interview_id).round_id


def introduce(session: Session, interview_id: UUID, speaker: words.Speaker) -> None:
    """Keep, sealed, who they say they are. Standing over what they said of that before."""
    words.keep_speaker(session, lock(session, Interview, interview_id), speaker)
    session.flush()


def introduced(session: Session, interview_id: UUID) -> bool:
    """Whether they were asked who they are and answered, if only with nothing."""
    return fetch(session, Interview, interview_id).speaker is not None


def choose_way_to_talk(session: Session, interview_id: UUID, need: str) -> None:
    """Keep, with how they are reached, by what way they would like us to talk with them.

    `need` is an id of the caseload file's access needs, such as `relay` or `bsl`; it is added to
    what is known. Of somebody whom nobody invited nothing is kept.
    """
    whose = fetch(session, Interview, interview_id).participant_id
    if whose is None:
        return
    row = lock(session, Participant, whose)
    if need not in row.access_needs:
        row.access_needs = [*row.access_needs, need]
    session.flush()


def choose_hear_back(session: Session, interview_id: UUID, how: HearBack) -> None:
    """Keep how they would like to hear what happened."""
    lock(session, Interview, interview_id).hear_back = how.value
    session.flush()


def hear_back(session: Session, interview_id: UUID) -> HearBack | None:
    """How they would like to hear what happened; None if they have not said."""
    chosen = fetch(session, Interview, interview_id).hear_back
    return HearBack(chosen) if chosen else None

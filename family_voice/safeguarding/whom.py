"""Whom a conversation is with and about, in one line that a concern keeps as its own.

The copy is sealed under the concern's key. When the family takes its account back, or its time is
over, the account is erased, and whom somebody was worried about is not.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.interviews import words
from family_voice.interviews.models import Interview
from family_voice.people import register
from family_voice.security.sealing import Erased
from family_voice.storage.locking import fetch


def whom(session: Session, interview_id: UUID) -> str:
    """Who speaks in a conversation and about which child, in one line; empty if nobody knows."""
    interview = fetch(session, Interview, interview_id)
    if interview.participant_id is not None:
        person = register.person(session, interview.participant_id)
        if person is None:
            return ""
        child = register.children(session, [person.child_id])[person.child_id].facts
        named = f"{child.name} ({child.reference})"
        return named if person.facts.name == child.name else f"{person.facts.name}; {named}"
    try:
        speaker = words.speaker_of(session, interview)
    except Erased:
        return ""
    names = (
        f"{speaker.first_name} {speaker.last_name}".strip() or speaker.phone,
        f"{speaker.child_first_name} {speaker.child_last_name}".strip(),
    )
    return "; ".join(name for name in names if name)

"""Letting go of what somebody told us: their words, who they are, and the ways back in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from family_voice.consent import parts
from family_voice.interviews.models import (
    Event,
    Fragment,
    Interview,
    Invitation,
    ObservedVisit,
    Sentence,
    SentenceTranslation,
)
from family_voice.security.sealing import destroy_key
from family_voice.storage.locking import fetch, lock


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Delete the words of an interview, and close its doors.

    The log of events stays: it holds ids and decisions, never words, and says why there is nothing.

    Args:
        session: a writing session.
        interview_id: whose.

    Returns:
        How many `answers` (pieces of what they said) there were.
    """
    close_doors(session, interview_id)
    interview = lock(session, Interview, interview_id)
    interview.speaker = interview.hear_back = interview.call_wanted_at = None
    interview.helped_by = None
    return forget_words(session, interview_id)


def forget_words(session: Session, interview_id: UUID) -> dict[str, int]:
    """As `forget`, but who they are and their doors stay: they may still change their mind."""
    ours = select(Fragment.id).where(Fragment.interview_id == interview_id)
    answers = session.scalar(select(func.count()).select_from(ours.subquery())) or 0
    _forget_translations(session, interview_id)
    session.execute(delete(Sentence).where(Sentence.fragment_id.in_(ours)))
    session.execute(delete(Fragment).where(Fragment.interview_id == interview_id))
    session.execute(delete(ObservedVisit).where(ObservedVisit.interview_id == interview_id))
    session.flush()
    return {"answers": answers}


def forget_parts(session: Session, origin_id: UUID, now: datetime) -> None:
    """Let go of what was cut out of an account, and of its keys: the account stands for itself."""
    for part_id in parts.parts_of(session, origin_id):
        parts.end_part(session, part_id, now)
        destroy_key(session, fetch(session, Interview, part_id).key_id, now)


def close_doors(session: Session, interview_id: UUID) -> None:
    """Let no link, code, code word, telephone or return word lead to an interview any more."""
    session.execute(delete(Invitation).where(Invitation.interview_id == interview_id))
    lock(session, Interview, interview_id).return_word = None
    session.flush()


def erase_words(session: Session, interview_id: UUID) -> dict[str, int]:
    """Empty the words of an interview whose time is over, and keep that it was held.

    Unlike `forget` it leaves which piece answered what, so that figures of past terms stay true.

    Returns:
        How many `answers` were emptied.
    """
    close_doors(session, interview_id)
    interview = lock(session, Interview, interview_id)
    interview.speaker = None
    emptied = session.execute(
        update(Fragment)
        .where(Fragment.interview_id == interview_id, Fragment.words != b"")
        .values(words=b"")
        .returning(Fragment.id)
    ).all()
    _forget_translations(session, interview_id)
    session.execute(
        update(ObservedVisit)
        .where(ObservedVisit.interview_id == interview_id)
        .values(place=b"", observer=b"")
    )
    session.flush()
    return {"answers": len(emptied)}


def has_withdrawn(session: Session, interview_id: UUID) -> bool:
    """Whether they have taken everything back."""
    found = select(Event.id).where(Event.interview_id == interview_id, Event.kind == "withdrawn")
    return session.scalar(found.limit(1)) is not None


def _forget_translations(session: Session, interview_id: UUID) -> None:
    session.execute(
        delete(SentenceTranslation).where(SentenceTranslation.interview_id == interview_id)
    )

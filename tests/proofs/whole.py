"""Whether what is stored is whole: nothing half there, nothing unreadable, nothing out of order."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.interviews.events import event_from_json
from family_voice.interviews.models import Event, Fragment, Interview, Sentence
from family_voice.interviews.words import pieces
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from tests.proofs.proof import Place


def half_there(place: Place, interview_ids: Iterable[UUID]) -> int:
    """How much of these conversations is half there.

    Counted are gaps in the log, events whose words are not there, words that no event tells of,
    words that cannot be unsealed, and words without their sentences.
    """
    with reading(place.sessions) as session:
        return sum(_broken(session, each) for each in interview_ids)


def _broken(session: Session, interview_id: UUID) -> int:
    rows = session.scalars(
        select(Event).where(Event.interview_id == interview_id).order_by(Event.seq)
    ).all()
    wrong = int([row.seq for row in rows] != list(range(1, len(rows) + 1)))
    told = set()
    for row in rows:
        event = event_from_json(row.detail)
        new = getattr(event, "new", None) or getattr(event, "fragment_id", None)
        if new is not None:
            told.add(new)
    kept = session.scalars(select(Fragment.id).where(Fragment.interview_id == interview_id)).all()
    wrong += len(told ^ set(kept))
    interview = fetch(session, Interview, interview_id)
    try:
        for piece in pieces(session, interview, kept):
            wrong += int(bool(piece.text.strip()) and not piece.sentences)
        record.account(session, interview_id)
    except Exception:  # whatever it is, the account cannot be read
        wrong += 1
    return wrong


def unsound(place: Place) -> int:
    """What the database itself finds wrong with its file and its references."""
    with reading(place.sessions) as session:
        if place.kind == "SQLite":
            broken = session.scalars(text("PRAGMA integrity_check")).all() != ["ok"]
            return int(broken) + len(session.execute(text("PRAGMA foreign_key_check")).all())
        orphans = select(Sentence.id).where(Sentence.fragment_id.not_in(select(Fragment.id)))
        return len(session.scalars(orphans).all())


def words(place: Place, interview_id: UUID, prompt_id: str) -> str:
    """What stands as the answer to a question."""
    with reading(place.sessions) as session:
        answer = record.account(session, interview_id).answer(prompt_id)
        return answer.text if answer else ""


def prompts(place: Place, interview_id: UUID) -> list[str]:
    """Every question of its guide."""
    with reading(place.sessions) as session:
        return list(record.guide_of(session, interview_id).prompts)

"""What was said in another language, put into English: beside the words, marked, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Fragment, Interview, Sentence, SentenceTranslation
from family_voice.security.sealing import Place, seal, unseal
from family_voice.storage.locking import Missing, lock

#: What panel, lead and coders read; what is said in it needs no translation.
READ_BY_ALL = "en"


@dataclass(frozen=True)
class Translation:
    """What somebody put a sentence into English as."""

    text: str
    by: str
    at: datetime


def translations(session: Session, interview: Interview) -> dict[UUID, Translation]:
    """The translations of an interview's sentences, by sentence."""
    key = interview.key_id
    rows = session.scalars(
        select(SentenceTranslation).where(SentenceTranslation.interview_id == interview.id)
    )
    return {
        row.sentence_id: Translation(
            unseal(session, key, _place("words", row.sentence_id), row.words),
            unseal(session, key, _place("translated_by", row.sentence_id), row.translated_by),
            row.at,
        )
        for row in rows
    }


def translate(
    session: Session,
    interview_id: UUID,
    texts: Mapping[UUID, str],
    *,
    by: str,
    recorded_by: UUID,
    now: datetime,
) -> int:
    """Put what sentences say into English, over what was there. An empty text takes it away.

    Args:
        session: a writing session.
        interview_id: whose sentences.
        texts: the English of each sentence.
        by: who translated, such as "Nadia Gaskell, interpreter".
        recorded_by: the member of staff who attaches it.
        now: when.

    Returns:
        How many changed.

    Raises:
        Missing: if one of the sentences is none of theirs, or is gone.
    """
    interview = lock(session, Interview, interview_id)
    known = set(
        session.scalars(
            select(Sentence.id)
            .join(Fragment, Fragment.id == Sentence.fragment_id)
            .where(Fragment.interview_id == interview_id, Fragment.words != b"")
        )
    )
    if not known.issuperset(texts):
        raise Missing(Sentence.__tablename__)
    before, changed = translations(session, interview), 0
    for sentence_id, text in texts.items():
        old = before.get(sentence_id)
        if (old.text if old else "") == text.strip():
            continue
        changed += 1
        session.execute(
            delete(SentenceTranslation).where(SentenceTranslation.sentence_id == sentence_id)
        )
        if text.strip():
            session.add(
                SentenceTranslation(
                    sentence_id=sentence_id,
                    interview_id=interview_id,
                    words=seal(
                        session, interview.key_id, _place("words", sentence_id), text.strip()
                    ),
                    translated_by=seal(
                        session, interview.key_id, _place("translated_by", sentence_id), by
                    ),
                    recorded_by=recorded_by,
                    at=now,
                )
            )
    session.flush()
    return changed


def in_other_languages(session: Session) -> list[UUID]:
    """The interviews in which something was said in another language than English."""
    return list(
        session.scalars(
            select(Fragment.interview_id)
            .where(Fragment.language != READ_BY_ALL, Fragment.words != b"")
            .distinct()
        )
    )


def _place(column: str, sentence_id: UUID) -> Place:
    return Place("sentence_translation", column, sentence_id)

"""The sentences the lead puts on the case pack's first side, question by question.

A sentence can stand there only after its family said that the account is right. The fourth key
question has two parts: for this child, and for services (Blackburn with Darwen's framework).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.linking import interviews_of
from family_voice.cases.models import Case, PackSentence
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.storage.locking import fetch, lock

MOST = 3


class NotReadBack(Exception):
    """The family has not yet said that the account is right."""


class NotOnThisCase(ValueError):
    """The sentence is not part of an account that stands on this case."""


class Full(Exception):
    """There are already as many sentences under this question as one side has room for."""


@dataclass(frozen=True)
class Place:
    """Where on the first side: a key question's id, and for the fourth its part."""

    question: str
    part: str = ""

    @property
    def key(self) -> str:
        """How it is stored."""
        return f"{self.question}.{self.part}" if self.part else self.question

    @classmethod
    def of(cls, key: str) -> Place:
        """The place stored under `key`."""
        question, _, part = key.partition(".")
        return cls(question, part)


def choose(
    session: Session,
    case_id: UUID,
    sentence_id: UUID,
    place: Place,
    by: UUID,
    now: datetime,
) -> None:
    """Put a sentence on the first side, or move it to another place there.

    Args:
        session: a writing session.
        case_id: whose pack.
        sentence_id: which sentence.
        place: under which question.
        by: the lead.
        now: when.

    Raises:
        NotOnThisCase: if no account on the case has the sentence.
        NotReadBack: if its family has not yet said that the account is right.
        Full: if the place already holds `MOST` sentences.
    """
    lock(session, Case, case_id)
    interview_id = _interview_with(session, case_id, sentence_id)
    if fetch(session, Interview, interview_id).read_back_at is None:
        raise NotReadBack
    row = session.get(PackSentence, sentence_id)
    standing = [other for other in _rows(session, [case_id]) if other.sentence_id != sentence_id]
    if sum(other.question == place.key for other in standing) >= MOST:
        raise Full
    if row is None:
        session.add(
            PackSentence(
                sentence_id=sentence_id, case_id=case_id, question=place.key, by=by, at=now
            )
        )
    else:
        row.question, row.by, row.at = place.key, by, now
    session.flush()


def take_away(session: Session, case_id: UUID, sentence_id: UUID) -> None:
    """Take a sentence off the first side; without effect if it is not there."""
    lock(session, Case, case_id)
    row = session.get(PackSentence, sentence_id)
    if row is not None and row.case_id == case_id:
        session.delete(row)
        session.flush()


def chosen(session: Session, case_id: UUID) -> dict[UUID, Place]:
    """The sentences chosen for a case's first side, and where each stands."""
    return {row.sentence_id: Place.of(row.question) for row in _rows(session, [case_id])}


def _interview_with(session: Session, case_id: UUID, sentence_id: UUID) -> UUID:
    for interview_id in interviews_of(session, [case_id]).get(case_id, []):
        if any(s.id == sentence_id for s in account(session, interview_id).sentences):
            return interview_id
    raise NotOnThisCase


def _rows(session: Session, case_ids: Iterable[UUID]) -> list[PackSentence]:
    return list(
        session.scalars(
            select(PackSentence)
            .where(PackSentence.case_id.in_(list(case_ids)))
            .order_by(PackSentence.at, PackSentence.sentence_id)
        )
    )

"""Changes of the codebook that forum members ask for, and the answer that each of them gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.security.sealing import (
    KeyKind,
    Place,
    new_key,
    open_keys,
    seal,
    unseal,
    unseal_optional,
)
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, lock
from family_voice.themes.codebook_models import CodebookRequest
from family_voice.themes.codebooks import current
from family_voice.themes.coding import NoSuchCode

LONGEST_REQUEST = LONGEST_ANSWER = 2_000
_TABLE = CodebookRequest.__tablename__


class Outcome(StrEnum):
    """What came of a request."""

    CHANGED = "changed"
    NOT_CHANGED = "not_changed"


class NothingSaid(ValueError):
    """A request or an answer without words, or with more than there is room for."""


class AlreadyAnswered(Exception):
    """Somebody answered this request before."""


@dataclass(frozen=True)
class Request:
    """One request. `version` is the version of the codebook that came of it."""

    id: UUID
    code: str | None
    text: str
    by: UUID
    at: datetime
    outcome: Outcome | None
    answer: str
    version: int | None
    answered_by: UUID | None
    answered_at: datetime | None


def ask(session: Session, code: str | None, text: str, by: UUID, now: datetime) -> UUID:
    """Ask for a change: other words for a code, or something that has no code yet.

    Args:
        session: a writing session.
        code: which code it is about, or None.
        text: what they ask, in their words.
        by: the forum member.
        now: when.

    Returns:
        The request's id.

    Raises:
        NoSuchCode: if there never was such a code.
        NothingSaid: without words, or with too many.
    """
    if code is not None and code not in current(session).codes:
        raise NoSuchCode
    _check(text, LONGEST_REQUEST)
    row_id = new_id()
    key_id = new_key(session, KeyKind.CODEBOOK, row_id, now)
    sealed = seal(session, key_id, Place(_TABLE, "text", row_id), text.strip())
    session.add(CodebookRequest(id=row_id, code=code, key_id=key_id, text=sealed, by=by, at=now))
    session.flush()
    return row_id


def answer(
    session: Session,
    request_id: UUID,
    outcome: Outcome,
    text: str,
    by: UUID,
    now: datetime,
    version: int | None = None,
) -> None:
    """Answer a request.

    Args:
        session: a writing session.
        request_id: which.
        outcome: whether the codebook was changed.
        text: the answer that the forum member reads.
        by: who answers.
        now: when.
        version: the version that came of it, if one did.

    Raises:
        Missing: if there is no such request, or no such version.
        AlreadyAnswered: if it has its answer.
        NothingSaid: without words, or with too many.
    """
    row = lock(session, CodebookRequest, request_id)
    if row.outcome is not None:
        raise AlreadyAnswered
    _check(text, LONGEST_ANSWER)
    if version is not None and not 1 <= version <= current(session).version:
        raise Missing(_TABLE)
    row.outcome, row.made_version = outcome.value, version
    row.answer = seal(session, row.key_id, Place(_TABLE, "answer", row.id), text.strip())
    row.answered_by, row.answered_at = by, now
    session.flush()


def waiting(session: Session) -> tuple[Request, ...]:
    """Those without an answer, the oldest first."""
    rows = select(CodebookRequest).where(CodebookRequest.outcome.is_(None))
    return _read(session, session.scalars(rows.order_by(CodebookRequest.at)).all())


def how_many_wait(session: Session) -> int:
    """How many have no answer yet."""
    rows = select(func.count()).where(CodebookRequest.outcome.is_(None))
    return session.scalar(rows) or 0


def answered(session: Session, newest: int = 50) -> tuple[Request, ...]:
    """Those with an answer, the one answered last first."""
    rows = select(CodebookRequest).where(CodebookRequest.outcome.is_not(None))
    found = session.scalars(rows.order_by(CodebookRequest.answered_at.desc()).limit(newest)).all()
    return _read(session, found)


def asked_by(session: Session, staff_id: UUID) -> tuple[Request, ...]:
    """What one forum member has asked, the newest first, with the answers."""
    rows = select(CodebookRequest).where(CodebookRequest.by == staff_id)
    return _read(session, session.scalars(rows.order_by(CodebookRequest.at.desc())).all())


def _check(text: str, longest: int) -> None:
    if not text.strip() or len(text) > longest:
        raise NothingSaid


def _read(session: Session, rows: Sequence[CodebookRequest]) -> tuple[Request, ...]:
    open_keys(session, [row.key_id for row in rows])
    return tuple(
        Request(
            id=row.id,
            code=row.code,
            text=unseal(session, row.key_id, Place(_TABLE, "text", row.id), row.text),
            by=row.by,
            at=row.at,
            outcome=Outcome(row.outcome) if row.outcome else None,
            answer=unseal_optional(
                session, row.key_id, Place(_TABLE, "answer", row.id), row.answer
            ),
            version=row.made_version,
            answered_by=row.answered_by,
            answered_at=row.answered_at,
        )
        for row in rows
    )

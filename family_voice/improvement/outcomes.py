"""What came of what a family said: what was decided or done, and what could not be and why.

Written for the family, in plain words, by the lead. It stands with one account and is read behind
its return word; to tell a mother and a child the same, it is written to both.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.improvement.outcome_models import Outcome
from family_voice.interviews.models import Interview
from family_voice.security.sealing import (
    Erased,
    Place,
    seal,
    seal_optional,
    unseal,
    unseal_optional,
)
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class Kind(StrEnum):
    """What kind of thing came of it."""

    DECIDED = "decided"
    DONE = "done"
    CANNOT = "cannot"


class NothingPut(ValueError):
    """There are no words."""


class NoReason(ValueError):
    """What cannot be done needs its why: a bare no is no answer."""


class Changed(Exception):
    """Somebody else changed it meanwhile; `standing` is what it says now."""

    def __init__(self, standing: OutcomeView) -> None:
        super().__init__("outcome")
        self.standing = standing


@dataclass(frozen=True)
class OutcomeView:
    """One outcome in clear."""

    id: UUID
    interview_id: UUID
    kind: Kind
    words: str
    why: str
    by: UUID | None
    at: datetime
    version: int


def tell(
    session: Session,
    interview_ids: Collection[UUID],
    kind: Kind,
    words: str,
    why: str,
    by: Actor,
    now: datetime,
    *,
    page: UUID | None = None,
) -> list[UUID]:
    """Write what came of it to whoever gave these accounts.

    Args:
        session: a writing session.
        interview_ids: the accounts; each gets a row of its own under its own key.
        kind: decided, done, or cannot be done.
        words: what, in plain words for the family.
        why: why not; needed where it cannot be done.
        by: who writes.
        now: when.
        page: names the page it comes from: sent twice, it is written once.

    Returns:
        What was written, an id an account.

    Raises:
        NothingPut, NoReason: if something has to be put first; nothing is stored.
        NotForUs: if one of them has not agreed to talk with us, or no longer.
        Missing: if there is no such account.
    """
    words, why = _checked(kind, words, why)
    written = []
    for interview_id in sorted(interview_ids):
        interview = lock(session, Interview, interview_id)
        if not lead_may_read(session, interview_id, now):
            raise NotForUs
        row_id = _named(page, interview_id)
        if session.get(Outcome, row_id) is None:
            key_id = interview.key_id
            session.add(
                Outcome(
                    id=row_id,
                    interview_id=interview_id,
                    key_id=key_id,
                    kind=kind.value,
                    words=seal(session, key_id, _place(row_id, "words"), words),
                    why=seal_optional(session, key_id, _place(row_id, "why"), why),
                    by=by.id,
                    at=now,
                )
            )
            session.flush()
            record(session, by, "add", "outcome", row_id, now, [kind.value])
        written.append(row_id)
    return written


def change(
    session: Session,
    outcome_id: UUID,
    version: int,
    kind: Kind,
    words: str,
    why: str,
    by: Actor,
    now: datetime,
) -> None:
    """Put an outcome in other words, or say that what was decided is now done.

    Raises:
        Changed: if somebody else changed it since `version`; nothing is stored.
        NothingPut, NoReason, NotForUs, Missing: as for `tell`.
    """
    words, why = _checked(kind, words, why)
    row = _held(session, outcome_id, now)
    if row.version != version:
        raise Changed(_view(session, row))
    row.kind, row.at, row.by = kind.value, now, by.id
    row.words = seal(session, row.key_id, _place(row.id, "words"), words)
    row.why = seal_optional(session, row.key_id, _place(row.id, "why"), why)
    session.flush()
    record(session, by, "change", "outcome", row.id, now, [kind.value])


def take_away(session: Session, outcome_id: UUID, by: Actor, now: datetime) -> None:
    """It was a slip: the family does not read it any more. Raises NotForUs as `tell` does."""
    row = _held(session, outcome_id, now)
    session.delete(row)
    session.flush()
    record(session, by, "remove", "outcome", outcome_id, now, ["words"])


def whose(session: Session, outcome_id: UUID) -> UUID:
    """The account an outcome was written to. Raises Missing."""
    return fetch(session, Outcome, outcome_id).interview_id


def of_account(session: Session, interview_id: UUID, now: datetime) -> list[OutcomeView]:
    """What was written to one account, the newest first; nothing where they took it back."""
    if not lead_may_read(session, interview_id, now):
        return []
    rows = session.scalars(
        select(Outcome)
        .where(Outcome.interview_id == interview_id)
        .order_by(Outcome.at.desc(), Outcome.id)
    )
    try:
        return [_view(session, row) for row in rows]
    except Erased:
        return []


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Delete what was written to an account. Returns how many `outcomes` there were."""
    gone = session.scalars(
        delete(Outcome).where(Outcome.interview_id == interview_id).returning(Outcome.id)
    ).all()
    session.flush()
    return {"outcomes": len(gone)}


def _checked(kind: Kind, words: str, why: str) -> tuple[str, str]:
    if not words.strip():
        raise NothingPut
    if kind is Kind.CANNOT and not why.strip():
        raise NoReason
    return words.strip(), why.strip()


def _named(page: UUID | None, interview_id: UUID) -> UUID:
    return uuid5(page, str(interview_id)) if page is not None else new_id()


def _held(session: Session, outcome_id: UUID, now: datetime) -> Outcome:
    """An outcome, held after its interview: in the order in which taking back holds them.

    Where everything was taken back it is there only because of a legal hold, and stays as it is.
    """
    interview = lock(session, Interview, fetch(session, Outcome, outcome_id).interview_id)
    if not lead_may_read(session, interview.id, now):
        raise NotForUs
    return lock(session, Outcome, outcome_id)


def _view(session: Session, row: Outcome) -> OutcomeView:
    return OutcomeView(
        row.id,
        row.interview_id,
        Kind(row.kind),
        unseal(session, row.key_id, _place(row.id, "words"), row.words),
        unseal_optional(session, row.key_id, _place(row.id, "why"), row.why),
        row.by,
        row.at,
        row.version,
    )


def _place(row_id: UUID, column: str) -> Place:
    return Place(Outcome.__tablename__, column, row_id)

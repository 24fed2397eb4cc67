"""Concerns: raised by any member of staff, acknowledged, and decided with a reason.

Each is sealed under a key of its own and stands apart: no account, pack or family page knows of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview
from family_voice.people.accounts import StaffMember
from family_voice.safeguarding.models import Concern
from family_voice.security.sealing import (
    Erased,
    KeyKind,
    Place,
    new_key,
    open_keys,
    seal,
    unseal_optional,
)
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class Decision(StrEnum):
    """What was decided about a concern."""

    REFERRED = "referred"
    ADVICE = "advice"
    ALREADY_KNOWN = "already_known"
    NO_FURTHER = "no_further"


class NothingSaid(ValueError):
    """A concern needs words, and a decision needs a reason."""


class Decided(Exception):
    """Somebody has decided it already."""


@dataclass(frozen=True)
class ConcernView:
    """One concern, in clear. Names are of members of staff; empty where nobody has yet."""

    id: UUID
    interview_id: UUID | None
    words: str
    raised_by: str
    raised_at: datetime
    acknowledged_by: str
    acknowledged_at: datetime | None
    decision: Decision | None
    reason: str
    decided_by: str
    decided_at: datetime | None


def raise_concern(
    session: Session, words: str, *, interview_id: UUID | None, by: Actor, now: datetime
) -> UUID:
    """Raise a concern, sealed under a key of its own.

    Args:
        session: a writing session.
        words: what was seen or heard, and whom it is about.
        interview_id: the conversation it came up in, if it did in one.
        by: the member of staff who raises it.
        now: when.

    Returns:
        Its id.

    Raises:
        NothingSaid: without words.
        Missing: if there is no such conversation.
    """
    if not words.strip():
        raise NothingSaid
    if interview_id is not None:
        fetch(session, Interview, interview_id)
    concern_id = new_id()
    key_id = new_key(session, KeyKind.SAFEGUARDING, concern_id, now)
    session.add(
        Concern(
            id=concern_id,
            key_id=key_id,
            interview_id=interview_id,
            words=seal(session, key_id, _place(concern_id, "words"), words),
            raised_by=by.id,
            raised_at=now,
        )
    )
    session.flush()
    record(session, by, "raise", "concern", concern_id, now, ["words"])
    return concern_id


def acknowledge(session: Session, concern_id: UUID, by: Actor, now: datetime) -> None:
    """Say that somebody has read it and is on it. The first to say so stands. Raises Missing."""
    row = lock(session, Concern, concern_id)
    if row.acknowledged_at is None:
        row.acknowledged_by, row.acknowledged_at = by.id, now
        session.flush()
        record(session, by, "change", "concern", concern_id, now, ["acknowledged"])


def decide(
    session: Session, concern_id: UUID, decision: Decision, reason: str, by: Actor, now: datetime
) -> None:
    """Decide what is done, and say why; that also acknowledges it.

    Raises:
        NothingSaid: without a reason.
        Decided: if it was decided already; nothing is changed.
        Missing: if there is no such concern.
    """
    if not reason.strip():
        raise NothingSaid
    row = lock(session, Concern, concern_id)
    if row.decided_at is not None:
        raise Decided
    acknowledge(session, concern_id, by, now)
    row.decision = decision.value
    row.reason = seal(session, row.key_id, _place(concern_id, "reason"), reason)
    row.decided_by, row.decided_at = by.id, now
    session.flush()
    record(session, by, "change", "concern", concern_id, now, ["decision", "reason"])


def all_concerns(session: Session) -> list[ConcernView]:
    """Every concern, those not decided first, then the newest."""
    rows = session.scalars(select(Concern).order_by(Concern.raised_at.desc(), Concern.id)).all()
    return _views(session, sorted(rows, key=lambda row: row.decided_at is not None))


def one(session: Session, concern_id: UUID) -> ConcernView:
    """One concern. Raises Missing."""
    return _views(session, [fetch(session, Concern, concern_id)])[0]


def _views(session: Session, rows: list[Concern]) -> list[ConcernView]:
    open_keys(session, (row.key_id for row in rows))
    people = {
        each
        for row in rows
        for each in (row.raised_by, row.acknowledged_by, row.decided_by)
        if each is not None
    }
    names: dict[UUID | None, str] = {
        staff.id: staff.name
        for staff in session.scalars(select(StaffMember).where(StaffMember.id.in_(people)))
    }
    return [
        ConcernView(
            id=row.id,
            interview_id=row.interview_id,
            words=_opened(session, row, "words", row.words),
            raised_by=names.get(row.raised_by, ""),
            raised_at=row.raised_at,
            acknowledged_by=names.get(row.acknowledged_by, ""),
            acknowledged_at=row.acknowledged_at,
            decision=Decision(row.decision) if row.decision else None,
            reason=_opened(session, row, "reason", row.reason),
            decided_by=names.get(row.decided_by, ""),
            decided_at=row.decided_at,
        )
        for row in rows
    ]


def _opened(session: Session, row: Concern, column: str, sealed: bytes | None) -> str:
    try:
        return unseal_optional(session, row.key_id, _place(row.id, column), sealed)
    except Erased:
        return ""


def _place(concern_id: UUID, column: str) -> Place:
    return Place("concern", column, concern_id)

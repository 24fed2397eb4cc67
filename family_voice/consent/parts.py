"""Accounts that were cut out of another: what was decided for the whole holds for each part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from family_voice.consent.models import AccountPart
from family_voice.storage.locking import lock


def make_part(
    session: Session,
    interview_id: UUID,
    origin_id: UUID,
    by: UUID,
    now: datetime,
    shared: tuple[str, datetime] | None = None,
) -> None:
    """Let an account rest on what is decided for another.

    Args:
        session: a writing session.
        interview_id: the part.
        origin_id: the whole.
        by: who cut it out.
        now: when.
        shared: how and when the family said that what is about several children may stand with
            each; None where nothing is.
    """
    how, at = shared or (None, None)
    session.add(
        AccountPart(
            interview_id=interview_id,
            origin_id=origin_id,
            shared_how=how,
            shared_at=at,
            made_by=by,
            made_at=now,
        )
    )
    session.flush()


def end_part(session: Session, interview_id: UUID, now: datetime) -> None:
    """Let a part rest on nothing any more: from now on nobody may read it. Raises Missing."""
    lock(session, AccountPart, interview_id).ended_at = now
    session.flush()


def parts_of(session: Session, origin_id: UUID) -> list[UUID]:
    """The parts that were cut out of an account and stand."""
    return list(
        session.scalars(
            select(AccountPart.interview_id)
            .where(AccountPart.origin_id == origin_id, AccountPart.ended_at.is_(None))
            .order_by(AccountPart.interview_id)
        )
    )


def origin_of(session: Session, interview_id: UUID) -> UUID | None:
    """The account that a part was cut out of; None if it is none, or no more."""
    row = session.get(AccountPart, interview_id)
    return row.origin_id if row is not None and row.ended_at is None else None


def shared_agreed(session: Session, interview_id: UUID) -> tuple[str, datetime] | None:
    """How and when the family said that what is about several children may stand with each."""
    row = session.get(AccountPart, interview_id)
    if row is None or row.shared_how is None or row.shared_at is None:
        return None
    return row.shared_how, row.shared_at


def resting_on(session: Session, interview_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Of those that are parts: the account each rests on; None for one that rests on nothing."""
    rows = session.execute(
        select(AccountPart.interview_id, AccountPart.origin_id, AccountPart.ended_at).where(
            AccountPart.interview_id.in_(list(interview_ids))
        )
    )
    return {part: None if ended else origin for part, origin, ended in rows}


def ended() -> Select[UUID]:
    """Every part that rests on nothing any more."""
    return select(AccountPart.interview_id).where(AccountPart.ended_at.is_not(None))


def together(session: Session, interview_id: UUID) -> set[UUID]:
    """An account, what it was cut out of, and everything else that was cut out of that."""
    mine = select(AccountPart.origin_id).where(AccountPart.interview_id == interview_id)
    rows = session.execute(
        select(AccountPart.interview_id, AccountPart.origin_id).where(
            or_(AccountPart.origin_id == interview_id, AccountPart.origin_id.in_(mine))
        )
    )
    return {interview_id, *(each for row in rows for each in row)}


def whole(session: Session, interview_id: UUID) -> Sequence[UUID]:
    """An account and the parts that were cut out of it."""
    return (interview_id, *parts_of(session, interview_id))

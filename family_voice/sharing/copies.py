"""Numbered copies: printing is an export, for a named person, to be destroyed by a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from family_voice.cases.models import Case
from family_voice.sharing.models import NumberedCopy
from family_voice.storage.locking import lock


@dataclass(frozen=True)
class Copy:
    """One numbered copy of a case pack."""

    number: int
    case_id: UUID
    made_for: UUID
    made_at: datetime
    destroy_by: date
    destroyed_at: datetime | None


def make_copy(
    session: Session,
    case_id: UUID,
    made_for: UUID,
    made_by: UUID,
    destroy_by: date,
    now: datetime,
) -> Copy:
    """Number a copy before it leaves.

    Args:
        session: a writing session.
        case_id: whose pack.
        made_for: the one person who holds it.
        made_by: who printed it.
        destroy_by: the last day it may exist.
        now: when.

    Returns:
        The copy with its number, counted through the whole installation.
    """
    lock(session, Case, case_id)
    while True:
        last = session.scalar(select(func.max(NumberedCopy.number)))
        row = NumberedCopy(
            number=(last or 0) + 1,
            case_id=case_id,
            made_for=made_for,
            made_by=made_by,
            made_at=now,
            destroy_by=destroy_by,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            continue  # Somebody printing another case took the number; take the next.
        return _copy(row)


def copies_of(session: Session, case_id: UUID) -> list[Copy]:
    """Every copy of a case's pack, oldest first."""
    rows = session.scalars(
        select(NumberedCopy).where(NumberedCopy.case_id == case_id).order_by(NumberedCopy.number)
    )
    return [_copy(row) for row in rows]


def copy_of(session: Session, case_id: UUID, number: int) -> Copy | None:
    """One copy of a case's pack, or None if that number is not one of them."""
    row = _row(session, case_id, number)
    return _copy(row) if row else None


def destroyed(session: Session, case_id: UUID, number: int, now: datetime) -> None:
    """Note that a copy was destroyed; a second note changes nothing."""
    row = _row(session, case_id, number)
    if row is not None and row.destroyed_at is None:
        row.destroyed_at = now
        session.flush()


def _row(session: Session, case_id: UUID, number: int) -> NumberedCopy | None:
    return session.scalar(
        select(NumberedCopy).where(NumberedCopy.case_id == case_id, NumberedCopy.number == number)
    )


def _copy(row: NumberedCopy) -> Copy:
    return Copy(
        row.number, row.case_id, row.made_for, row.made_at, row.destroy_by, row.destroyed_at
    )

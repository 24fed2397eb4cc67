"""Numbered copies: printing is an export, for a named person, to be destroyed by a day."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
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
    recalled_at: datetime | None = None


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


def recall(
    session: Session,
    case_ids: Collection[UUID],
    now: datetime,
    may_hold: Callable[[datetime], bool] = lambda made_at: True,
) -> list[int]:
    """Ask for every copy of these cases to be destroyed now: their family took the words back.

    Args:
        session: a writing session.
        case_ids: whose packs.
        now: when.
        may_hold: whether a copy made then could hold what was taken back; others are let be.

    Returns:
        The numbers of the copies that still exist, in order.
    """
    rows = [
        row
        for row in session.scalars(
            _existing()
            .where(NumberedCopy.case_id.in_(case_ids))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if may_hold(row.made_at)
    ]
    for row in rows:
        row.recalled_at = row.recalled_at or now
        row.destroy_by = min(row.destroy_by, london_date(now))
    session.flush()
    return [row.number for row in rows]


def recalled(session: Session, held_by: UUID | None = None) -> list[Copy]:
    """The copies somebody still has to destroy because a family took its words back.

    Args:
        session: any session.
        held_by: only those of this member of staff; None for everybody's.
    """
    wanted = _existing().where(NumberedCopy.recalled_at.is_not(None))
    if held_by is not None:
        wanted = wanted.where(NumberedCopy.made_for == held_by)
    return [_copy(row) for row in session.scalars(wanted)]


def still_there(session: Session, numbers: Collection[int]) -> list[Copy]:
    """Those of the copies with these numbers that nobody has said to have destroyed."""
    return [
        _copy(row)
        for row in session.scalars(_existing().where(NumberedCopy.number.in_(list(numbers))))
    ]


def _existing() -> Select[NumberedCopy]:
    return (
        select(NumberedCopy)
        .where(NumberedCopy.destroyed_at.is_(None))
        .order_by(NumberedCopy.number)
    )


def _row(session: Session, case_id: UUID, number: int) -> NumberedCopy | None:
    return session.scalar(
        select(NumberedCopy).where(NumberedCopy.case_id == case_id, NumberedCopy.number == number)
    )


def _copy(row: NumberedCopy) -> Copy:
    return Copy(
        row.number,
        row.case_id,
        row.made_for,
        row.made_at,
        row.destroy_by,
        row.destroyed_at,
        row.recalled_at,
    )

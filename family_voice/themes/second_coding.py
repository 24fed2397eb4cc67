"""Who codes an account a second time, without seeing what the first coder put.

From the moment an account is given to somebody until they say that they are done, everything they
code on it goes into a coding of its own, whatever page it comes from, and they are shown nothing
of the first: `blind_to` is what every page that shows codes, suggestions or counts has to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from family_voice.themes.models import CodingCommand
from family_voice.themes.second_models import SecondCoding


def blind_to(session: Session, staff_id: UUID) -> frozenset[UUID]:
    """The accounts whose codes, suggestions and counts this person may not see yet."""
    return frozenset(session.scalars(select(SecondCoding.interview_id).where(_open(staff_id))))


def codes_blind(session: Session, interview_id: UUID, staff_id: UUID) -> bool:
    """Whether what this person codes on the account is the blind second coding of it."""
    mine = select(SecondCoding.id).where(_open(staff_id), SecondCoding.interview_id == interview_id)
    return session.scalar(mine) is not None


def first_coders(
    session: Session, ids: Iterable[UUID], upto: Mapping[UUID, int] | None = None
) -> dict[UUID, tuple[UUID, ...]]:
    """Who worked at the first coding of each account, in the order in which they began.

    Args:
        session: any session.
        ids: the accounts.
        upto: for accounts as they were, the number of the last command that counts.
    """
    found: dict[UUID, dict[UUID, None]] = {}
    for interview_id, number, by in session.execute(
        select(CodingCommand.interview_id, CodingCommand.number, CodingCommand.by)
        .where(CodingCommand.interview_id.in_(list(ids)), CodingCommand.second.is_(False))
        .order_by(CodingCommand.number)
    ):
        if number <= (upto or {}).get(interview_id, number):
            found.setdefault(interview_id, {})[by] = None
    return {interview_id: tuple(by) for interview_id, by in found.items()}


def _open(staff_id: UUID) -> ColumnElement[bool]:
    return (SecondCoding.coder == staff_id) & SecondCoding.finished_at.is_(None)

"""Who would code an account blind, and so what must not be counted for them.

Two sums, one with an account and one without it, tell what was put on it: a codebook's counts from
before a draw and from after it are enough. So an account counts for a lead only once nobody can
ask them to code it blind any more: it was in the pot and not drawn, or its second coding is done,
or they coded it or were shown its codes themselves. What was published counts all (`sharing`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases.linking import case_of
from family_voice.cases.permission import works_with_family
from family_voice.people.access import Role
from family_voice.people.staff import staff_with
from family_voice.security.models import TrailRow
from family_voice.themes.choices import second_coding_on
from family_voice.themes.models import CodingCommand
from family_voice.themes.second_coding import blind_to, first_coders
from family_voice.themes.second_models import SecondCoding

#: An account that was coded longer ago goes into no pot: nobody waits for ever with their sums.
TOO_LATE = timedelta(days=365)


def who_may(session: Session, interview_id: UUID) -> tuple[UUID, ...]:
    """The leads who would code this account blind, by name.

    Nobody who works with the family: they would not be given all of it.
    """
    first = first_coders(session, [interview_id]).get(interview_id, ())
    shown = {who for who, _account in _shown(session, [interview_id])}
    leads = [each.id for each in staff_with(session, Role.LEAD)]
    return tuple(
        each
        for each in leads
        if each not in first
        and each not in shown
        and not works_with_family(session, interview_id, each)
    )


def not_counted_for(session: Session, reader: UUID, now: datetime) -> frozenset[UUID]:
    """The accounts that no sum may hold which this person is shown: see above.

    Args:
        session: any session.
        reader: who will see the sum.
        now: the moment of showing.
    """
    now_blind = blind_to(session, reader)
    if not second_coding_on(session, now):
        return now_blind
    may_come = _open_to_a_draw(session, now) - now_blind
    if not may_come or reader not in {each.id for each in staff_with(session, Role.LEAD)}:
        return now_blind
    first = first_coders(session, may_come)
    may_come = {each for each in may_come if reader not in first.get(each, ())}
    may_come -= {account for who, account in _shown(session, may_come) if who == reader}
    return now_blind | {each for each in may_come if not works_with_family(session, each, reader)}


def coded_lately(session: Session, now: datetime) -> frozenset[UUID]:
    """The accounts whose first coding began not too long ago for a second one."""
    return frozenset(
        session.scalars(
            select(CodingCommand.interview_id)
            .where(CodingCommand.second.is_(False))
            .group_by(CodingCommand.interview_id)
            .having(func.min(CodingCommand.at) > now - TOO_LATE)
        )
    )


def _open_to_a_draw(session: Session, now: datetime) -> set[UUID]:
    """What may still be drawn, and what is drawn and not done: it can be given to somebody else."""
    pot = session.execute(
        select(SecondCoding.interview_id, SecondCoding.drawn, SecondCoding.finished_at)
    ).all()
    waits = {row.interview_id for row in pot if row.drawn and row.finished_at is None}
    return waits | (coded_lately(session, now) - {row.interview_id for row in pot})


def _shown(session: Session, interview_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Who was shown codes of which account: on a page, in a file, or with words in a case pack."""
    cases = {each: case_of(session, each) for each in interview_ids}
    rows = session.execute(
        select(TrailRow.actor_id, TrailRow.resource, TrailRow.resource_id, TrailRow.fields).where(
            TrailRow.resource_id.in_([*cases, *(each for each in cases.values() if each)]),
            TrailRow.resource.in_(("interview", "pack")),
            TrailRow.actor_kind == "staff",
        )
    )
    found: set[tuple[UUID, UUID]] = set()
    for actor_id, resource, row_id, said in rows:
        if actor_id is None:
            continue
        if resource == "pack":
            of_case = {each for each, case_id in cases.items() if case_id == row_id}
            found |= {(actor_id, each) for each in of_case if str(each) in said}
        elif row_id is not None and "codes" in said:
            found.add((actor_id, row_id))
    return found

"""Telling people of a concern, and telling more of them by the clock until somebody takes it.

Each rung is taken under the concern's lock and written down once, so two workers or a restart
cannot take one twice. The texts go into the outbox in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypedDict
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from family_voice.language.texts import speaking
from family_voice.messages import outbox
from family_voice.messages.models import OutboundMessage
from family_voice.messages.templates import Template
from family_voice.messages.wording import compose
from family_voice.safeguarding import rota
from family_voice.safeguarding.ladder import (
    AT_ONCE,
    LADDERS,
    Kind,
    Rung,
    Take,
    WaitFor,
    Whom,
    what_now,
)
from family_voice.safeguarding.models import Concern, ConcernTold
from family_voice.settings import Settings
from family_voice.storage.locking import lock

#: Staff texts are in English, as the pages they lead to are by default.
LANGUAGE: Final = "en"
_OCCASION: Final = "concern"
#: How long whoever took a flag has for those that stood beside it, before anybody is told.
GRACE: Final = timedelta(hours=1)


class Foot(TypedDict):
    """Where a concern begins to climb."""

    next_rung: str
    next_at: datetime


def at_the_foot(now: datetime) -> Foot:
    """What a new concern waits for: its first rung, at once."""
    return Foot(next_rung=AT_ONCE, next_at=now)


def due(session: Session, now: datetime, at_most: int = 100) -> Sequence[UUID]:
    """The concerns whose next rung is due, the longest waiting first."""
    return session.scalars(
        select(Concern.id)
        .where(Concern.next_at <= now, Concern.acknowledged_at.is_(None))
        .order_by(Concern.next_at)
        .limit(at_most)
    ).all()


def climb(session: Session, settings: Settings, concern_id: UUID, now: datetime) -> int:
    """Take every rung of a concern that is due, and write down when the next one is.

    Args:
        session: a writing session.
        settings: our address and the emergency duty team's number.
        concern_id: which.
        now: the present.

    Returns:
        How many rungs were taken.
    """
    row = lock(session, Concern, concern_id)
    kind, taken = Kind(row.kind), _taken(session, concern_id)
    before = len(taken)
    row.next_rung = row.next_at = None
    while row.acknowledged_at is None:
        on_rota = bool(rota.on_rota(session, now))
        what = what_now(
            kind, taken, row.raised_at, now,
            on_rota=on_rota, next_on=None if on_rota else rota.next_on_rota(session, now),
        )  # fmt: skip
        match what:
            case Take(rung=rung):
                _take(session, settings, row, rung, now)
                taken[rung.name] = now
            case WaitFor(rung=rung, until=until):
                row.next_rung, row.next_at = rung.name, until
                break
            case None:
                break
    session.flush()
    return len(taken) - before


def stand_beside(session: Session, concern_id: UUID) -> None:
    """Tell nobody of this one: another of the same conversation is being told of."""
    row = lock(session, Concern, concern_id)
    row.next_rung = row.next_at = None
    session.flush()


def wake_beside(session: Session, taken: Concern, now: datetime) -> None:
    """Let the flags that stood beside this one climb by themselves, now that it is taken.

    Whoever took it sees them on the same page and has an hour for them.
    """
    session.execute(
        update(Concern)
        .where(
            Concern.kind == Kind.PLEASE_LOOK.value,
            Concern.interview_id == taken.interview_id
            if taken.interview_id
            else Concern.interview_id.is_(None),
            Concern.acknowledged_at.is_(None),
            Concern.next_at.is_(None),
            ~exists().where(ConcernTold.concern_id == Concern.id),
        )
        .values(next_rung=AT_ONCE, next_at=now + GRACE)
    )


def is_wanted(session: Session, message: OutboundMessage) -> bool:
    """Whether a text to staff still has to go: not once somebody has taken what it is about."""
    _concern, concern_id, *_rest = message.dedupe_key.split(":")
    found = select(Concern.acknowledged_at).where(Concern.id == UUID(concern_id))
    return session.scalar(found) is None


def waiting(session: Session) -> int:
    """How many concerns and flags nobody has taken."""
    rows = session.scalars(select(Concern.id).where(Concern.acknowledged_at.is_(None)))
    return len(rows.all())


def duty_team_named(session: Session, raised_by: UUID | None = None) -> bool:
    """Whether a concern nobody has taken has come to its last rung, the emergency duty team.

    Args:
        session: any session.
        raised_by: only of concerns that this member of staff raised; None for all.
    """
    last = [rungs[-1].name for rungs in LADDERS.values() if rungs[-1].rings]
    rung = exists().where(ConcernTold.concern_id == Concern.id, ConcernTold.rung.in_(last))
    found = select(Concern.id).where(Concern.acknowledged_at.is_(None), rung)
    if raised_by is not None:
        found = found.where(Concern.raised_by == raised_by)
    return session.scalar(found.limit(1)) is not None


def _taken(session: Session, concern_id: UUID) -> dict[str, datetime]:
    rows = session.execute(
        select(ConcernTold.rung, ConcernTold.at).where(ConcernTold.concern_id == concern_id)
    )
    return {row.rung: row.at for row in rows}


def _take(session: Session, settings: Settings, row: Concern, rung: Rung, now: datetime) -> None:
    people = _people(session, rung.whom, now)
    numbers = _reachable(session, people)
    template = Template.STAFF_DUTY_TEAM if rung.rings else Template.STAFF_WAITING
    with speaking(LANGUAGE):
        body = compose(template, settings)
    told = [staff_id for staff_id in people if staff_id in numbers]
    session.add(
        ConcernTold(concern_id=row.id, rung=rung.name, told=[str(each) for each in told], at=now)
    )
    session.flush()
    for staff_id in told:
        outbox.queue(
            session,
            None,
            numbers[staff_id],
            template,
            body,
            f"{_OCCASION}:{row.id}:{rung.name}:{staff_id}",
            due_at=now,
            is_reply=False,
            now=now,
        )


def _people(session: Session, whom: Whom, now: datetime) -> list[UUID]:
    if whom is Whom.EVERYBODY:
        return rota.everybody(session, now)
    there = rota.on_rota(session, now)
    if whom is Whom.FIRST:
        reachable = _reachable(session, [each.staff_id for each in there])
        there = [each for each in there if each.staff_id in reachable]
        there = [each for each in there if each.place == there[0].place]
    return [each.staff_id for each in there]


def _reachable(session: Session, staff_ids: list[UUID]) -> dict[UUID, str]:
    """The numbers of those whose telephone has not told us STOP: no text would go there."""
    numbers = rota.numbers_of(session, staff_ids)
    return {each: it for each, it in numbers.items() if not outbox.is_stopped(session, it)}

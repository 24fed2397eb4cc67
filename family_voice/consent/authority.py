"""Who decides in an interview, since when decisions stand, and what is on record about a case.

What is written down about it is in `judging`; what follows from it, in `who`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.consent.authority_models import (
    Approach,
    Judgement,
    NoContact,
    OwnNo,
    OwnWords,
)
from family_voice.consent.school_age import decides_from
from family_voice.consent.who import (
    Approached,
    Decides,
    Judged,
    Kind,
    Known,
    Reason,
    Responsibility,
    decides,
    own_no_stands,
)
from family_voice.people import register

#: Nothing that was decided stands: they themselves have said no.
NEVER: Final = datetime.max.replace(tzinfo=UTC)


def speaks(session: Session, interview_id: UUID, child_id: UUID, case_id: UUID | None) -> None:
    """Say whose own words an interview holds: a child's or young person's."""
    row = session.get(OwnWords, interview_id)
    if row is None:
        row = OwnWords(interview_id=interview_id, child_id=child_id)
        session.add(row)
    row.child_id, row.case_id = child_id, case_id
    session.flush()


def speaks_no_more(session: Session, interview_id: UUID) -> None:
    """Nobody knows any more whose own words an interview holds."""
    row = session.get(OwnWords, interview_id)
    if row is not None:
        session.delete(row)
        session.flush()


def standing_since(
    session: Session, interview_ids: Collection[UUID], now: datetime
) -> dict[UUID, datetime]:
    """From when on the decisions about each interview stand; missing: for ever.

    Where a young person speaks for themselves, what was decided before they stopped being of
    compulsory school age stands no more from that moment on. After a child's own no nothing does.
    """
    rows = session.scalars(
        select(OwnWords).where(OwnWords.interview_id.in_(list(interview_ids)))
    ).all()
    if not rows:
        return {}
    born = register.birthdays(session, {row.child_id for row in rows})
    noes = own_noes(session, (row.case_id for row in rows if row.case_id))
    found = {}
    for row in rows:
        birthday = born.get(row.child_id)
        no = Known(own_no_at=noes.get(row.case_id)) if row.case_id else Known()
        if own_no_stands(birthday, no, now):
            found[row.interview_id] = NEVER
        elif birthday is not None and decides_from(birthday) <= now:
            found[row.interview_id] = decides_from(birthday)
    return found


def represented_by(session: Session, interview_id: UUID, now: datetime) -> UUID | None:
    """The judgement by which somebody else decides in this interview; None if nobody does."""
    row = session.get(OwnWords, interview_id)
    if row is None or row.case_id is None:
        return None
    newest = judged(session, [row.case_id]).get(row.case_id)
    born = register.birthdays(session, [row.child_id]).get(row.child_id)
    if newest is not None and decides(born, newest, now) is Decides.REPRESENTATIVE:
        return newest.id
    return None


def said_no_themselves(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether the child of this interview has said no themselves, and that stands."""
    return standing_since(session, [interview_id], now).get(interview_id) == NEVER


def said_no_in_round(session: Session, child_id: UUID, round_id: UUID | None) -> bool:
    """Whether somebody wrote down a child's own no in this round, and nobody has lifted it."""
    return (
        session.scalar(
            select(OwnNo.id)
            .where(
                OwnNo.child_id == child_id,
                OwnNo.round_id == round_id,
                OwnNo.lifted_at.is_(None),
            )
            .limit(1)
        )
        is not None
    )


def case_of_own_words(session: Session, interview_id: UUID) -> tuple[UUID, UUID] | None:
    """The case and the child of an interview in which a child speaks for themselves."""
    row = session.get(OwnWords, interview_id)
    return (row.case_id, row.child_id) if row is not None and row.case_id is not None else None


def known(session: Session, cases: Mapping[UUID, UUID]) -> dict[UUID, Known]:
    """What is on record about each case (case -> child), in four queries. Opens nothing sealed."""
    judgements = judged(session, cases)
    noes = own_noes(session, cases)
    approached: dict[UUID, Approached] = {}
    for approach in session.scalars(
        select(Approach).where(Approach.case_id.in_(list(cases))).order_by(Approach.number)
    ):
        approached[approach.case_id] = Approached(
            frozenset(UUID(each) for each in approach.people),
            Responsibility(approach.responsibility),
        )
    barred: dict[UUID, dict[UUID, Reason]] = defaultdict(dict)
    for flag in session.scalars(
        select(NoContact).where(
            NoContact.child_id.in_(set(cases.values())), NoContact.lifted_at.is_(None)
        )
    ):
        barred[flag.child_id][flag.participant_id] = Reason(flag.reason)
    return {
        case_id: Known(
            judgements.get(case_id),
            approached.get(case_id),
            noes.get(case_id),
            barred.get(child_id, {}),
        )
        for case_id, child_id in cases.items()
    }


def may_not_be_contacted(session: Session, participant_id: UUID) -> bool:
    """Whether a court order or the like forbids it now."""
    return (
        session.scalar(
            select(NoContact.id)
            .where(NoContact.participant_id == participant_id, NoContact.lifted_at.is_(None))
            .limit(1)
        )
        is not None
    )


def judged(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, Judged]:
    """The newest judgement about each case, without its reasons."""
    return {
        row.case_id: Judged(row.id, Kind(row.kind), row.able, row.at)
        for row in session.scalars(
            select(Judgement)
            .where(Judgement.case_id.in_(list(case_ids)))
            .order_by(Judgement.number)
        )
    }


def own_noes(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """The cases whose child has said no themselves, and when."""
    return {
        row.case_id: row.at
        for row in session.scalars(
            select(OwnNo).where(OwnNo.case_id.in_(list(case_ids)), OwnNo.lifted_at.is_(None))
        )
    }

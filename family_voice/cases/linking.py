"""Which account belongs to which case, who said so and why; unlinking is as easy, and remembered.

Every decision is a row, and the newest row of an account counts. Accounts from an invitation are
linked by it; for all others a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session

from family_voice.cases.models import AccountLink, Case
from family_voice.consent import authority
from family_voice.interviews.models import Event, Interview
from family_voice.people.facts import YOUNG_PERSON
from family_voice.storage.locking import fetch, lock


class LinkDecision(StrEnum):
    """What was decided about an account."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    NONE_OF_THESE = "none_of_these"


class LinkHow(StrEnum):
    """What the decision rests on."""

    INVITATION = "invitation"
    PERSON = "person"


class AlreadyLinked(Exception):
    """The account stands on a case; take it off there first."""


@dataclass(frozen=True)
class LinkStep:
    """One decision in an account's history."""

    decision: LinkDecision
    how: LinkHow
    case_id: UUID | None
    reasons: tuple[str, ...]
    by: UUID | None
    at: datetime


def link(
    session: Session,
    interview_id: UUID,
    case_id: UUID,
    how: LinkHow,
    now: datetime,
    reasons: Sequence[str] = (),
    by: UUID | None = None,
) -> None:
    """Put an account on a case.

    Args:
        session: a writing session.
        interview_id: the account.
        case_id: the case.
        how: by its invitation or by a person.
        now: when.
        reasons: the codes of what spoke for it (see `matching`), as the person saw them.
        by: who decided; None for an invitation.

    Raises:
        AlreadyLinked: if it stands on a case already.
        Missing: if there is no such account or case.
    """
    interview = lock(session, Interview, interview_id)
    case = fetch(session, Case, case_id)
    if case_of(session, interview_id) is not None:
        raise AlreadyLinked
    if interview.guide_audience == YOUNG_PERSON:
        authority.speaks(session, interview_id, case.child_id, case_id)
    _append(session, interview_id, LinkDecision.LINKED, how, now, case_id, reasons, by)


def unlink(session: Session, interview_id: UUID, now: datetime, by: UUID) -> None:
    """Take an account off its case. The history keeps that it stood there."""
    interview = lock(session, Interview, interview_id)
    standing = case_of(session, interview_id)
    if standing is not None:
        if interview.participant_id is None:
            authority.speaks_no_more(session, interview_id)
        _append(
            session,
            interview_id,
            LinkDecision.UNLINKED,
            LinkHow.PERSON,
            now,
            standing,
            (),
            by,
        )


def none_of_these(session: Session, interview_id: UUID, now: datetime, by: UUID) -> None:
    """Say that an account belongs to none of the cases on offer."""
    lock(session, Interview, interview_id)
    if case_of(session, interview_id) is not None:
        raise AlreadyLinked
    _append(session, interview_id, LinkDecision.NONE_OF_THESE, LinkHow.PERSON, now, None, (), by)


def case_of(session: Session, interview_id: UUID) -> UUID | None:
    """The case an account stands on now, if any."""
    steps = history(session, interview_id)
    if steps and steps[-1].decision is LinkDecision.LINKED:
        return steps[-1].case_id
    return None


def history(session: Session, interview_id: UUID) -> list[LinkStep]:
    """Everything ever decided about an account, oldest first."""
    return [
        LinkStep(
            LinkDecision(row.decision),
            LinkHow(row.how),
            row.case_id,
            tuple(row.reasons),
            row.by,
            row.at,
        )
        for row in session.scalars(
            select(AccountLink)
            .where(AccountLink.interview_id == interview_id, _counts())
            .order_by(AccountLink.number)
        )
    ]


def interviews_of(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The accounts that stand on each of the cases now, in the order their interviews were made."""
    standing = _standing()
    rows = session.execute(
        select(standing.c.case_id, standing.c.interview_id)
        .join(Interview, Interview.id == standing.c.interview_id)
        .where(standing.c.case_id.in_(list(case_ids)))
        .order_by(Interview.made_at, Interview.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for case_id, interview_id in rows:
        if case_id is not None:
            found.setdefault(case_id, []).append(interview_id)
    return found


def unlinked(session: Session) -> list[UUID]:
    """Accounts that stand on no case, newest first: they came uninvited, or were taken off one."""
    standing = _standing()
    return list(
        session.scalars(
            select(Interview.id)
            .where(
                Interview.id.not_in(select(standing.c.interview_id)),
                # What was taken back is nobody's to link any more.
                Interview.id.not_in(_withdrawn()),
            )
            .order_by(Interview.made_at.desc(), Interview.id)
        )
    )


def linked_by_people(session: Session) -> list[tuple[UUID, UUID]]:
    """Account and case of every link that a person made and that stands, newest first."""
    standing = _standing()
    rows = session.execute(
        select(standing.c.interview_id, standing.c.case_id)
        .where(standing.c.how == LinkHow.PERSON.value)
        .order_by(standing.c.at.desc(), standing.c.interview_id)
    )
    return [(interview_id, case_id) for interview_id, case_id in rows]


def _standing() -> Subquery:
    """Every link that stands: an account's newest row, if it links."""
    newest = (
        select(AccountLink.interview_id, func.max(AccountLink.number).label("number"))
        .where(_counts())
        .group_by(AccountLink.interview_id)
        .subquery()
    )
    return (
        select(AccountLink.case_id, AccountLink.interview_id, AccountLink.how, AccountLink.at)
        .join(
            newest,
            (newest.c.interview_id == AccountLink.interview_id)
            & (newest.c.number == AccountLink.number),
        )
        .where(AccountLink.decision == LinkDecision.LINKED.value)
        .subquery()
    )


def _counts() -> ColumnElement[bool]:
    """A person's link to what was taken back is as good as gone, even while a hold keeps the row.

    Where they were invited stays: nobody shall ask them again.
    """
    invited = AccountLink.how == LinkHow.INVITATION.value
    return or_(invited, AccountLink.interview_id.not_in(_withdrawn()))


def _withdrawn() -> Select[UUID]:
    return select(Event.interview_id).where(Event.kind == "withdrawn")


def _append(
    session: Session,
    interview_id: UUID,
    decision: LinkDecision,
    how: LinkHow,
    now: datetime,
    case_id: UUID | None,
    reasons: Sequence[str],
    by: UUID | None,
) -> None:
    last = session.scalar(
        select(func.max(AccountLink.number)).where(AccountLink.interview_id == interview_id)
    )
    session.add(
        AccountLink(
            interview_id=interview_id,
            number=(last or 0) + 1,
            case_id=case_id,
            decision=decision.value,
            how=how.value,
            reasons=list(reasons),
            by=by,
            at=now,
        )
    )
    session.flush()

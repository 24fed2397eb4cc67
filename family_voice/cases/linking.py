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

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, union_all
from sqlalchemy.orm import Session

from family_voice.cases import remarks
from family_voice.cases.models import AccountLink, Case
from family_voice.consent import authority
from family_voice.consent.parts import ended
from family_voice.interviews.models import Event, Interview
from family_voice.people.facts import is_own_voice
from family_voice.security.sealing import Erased, Place, seal_optional, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class LinkDecision(StrEnum):
    """What was decided about an account."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    NONE_OF_THESE = "none_of_these"
    OPEN_AGAIN = "open_again"


class LinkHow(StrEnum):
    """What the decision rests on."""

    INVITATION = "invitation"
    PERSON = "person"


class AlreadyLinked(Exception):
    """The account stands on a case; take it off there first."""


@dataclass(frozen=True)
class LinkStep:
    """One decision in an account's history. `why` is sealed: see `why_of`."""

    decision: LinkDecision
    how: LinkHow
    case_id: UUID | None
    reasons: tuple[str, ...]
    by: UUID | None
    at: datetime
    participant_id: UUID | None = None
    why: bytes | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Since:
    """Since when an account has stood on its case, and who of its people somebody said it is."""

    at: datetime
    said_to_be: UUID | None = None


def link(
    session: Session,
    interview_id: UUID,
    case_id: UUID,
    how: LinkHow,
    now: datetime,
    reasons: Sequence[str] = (),
    by: UUID | None = None,
    participant_id: UUID | None = None,
    why: str = "",
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
        participant_id: who of the case's people it is the account of, where a person said so.
        why: their reason in words.

    Raises:
        AlreadyLinked: if it stands on a case already.
        Missing: if there is no such account or case.
    """
    interview = lock(session, Interview, interview_id)
    case = fetch(session, Case, case_id)
    if case_of(session, interview_id) is not None:
        raise AlreadyLinked
    if is_own_voice(interview.guide_audience):
        authority.speaks(session, interview_id, case.child_id, case_id)
    _append(
        session,
        interview_id,
        LinkDecision.LINKED,
        how,
        now,
        case_id,
        reasons,
        by,
        participant_id=participant_id,
        why=why,
    )


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


def open_again(session: Session, interview_id: UUID, now: datetime, by: UUID) -> None:
    """Take back that an account belongs to none of the cases."""
    lock(session, Interview, interview_id)
    if case_of(session, interview_id) is not None:
        raise AlreadyLinked
    _append(session, interview_id, LinkDecision.OPEN_AGAIN, LinkHow.PERSON, now, None, (), by)


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
            row.participant_id,
            row.why,
            row.id,
        )
        for row in session.scalars(
            select(AccountLink)
            .where(AccountLink.interview_id == interview_id, _counts())
            .order_by(AccountLink.number)
        )
    ]


def why_of(session: Session, interview_id: UUID, step: LinkStep) -> str:
    """The reason that somebody gave for a decision; empty where none was given, or it is gone."""
    if step.why is None or step.id is None:
        return ""
    key_id = fetch(session, Interview, interview_id).key_id
    try:
        return unseal(session, key_id, _place(step.id), step.why)
    except Erased:
        return ""


def interviews_of(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The accounts that stand on each of the cases now, in the order their interviews were made."""
    linked = linked_since(session, case_ids)
    return {case_id: list(accounts) for case_id, accounts in linked.items()}


def linked_since(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, Since]]:
    """By case, the accounts that stand on it now, in the order they were made."""
    standing = _standing()
    rows = session.execute(
        select(
            standing.c.case_id, standing.c.interview_id, standing.c.at, standing.c.participant_id
        )
        .join(Interview, Interview.id == standing.c.interview_id)
        .where(standing.c.case_id.in_(list(case_ids)))
        .order_by(Interview.made_at, Interview.id)
    )
    found: dict[UUID, dict[UUID, Since]] = {}
    for case_id, interview_id, at, said_to_be in rows:
        if case_id is not None:
            found.setdefault(case_id, {})[interview_id] = Since(at, said_to_be)
    return found


def unlinked(session: Session) -> list[UUID]:
    """Accounts that stand on no case, newest first: they came uninvited, or were taken off one.

    One that was set aside, as a double or cut into parts, is not among them.
    """
    standing = _standing()
    aside = remarks.set_aside(session)
    return [
        each
        for each in session.scalars(
            select(Interview.id)
            .where(
                Interview.id.not_in(select(standing.c.interview_id)),
                # What was taken back is nobody's to link any more.
                Interview.id.not_in(union_all(_withdrawn(), ended())),
            )
            .order_by(Interview.made_at.desc(), Interview.id)
        )
        if each not in aside
    ]


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
        select(
            AccountLink.case_id,
            AccountLink.interview_id,
            AccountLink.how,
            AccountLink.at,
            AccountLink.participant_id,
        )
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

    So is that of a part, once the family has changed what it was cut out of.
    Where they were invited stays: nobody shall ask them again.
    """
    invited = AccountLink.how == LinkHow.INVITATION.value
    gone = union_all(_withdrawn(), ended())
    return or_(invited, AccountLink.interview_id.not_in(gone))


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
    *,
    participant_id: UUID | None = None,
    why: str = "",
) -> None:
    row_id = new_id()
    key_id = fetch(session, Interview, interview_id).key_id
    last = session.scalar(
        select(func.max(AccountLink.number)).where(AccountLink.interview_id == interview_id)
    )
    session.add(
        AccountLink(
            id=row_id,
            interview_id=interview_id,
            number=(last or 0) + 1,
            case_id=case_id,
            decision=decision.value,
            how=how.value,
            reasons=list(reasons),
            participant_id=participant_id,
            why=seal_optional(session, key_id, _place(row_id), why.strip()),
            by=by,
            at=now,
        )
    )
    session.flush()


def _place(row_id: UUID) -> Place:
    return Place("account_link", "why", row_id)

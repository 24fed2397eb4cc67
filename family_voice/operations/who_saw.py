"""Who has seen a family's account: read from the audit trail, without opening a word of theirs.

For the data protection officer alone. A case is found by its reference through the blind index, or
by its number in its round. What is kept apart (safeguarding, legal holds) is no part of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from family_voice.cases.models import AccountLink, Attempt, Case, FollowUp, PanelSession, Round
from family_voice.improvement.outcome_models import Outcome
from family_voice.interviews.models import Interview
from family_voice.people.accounts import StaffMember
from family_voice.people.models import Child, Participant
from family_voice.security.blind import blind_index
from family_voice.security.models import TrailRow
from family_voice.sharing.models import Quote
from family_voice.storage.locking import fetch

#: Lines of the trail on one page.
A_PAGE: Final = 50
#: What lines about one round or session are recorded as; they name its children.
LISTS: Final = frozenset({"round", "panel session", "panel seat"})
#: Names of fields that hold what a family said.
WORDS: Final = frozenset({"answers", "account", "sentences", "words", "body"})
#: What cannot be told of one family here.
APART: Final = frozenset({"concern", "legal hold", "rota"})
SIGNING_IN: Final = frozenset({"sign_in", "sign_out", "refuse"})


class How(StrEnum):
    """What somebody did."""

    WORDS = "words"  # saw what the family said
    DETAILS = "details"  # saw names, dates, how to reach them, how far it is
    LISTS = "lists"  # saw a list that names the child
    COPIES = "copies"  # printed the words, or opened a printed copy
    CHANGES = "changes"
    REFUSED = "refused"
    CHECKED = "checked"  # looked at this very record
    FAMILY = "family"  # the family, behind its return word


@dataclass(frozen=True)
class Line:
    """One line of the trail, as it is shown: who, what kind of thing, when, which fields."""

    at: datetime
    how: How
    actor_kind: str
    actor_id: UUID | None
    name: str
    job: str
    action: str
    resource: str
    fields: tuple[str, ...]
    copy: int | None = None


@dataclass(frozen=True)
class CaseLabel:
    """A case without anything that was sealed."""

    case_id: UUID
    number: int
    term: str
    session_number: int


@dataclass(frozen=True)
class RoundCases:
    """A round and its cases by number."""

    term: str
    cases: tuple[CaseLabel, ...]


def find_cases(session: Session, reference: str) -> list[CaseLabel]:
    """The cases of the child with a reference, the newest first; the reference is not opened."""
    child = Child.reference_index == blind_index(session, "reference", reference)
    return _labels(session, Case.child_id.in_(select(Child.id).where(child)))


def rounds_with_cases(session: Session) -> list[RoundCases]:
    """Every round with its cases by number, the newest first."""
    by_round: dict[str, list[CaseLabel]] = {}
    for label in _labels(session):
        by_round.setdefault(label.term, []).append(label)
    return [
        RoundCases(term, tuple(sorted(labels, key=lambda each: each.number)))
        for term, labels in by_round.items()
    ]


def case_label(session: Session, case_id: UUID) -> CaseLabel:
    """How a case is called here. Raises Missing."""
    fetch(session, Case, case_id)
    return _labels(session, Case.id == case_id)[0]


def who_saw(session: Session, case_id: UUID) -> list[Line]:
    """Every line of the trail about a family's account in a case, the newest first.

    Args:
        session: reads only.
        case_id: the case.

    Returns:
        Lines about the case, its accounts, its people, what is to be followed up, its packs and
        copies, and the lists of its round that name the child.

    Raises:
        Missing: if there is no such case.
    """
    case = fetch(session, Case, case_id)
    rows = session.scalars(
        select(TrailRow)
        .where(TrailRow.resource_id.in_(_things(session, case)), TrailRow.resource.not_in(APART))
        .order_by(TrailRow.at.desc(), TrailRow.id)
    ).all()
    return _lines(session, rows)


def sign_ins(
    session: Session, page: int, *, staff_id: UUID | None = None, refused: bool = False
) -> tuple[list[Line], int]:
    """Sign-ins, sign-outs and refusals, the newest first.

    Args:
        session: reads only.
        page: which page, from 1.
        staff_id: only by this person.
        refused: only refusals.

    Returns:
        The page's lines, and how many lines there are.
    """
    actions = {"refuse"} if refused else SIGNING_IN
    wanted: list[ColumnElement[bool]] = [TrailRow.action.in_(actions)]
    if staff_id is not None:
        # A try that failed has nobody as its actor and the account as what it was at.
        wanted.append((TrailRow.actor_id == staff_id) | (TrailRow.resource_id == staff_id))
    count = session.scalar(select(func.count()).select_from(TrailRow).where(*wanted)) or 0
    rows = session.scalars(
        select(TrailRow)
        .where(*wanted)
        .order_by(TrailRow.at.desc(), TrailRow.id)
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    ).all()
    return _lines(session, rows), count


def staff_names(session: Session) -> list[tuple[UUID, str]]:
    """Everybody who ever had an account, by name."""
    rows = session.execute(select(StaffMember.id, StaffMember.name).order_by(StaffMember.name))
    return [(row.id, row.name) for row in rows]


def how(action: str, resource: str, fields: Iterable[str], actor_kind: str = "staff") -> How:
    """What kind of doing a line of the trail is. Pure."""
    named = set(fields)
    if resource == "trail":
        return How.CHECKED
    if action == "refuse":
        return How.REFUSED
    if actor_kind == "family":
        return How.FAMILY
    if action == "export" or (action == "view" and _copy(named) is not None):
        return How.COPIES
    if action != "view":
        return How.CHANGES
    if resource in LISTS:
        return How.LISTS
    return How.WORDS if named & WORDS and resource != "professional view" else How.DETAILS


def _things(session: Session, case: Case) -> set[UUID]:
    """The ids of everything that is about this family in this case."""
    people = set(
        session.scalars(select(Participant.id).where(Participant.child_id == case.child_id))
    )
    held = fetch(session, PanelSession, case.session_id)
    linked = session.scalars(
        select(AccountLink.interview_id).where(AccountLink.case_id == case.id).distinct()
    )
    invited = session.scalars(
        select(Interview.id).where(
            Interview.participant_id.in_(people), Interview.round_id == held.round_id
        )
    )
    aside = session.scalars(select(FollowUp.id).where(FollowUp.case_id == case.id))
    tried = session.scalars(select(Attempt.id).where(Attempt.case_id == case.id))
    accounts = {*linked, *invited}
    told = [
        one
        for kind in (Quote, Outcome)
        for one in session.scalars(select(kind.id).where(kind.interview_id.in_(accounts)))
    ]
    return {case.id, held.id, held.round_id, *people, *accounts, *aside, *tried, *told}


def _labels(session: Session, *which: ColumnElement[bool]) -> list[CaseLabel]:
    rows = session.execute(
        select(Case.id, Case.number, Round.term, PanelSession.number)
        .join(PanelSession, PanelSession.id == Case.session_id)
        .join(Round, Round.id == PanelSession.round_id)
        .where(*which)
        .order_by(Round.opened_at.desc(), Case.number)
    )
    return [CaseLabel(*row) for row in rows]


def _lines(session: Session, rows: Sequence[TrailRow]) -> list[Line]:
    ids = {row.actor_id for row in rows} | {
        row.resource_id for row in rows if row.resource == "staff"
    }
    people = {
        each.id: each
        for each in session.scalars(select(StaffMember).where(StaffMember.id.in_(ids - {None})))
    }
    lines = []
    for row in rows:
        by = people.get(row.actor_id) if row.actor_id else None
        if by is None and row.resource == "staff" and row.resource_id:
            by = people.get(row.resource_id)  # a try at somebody's account
        lines.append(
            Line(
                at=row.at,
                how=how(row.action, row.resource, row.fields, row.actor_kind),
                actor_kind=row.actor_kind,
                actor_id=row.actor_id,
                name=by.name if by else "",
                job=by.job_title if by else "",
                action=row.action,
                resource=row.resource,
                fields=tuple(row.fields),
                copy=_copy(row.fields),
            )
        )
    return lines


def _copy(fields: Iterable[str]) -> int | None:
    """The number of the printed copy that a line is about, if it is about one."""
    for each in fields:
        word, _space, number = each.partition(" ")
        if word == "copy" and number.isdigit():
            return int(number)
    return None

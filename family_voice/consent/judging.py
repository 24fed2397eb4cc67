"""Writing down who may decide for a child, and whom nobody may ask.

Every change is a row of the audit trail. What is written as a reason is sealed under the child's
key, and nobody but the lead reads it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.consent.authority import known, own_noes
from family_voice.consent.authority_models import Approach, Judgement, NoContact, OwnNo
from family_voice.consent.who import Basis, Kind, Reason, Responsibility
from family_voice.people import register
from family_voice.people.facts import ChildView
from family_voice.security.sealing import Place
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id


class NotWritten(ValueError):
    """Something has to be written down first; `field` says what."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NoResponsibility(ValueError):
    """Who is to decide for the child has no parental responsibility on record."""


class SomebodyElse(ValueError):
    """One of the people does not belong to this child."""


@dataclass(frozen=True)
class JudgementView:
    """A judgement in clear, for the lead."""

    kind: Kind
    able: bool
    judged_by: str
    why: str
    decision: str
    support: str
    representative: str
    basis: Basis | None
    at: datetime


@dataclass(frozen=True)
class ApproachView:
    """What a social worker confirmed, in clear."""

    social_worker: str
    responsibility: Responsibility
    people: frozenset[UUID]
    at: datetime


@dataclass(frozen=True)
class NoContactView:
    """Why somebody must not be contacted, in clear."""

    reason: Reason
    detail: str
    at: datetime


def judge(
    session: Session,
    case_id: UUID,
    child_id: UUID,
    *,
    kind: Kind,
    able: bool,
    judged_by: str,
    why: str,
    by: Actor,
    now: datetime,
    decision: str = "",
    support: str = "",
    representative: str = "",
    representative_id: UUID | None = None,
    basis: Basis | None = None,
) -> UUID:
    """Write down whether a child or young person can decide this for themselves.

    For this case only. A later judgement stands over an earlier one.

    Args:
        session: a writing session.
        case_id: the case.
        child_id: its child.
        kind: understanding under 16, capacity from then on.
        able: whether they decide for themselves.
        judged_by: who judged, and what they are to the child.
        why: what that rests on.
        by: who writes it down.
        now: when.
        decision: the decision in question; for capacity.
        support: how they were helped to decide; for capacity.
        representative: who decides instead, where they cannot.
        representative_id: the participant who decides instead, who must have parental
            responsibility; their name is kept then.
        basis: what the representative's right rests on.

    Returns:
        The judgement.

    Raises:
        NotWritten: if something is missing.
        NoResponsibility: if a child's decision is given to somebody without parental
            responsibility on record.
        SomebodyElse: if the representative does not belong to the child.
    """
    if kind is Kind.UNDERSTANDING and not able:
        representative, basis = _responsible(
            session, case_id, child_id, representative, representative_id, basis
        )
    needed = {"judged_by": judged_by, "why": why}
    if kind is Kind.CAPACITY:
        needed |= {"decision": decision, "support": support}
    if not able:
        needed |= {"representative": representative, "basis": basis or ""}
    for name, text in needed.items():
        if not text.strip():
            raise NotWritten(name)
    row_id = new_id()

    def sealed(column: str, text: str) -> bytes | None:
        place = Place(Judgement.__tablename__, column, row_id)
        return register.seal_for_child(session, child_id, place, text.strip())

    session.add(
        Judgement(
            id=row_id,
            case_id=case_id,
            child_id=child_id,
            number=_next(session, Judgement, case_id),
            kind=kind.value,
            able=able,
            judged_by=sealed("judged_by", judged_by),
            why=sealed("why", why),
            decision=sealed("decision", decision),
            support=sealed("support", support),
            representative=None if able else sealed("representative", representative),
            basis=None if able or basis is None else basis.value,
            recorded_by=_staff(by),
            at=now,
        )
    )
    session.flush()
    record(session, by, "change", "case", case_id, now, [kind.value])
    return row_id


def _responsible(
    session: Session,
    case_id: UUID,
    child_id: UUID,
    name: str,
    participant_id: UUID | None,
    basis: Basis | None,
) -> tuple[str, Basis]:
    """Who decides for a child that does not understand enough: only with responsibility."""
    if participant_id is not None:
        people = register.people_of(session, [child_id]).get(child_id, ())
        person = next((each for each in people if each.id == participant_id), None)
        if person is None:
            raise SomebodyElse
        if not person.facts.parental_responsibility:
            raise NoResponsibility
        return person.facts.name, Basis.PARENTAL_RESPONSIBILITY
    approached = known(session, {case_id: child_id})[case_id].approached
    by_council = approached is not None and approached.responsibility is Responsibility.COUNCIL
    if basis is not Basis.CARE_ORDER or not by_council:
        raise NoResponsibility
    return name, basis


def say_own_no(
    session: Session,
    case_id: UUID,
    child_id: UUID,
    round_id: UUID | None,
    by: Actor,
    now: datetime,
) -> None:
    """Write down a child's own no. It goes before anybody's yes, until it is lifted."""
    if case_id not in own_noes(session, [case_id]):
        session.add(
            OwnNo(
                case_id=case_id,
                child_id=child_id,
                round_id=round_id,
                recorded_by=_staff(by),
                at=now,
            )
        )
        session.flush()
        record(session, by, "change", "case", case_id, now, ["own_no"])


def lift_own_no(session: Session, case_id: UUID, by: Actor, now: datetime) -> None:
    """They came back to us themselves, or it was a slip."""
    for row in session.scalars(
        select(OwnNo).where(OwnNo.case_id == case_id, OwnNo.lifted_at.is_(None))
    ):
        row.lifted_at, row.lifted_by = now, _staff(by)
        record(session, by, "change", "case", case_id, now, ["own_no"])
    session.flush()


def confirm_approach(
    session: Session,
    case_id: UUID,
    child_id: UUID,
    *,
    social_worker: str,
    responsibility: Responsibility,
    people: Collection[UUID],
    by: Actor,
    now: datetime,
) -> None:
    """Write down whom a looked-after child's social worker says we may approach.

    It stands over what was confirmed before; nobody chosen means that nobody may be approached.

    Raises:
        NotWritten: without the social worker's name.
        SomebodyElse: if one of the people does not belong to the child.
    """
    if not social_worker.strip():
        raise NotWritten("social_worker")
    own = {each.id for each in register.people_of(session, [child_id]).get(child_id, ())}
    if not set(people) <= own:
        raise SomebodyElse
    row_id = new_id()
    place = Place(Approach.__tablename__, "social_worker", row_id)
    session.add(
        Approach(
            id=row_id,
            case_id=case_id,
            child_id=child_id,
            number=_next(session, Approach, case_id),
            social_worker=register.seal_for_child(session, child_id, place, social_worker.strip()),
            responsibility=responsibility.value,
            people=sorted(str(each) for each in people),
            recorded_by=_staff(by),
            at=now,
        )
    )
    session.flush()
    record(session, by, "change", "case", case_id, now, ["approach", "responsibility"])


def forbid_contact(
    session: Session,
    participant_id: UUID,
    child_id: UUID,
    reason: Reason,
    detail: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that somebody must not be contacted: a court order, or another grave reason.

    Raises:
        NotWritten: without the detail, such as who said so and until when.
    """
    if not detail.strip():
        raise NotWritten("detail")
    allow_contact(session, participant_id, by, now)
    row_id = new_id()
    place = Place(NoContact.__tablename__, "detail", row_id)
    session.add(
        NoContact(
            id=row_id,
            child_id=child_id,
            participant_id=participant_id,
            reason=reason.value,
            detail=register.seal_for_child(session, child_id, place, detail.strip()),
            recorded_by=_staff(by),
            at=now,
        )
    )
    session.flush()
    record(session, by, "change", "participant", participant_id, now, ["no_contact"])


def allow_contact(session: Session, participant_id: UUID, by: Actor, now: datetime) -> None:
    """The order is over, or it was a slip."""
    for row in session.scalars(
        select(NoContact).where(
            NoContact.participant_id == participant_id, NoContact.lifted_at.is_(None)
        )
    ):
        row.lifted_at, row.lifted_by = now, _staff(by)
        record(session, by, "change", "participant", participant_id, now, ["no_contact"])
    session.flush()


def judgement_of(session: Session, case_id: UUID, child: ChildView) -> JudgementView | None:
    """The newest judgement about a case, in clear."""
    row = session.scalar(
        select(Judgement)
        .where(Judgement.case_id == case_id)
        .order_by(Judgement.number.desc())
        .limit(1)
    )
    if row is None:
        return None

    def text(column: str) -> str:
        place = Place(Judgement.__tablename__, column, row.id)
        return register.unseal_for_child(session, child, place, getattr(row, column))

    return JudgementView(
        kind=Kind(row.kind),
        able=row.able,
        judged_by=text("judged_by"),
        why=text("why"),
        decision=text("decision"),
        support=text("support"),
        representative=text("representative"),
        basis=Basis(row.basis) if row.basis else None,
        at=row.at,
    )


def approach_of(session: Session, case_id: UUID, child: ChildView) -> ApproachView | None:
    """What the social worker last confirmed, in clear."""
    row = session.scalar(
        select(Approach)
        .where(Approach.case_id == case_id)
        .order_by(Approach.number.desc())
        .limit(1)
    )
    if row is None:
        return None
    place = Place(Approach.__tablename__, "social_worker", row.id)
    return ApproachView(
        register.unseal_for_child(session, child, place, row.social_worker),
        Responsibility(row.responsibility),
        frozenset(UUID(each) for each in row.people),
        row.at,
    )


def no_contact_of(session: Session, participant_id: UUID, child: ChildView) -> NoContactView | None:
    """Why somebody must not be contacted, in clear; None if they may be."""
    row = session.scalar(
        select(NoContact)
        .where(NoContact.participant_id == participant_id, NoContact.lifted_at.is_(None))
        .limit(1)
    )
    if row is None:
        return None
    place = Place(NoContact.__tablename__, "detail", row.id)
    detail = register.unseal_for_child(session, child, place, row.detail)
    return NoContactView(Reason(row.reason), detail, row.at)


def _next(session: Session, model: type[Judgement] | type[Approach], case_id: UUID) -> int:
    last = session.scalar(select(func.max(model.number)).where(model.case_id == case_id))
    return (last or 0) + 1


def _staff(by: Actor) -> UUID | None:
    return by.id if by.kind == "staff" else None

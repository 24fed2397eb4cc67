"""Who decides whether a child's own words are asked for, and what stands in the way of asking.

The rules are `consent.who`'s; here they meet the case and its people. Writing down a judgement, a
no or an order also stops the texts that would go out against it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.cases.models import Case, PanelSession
from family_voice.consent import authority, judging
from family_voice.consent.judging import ApproachView, JudgementView, NoContactView
from family_voice.consent.school_age import capacity_presumed, compulsory_school_age_ends
from family_voice.consent.who import (
    Basis,
    Decides,
    Kind,
    Known,
    Obstacle,
    Reason,
    Responsibility,
    decides,
    obstacle,
    own_no_stands,
)
from family_voice.interviews.models import Interview
from family_voice.messages.outbox import cancel_queued
from family_voice.people import register
from family_voice.people.facts import YOUNG_PERSON, ChildView, PersonView, is_professional
from family_voice.security.trail import Actor
from family_voice.storage.locking import Missing, fetch, lock

LOOKED_AFTER = "looked_after"
#: So long before the day on which a young person begins to decide, the lead is told of it.
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Ask:
    """Whether somebody may be asked, and who decides.

    `decides` is about the child's own words only, None for everybody else.
    """

    obstacle: Obstacle | None
    decides: Decides | None = None

    @property
    def represented(self) -> bool:
        """Somebody else decides for them: they are not sent a link to decide by."""
        return self.decides is Decides.REPRESENTATIVE


@dataclass(frozen=True)
class WhoDecides:
    """One person of a case, for the lead: everything that is on record about asking them."""

    case_id: UUID
    child: ChildView
    person: PersonView
    ask: Ask
    looked_after: bool
    presumed: bool
    school_age_ends: date | None
    own_no_at: datetime | None
    judgement: JudgementView | None
    approach: ApproachView | None
    no_contact: NoContactView | None
    people: tuple[PersonView, ...]

    @property
    def is_child(self) -> bool:
        """They are the child or young person themselves."""
        return self.person.audience == YOUNG_PERSON

    @property
    def kind(self) -> Kind:
        """What would be judged now."""
        return Kind.CAPACITY if self.presumed else Kind.UNDERSTANDING


def may_ask(
    person: PersonView, known: Known, care_status: str, born: date | None, now: datetime
) -> Ask:
    """Whether somebody may be asked, from what is on record about the case."""
    own_words = person.audience == YOUNG_PERSON
    return Ask(
        obstacle(
            person.id,
            known,
            own_words=own_words,
            professional=is_professional(person.facts.relationship),
            looked_after=care_status == LOOKED_AFTER,
            born=born,
            now=now,
        ),
        decides(born, known.judged, now) if own_words else None,
    )


def ask(session: Session, case: Case, person: PersonView, now: datetime) -> Ask:
    """Whether somebody may be asked now, and who decides."""
    found = authority.known(session, {case.id: case.child_id})[case.id]
    born = register.birthdays(session, [case.child_id]).get(case.child_id)
    return may_ask(person, found, case.care_status, born, now)


def asked_soon(born: date | None, now: datetime) -> date | None:
    """The last day on which a child is of compulsory school age, if that is near."""
    if born is None:
        return None
    ends = compulsory_school_age_ends(born)
    today = london_date(now)
    return ends if today <= ends <= today + AHEAD else None


def who_decides(session: Session, case_id: UUID, participant_id: UUID, now: datetime) -> WhoDecides:
    """Everything on record about asking one person of a case, opened for the lead.

    Raises:
        Missing: if there is no such case, or the person does not belong to it.
    """
    case, person = _of_case(session, case_id, participant_id)
    child = register.children(session, [case.child_id])[case.child_id]
    born = child.facts.date_of_birth
    known = authority.known(session, {case.id: case.child_id})[case.id]
    return WhoDecides(
        case_id=case_id,
        child=child,
        person=person,
        ask=may_ask(person, known, case.care_status, born, now),
        looked_after=case.care_status == LOOKED_AFTER,
        presumed=born is not None and capacity_presumed(born, london_date(now)),
        school_age_ends=compulsory_school_age_ends(born) if born else None,
        own_no_at=known.own_no_at if own_no_stands(born, known, now) else None,
        judgement=judging.judgement_of(session, case_id, child) if known.judged else None,
        approach=judging.approach_of(session, case_id, child) if known.approached else None,
        no_contact=judging.no_contact_of(session, participant_id, child),
        people=register.people_of(session, [child.id]).get(child.id, ()),
    )


def judge(
    session: Session,
    case_id: UUID,
    *,
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
) -> None:
    """Write down whether the case's child decides for themselves: understanding, or capacity.

    Arguments and errors as for `consent.judging.judge`; which of the two is judged follows from
    the date of birth.
    """
    case = _held(session, case_id)
    born = register.birthdays(session, [case.child_id]).get(case.child_id)
    presumed = born is not None and capacity_presumed(born, london_date(now))
    judging.judge(
        session,
        case_id,
        case.child_id,
        kind=Kind.CAPACITY if presumed else Kind.UNDERSTANDING,
        able=able,
        judged_by=judged_by,
        why=why,
        by=by,
        now=now,
        decision=decision,
        support=support,
        representative=representative,
        representative_id=representative_id,
        basis=basis,
    )
    if not able:
        _stop_texts(session, _own_interviews(session, case.child_id))


def say_own_no(session: Session, case_id: UUID, by: Actor, now: datetime) -> None:
    """Write down that the child themselves does not want to. Raises Missing."""
    case = _held(session, case_id)
    round_id = fetch(session, PanelSession, case.session_id).round_id
    judging.say_own_no(session, case_id, case.child_id, round_id, by, now)
    _stop_texts(session, _own_interviews(session, case.child_id))


def lift_own_no(session: Session, case_id: UUID, by: Actor, now: datetime) -> None:
    """They came back to us themselves, or it was a slip. Raises Missing."""
    _held(session, case_id)
    judging.lift_own_no(session, case_id, by, now)


def confirm_approach(
    session: Session,
    case_id: UUID,
    *,
    social_worker: str,
    responsibility: Responsibility,
    people: Collection[UUID],
    by: Actor,
    now: datetime,
) -> None:
    """Write down whom a looked-after child's social worker says we may approach.

    Raises:
        NotWritten: without the social worker's name.
        SomebodyElse: if one of the people does not belong to the child.
        Missing: if there is no such case.
    """
    case = _held(session, case_id)
    judging.confirm_approach(
        session,
        case_id,
        case.child_id,
        social_worker=social_worker,
        responsibility=responsibility,
        people=people,
        by=by,
        now=now,
    )
    left_out = {each.id for each in register.people_of(session, [case.child_id])[case.child_id]}
    _stop_texts(session, _interviews_of(session, left_out - set(people)))


def forbid_contact(
    session: Session,
    case_id: UUID,
    participant_id: UUID,
    reason: Reason,
    detail: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that somebody must not be contacted.

    Raises:
        NotWritten: without the detail.
        Missing: if there is no such case, or the person does not belong to it.
    """
    case, _person = _of_case(session, case_id, participant_id)
    judging.forbid_contact(session, participant_id, case.child_id, reason, detail, by, now)
    _stop_texts(session, _interviews_of(session, {participant_id}))


def allow_contact(
    session: Session, case_id: UUID, participant_id: UUID, by: Actor, now: datetime
) -> None:
    """The order is over, or it was a slip. Raises Missing."""
    _of_case(session, case_id, participant_id)
    judging.allow_contact(session, participant_id, by, now)


def _held(session: Session, case_id: UUID) -> Case:
    return lock(session, Case, case_id)


def _of_case(session: Session, case_id: UUID, participant_id: UUID) -> tuple[Case, PersonView]:
    case = fetch(session, Case, case_id)
    person = register.person(session, participant_id)
    if person is None or person.child_id != case.child_id:
        raise Missing("participant")
    return case, person


def _own_interviews(session: Session, child_id: UUID) -> list[UUID]:
    own = {
        each.id
        for each in register.people_of(session, [child_id]).get(child_id, ())
        if each.audience == YOUNG_PERSON
    }
    return _interviews_of(session, own)


def _interviews_of(session: Session, participant_ids: Collection[UUID]) -> list[UUID]:
    return list(
        session.scalars(select(Interview.id).where(Interview.participant_id.in_(participant_ids)))
    )


def _stop_texts(session: Session, interview_ids: Collection[UUID]) -> None:
    if interview_ids:
        cancel_queued(session, interview_ids)

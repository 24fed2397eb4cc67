"""Who and what is known to belong to an account: the names that must not leave with its words.

Of the child, of brothers and sisters and everybody who may speak for them, of their schools, and of
everybody on record as having to do with them in this round. What was erased is known no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import astuple, replace
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from family_voice.cases.candidates import told_by
from family_voice.cases.following_up import place_of as follow_up_place
from family_voice.cases.linking import case_of, interviews_of
from family_voice.cases.models import (
    Case,
    FollowUp,
    Introduced,
    PanelSeat,
    PanelSession,
    Sitting,
    WorksWith,
)
from family_voice.consent.parts import together
from family_voice.interviews.forgetting import has_withdrawn
from family_voice.interviews.models import Interview
from family_voice.people import register
from family_voice.people.facts import ADVOCATE, PersonView, is_own_voice, is_professional
from family_voice.people.models import Child, Participant
from family_voice.people.staff import names_of_staff
from family_voice.security.sealing import Erased, Place, unseal_optional
from family_voice.sharing.deidentifying import Known

#: Words with capitals, one after another.
_NAME = re.compile(r"(?!\d)[^\W_a-z][\w'’.-]*(?: (?!\d)[^\W_a-z][\w'’.-]*)*")
#: What a line about somebody may begin with.
_NO_NAME: Final = frozenset({"A", "An", "Her", "His", "My", "Our", "She", "He", "The", "Their"})
#: Who of those who may speak is at home with the child; the rest are uncles, friends and the like.
AT_HOME = register.OF_THE_FAMILY | {"carer", "foster_carer"}


def known_for(session: Session, interview_id: UUID) -> Known:
    """The names that are known of an account, from the register and from those who spoke.

    Args:
        session: any session.
        interview_id: the account.

    Raises:
        Missing: if there is no such account.
    """
    case_id = case_of(session, interview_id)
    cases = {case_id} if case_id is not None else set()
    return _known(session, beside(session, interview_id), cases)


def known_in(session: Session, round_id: UUID) -> Known:
    """Who and what is known of a whole round, in every case and account of it.

    Args:
        session: any session.
        round_id: which round.
    """
    return _each_once(_known(session, told_in(session, round_id), _cases_in(session, round_id)))


def among_others(known: Known) -> Known:
    """What is known of a round, as it counts for words of any account in it.

    A mother names her son's friend, a memo the other family: known names, though not of the case.
    Schools of other children are none of its own, and many are named like ordinary things: of
    others only people count. Nobody is the child here: one letter alone stands for nobody else.
    """
    people = known.child + known.carers + known.others
    return replace(known, child=(), carers=tuple(dict.fromkeys(people)), others=(), school=())


def round_of(session: Session, interview_id: UUID) -> UUID | None:
    """The round of an account's case, if it stands on one."""
    case_id = case_of(session, interview_id)
    return session.scalar(
        select(PanelSession.round_id)
        .join(Case, Case.session_id == PanelSession.id)
        .where(Case.id == case_id)
    )


def told_in(session: Session, round_id: UUID) -> list[UUID]:
    """The accounts that stand on a case of a round, but for those that were taken back."""
    told = interviews_of(session, _cases_in(session, round_id)).values()
    found = {each for accounts in told for each in accounts}
    return [each for each in sorted(found) if not has_withdrawn(session, each)]


def _cases_in(session: Session, round_id: UUID) -> list[UUID]:
    rows = select(Case.id).join(PanelSession, PanelSession.id == Case.session_id)
    return sorted(session.scalars(rows.where(PanelSession.round_id == round_id)))


def _known(session: Session, accounts: Collection[UUID], cases: Collection[UUID]) -> Known:
    known = Known()
    for each in accounts:
        told = told_by(session, each)
        # Whoever came uninvited may have told us the surname once, for both.
        surname = told.child_last_name or told.last_name
        known += Known(
            child=_named(f"{told.child_first_name} {surname}" if told.child_first_name else ""),
            carers=_named(told.name),
            school=_named(told.school),
        )
    children = _children(session, accounts, cases)
    known += _of_children(session, children)
    for case_id in sorted(cases):
        known += Known(professionals=_on_the_case(session, case_id))
    known += Known(professionals=_staff(session, accounts, children, cases))
    return _each_once(known)


def beside(session: Session, interview_id: UUID) -> tuple[UUID, ...]:
    """The account, and those that tell of the same case or were told in the same breath."""
    found = {interview_id, *together(session, interview_id)}
    case_id = case_of(session, interview_id)
    if case_id is not None:
        found |= set(interviews_of(session, [case_id]).get(case_id, ()))
    others = (each for each in found - {interview_id} if not has_withdrawn(session, each))
    return (interview_id, *sorted(others))


def _children(
    session: Session, accounts: Collection[UUID], cases: Collection[UUID]
) -> frozenset[UUID]:
    """The child, and the brothers and sisters; the child itself is first known by its case."""
    own = select(Participant.child_id).join(Interview, Interview.participant_id == Participant.id)
    of_case = select(Case.child_id).where(Case.id.in_(cases))
    return frozenset(session.scalars(union(own.where(Interview.id.in_(accounts)), of_case)))


def _of_children(session: Session, child_ids: Collection[UUID]) -> Known:
    families = select(Child.family_id).where(Child.id.in_(child_ids))
    everyone = session.scalars(select(Child.id).where(Child.family_id.in_(families))).all()
    known = Known()
    for child_id, child in register.children(session, everyone).items():
        name, school = _named(child.facts.name), _named(child.facts.school)
        mine = child_id in child_ids
        known += Known(child=name if mine else (), others=() if mine else name, school=school)
    for people in register.people_of(session, everyone).values():
        for person in people:
            known += _of_person(person)
    return known


def _of_person(person: PersonView) -> Known:
    name, contact = _named(person.facts.name), person.facts.contact
    spoken_for = _written(contact.safe_confirmed_by, contact.introduced_by)
    relationship = person.facts.relationship
    if is_professional(relationship) or relationship == ADVOCATE:
        return Known(professionals=name + spoken_for)
    if is_own_voice(person.audience):
        return Known(child=name, professionals=spoken_for)
    if relationship in AT_HOME:
        return Known(carers=name, professionals=spoken_for)
    return Known(others=name, professionals=spoken_for)


def _on_the_case(session: Session, case_id: UUID) -> tuple[str, ...]:
    """Who works on it and who answers for it, and who was asked to see to something."""
    case = session.get_one(Case, case_id)
    child = register.children(session, [case.child_id])[case.child_id]
    found = [
        register.unseal_for_child(session, child, Place("case", column, case.id), sealed)
        for column, sealed in (("worker", case.worker), ("manager", case.manager))
    ]
    for row in session.scalars(select(FollowUp).where(FollowUp.case_id == case_id)):
        for column, sealed in (("worker", row.worker), ("manager", row.manager)):
            try:
                place = follow_up_place(row.id, column)
                found.append(unseal_optional(session, row.key_id, place, sealed))
            except Erased:
                continue
    return _written(*found)


def _staff(
    session: Session,
    accounts: Collection[UUID],
    child_ids: Collection[UUID],
    cases: Collection[UUID],
) -> tuple[str, ...]:
    """Who talked with them, who works with the child, and who sits on the round's panels."""
    rounds = (
        select(PanelSession.round_id)
        .join(Case, Case.session_id == PanelSession.id)
        .where(or_(Case.id.in_(cases), Case.child_id.in_(child_ids)))
    )
    people = session.scalars(
        union(
            select(Sitting.by).where(Sitting.interview_id.in_(accounts), Sitting.by.is_not(None)),
            select(WorksWith.staff_id).where(WorksWith.child_id.in_(child_ids)),
            select(Introduced.staff_id).where(Introduced.child_id.in_(child_ids)),
            select(PanelSeat.staff_id)
            .join(PanelSession, PanelSession.id == PanelSeat.session_id)
            .where(PanelSession.round_id.in_(rounds)),
        )
    ).all()
    return _named(*names_of_staff(session, people).values()) if people else ()


def _named(*names: str) -> tuple[str, ...]:
    return tuple(name for each in names if (name := " ".join(each.split())))


def _written(*lines: str) -> tuple[str, ...]:
    """The names in what somebody wrote into a field: "Mrs Demo from the family hub" is Mrs Demo."""
    found = (name for line in lines for name in _NAME.findall(line))
    return tuple(each for each in found if each not in _NO_NAME and not each.isupper())


def _each_once(known: Known) -> Known:
    """Nobody in two groups: the nearer one counts, and the child is nearest."""
    met: set[str] = set()

    def new(names: Iterable[str]) -> tuple[str, ...]:
        found = tuple(name for name in names if name.casefold() not in met)
        met.update(name.casefold() for name in found)
        return found

    return Known(*(new(group) for group in astuple(known)))

"""Which case an account may belong to: the candidates, and what a person then decides.

However certain the matching is, nothing here links by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import linking
from family_voice.cases.linking import LinkDecision, LinkHow
from family_voice.cases.matching import Decision, Matcher, Person, compare
from family_voice.cases.models import Case, PanelSession
from family_voice.cases.reaching import staff_id
from family_voice.cases.rounds import RoundView, all_rounds
from family_voice.interviews.forgetting import has_withdrawn
from family_voice.interviews.models import Interview
from family_voice.interviews.words import Speaker, speaker_of
from family_voice.people import register
from family_voice.people.facts import ChildFacts, PersonView
from family_voice.security.sealing import Erased
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import fetch


class NotOffered(LookupError):
    """The case is not one of a round that accounts can be put into now."""


@dataclass(frozen=True)
class OpenCase:
    """A case that an account may be put on."""

    id: UUID
    term: str
    held_on: date
    child: ChildFacts
    people: tuple[PersonView, ...]
    stood_down: bool

    @property
    def phones(self) -> tuple[str, ...]:
        """The numbers of everybody who may speak."""
        return tuple(p.facts.contact.mobile for p in self.people if p.facts.contact.mobile)

    @property
    def emails(self) -> tuple[str, ...]:
        """The email addresses of everybody who may speak."""
        return tuple(p.facts.contact.email for p in self.people if p.facts.contact.email)


@dataclass(frozen=True)
class Offer:
    """A case an account may belong to. `decision` is None where the lead picked it herself.

    `taken_off_at` says when the account was taken off this very case, if it ever was.
    """

    case: OpenCase
    decision: Decision | None
    reasons: tuple[str, ...]
    taken_off_at: datetime | None


def told_by(session: Session, interview_id: UUID) -> Speaker:
    """What is known of who spoke: what they told us, or what the register holds if invited."""
    interview = fetch(session, Interview, interview_id)
    person = (
        register.person(session, interview.participant_id) if interview.participant_id else None
    )
    if person is None:
        if has_withdrawn(session, interview_id):
            return Speaker()
        try:
            return speaker_of(session, interview)
        except Erased:
            return Speaker()
    child = register.children(session, [person.child_id])[person.child_id].facts
    born = child.date_of_birth
    return Speaker(
        first_name=person.facts.first_name,
        last_name=person.facts.last_name,
        relationship=person.facts.relationship,
        phone=person.facts.contact.mobile,
        email=person.facts.contact.email,
        child_first_name=child.first_name,
        child_last_name=child.last_name,
        child_date_of_birth=born.isoformat() if born else "",
        school=child.school,
    )


def made_at(session: Session, interview_id: UUID) -> datetime:
    """When an account was begun. Raises Missing."""
    return fetch(session, Interview, interview_id).made_at


def open_cases(session: Session, now: datetime) -> list[OpenCase]:
    """The cases of every round not frozen; if all are, those of the one that froze last."""
    rounds = all_rounds(session)
    going_on = [each for each in rounds if not each.frozen(now)] or rounds[:1]
    return _cases(session, going_on)


def offers(session: Session, interview_id: UUID, now: datetime) -> list[Offer]:
    """The candidates for one account, the likeliest first; often none."""
    cases = {case.id: case for case in open_cases(session, now)}
    told = _person_told(interview_id, told_by(session, interview_id))
    left = _taken_off(session, interview_id)
    found = Matcher(map(_person, cases.values())).candidates(told)
    return [
        Offer(cases[each.case_id], each.decision, each.reasons, left.get(each.case_id))
        for each in found
        if isinstance(each.case_id, UUID)
    ]


def offer_of(session: Session, interview_id: UUID, case_id: UUID, now: datetime) -> Offer:
    """An account beside a case that the lead picked herself. Raises NotOffered."""
    case = next((each for each in open_cases(session, now) if each.id == case_id), None)
    if case is None:
        raise NotOffered
    told = _person_told(interview_id, told_by(session, interview_id))
    _score, reasons = compare(_person(case), told)
    return Offer(case, None, reasons, _taken_off(session, interview_id).get(case_id))


def put_on(session: Session, interview_id: UUID, case_id: UUID, by: Actor, now: datetime) -> None:
    """A person says that an account belongs to a case. What spoke for it is kept beside.

    Args:
        session: a writing session.
        interview_id: the account.
        case_id: the case.
        by: who says so.
        now: when.

    Raises:
        NotOffered: if the case is not of a round that is open.
        linking.AlreadyLinked: if the account stands on a case already.
        Missing: if there is no such account.
    """
    reasons = offer_of(session, interview_id, case_id, now).reasons
    linking.link(session, interview_id, case_id, LinkHow.PERSON, now, reasons, staff_id(by))
    record(session, by, "change", "link", interview_id, now, ["case"])


def take_off(session: Session, interview_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Take an account off its case, which its history remembers.

    Returns:
        The case it was on, if it was on one.

    Raises:
        Missing: if there is no such account.
    """
    fetch(session, Interview, interview_id)
    case_id = linking.case_of(session, interview_id)
    who = staff_id(by)
    if case_id is not None and who is not None:
        linking.unlink(session, interview_id, now, who)
        record(session, by, "change", "link", interview_id, now, ["case"])
    return case_id


def say_none(session: Session, interview_id: UUID, by: Actor, now: datetime) -> None:
    """A person says that none of the cases is the account's.

    Raises:
        linking.AlreadyLinked: if it stands on one.
    """
    who = staff_id(by)
    if who is not None:
        linking.none_of_these(session, interview_id, now, who)
        record(session, by, "change", "link", interview_id, now, ["none_of_these"])


def cases_named(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, OpenCase]:
    """Cases by id, of whatever round, as an account's history names them."""
    wanted = set(case_ids)
    if not wanted:
        return {}
    return {case.id: case for case in _cases(session, all_rounds(session)) if case.id in wanted}


def _cases(session: Session, rounds: Iterable[RoundView]) -> list[OpenCase]:
    terms = {each.id: each.term for each in rounds}
    rows = session.execute(
        select(Case, PanelSession)
        .join(PanelSession, PanelSession.id == Case.session_id)
        .where(PanelSession.round_id.in_(terms))
        .order_by(PanelSession.held_on, Case.number)
    ).all()
    child_ids = {case.child_id for case, _meeting in rows}
    children = register.children(session, child_ids)
    people = register.people_of(session, child_ids)
    return [
        OpenCase(
            id=case.id,
            term=terms[meeting.round_id],
            held_on=meeting.held_on,
            child=children[case.child_id].facts,
            people=people.get(case.child_id, ()),
            stood_down=case.stood_down_reason is not None,
        )
        for case, meeting in rows
    ]


def _taken_off(session: Session, interview_id: UUID) -> dict[UUID, datetime]:
    return {
        step.case_id: step.at
        for step in linking.history(session, interview_id)
        if step.decision is LinkDecision.UNLINKED and step.case_id is not None
    }


def _person(case: OpenCase) -> Person:
    child = case.child
    return Person(
        id=case.id,
        reference=child.reference,
        first_name=child.first_name,
        last_name=child.last_name,
        date_of_birth=child.date_of_birth,
        school=child.school,
        phones=case.phones,
        emails=case.emails,
    )


def _person_told(interview_id: UUID, speaker: Speaker) -> Person:
    return Person(
        id=interview_id,
        first_name=speaker.child_first_name,
        # Most children share a surname with who speaks for them.
        last_name=speaker.child_last_name or speaker.last_name,
        date_of_birth=_date(speaker.child_date_of_birth),
        birth_month=_month(speaker.child_date_of_birth),
        postcode=speaker.postcode,
        school=speaker.school,
        phones=(speaker.phone,) if speaker.phone else (),
        emails=(speaker.email,) if speaker.email else (),
    )


def _date(text: str) -> date | None:
    """yyyy-mm-dd as the web keeps it, or dd/mm/yyyy as people write it."""
    british = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text.strip())
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(text: str) -> tuple[int, int] | None:
    """Year and month, from a speaker who gave no day: 2016-06 or 06/2016."""
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"(\d{1,2})/(\d{4})", text):
        return int(found[2]), int(found[1])
    return None

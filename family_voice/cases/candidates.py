"""Which cases an account may belong to, and what speaks for each.

However certain the matching is, nothing here links: what a person then decides is in `choosing`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import comparing, linking, match_keys, remarks
from family_voice.cases.comparing import Level
from family_voice.cases.linking import LinkDecision
from family_voice.cases.matching import CLEAR_LEAD, Decision, Matcher, Person, compare
from family_voice.cases.models import Case, PanelSession
from family_voice.cases.remarks import Remark
from family_voice.cases.rounds import RoundView, all_rounds
from family_voice.cases.spelling import letters
from family_voice.interviews.forgetting import has_withdrawn
from family_voice.interviews.models import Interview
from family_voice.interviews.words import Speaker, speaker_of
from family_voice.people import register
from family_voice.people.facts import YOUNG_PERSON, ChildFacts, PersonView, is_own_voice
from family_voice.security.sealing import Erased
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

    `taken_off_at` says when the account was taken off this very case, if it ever was; `refused` is
    who ruled it out and when.
    """

    case: OpenCase
    decision: Decision | None
    reasons: tuple[str, ...]
    taken_off_at: datetime | None
    score: float = 0.0
    refused: Remark | None = None


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
    return _cases(session, _going_on(session, now))


def person_told(interview_id: UUID, speaker: Speaker) -> Person:
    """What somebody told us of a child, as `matching` compares it. Pure."""
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


def _going_on(session: Session, now: datetime) -> list[RoundView]:
    rounds = all_rounds(session)
    return [each for each in rounds if not each.frozen(now)] or rounds[:1]


def _that_may_fit(session: Session, told: Person, now: datetime) -> list[OpenCase]:
    """The open cases whose children share a blind index with what somebody told us."""
    rounds = _going_on(session, now)
    cases = session.execute(
        select(Case.id, Case.child_id)
        .join(PanelSession, PanelSession.id == Case.session_id)
        .where(PanelSession.round_id.in_([each.id for each in rounds]))
    ).all()
    fit = match_keys.may_fit(session, told, {child_id for _case, child_id in cases})
    return _cases(session, rounds, {case_id for case_id, child_id in cases if child_id in fit})


def offers(session: Session, interview_id: UUID, now: datetime) -> list[Offer]:
    """The candidates for one account, the likeliest first; often none.

    Blind indexes say which children may be meant; only those are opened, and compared in memory.
    Cases that somebody ruled out come last.
    """
    told = person_told(interview_id, told_by(session, interview_id))
    cases = {case.id: case for case in _that_may_fit(session, told, now)}
    left = _taken_off(session, interview_id)
    refused = remarks.standing_of(session, interview_id).refused
    found = [
        Offer(
            cases[each.case_id],
            each.decision,
            each.reasons,
            left.get(each.case_id),
            each.score,
            refused.get(each.case_id),
        )
        for each in Matcher(map(_person, cases.values())).candidates(told)
        if isinstance(each.case_id, UUID)
    ]
    return sorted(found, key=lambda offer: offer.refused is not None)


def speaker_is(case: OpenCase, who: Speaker) -> Level:
    """How far the name of who spoke agrees with that of somebody who may speak for the child. Pure.

    NOTHING where they gave no name, or nobody is known; else SAME, SIMILAR or DIFFERENT.
    """
    if not who.name or not case.people:
        return Level.NOTHING
    levels = {comparing.names(letters(who.name), letters(each.facts.name)) for each in case.people}
    if Level.SAME in levels:
        return Level.SAME
    nearly = levels & {Level.OTHER_FORM, Level.SIMILAR, Level.PART}
    return Level.SIMILAR if nearly else Level.DIFFERENT


def is_certain(offer: Offer, who: Speaker) -> bool:
    """Whether both the child and who spoke are certain; else a person says why they link it."""
    return offer.decision is Decision.CERTAIN and speaker_is(offer.case, who) is Level.SAME


def may_be(session: Session, interview_id: UUID, case: OpenCase) -> list[PersonView]:
    """Who of a case's people an uninvited account may be the account of: who speaks so."""
    interview = fetch(session, Interview, interview_id)
    if interview.participant_id is not None:
        return []
    own = is_own_voice(interview.guide_audience)
    return [each for each in case.people if (each.audience == YOUNG_PERSON) is own]


def is_close(found: Iterable[Offer], chosen: Offer) -> bool:
    """Whether another case speaks for itself nearly as well as the chosen one, or better. Pure.

    Such a choice needs a second person. A rival counts though somebody ruled it out.
    """
    others = [each for each in found if each.case.id != chosen.case.id]
    return any(each.score > chosen.score - CLEAR_LEAD for each in others)


def offer_of(session: Session, interview_id: UUID, case_id: UUID, now: datetime) -> Offer:
    """An account beside a case that the lead picked herself. Raises NotOffered."""
    case = next((each for each in open_cases(session, now) if each.id == case_id), None)
    if case is None:
        raise NotOffered
    told = person_told(interview_id, told_by(session, interview_id))
    score, reasons = compare(_person(case), told)
    return Offer(
        case,
        None,
        reasons,
        _taken_off(session, interview_id).get(case_id),
        score,
        remarks.standing_of(session, interview_id).refused.get(case_id),
    )


def cases_named(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, OpenCase]:
    """Cases by id, of whatever round, as an account's history names them."""
    wanted = set(case_ids)
    if not wanted:
        return {}
    return {case.id: case for case in _cases(session, all_rounds(session), wanted)}


def _cases(
    session: Session, rounds: Iterable[RoundView], only: Collection[UUID] | None = None
) -> list[OpenCase]:
    terms = {each.id: each.term for each in rounds}
    chosen = PanelSession.round_id.in_(terms)
    rows = session.execute(
        select(Case, PanelSession)
        .join(PanelSession, PanelSession.id == Case.session_id)
        .where(chosen if only is None else chosen & Case.id.in_(only))
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

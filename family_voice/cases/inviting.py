"""Inviting somebody to speak, by text or by letter, where a person has said that it is safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases.gathering import AccountFacts, gather, told_no
from family_voice.cases.ledger import Outcome, Talk
from family_voice.cases.linking import LinkHow, case_of, link
from family_voice.cases.models import Attempt, Case
from family_voice.cases.reaching import Channel, staff_id
from family_voice.cases.rounds import RoundView, round_of_session
from family_voice.cases.standing_down import holding
from family_voice.cases.who_decides import Ask, ask
from family_voice.consent import authority
from family_voice.consent.who import Obstacle
from family_voice.interviews import record as interview_record
from family_voice.interviews.doors import (
    Choose,
    Secrets,
    another_link,
    by_phone,
    fresh_secrets,
    open_doors,
)
from family_voice.interviews.models import Interview, Invitation
from family_voice.language.texts import speaking
from family_voice.messages import outbox
from family_voice.messages.hours import may_go_from
from family_voice.messages.wording import Template, compose
from family_voice.people import facts, register
from family_voice.people.facts import PersonView
from family_voice.people.models import Child, Family, Participant
from family_voice.security.trail import Actor, record
from family_voice.settings import Settings
from family_voice.storage.locking import Missing, fetch, lock


class Way(StrEnum):
    """How an invitation goes out."""

    TEXT = "text"
    LETTER = "letter"


class Refusal(StrEnum):
    """Why somebody may not be invited now. The first that is true counts."""

    STOOD_DOWN = "stood_down"
    SIBLING_HELD = "sibling_held"
    FROZEN = "frozen"
    COURT_ORDER = "court_order"
    NO_CONTACT = "no_contact"
    NOT_SAFE = "not_safe"
    NOT_CONFIRMED = "not_confirmed"
    NEEDS_SOCIAL_WORKER = "needs_social_worker"
    NOT_TO_BE_APPROACHED = "not_to_be_approached"
    OWN_NO = "own_no"
    NOT_JUDGED = "not_judged"
    REPRESENTED = "represented"
    SAID_NO = "said_no"
    TOLD_NO = "told_no"
    NO_MOBILE = "no_mobile"
    STOPPED_TEXTS = "stopped_texts"


class CannotInvite(Exception):
    """Somebody may not be invited now; `refusal` says why. Nothing was made or sent."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class Invited:
    """An invitation just made. The secrets are in clear here, once, and nowhere else."""

    interview_id: UUID
    person: PersonView
    secrets: Secrets
    link: str
    last_day: date
    due_at: datetime | None = None


@dataclass(frozen=True)
class _Asked:
    case: Case
    round: RoundView
    person: PersonView
    account: AccountFacts | None
    held: bool
    told_no: bool
    ask: Ask


def refusal(
    session: Session, case_id: UUID, participant_id: UUID, way: Way, now: datetime
) -> Refusal | None:
    """Why this person may not be invited this way now, or None.

    Raises:
        Missing: if there is no such case, or the person does not belong to it.
    """
    return _refusal(session, _asked(session, case_id, participant_id, now), way, now)


def invite(
    session: Session,
    case_id: UUID,
    participant_id: UUID,
    way: Way,
    *,
    settings: Settings,
    by: Actor,
    now: datetime,
    choose: Choose = fresh_secrets,
) -> Invited:
    """Make an invitation with fresh secrets; whatever was sent before stops working.

    Except that a text after a letter brings its own link only, and leaves what the letter says in
    force: `secrets` then has no code and no code word. A text goes into the outbox here, a letter
    is for the caller to show once. The account is linked to the case by this invitation, and the
    invitation is an attempt.

    Args:
        session: a writing session.
        case_id: which case.
        participant_id: whom.
        way: by text or letter.
        settings: our address and who we are.
        by: who invites.
        now: when.
        choose: makes the secrets (see `interviews.doors`).

    Returns:
        The invitation.

    Raises:
        CannotInvite: if they may not be invited now; nothing is made or sent.
        Missing: if there is no such case, or the person does not belong to it.
    """
    case = fetch(session, Case, case_id)
    # Held and read anew: somebody may be standing the case down, or saying "not safe", just now.
    lock(session, Family, fetch(session, Child, case.child_id).family_id)
    lock(session, Case, case_id)
    lock(session, Participant, participant_id)
    asked = _asked(session, case_id, participant_id, now)
    why = _refusal(session, asked, way, now)
    if why is not None:
        raise CannotInvite(why)
    person, contact = asked.person, asked.person.facts.contact
    interview_id = _interview(session, asked, now)
    secrets = _doors(session, interview_id, asked, way, now, choose)
    address = f"{settings.public_url}/i/{secrets.token}"
    # A text still in line carries a link that has just stopped working.
    outbox.cancel_queued(session, [interview_id], [Template.INVITATION])
    due_at = None
    if way is Way.TEXT:
        due_at = may_go_from(now, None)
        with speaking(contact.language):
            body = compose(Template.INVITATION, settings, link=address)
        outbox.queue(
            session,
            interview_id,
            contact.mobile,
            Template.INVITATION,
            body,
            f"invitation:{interview_id}:{_how_many(session, interview_id)}",
            due_at,
            False,
            now,
        )
    channel = Channel.TEXT if way is Way.TEXT else Channel.LETTER
    session.add(
        Attempt(
            case_id=case_id,
            participant_id=person.id,
            channel=channel.value,
            outcome=Outcome.SENT.value,
            by=staff_id(by),
            at=now,
        )
    )
    session.flush()
    record(session, by, "invite", "case", case_id, now, [way.value])
    return Invited(interview_id, person, secrets, address, asked.round.freezes_on, due_at)


def may_be_texted(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether texts of this conversation may still go out, asked just before one does.

    False once the case is stood down, or the person may no longer be contacted or asked. A
    conversation that belongs to no case is answered as before.
    """
    interview = fetch(session, Interview, interview_id)
    case_id = case_of(session, interview_id)
    case = fetch(session, Case, case_id) if case_id is not None else None
    if case is not None and case.stood_down_at is not None:
        return False
    if interview.participant_id is None:
        return True
    if authority.may_not_be_contacted(session, interview.participant_id):
        return False
    person = register.person(session, interview.participant_id)
    if person is None or person.facts.contact.safe_to_contact != facts.SAFE:
        return False
    if case is None or person.child_id != case.child_id:
        return True
    found = ask(session, case, person, now)
    return found.obstacle is None and not found.represented


def _asked(session: Session, case_id: UUID, participant_id: UUID, now: datetime) -> _Asked:
    case = fetch(session, Case, case_id)
    person = register.person(session, participant_id)
    if person is None or person.child_id != case.child_id:
        raise Missing("participant")
    family_id = fetch(session, Child, case.child_id).family_id
    gathered = gather(session, [case], now)[0]
    own = [each for each in gathered.accounts if each.participant_id == participant_id]
    return _Asked(
        case=case,
        round=round_of_session(session, case.session_id),
        person=person,
        account=own[-1] if own else None,
        held=bool(holding(session, [family_id]).get(family_id, set()) - {case_id}),
        told_no=told_no(gathered.attempts, participant_id, own),
        ask=ask(session, case, person, now),
    )


def _refusal(session: Session, asked: _Asked, way: Way, now: datetime) -> Refusal | None:
    contact = asked.person.facts.contact
    if asked.case.stood_down_at is not None:
        return Refusal.STOOD_DOWN
    if asked.held:
        return Refusal.SIBLING_HELD
    if asked.round.frozen(now):
        return Refusal.FROZEN
    obstacle = asked.ask.obstacle
    if obstacle in (Obstacle.COURT_ORDER, Obstacle.NO_CONTACT):
        return Refusal(obstacle.value)
    if contact.safe_to_contact == facts.NOT_SAFE:
        return Refusal.NOT_SAFE
    if obstacle is not None:
        return Refusal(obstacle.value)
    if contact.safe_to_contact != facts.SAFE:
        return Refusal.NOT_CONFIRMED
    if asked.ask.represented:
        return Refusal.REPRESENTED
    if asked.account is not None and asked.account.talk is Talk.DECLINED:
        return Refusal.SAID_NO
    if asked.told_no:
        return Refusal.TOLD_NO
    if way is Way.TEXT:
        if not contact.mobile:
            return Refusal.NO_MOBILE
        if outbox.is_stopped(session, contact.mobile):
            return Refusal.STOPPED_TEXTS
    return None


def _interview(session: Session, asked: _Asked, now: datetime) -> UUID:
    """The conversation this person has about this case, begun if there is none."""
    if asked.account is not None:
        return asked.account.interview_id
    interview_id = interview_record.begin(
        session,
        audience=asked.person.audience,
        language=asked.person.facts.contact.language,
        now=now,
        participant_id=asked.person.id,
        round_id=asked.round.id,
    )
    link(session, interview_id, asked.case.id, LinkHow.INVITATION, now)
    return interview_id


def _doors(
    session: Session, interview_id: UUID, asked: _Asked, way: Way, now: datetime, choose: Choose
) -> Secrets:
    """Fresh secrets; a text after a letter brings one more link and leaves the letter's alone."""
    until, mobile = asked.round.links_work_until, asked.person.facts.contact.mobile
    if way is Way.TEXT and _letter_is_good(session, interview_id, asked.person.id, mobile, now):
        return Secrets(another_link(session, interview_id, until, now), "", None)
    return open_doors(
        session,
        interview_id,
        until,
        now,
        phone=mobile or None,
        with_code_word=bool(mobile),
        choose=choose,
    )


def _letter_is_good(
    session: Session, interview_id: UUID, participant_id: UUID, mobile: str, now: datetime
) -> bool:
    """Whether they hold a letter whose code word still opens the door from this telephone."""
    letter = (
        select(Invitation.id)
        .join(Attempt, Attempt.at == Invitation.made_at)
        .where(
            Invitation.interview_id == interview_id,
            Invitation.replaced_at.is_(None),
            Invitation.code_word_index.is_not(None),
            Attempt.participant_id == participant_id,
            Attempt.channel == Channel.LETTER.value,
        )
    )
    return interview_id in by_phone(session, mobile, now) and bool(session.scalar(letter))


def _how_many(session: Session, interview_id: UUID) -> int:
    return session.scalar(select(func.count()).where(Invitation.interview_id == interview_id)) or 0

"""Inviting somebody to speak, by text, email or letter, where a person said that it is safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.account_facts import AccountFacts
from family_voice.cases.gathering import furthest, gather, told_no
from family_voice.cases.giving_doors import doors_for
from family_voice.cases.ledger import Outcome, Talk
from family_voice.cases.linking import LinkHow, case_of, link
from family_voice.cases.models import Attempt, Case
from family_voice.cases.reaching import Channel, staff_id
from family_voice.cases.rounds import RoundView, round_of_session
from family_voice.cases.standing_down import holding
from family_voice.cases.who_decides import Ask, ask
from family_voice.consent import authority
from family_voice.consent.who import Obstacle
from family_voice.interviews import about
from family_voice.interviews import record as interview_record
from family_voice.interviews.doors import Choose, Secrets, fresh_secrets
from family_voice.interviews.models import Interview
from family_voice.language.texts import speaking, to_begin_in
from family_voice.messages import emailing, emails, outbox
from family_voice.messages.emails import ASKS, EmailKind
from family_voice.messages.hours import DAYTIME, may_go_from, shared
from family_voice.messages.segments import Segments, count
from family_voice.messages.templates import Template
from family_voice.messages.wording import compose
from family_voice.people import facts, register
from family_voice.people.facts import Hours, PersonView
from family_voice.people.models import Child, Family, Participant
from family_voice.security.tokens import TOKEN_LENGTH
from family_voice.security.trail import Actor, record
from family_voice.settings import Settings
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, fetch, lock


class Way(StrEnum):
    """How an invitation goes out."""

    TEXT = "text"
    EMAIL = "email"
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
    HAS_TOLD = "has_told"
    TOLD_NO = "told_no"
    NO_MOBILE = "no_mobile"
    STOPPED_TEXTS = "stopped_texts"
    NO_EMAIL = "no_email"
    NO_SAFE_TIME = "no_safe_time"


class CannotInvite(Exception):
    """Somebody may not be invited now; `refusal` says why. Nothing was made or sent."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class AlreadyInvited(Exception):
    """The text or email of this occasion was put in line before. Nothing was made or sent again."""


@dataclass(frozen=True)
class Invited:
    """An invitation just made. The secrets are in clear here, once, and nowhere else.

    `again`: they have begun already, so that it is a way to carry on.
    """

    interview_id: UUID
    person: PersonView
    secrets: Secrets
    link: str
    last_day: date
    due_at: datetime | None = None
    again: bool = False


@dataclass(frozen=True)
class _Asked:
    case: Case
    round: RoundView
    person: PersonView
    account: AccountFacts | None
    held: bool
    told_no: bool
    by_themselves: Talk
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
    occasion: UUID | None = None,
) -> Invited:
    """Make an invitation with fresh secrets; whatever was sent before stops working.

    Except that a text or email after a letter brings its own link only, and leaves what the letter
    says in force: `secrets` then has no code and no code word. Texts and emails go into their
    outbox here, a letter is for the caller to show once. The account is linked to the case by this
    invitation, and the invitation is an attempt.

    Args:
        session: a writing session.
        case_id: which case.
        participant_id: whom.
        way: by text, email or letter.
        settings: our address and who we are.
        by: who invites.
        now: when.
        choose: makes the secrets (see `interviews.doors`).
        occasion: the page it was sent from, so that pressing twice sends one; None where no
            page was shown.

    Returns:
        The invitation.

    Raises:
        AlreadyInvited: if this occasion's was sent before; nothing is made or sent.
        CannotInvite: if they may not be invited now; nothing is made or sent.
        Missing: if there is no such case, or the person does not belong to it.
    """
    case = fetch(session, Case, case_id)
    # Held and read anew: somebody may be standing the case down, or saying "not safe", just now.
    lock(session, Family, fetch(session, Child, case.child_id).family_id)
    lock(session, Case, case_id)
    lock(session, Participant, participant_id)
    key = f"invitation:{occasion or new_id()}"
    if outbox.hold(session, key) or emailing.any_for(session, key):
        raise AlreadyInvited
    asked = _asked(session, case_id, participant_id, now)
    why = _refusal(session, asked, way, now)
    if why is not None:
        raise CannotInvite(why)
    person, contact = asked.person, asked.person.facts.contact
    interview_id = _interview(session, asked, now)
    channel, until = Channel(way.value), asked.round.links_work_until
    secrets = doors_for(session, interview_id, person, channel, until, now, choose)
    address = f"{settings.public_url}/i/{secrets.token}"
    again = asked.account is not None and asked.account.talk in (Talk.BEGUN, Talk.FINISHED)
    # What is still in line carries a link that has just stopped working.
    outbox.cancel_queued(session, [interview_id], [Template.INVITATION])
    emailing.cancel_queued(session, [interview_id], ASKS)
    due_at = None
    if way is Way.EMAIL:
        due_at = may_go_from(now, None, _hours_of_address(session, contact.email)) or now
        kind = EmailKind.CARRY_ON if again else EmailKind.INVITATION
        words = emails.compose(
            kind,
            settings,
            to_begin_in(contact.language),
            link=address,
            until=asked.round.freezes_on,
            code_word=secrets.code_word or "",
        )
        emailing.queue(session, interview_id, contact.email, kind, words, key, due_at, now)
    if way is Way.TEXT:
        due_at = may_go_from(now, None, _safe_hours(session, contact.mobile)) or now
        with speaking(to_begin_in(contact.language)):
            body = compose(Template.INVITATION, settings, link=address)
        outbox.queue(
            session,
            interview_id,
            contact.mobile,
            Template.INVITATION,
            body,
            key,
            due_at,
            False,
            now,
        )
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
    return Invited(interview_id, person, secrets, address, asked.round.freezes_on, due_at, again)


def hours_for_texts(session: Session, mobile: str) -> Hours | None:
    """Between which times of day an invitation goes to this number; None if no hour is safe for
    everybody who has it."""
    return shared((DAYTIME, *_safe_hours(session, mobile)))


def hours_for_emails(session: Session, address: str) -> Hours | None:
    """As `hours_for_texts`, for an email address."""
    return shared((DAYTIME, *_hours_of_address(session, address)))


def email_to_be(settings: Settings, language: str, last_day: date, again: bool) -> emails.Email:
    """An invitation's email before it has a link; `again` where they have begun already."""
    kind = EmailKind.CARRY_ON if again else EmailKind.INVITATION
    link = f"{settings.public_url}/i/…"
    return emails.compose(kind, settings, language, link=link, until=last_day)


def text_to_be(settings: Settings, language: str) -> tuple[str, Segments]:
    """An invitation's words before it has a link, and exactly what it will cost with one.

    Args:
        settings: our address and who we are.
        language: theirs.

    Returns:
        The words, with a mark where the link will stand, and the count.
    """
    with speaking(language):
        words, whole = (
            compose(Template.INVITATION, settings, link=f"{settings.public_url}/i/{secret}")
            for secret in ("…", "x" * TOKEN_LENGTH)
        )
    return words, count(whole)


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
    participant = fetch(session, Participant, interview.participant_id)
    if participant.safe_to_contact != facts.SAFE:
        return False
    if case is None or participant.child_id != case.child_id:
        return True
    person = register.person(session, participant.id)
    if person is None:
        return False
    found = ask(session, case, person, now)
    return found.obstacle is None and not found.represented


def number_may_be_texted(session: Session, interview_id: UUID | None, number: bytes) -> bool:
    """Whether the telephone of this blind index is still one for these texts.

    Somebody who was invited is texted on the number we have for them now, and on no other. Where a
    text belongs to nobody in particular, nobody who has the number may be marked as not safe.

    Args:
        session: any session.
        interview_id: the conversation; None for a number nobody knows, and after a deletion.
        number: the phone's blind index.
    """
    if interview_id is not None:
        invited = fetch(session, Interview, interview_id).participant_id
        if invited is not None:
            return register.has_number(session, invited, number)
    return not register.not_safe_on(session, number)


def _asked(session: Session, case_id: UUID, participant_id: UUID, now: datetime) -> _Asked:
    case = fetch(session, Case, case_id)
    person = register.person(session, participant_id)
    if person is None or person.child_id != case.child_id:
        raise Missing("participant")
    family_id = fetch(session, Child, case.child_id).family_id
    gathered = gather(session, [case], now)[0]
    own = [each for each in gathered.accounts if each.participant_id == participant_id]
    invited = [each for each in own if not each.came_by_themselves]
    return _Asked(
        case=case,
        round=round_of_session(session, case.session_id),
        person=person,
        account=invited[-1] if invited else None,
        held=bool(holding(session, [family_id]).get(family_id, set()) - {case_id}),
        told_no=told_no(gathered.attempts, participant_id, own),
        by_themselves=furthest(each.talk for each in own if each.came_by_themselves),
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
    if asked.by_themselves is Talk.DECLINED:
        return Refusal.SAID_NO
    if asked.by_themselves is Talk.FINISHED:
        return Refusal.HAS_TOLD
    if asked.told_no:
        return Refusal.TOLD_NO
    if way is Way.TEXT:
        if not contact.mobile:
            return Refusal.NO_MOBILE
        if outbox.is_stopped(session, contact.mobile):
            return Refusal.STOPPED_TEXTS
        if hours_for_texts(session, contact.mobile) is None:
            return Refusal.NO_SAFE_TIME
    if way is Way.EMAIL:
        if not contact.email:
            return Refusal.NO_EMAIL
        if hours_for_emails(session, contact.email) is None:
            return Refusal.NO_SAFE_TIME
    return None


def _safe_hours(session: Session, mobile: str) -> list[Hours]:
    return register.safe_hours(session, outbox.phone_index(session, mobile))


def _hours_of_address(session: Session, address: str) -> list[Hours]:
    return register.safe_hours(session, emailing.address_index(session, address))


def _interview(session: Session, asked: _Asked, now: datetime) -> UUID:
    """The conversation this person has about this case, begun if there is none."""
    if asked.account is not None:
        about.ask_with(session, asked.account.interview_id, asked.person.guide)
        return asked.account.interview_id
    interview_id = interview_record.begin(
        session,
        audience=asked.person.guide,
        language=to_begin_in(asked.person.facts.contact.language),
        now=now,
        participant_id=asked.person.id,
        round_id=asked.round.id,
    )
    link(session, interview_id, asked.case.id, LinkHow.INVITATION, now)
    return interview_id

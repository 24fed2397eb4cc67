"""An email to somebody who has begun: a link to carry on, or word that there is something to read.

It goes to the address we have for them and to no other, whoever asks; it is never shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.deadlines import end_of, london_date
from family_voice.cases.inviting import Way, refusal
from family_voice.cases.linking import case_of
from family_voice.cases.models import Case
from family_voice.cases.rounds import RoundView, round_of_session
from family_voice.interviews.about import HearBack, hear_back
from family_voice.interviews.doors import another_link
from family_voice.interviews.models import Interview
from family_voice.interviews.record import state_of
from family_voice.messages import emailing, emails
from family_voice.messages.emails import EmailKind
from family_voice.people import register
from family_voice.people.facts import ContactFacts
from family_voice.settings import Settings
from family_voice.storage.locking import Missing, fetch

#: How long word that something is ready leads there.
READ_WITHIN: Final = timedelta(days=28)
#: From the end of a day back into it.
A_MOMENT: Final = timedelta(seconds=1)


def may_be_sent(session: Session, interview_id: UUID, settings: Settings, now: datetime) -> bool:
    """Whether somebody may be offered an email with a link to carry on."""
    if settings.email == "off":
        return False
    case_id, whom = case_of(session, interview_id), whose(session, interview_id)
    if case_id is None or whom is None:
        return False
    try:
        return refusal(session, case_id, whom, Way.EMAIL, now) is None
    except Missing:
        return False  # the account was put on another child's case


def send_link(session: Session, interview_id: UUID, settings: Settings, now: datetime) -> bool:
    """Send a link to carry on, once a day; the link they have goes on working.

    Args:
        session: a writing session.
        interview_id: whose conversation.
        settings: our address and who we are.
        now: when.

    Returns:
        Whether one goes or went today; False if none may be sent.
    """
    if not may_be_sent(session, interview_id, settings, now):
        return False
    occasion = f"carry_on:{interview_id}:{london_date(now)}"
    return _send(session, interview_id, EmailKind.CARRY_ON, occasion, settings, now)


def tell_ready(
    session: Session, interview_id: UUID, occasion: str, settings: Settings, now: datetime
) -> bool:
    """Write that there is something to read, to somebody who asked to hear of it by email.

    Whether they still agree to be written to is asked again when it goes.

    Args:
        session: a writing session.
        interview_id: whose conversation.
        occasion: what is ready, such as `outcome:<id>`: each is told once.
        settings: our address and who we are.
        now: when.

    Returns:
        Whether an email goes, or went before for the same occasion.
    """
    if settings.email == "off" or hear_back(session, interview_id) is not HearBack.EMAIL:
        return False
    return _send(session, interview_id, EmailKind.READY, f"ready:{occasion}", settings, now)


def _send(
    session: Session,
    interview_id: UUID,
    kind: EmailKind,
    occasion: str,
    settings: Settings,
    now: datetime,
) -> bool:
    contact, of_round = _contact(session, interview_id), _round(session, interview_id)
    if contact is None or of_round is None or not contact.email:
        return False
    if emailing.any_for(session, occasion):
        return True
    until = of_round.links_work_until
    if kind is EmailKind.READY:  # it comes after the round, when other links have ended
        until = max(until, end_of(london_date(now) + READ_WITHIN))
    token = another_link(session, interview_id, until, now)
    email = emails.compose(
        kind,
        settings,
        state_of(session, interview_id).language,
        link=f"{settings.public_url}/i/{token}",
        until=london_date(until - A_MOMENT),
    )
    emailing.queue(session, interview_id, contact.email, kind, email, occasion, now, now)
    return True


def whose(session: Session, interview_id: UUID) -> UUID | None:
    """Who was invited to this conversation; None if they came by themselves. Raises Missing."""
    return fetch(session, Interview, interview_id).participant_id


def _contact(session: Session, interview_id: UUID) -> ContactFacts | None:
    whom = whose(session, interview_id)
    person = register.person(session, whom) if whom is not None else None
    return person.facts.contact if person is not None else None


def _round(session: Session, interview_id: UUID) -> RoundView | None:
    case_id = case_of(session, interview_id)
    if case_id is None:
        return None
    return round_of_session(session, fetch(session, Case, case_id).session_id)

"""Sending families their emails, and whether one may go at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.inviting import Way, may_be_texted, refusal
from family_voice.cases.ledger import Outcome
from family_voice.cases.linking import case_of
from family_voice.cases.reaching import Channel, record_attempt
from family_voice.consent.decisions import Audience, opens, standing
from family_voice.consent.statements import Purpose
from family_voice.interviews.log import replayed
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.messages import emailing
from family_voice.messages.emails import ASKS, EmailKind
from family_voice.messages.hours import may_go_from
from family_voice.messages.mailer import Mailer
from family_voice.messages.models import OutboundEmail
from family_voice.messages.sending import Go, Never, Verdict, Wait
from family_voice.operations.mailing import Clock, Posted, Sessions, hand_over
from family_voice.people import register
from family_voice.safeguarding.rota import next_on_rota, on_rota
from family_voice.security.trail import WORKER
from family_voice.storage.locking import Missing, fetch

#: How soon to look again for what has no hour: somebody on the rota.
LOOK_AGAIN: Final = timedelta(minutes=15)


def post(sessions: Sessions, mailer: Mailer, clock: Clock) -> Posted:
    """Send the emails that may go now.

    Args:
        sessions: makes sessions.
        mailer: the mail server.
        clock: the present; asked again for every email, since a mail server may be slow.

    Returns:
        What was done.
    """
    return hand_over(sessions, _Families(), mailer, clock)


class _Families:
    """What waits for families; one that never arrives is told to the ledger."""

    anything_due = staticmethod(emailing.anything_due)
    sent = staticmethod(emailing.sent)

    def claim(self, session: Session, now: datetime) -> emailing.Claimed | None:
        return emailing.claim(session, now, may_go)

    def refused(self, session: Session, email_id: UUID, code: str, now: datetime) -> None:
        _not_delivered(session, emailing.refused(session, email_id, code), now)

    def again(self, session: Session, email_id: UUID, now: datetime, *, about_us: bool) -> None:
        given_up = emailing.again(session, email_id, now, about_us=about_us)
        _not_delivered(session, given_up, now)


def may_go(session: Session, email: OutboundEmail, now: datetime) -> Verdict:
    """Whether an email may go out this moment: the rooms' rules, put together.

    What asks somebody to talk with us is asked about as though they were invited only now.

    Args:
        session: the claiming session.
        email: which.
        now: the present.
    """
    interview = fetch(session, Interview, email.interview_id)
    whom, address = interview.participant_id, email.address_index
    if whom is None or not register.has_way(session, whom, address):
        return Never("other_address")
    if register.not_safe_on(session, address):
        return Never("not_safe")
    state, _applied = replayed(session, interview)
    if state.stage is Stage.WITHDRAWN:
        return Never("withdrawn")
    kind = EmailKind(email.kind)
    if kind in ASKS:
        if state.stage is Stage.DECLINED:
            return Never("over")
        if kind is EmailKind.INVITATION and state.stage is Stage.SENT:
            return Never("over")
        why = _not_to_be_asked(session, interview.id, whom, now)
        if why is not None:
            return Never(why)
        if kind is EmailKind.INVITATION and not on_rota(session, now):
            return Wait(next_on_rota(session, now) or now + LOOK_AGAIN)
    else:
        if not may_be_texted(session, interview.id, now):
            return Never("not_to_be_written_to")
        decisions = standing(session, interview.id, now)
        if not opens(decisions, Purpose.CONTACT, Audience.LEAD):
            return Never("not_agreed")
    # A link that they asked for a moment ago may go at any hour, as an answer to a text may.
    asked_at = email.queued_at if kind is EmailKind.CARRY_ON else None
    first = may_go_from(now, asked_at, register.safe_hours(session, address))
    if first is None:
        return Never("no_safe_time")
    return Wait(first) if first > now else Go()


def _not_to_be_asked(
    session: Session, interview_id: UUID, participant_id: UUID, now: datetime
) -> str | None:
    case_id = case_of(session, interview_id)
    if case_id is None:
        return "no_case"
    try:
        why = refusal(session, case_id, participant_id, Way.EMAIL, now)
    except Missing:
        return "other_case"
    return why.value if why is not None else None


def _not_delivered(session: Session, interview_id: UUID | None, now: datetime) -> None:
    """Let the ledger say that this way leads nowhere: the lead finds another."""
    case_id = case_of(session, interview_id) if interview_id is not None else None
    if interview_id is None or case_id is None:
        return
    record_attempt(
        session,
        case_id,
        participant_id=fetch(session, Interview, interview_id).participant_id,
        channel=Channel.EMAIL,
        outcome=Outcome.WRONG_CONTACT,
        at=now,
        by=WORKER,
        now=now,
    )

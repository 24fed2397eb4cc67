"""Time passes on one pretend phone: everything of its conversations moves back by so much.

Nobody else's day moves, and the clock stays the real one, which sign-in codes need.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.demo.phones import Phone
from family_voice.interviews.log import read_anew
from family_voice.interviews.models import Event, Fragment, Interview, Invitation
from family_voice.messages import outbox, sending
from family_voice.messages.models import InboundMessage, OutboundMessage, ScheduledTurn, SendState
from family_voice.messages.sending import Verdict, Wait
from family_voice.operations.may_go import may_go

#: So that what was due at the end of it is due.
A_MOMENT = timedelta(seconds=1)
MOST_HOURS = 4


def let_pass(session: Session, phone: Phone, how_long: timedelta, now: datetime) -> None:
    """Let so much time pass on a phone.

    Args:
        session: a writing session; the worker's next turn does what is then due.
        phone: whose.
        how_long: how much.
        now: the clock's time.
    """
    index = outbox.phone_index(session, phone.number)
    held = set(
        session.scalars(select(Invitation.interview_id).where(Invitation.phone_index == index))
    )
    for event in session.scalars(select(Event).where(Event.interview_id.in_(held))):
        event.at -= how_long
    for fragment in session.scalars(select(Fragment).where(Fragment.interview_id.in_(held))):
        fragment.at -= how_long
    for waits in session.scalars(select(Interview).where(Interview.id.in_(held))):
        waits.call_wanted_at = waits.call_wanted_at and waits.call_wanted_at - how_long
    for turn in session.scalars(select(ScheduledTurn).where(ScheduledTurn.interview_id.in_(held))):
        turn.due_at -= how_long
    for theirs in session.scalars(
        select(InboundMessage).where(InboundMessage.phone_index == index)
    ):
        theirs.arrived_at -= how_long
    for ours in session.scalars(
        select(OutboundMessage).where(OutboundMessage.phone_index == index)
    ):
        ours.queued_at -= how_long
        if ours.state != SendState.QUEUED.value or ours.due_at <= now:
            ours.due_at -= how_long  # what waits for its hour of the day goes on waiting for it
        ours.sent_at = ours.sent_at and ours.sent_at - how_long
        ours.tried_at = ours.tried_at and ours.tried_at - how_long
    session.flush()
    read_anew(held)


def let_the_night_pass(session: Session, phone: Phone, until: datetime, now: datetime) -> None:
    """Let what waits for the morning on a phone go as it would then, by the same rules.

    Args:
        session: a writing session.
        phone: whose.
        until: when the next of its texts may go.
        now: the clock's time, which is still the night's.
    """
    index = outbox.phone_index(session, phone.number)
    for waits in session.scalars(
        select(OutboundMessage).where(
            OutboundMessage.phone_index == index, OutboundMessage.state == SendState.QUEUED.value
        )
    ):
        waits.due_at = now
    let_pass(session, phone, until - now + A_MOMENT, now)

    def in_the_morning(session: Session, message: OutboundMessage, _now: datetime) -> Verdict:
        if message.phone_index != index:
            return Wait(now + A_MOMENT)  # the worker's own turn comes for it
        return _at_its_hour(session, message, until + A_MOMENT)

    while (claimed := sending.claim(session, now, in_the_morning)) is not None:
        sending.sent(session, claimed.id, f"pretend-{claimed.id}", now)


def _at_its_hour(session: Session, message: OutboundMessage, moment: datetime) -> Verdict:
    """Whether a text goes then, or at the next moment it is told: its hour, somebody to read."""
    for _turn in range(MOST_HOURS):
        verdict = may_go(session, message, moment)
        if not isinstance(verdict, Wait):
            break
        moment = verdict.until
    return verdict

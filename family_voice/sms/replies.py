"""Carrying out what the engine wants done by text: timers, and answers in line to go out.

Here the program also falls silent by itself: when its texts bring nothing on, and when a
conversation costs far more than was meant for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.interviews import doors, record
from family_voice.interviews.effects import Close, Effect, Schedule
from family_voice.interviews.events import Channel, Rested
from family_voice.interviews.guide import Guide
from family_voice.language.texts import speaking
from family_voice.messages import attention, outbox, phone_lines
from family_voice.messages.attention import Need
from family_voice.messages.models import PhoneLine
from family_voice.messages.templates import DECISIONS, PROMPTS, Template
from family_voice.messages.wording import day_note
from family_voice.safeguarding.rota import reads_next
from family_voice.settings import Settings
from family_voice.sms import lines, loops, resting
from family_voice.sms.conversation import Text
from family_voice.sms.saying import asking as asking
from family_voice.sms.saying import in_words, said_just_now, with_more

#: A link that travels by text is for carrying on now. Another WEB brings another link.
LINK_LASTS: Final = timedelta(days=1)
#: How soon somebody whom a machine may speak for is told again that we will ring.
RINGS_AGAIN: Final = timedelta(hours=1)
#: What is put before anybody only where a code word was given by letter or call.
ONLY_KNOWN: Final = PROMPTS | DECISIONS | {Template.NAME_THIS_TALK}


@dataclass(frozen=True)
class To:
    """Where answers go; `occasion` names what they answer, so that they go out once."""

    interview_id: UUID
    phone: str
    occasion: str


def once_a_day(
    session: Session, interview_id: UUID, template: Template, now: datetime
) -> str | None:
    """The occasion of what is said once a London day; None if it has been said today."""
    occasion = f"daily:{interview_id}:{template}:{london_date(now).isoformat()}"
    return None if outbox.hold(session, f"{occasion}:1") else occasion


def carry_out(
    session: Session,
    settings: Settings,
    to: To,
    effects: Iterable[Effect],
    answers: Sequence[Text],
    now: datetime,
) -> None:
    """Set the timer the effects ask for, and put the answers in line.

    Args:
        session: a writing session.
        settings: who we are.
        to: where.
        effects: the engine's.
        answers: the texts that answer, in order.
        now: when.
    """
    for effect in effects:
        match effect:
            case Close():
                outbox.cancel_queued(session, [to.interview_id])
            case Schedule(due_at=due_at):
                outbox.schedule_turn(session, to.interview_id, due_at)
    if any(each.template in (Template.ADDED, Template.ADDED_LATE) for each in answers):
        last = outbox.last_of(session, to.interview_id)
        answers = [each for each in answers if not said_just_now(each, last, now)]
    if not answers or outbox.is_stopped(session, to.phone):
        return
    line = phone_lines.hold(session, to.phone, now)
    if line.muted_at is not None:
        return
    if line.held and line.interview_id == to.interview_id:
        answers = [answer for answer in answers if answer.template not in ONLY_KNOWN]
    if loops.goes_round(line.unmoved, len(answers)):
        fall_silent(session, settings, line, to, Need.GOING_ROUND, now)
        return
    _put_in_line(session, settings, to, answers, now)
    line.unmoved += len(answers)
    _count(session, settings, line, to, now)


def fall_silent(
    session: Session, settings: Settings, line: PhoneLine, to: To, why: Need, now: datetime
) -> None:
    """Fall silent on a phone until a person lets the program go on, and say so: once.

    Args:
        session: a writing session.
        settings: who we are.
        line: the phone's, held.
        to: the conversation.
        why: what the person is told.
        now: when.
    """
    by_hand = record.state_of(session, to.interview_id).silent(Channel.TEXT)
    if lines.mute(session, line, to.interview_id, why, now) and not by_hand:
        _last_word(session, settings, to, Template.MUTED, f"muted:{now.timestamp():.0f}", now)


def still_rings(
    session: Session, settings: Settings, line: PhoneLine, to: To, now: datetime
) -> None:
    """Answer somebody who asks to be rung where the program fell silent by itself: at most once an
    hour.

    Args:
        session: a writing session.
        settings: who we are.
        line: the phone's, held.
        to: the conversation.
        now: when.
    """
    state = record.state_of(session, to.interview_id)
    if line.muted_why not in lines.MUTES or not state.call_wanted:
        return
    if state.texts_stopped or state.wrong_number:
        return
    last = outbox.last_of(session, to.interview_id)
    if last is None or last[0] is not Template.CALL_COMING or now - last[1] >= RINGS_AGAIN:
        _last_word(session, settings, to, Template.CALL_COMING, to.occasion, now)


def _last_word(
    session: Session, settings: Settings, to: To, template: Template, occasion: str, now: datetime
) -> None:
    if not outbox.is_stopped(session, to.phone):
        where = To(to.interview_id, to.phone, f"{occasion}:{to.interview_id}")
        _put_in_line(session, settings, where, [Text(template)], now)


def _put_in_line(
    session: Session, settings: Settings, to: To, answers: Sequence[Text], now: datetime
) -> None:
    guide = record.guide_of(session, to.interview_id)
    asks = any(answer.template in PROMPTS for answer in answers)
    somebody_reads = asks and not resting.nobody_reads(session, now)
    if asks and not somebody_reads:
        # Their phone goes on showing what it shows, and what they add tonight is put with that.
        record.happen(session, to.interview_id, Rested(Channel.TEXT), now)
        resting.rest(session, settings, to.interview_id, to.phone, guide.language, now)
        outbox.schedule_turn(session, to.interview_id, resting.wakes_at(session, now))
        answers = [answer for answer in answers if answer.template not in PROMPTS]
    if somebody_reads:
        # One that still waits is not the question they are at any more, or is asked once more.
        outbox.cancel_queued(session, [to.interview_id], PROMPTS)
    if any(answer.template in DECISIONS for answer in answers):
        outbox.cancel_queued(session, [to.interview_id], DECISIONS)
    with speaking(guide.language):
        note = day_note(settings, None if somebody_reads else reads_next(session, now))
        for number, answer in enumerate(answers, start=1):
            text = with_more(answer, guide)
            outbox.queue(
                session,
                to.interview_id,
                to.phone,
                text.template,
                _words(session, settings, to, text, guide, now),
                f"{to.occasion}:{number}",
                due_at=now,
                is_reply=True,
                now=now,
                day_note=note,
                prompt_id=text.prompt_id,
            )


def _count(session: Session, settings: Settings, line: PhoneLine, to: To, now: datetime) -> None:
    """Tell a person when a conversation costs more than was meant for it. At twice that nothing
    more goes by itself until they say so, and then so much again."""
    interview_id = to.interview_id
    times = outbox.segments_of(session, interview_id) // settings.segment_budget
    if times == 0:
        return
    if not attention.times_raised(session, Need.OVER_BUDGET, interview_id):
        attention.raise_need(session, Need.OVER_BUDGET, now, interview_id=interview_id)
    if times > 1 + attention.times_raised(session, Need.FAR_OVER_BUDGET, interview_id):
        fall_silent(session, settings, line, to, Need.FAR_OVER_BUDGET, now)


def _words(
    session: Session, settings: Settings, to: To, text: Text, guide: Guide, now: datetime
) -> str:
    link = ""
    if text.template is Template.WEB_LINK:
        token = doors.another_link(session, to.interview_id, now + LINK_LASTS, now)
        link = f"{settings.public_url}/i/{token}"
    return in_words(settings, text, guide, link)

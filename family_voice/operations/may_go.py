"""Whether a text may go out, asked at the moment of sending: the rooms' rules, put together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from family_voice.cases.inviting import may_be_texted, number_may_be_texted
from family_voice.cases.permission import text_may_go
from family_voice.consent.decisions import standing
from family_voice.interviews.events import Channel
from family_voice.interviews.log import counted, replayed
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage, State
from family_voice.messages import arriving
from family_voice.messages.hours import may_go_from
from family_voice.messages.models import OutboundMessage
from family_voice.messages.sending import Go, Never, Verdict, Wait
from family_voice.messages.templates import (
    DECISIONS,
    PROMPTS,
    READY,
    TO_STAFF,
    WHEN_MUTED,
    Template,
)
from family_voice.people import register
from family_voice.safeguarding import escalating
from family_voice.safeguarding.rota import next_on_rota, on_rota
from family_voice.storage.locking import fetch

#: How soon to look again for what has no hour: somebody on the rota, the end of a pause.
LOOK_AGAIN: Final = timedelta(minutes=15)


def may_go(session: Session, message: OutboundMessage, now: datetime) -> Verdict:
    """Whether a text may go out this moment: the rooms' rules, put together.

    Args:
        session: the claiming session.
        message: the text.
        now: the present.
    """
    if message.template in TO_STAFF:
        return Go() if escalating.is_wanted(session, message) else Never("taken")
    whose = message.interview_id
    interview = fetch(session, Interview, whose) if whose is not None else None
    if not number_may_be_texted(session, whose, message.phone_index):
        return Never("other_number" if interview else "not_to_be_texted")
    if interview is not None:
        if not may_be_texted(session, interview.id, now):
            return Never("not_to_be_texted")
        logged, _ = replayed(session, interview)
        decisions = standing(session, interview.id, now)
        state = counted(logged, decisions, now)
        if message.template == Template.INVITATION:
            # A person sends it, who has said since that the number is right.
            by_hand = not state.texts_stopped
        else:
            unwanted = state.texts_stopped or state.wrong_number
            by_hand = message.template in {*READY, *WHEN_MUTED} and not unwanted
        if state.silent(Channel.TEXT) and not by_hand:
            return Never("stopped" if state.texts_stopped else "with_person")
        if state.stage is Stage.WITHDRAWN:
            return Never("withdrawn")
        asks = message.template in PROMPTS and message.template != Template.INVITATION
        if asks and (state.paused or state.agree_again):
            return Wait(now + LOOK_AGAIN)  # put in line a moment before; they may carry on
        over = state.stage in (Stage.DECLINED, Stage.SENT)
        if over and message.template == Template.INVITATION:
            return Never("over")
        if _answered_elsewhere(message, state):
            return Never("over")
        if _moved_on(message, state):
            return Never("moved_on")
        if not text_may_go(logged, decisions, message.template, message.is_reply):
            return Never("not_agreed")
    if message.template in PROMPTS and not on_rota(session, now):
        return Wait(next_on_rota(session, now) or now + LOOK_AGAIN)
    if message.template == Template.RESTING and on_rota(session, now):
        return Never("over")  # it says that nobody reads, and somebody does
    safe = register.safe_hours(session, message.phone_index)
    first = may_go_from(now, None, safe)
    if first != now and message.is_reply:
        first = may_go_from(now, arriving.last_arrival(session, message.phone_index), safe)
    if first is None:
        return Never("no_safe_time")
    return Wait(first) if first > now else Go()


def _answered_elsewhere(message: OutboundMessage, state: State) -> bool:
    """Whether they said no some other way while the decision waited to be put."""
    if state.stage is not Stage.DECLINED or message.template not in DECISIONS:
        return False
    return state.put_since is None or message.queued_at < state.put_since


def _moved_on(message: OutboundMessage, state: State) -> bool:
    """Whether they answered some other way while it waited, such as on the web overnight."""
    if message.prompt_id is None:
        return message.template == Template.READ_BACK and state.read_back_at is not None
    elsewhere = message.prompt_id != state.current
    return elsewhere and (message.retries > 0 or state.done(message.prompt_id))

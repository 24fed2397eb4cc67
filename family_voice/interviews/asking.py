"""How the conversation moves from one question to the next. Pure; used by the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from family_voice.interviews.effects import (
    Alert,
    Ask,
    AskDecision,
    Close,
    Effect,
    Ending,
    Notice,
    Remark,
    Say,
    Schedule,
)
from family_voice.interviews.errors import NotNow, UnknownPrompt
from family_voice.interviews.events import TALK, Channel, ReadBack
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State

#: How long after a text we wait for the rest of the answer, and after one in several parts.
QUIET_WINDOW: Final = timedelta(minutes=4)
LONG_QUIET_WINDOW: Final = timedelta(minutes=10)
#: How long after the next question words still belong to the one before, when silence closed it.
LATE_WINDOW: Final = timedelta(minutes=2)
#: How long after the last question a conversation by text stays open for something more.
CLOSING_WINDOW: Final = timedelta(hours=1)
#: The one kind of `Schedule`.
QUIET: Final = "quiet"

Result = tuple[State, tuple[Effect, ...]]


def here(state: State, channel: Channel, prompt_id: str | None, guide: Guide) -> str | None:
    """The prompt an event is about: the one it names, the one on their telephone, or the current.

    Raises `UnknownPrompt` when it names one that the guide lacks.
    """
    if prompt_id is not None:
        if prompt_id not in guide.prompts:
            raise UnknownPrompt("This guide has no such question.")
        return prompt_id
    if channel is Channel.TEXT:
        return state.on_phone
    return state.current


def put(state: State, prompt_id: str, channel: Channel, again: bool = False) -> Result:
    """Ask this prompt by this channel."""
    state = replace(state, current=prompt_id)
    if channel is Channel.TEXT and not state.silent(channel):
        before = state.on_phone
        state = replace(state, on_phone=prompt_id, shown_before=before, waiting=None)
    return state, (Ask(prompt_id, channel, again),)


def go_on(state: State, after: str | None, channel: Channel, guide: Guide, now: datetime) -> Result:
    """The next prompt left after this one, or, with none left, the reading back."""
    following = state.following(guide, after)
    if following is not None:
        return put(replace(state, stage=Stage.ASKING), following, channel)
    return offer_read_back(state, channel, now)


def offer_read_back(state: State, channel: Channel, now: datetime) -> Result:
    """Every question is done: look at what stands. By text, silence later on sends it."""
    state = replace(state, stage=Stage.READING_BACK, current=None)
    said = Say(Remark.READ_BACK, channel)
    if channel is not Channel.TEXT or state.silent(channel):
        return state, (said,)
    state, scheduled = quiet(replace(state, on_phone=None, waiting=None), now + CLOSING_WINDOW)
    return state, (said, *scheduled)


def carry_on(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    """Pick the conversation up where it stands, by this channel."""
    if state.must_agree_again(channel) and state.speaking_allowed:
        return state, (AskDecision(TALK, channel),)
    waits = state.waiting if channel is Channel.TEXT and state.stage is Stage.ASKING else None
    if waits is not None and waits == state.current:
        return put(state, waits, channel, again=state.done(waits))
    match state.stage:
        case Stage.INVITED | Stage.DECIDING:
            return state, (AskDecision(state.first_undecided or TALK, channel),)
        case Stage.ASKING:
            again = state.following(guide, None) == state.current
            state, effects = go_on(replace(state, quiet_until=None), None, channel, guide, now)
            return state, tuple(
                replace(e, again=again) if isinstance(e, Ask) else e for e in effects
            )
        case Stage.READING_BACK if (
            state.read_back_at is not None and state.later_undecided is not None
        ):
            return _put_again(state, state.later_undecided, channel, now)
        case Stage.READING_BACK:
            return offer_read_back(state, channel, now)
        case Stage.SENT if state.heard and state.later_undecided is not None:
            return state, (AskDecision(state.later_undecided, channel),)
        case Stage.SENT:
            return state, (Say(Remark.ALREADY_SENT, channel),)
        case _:
            return state, (Say(Remark.DECLINED, channel),)


def _put_again(state: State, purpose: str, channel: Channel, now: datetime) -> Result:
    """It was read back and is right: the decision that is open. By text, silence sends it."""
    asked = AskDecision(purpose, channel)
    if channel is not Channel.TEXT or state.silent(channel):
        return state, (asked,)
    state, scheduled = quiet(replace(state, on_phone=None, waiting=None), now + CLOSING_WINDOW)
    return state, (asked, *scheduled)


def next_later_decision(state: State, channel: Channel, now: datetime) -> Result:
    """The next decision of those at the end; with all made, by text that also sends."""
    if state.later_undecided is not None:
        return state, (AskDecision(state.later_undecided, channel),)
    if state.stage is Stage.SENT:
        return state, (Say(Remark.THANKS, channel),)
    if channel is Channel.TEXT:
        return finish(state, channel, now)
    return state, (Say(Remark.READY_TO_SEND, channel),)


def read_back(state: State, event: ReadBack, now: datetime) -> Result:
    """They were asked whether what stands is right. Raises `NotNow` where nothing stands."""
    if state.stage not in (Stage.ASKING, Stage.READING_BACK, Stage.SENT) or not state.heard:
        raise NotNow("There is nothing to read back yet.")
    if not event.right:
        return replace(state, read_back_at=None), (Say(Remark.CORRECT_IT, event.channel),)
    state = replace(state, read_back_at=now)
    if state.stage is Stage.ASKING:
        state = replace(state, stage=Stage.READING_BACK, current=None, quiet_until=None)
    return next_later_decision(state, event.channel, now)


def finished(state: State, channel: Channel, now: datetime) -> Result:
    """They send it. Raises `NotNow` before they have agreed to talk."""
    if state.stage is Stage.SENT:
        return state, (Say(Remark.ALREADY_SENT, channel),)
    if state.stage not in (Stage.ASKING, Stage.READING_BACK):
        raise NotNow("They have not agreed to talk yet, so there is nothing to send.")
    return finish(state, channel, now)


def finish(state: State, channel: Channel, now: datetime) -> Result:
    """Send what stands, then ask what is still to be decided."""
    state = replace(
        state,
        stage=Stage.SENT,
        sent_at=now,
        current=None,
        on_phone=None,
        waiting=None,
        late=None,
        quiet_until=None,
    )
    effects: tuple[Effect, ...] = (Close(Ending.SENT), Alert(Notice.SENT))
    if state.heard and state.later_undecided is not None:
        effects += (AskDecision(state.later_undecided, channel),)
    return state, effects


def quiet(state: State, due_at: datetime) -> Result:
    """Wait until then for more."""
    return replace(state, quiet_until=due_at), (Schedule(QUIET, due_at),)

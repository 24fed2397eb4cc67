"""What happens around the conversation rather than in it: stops, pauses, other hands. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from family_voice.interviews.asking import Result, carry_on, here, put
from family_voice.interviews.effects import (
    Alert,
    AskDecision,
    Close,
    Discard,
    Effect,
    Ending,
    Ignored,
    Notice,
    Remark,
    Say,
)
from family_voice.interviews.errors import NotNow
from family_voice.interviews.events import (
    AskedForCall,
    CallTakenBack,
    ChangedChannel,
    ChangedLanguage,
    Channel,
    DecisionPut,
    Event,
    GivenBack,
    HandedToPerson,
    NotReached,
    NumberChanged,
    Paused,
    Reopened,
    Replaced,
    Restarted,
    Rested,
    Resumed,
    Rung,
    Said,
    Stopped,
    TimedOut,
    Withdrawn,
    WrongNumber,
)
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State


def around(state: State, event: Event, guide: Guide, now: datetime) -> Result:
    """What one such event makes of the conversation. Raises `NotNow` for any other."""
    match event:
        case ChangedLanguage():
            return _changed_language(state, event, guide, now)
        case ChangedChannel():
            return _changed_channel(state, event, guide, now)
        case AskedForCall():
            waiting = replace(state, call_wanted=True, quiet_until=None)
            return waiting, (Alert(Notice.CALL_WANTED), Say(Remark.CALL_COMING, event.channel))
        case Rung():
            return replace(state, call_wanted=False), ()
        case NotReached():
            return state, ()
        case CallTakenBack(waits=waits):
            return replace(state, call_wanted=waits or state.call_wanted), ()
        case DecisionPut(purpose=purpose):
            return state, (AskDecision(purpose, event.channel),)
        case Stopped():
            stopped = replace(state, texts_stopped=True, agree_again=False, quiet_until=None)
            return stopped, (Alert(Notice.TEXTS_STOPPED),)
        case Restarted():
            return _restarted(state, event.channel, guide, now)
        case Paused():
            if state.stage is Stage.SENT and state.open_decision is None:
                return carry_on(state, event.channel, guide, now)
            held = replace(state, paused=True, quiet_until=None, late=None)
            return held, (Say(Remark.PAUSED, event.channel),)
        case Resumed():
            if event.channel is Channel.TEXT:
                state = replace(state, texts_stopped=False)
            return carry_on(state, event.channel, guide, now)
        case Rested():
            return _rested(state), ()
        case WrongNumber():
            sorry = Say(Remark.WRONG_NUMBER, event.channel)
            return wrong_number(state), (Alert(Notice.WRONG_NUMBER), sorry)
        case NumberChanged():
            return nobody_known(state), ()
        case HandedToPerson():
            held = replace(state, with_person=True, quiet_until=None, late=None)
            return held, (Alert(Notice.WITH_PERSON),)
        case GivenBack():
            return _given_back(state, event.channel, guide, now)
        case Reopened():
            return _reopened(state, event.channel, guide, now)
        case Withdrawn():
            gone = replace(
                state, stage=Stage.WITHDRAWN, call_wanted=False, quiet_until=None, late=None
            )
            return gone, (Close(Ending.WITHDRAWN), Alert(Notice.WITHDRAWN))
        case _:  # pragma: no cover - the engine knows every other kind
            raise NotNow("There is no such event.")


def after_withdrawal(state: State, event: Event) -> Result:
    """They took everything back: only what concerns their telephone still counts."""
    match event:
        case Stopped():
            return replace(state, texts_stopped=True), ()
        case Rung():
            return replace(state, call_wanted=False), ()
        case Restarted():
            return replace(state, texts_stopped=False), ()
        case WrongNumber():
            return wrong_number(state), ()
        case Withdrawn() | TimedOut() | Rested() | NumberChanged():
            return state, ()
        case NotReached() | CallTakenBack():
            return state, ()
        case Said() | Replaced():
            return state, (*discard(event), Ignored())
    raise NotNow("They have taken everything back. A new conversation needs a new invitation.")


def discard(event: Event) -> tuple[Effect, ...]:
    """That the words an event brings must not be stored, if it brings any."""
    match event:
        case Said():
            return (Discard(event.fragment_id),)
        case Replaced(new=new) if new is not None:
            return (Discard(new),)
    return ()


def wrong_number(state: State) -> State:
    """Nobody is known by text any more, and nothing goes to that telephone."""
    return replace(nobody_known(state), wrong_number=True)


def nobody_known(state: State) -> State:
    """Nobody is known by text any more: the code word comes before anything else."""
    return replace(
        state,
        recognised=state.recognised - {Channel.TEXT},
        on_phone=None,
        waiting=None,
        quiet_until=None,
        late=None,
    )


def _changed_language(state: State, event: ChangedLanguage, guide: Guide, now: datetime) -> Result:
    state = replace(state, language=event.language)
    if event.channel is Channel.TEXT and Channel.TEXT not in state.recognised:
        return state, (Say(Remark.CODE_WORD, event.channel),)
    at = here(state, event.channel, None, guide)
    asking = state.stage is Stage.ASKING and not state.must_agree_again(event.channel)
    if asking and at is not None and not state.waiting:
        return put(state, at, event.channel, again=True)
    return carry_on(state, event.channel, guide, now)


def _changed_channel(state: State, event: ChangedChannel, guide: Guide, now: datetime) -> Result:
    moving = replace(state, channel=event.to, quiet_until=None, late=None)
    said = Say(Remark.CARRY_ON, event.channel)
    if event.to is Channel.TEXT and Channel.TEXT not in state.recognised:
        return moving, (said, Say(Remark.CODE_WORD, event.to))
    moved, effects = carry_on(moving, event.to, guide, now)
    return moved, (said, *effects)


def _reopened(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    if state.stage is not Stage.SENT:
        raise NotNow("It has not been sent, so it is open already.")
    return carry_on(replace(state, stage=Stage.ASKING, sent_at=None), channel, guide, now)


def _rested(state: State) -> State:
    if state.waiting is not None or state.on_phone is None:
        return state
    return replace(
        state,
        waiting=state.on_phone,
        on_phone=state.shown_before,
        quiet_until=None,
        late=None,
    )


def _restarted(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    # Before they agreed at all, agreement is asked for in any case.
    state = replace(state, texts_stopped=False, agree_again=state.speaking_allowed)
    if Channel.TEXT not in state.recognised:
        return state, (Say(Remark.CODE_WORD, channel),)
    return carry_on(state, channel, guide, now)


def _given_back(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    state = replace(state, with_person=False)
    stranger = channel is Channel.TEXT and Channel.TEXT not in state.recognised
    if stranger or state.paused or state.stage is Stage.DECLINED:
        return state, ()
    return carry_on(state, channel, guide, now)

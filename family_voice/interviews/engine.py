"""The conversation, as one pure function: `step(state, event, guide, now) -> (state, effects)`.

Web, call pad and text all go through it. It stores nothing, knows no clock and holds no words.
What holds, whatever the order of events:

* before they agree to talk, and after a no, words are discarded and nothing else changes;
* every fragment taken stands under exactly one prompt or the notes, until it is replaced;
* what is answered or skipped is not asked again, unless they go back;
* a text answers the question their telephone shows, whatever went on elsewhere meanwhile;
* by text, only a yes or a no leads on from a decision that they were asked for.

An event that makes no sense here either raises one of the errors below, and changes nothing, or is
answered by a remark (`Say`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from family_voice.interviews import answering
from family_voice.interviews.asking import (
    LATE_WINDOW,
    carry_on,
    finish,
    go_on,
    here,
    next_later_decision,
    put,
)
from family_voice.interviews.effects import (
    Alert,
    Ask,
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
from family_voice.interviews.errors import NotNow, UnknownHeading, UnknownPurpose
from family_voice.interviews.events import (
    DECISIONS,
    FIRST_DECISIONS,
    TALK,
    Agreed,
    AskedForCall,
    ChangedChannel,
    ChangedLanguage,
    Channel,
    Event,
    Finished,
    GivenBack,
    HandedToPerson,
    MoreWanted,
    Moved,
    Next,
    Opened,
    ReadBack,
    Recognised,
    Reopened,
    Replaced,
    Resumed,
    Said,
    Skipped,
    Stopped,
    TimedOut,
    WentBack,
    Withdrawn,
)
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Late, Stage, State

Result = tuple[State, tuple[Effect, ...]]

#: By text nobody is known until the code word came; these may come from anybody.
_FROM_ANYBODY: Final = (Recognised, Stopped, AskedForCall, HandedToPerson, GivenBack, TimedOut)
#: What may still happen after a no, besides a fresh yes to talking.
_AFTER_A_NO: Final = (
    Recognised,
    ChangedLanguage,
    AskedForCall,
    Stopped,
    HandedToPerson,
    GivenBack,
    Withdrawn,
)
#: Where no person is at the other end.
_BY_ITSELF: Final = (Channel.WEB, Channel.TEXT)
#: What says by which channel the family now talks.
_SPOKEN: Final = (Opened, Recognised, Agreed, Said, Next, Skipped, WentBack, MoreWanted)
#: What asks for another question; by text, before the decisions are made, it brings the decision.
LEADS_ON: Final = (Next, Skipped, WentBack, MoreWanted)


def begin(language: str = "en") -> State:
    """The state before anything has happened."""
    return State(language=language)


def step(state: State, event: Event, guide: Guide, now: datetime) -> Result:
    """What one event makes of the conversation, and what is to be done about it.

    Arguments: `guide` is the version pinned for the interview (any language of it); `now` is when
    the event happened. Raises `EngineError` (`NotNow`, `UnknownPrompt`, `UnknownHeading`,
    `UnknownFragment`, `RepeatedFragment`, `UnknownPurpose`) and then nothing has changed. A
    `Discard` among the effects means that the fragment's words must not be stored; `Ignored` that
    the event was not taken at all.
    """
    by_text = event.channel is Channel.TEXT
    if state.stage is Stage.WITHDRAWN:
        return _after_withdrawal(state, event)
    if by_text and Channel.TEXT not in state.recognised and not isinstance(event, _FROM_ANYBODY):
        return _ignored(state, event, Remark.CODE_WORD)
    yes_again = isinstance(event, Agreed) and event.purpose == TALK and event.yes
    if state.stage is Stage.DECLINED and not yes_again and not isinstance(event, _AFTER_A_NO):
        if state.call_wanted and isinstance(event, Opened) and event.channel not in _BY_ITSELF:
            # After their no they asked us to ring, and now somebody has.
            return replace(state, call_wanted=False), (Say(Remark.DECLINED, event.channel),)
        return _ignored(state, event, Remark.DECLINED)
    if isinstance(event, _SPOKEN):
        state = replace(state, channel=event.channel)
    if _goes_on_undecided(state, event):
        state = replace(state, stage=Stage.ASKING)
    if by_text and state.stage is Stage.DECIDING and isinstance(event, LEADS_ON):
        state, effects = carry_on(state, event.channel, guide, now)
    else:
        state, effects = _happen(state, event, guide, now)
    return state, _audible(state, effects)


def replay(log: Iterable[tuple[Event, datetime]], guide: Guide, language: str = "en") -> State:
    """The state that a log of events and their times gives. Raises what `step` raises."""
    state = begin(language)
    for event, at in log:
        state, _ = step(state, event, guide, at)
    return state


def _happen(state: State, event: Event, guide: Guide, now: datetime) -> Result:
    match event:
        case Opened():
            return _opened(state, event.channel, guide, now)
        case Recognised():
            known = replace(state, recognised=state.recognised | {event.channel})
            return _opened(known, event.channel, guide, now)
        case Agreed():
            return _agreed(state, event, guide, now)
        case Said():
            return answering.said(state, event, guide, now)
        case Replaced():
            return answering.replaced(state, event, guide)
        case Moved():
            return answering.moved(state, event, guide)
        case Next() | Skipped():
            return _leave(state, event, guide, now)
        case WentBack():
            return _went_back(state, event, guide)
        case MoreWanted():
            return _more_wanted(state, event, guide)
        case TimedOut():
            return _timed_out(state, guide, now)
        case ReadBack():
            return _read_back(state, event, now)
        case Finished():
            return _finished(state, event.channel, now)
        case Reopened():
            return _reopened(state, event.channel, guide, now)
        case _:
            return _around(state, event, guide, now)


def _around(state: State, event: Event, guide: Guide, now: datetime) -> Result:
    """What happens around the conversation rather than in it."""
    match event:
        case ChangedLanguage():
            state = replace(state, language=event.language)
            at = here(state, event.channel, None, guide)
            if state.stage is Stage.ASKING and at is not None:
                return put(state, at, event.channel, again=True)
            return carry_on(state, event.channel, guide, now)
        case ChangedChannel():
            moving = replace(state, channel=event.to, quiet_until=None, late=None)
            said = Say(Remark.CARRY_ON, event.channel)
            if event.to is Channel.TEXT and Channel.TEXT not in state.recognised:
                return moving, (said, Say(Remark.CODE_WORD, event.to))
            moved, effects = carry_on(moving, event.to, guide, now)
            return moved, (said, *effects)
        case AskedForCall():
            waiting = replace(state, call_wanted=True, quiet_until=None)
            return waiting, (Alert(Notice.CALL_WANTED), Say(Remark.CALL_COMING, event.channel))
        case Stopped():
            stopped = replace(state, texts_stopped=True, quiet_until=None)
            return stopped, (Alert(Notice.TEXTS_STOPPED),)
        case Resumed():
            if event.channel is Channel.TEXT:
                state = replace(state, texts_stopped=False)
            return carry_on(state, event.channel, guide, now)
        case HandedToPerson():
            held = replace(state, with_person=True, quiet_until=None, late=None)
            return held, (Alert(Notice.WITH_PERSON),)
        case GivenBack():
            state = replace(state, with_person=False)
            stranger = event.channel is Channel.TEXT and Channel.TEXT not in state.recognised
            if stranger or state.stage is Stage.DECLINED:
                return state, ()
            return carry_on(state, event.channel, guide, now)
        case Withdrawn():
            gone = replace(
                state, stage=Stage.WITHDRAWN, call_wanted=False, quiet_until=None, late=None
            )
            return gone, (Close(Ending.WITHDRAWN), Alert(Notice.WITHDRAWN))
        case _:  # pragma: no cover - `_happen` knows every other kind
            raise NotNow("There is no such event.")


def _goes_on_undecided(state: State, event: Event) -> bool:
    """They agreed to talk and went on without the other decision: that one counts as no.

    Not by text, where nothing but the decision stands before them: it is put again.
    """
    undecided = state.stage is Stage.DECIDING and state.speaking_allowed
    if not undecided or event.channel is Channel.TEXT:
        return False
    if isinstance(event, Said):
        return event.prompt_id is not None
    return isinstance(event, (*LEADS_ON, ReadBack, Finished))


def _after_withdrawal(state: State, event: Event) -> Result:
    if isinstance(event, Stopped):
        return replace(state, texts_stopped=True), ()
    if isinstance(event, Withdrawn | TimedOut):
        return state, ()
    if isinstance(event, Said | Replaced):
        return state, (*_discard(event), Ignored())
    raise NotNow("They have taken everything back. A new conversation needs a new invitation.")


def _ignored(state: State, event: Event, remark: Remark) -> Result:
    """Answer without taking the event."""
    said = Say(remark, event.channel)
    return state, _audible(state, (*_discard(event), Ignored(), said))


def _discard(event: Event) -> tuple[Effect, ...]:
    match event:
        case Said():
            return (Discard(event.fragment_id),)
        case Replaced(new=new) if new is not None:
            return (Discard(new),)
    return ()


def _audible(state: State, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Leave out what would be said by text while texts are stopped or a person has taken over."""
    return tuple(
        effect
        for effect in effects
        if not (isinstance(effect, Ask | AskDecision | Say) and state.silent(effect.channel))
    )


def _opened(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    if state.stage is Stage.INVITED:
        state = replace(state, stage=Stage.DECIDING)
    if channel not in _BY_ITSELF:
        state = replace(state, call_wanted=False)
    return carry_on(state, channel, guide, now)


def _agreed(state: State, event: Agreed, guide: Guide, now: datetime) -> Result:
    if event.purpose not in DECISIONS:
        raise UnknownPurpose("There is no such decision to make.")
    first = event.purpose in FIRST_DECISIONS
    if event.purpose != TALK and not state.speaking_allowed:
        raise NotNow("Ask first whether they would like to talk with us.")
    if not first and event.yes and not state.heard:
        raise NotNow("Ask this when they have told us something, so that they can judge it.")
    news = event.purpose not in state.decisions
    state = replace(state, decisions={**state.decisions, event.purpose: event.yes})
    if event.purpose == TALK and not event.yes:
        # A no takes back an earlier wish to be rung; who asks for that afterwards is rung.
        declined = replace(
            state, stage=Stage.DECLINED, call_wanted=False, quiet_until=None, late=None
        )
        return declined, (Close(Ending.DECLINED), Alert(Notice.DECLINED))
    if state.stage in (Stage.INVITED, Stage.DECIDING, Stage.DECLINED):
        return _decided(state, event.channel, guide, now)
    if first or state.stage is Stage.ASKING or not news:
        return state, ()
    return next_later_decision(state, event.channel, now)


def _decided(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    """They agreed to talk: the other decision, or on to where they were."""
    if state.sent_at is not None:
        state = replace(state, stage=Stage.SENT)
    elif state.first_undecided is not None:
        state = replace(state, stage=Stage.DECIDING)
    else:
        state = replace(state, stage=Stage.ASKING)
    return carry_on(state, channel, guide, now)


def _leave(state: State, event: Next | Skipped, guide: Guide, now: datetime) -> Result:
    """They are done with a prompt, with words or without."""
    if state.stage not in (Stage.ASKING, Stage.READING_BACK):
        return carry_on(state, event.channel, guide, now)
    at = here(state, event.channel, event.prompt_id, guide)
    if state.stage is Stage.READING_BACK and at is None and event.channel is Channel.TEXT:
        return finish(state, event.channel, now)  # nothing to add to what was read back
    state = replace(state, late=None, quiet_until=None)
    if at is not None and not state.answered(at):
        state = replace(state, skipped=state.skipped | {at})
    return go_on(state, at, event.channel, guide, now)


def _went_back(state: State, event: WentBack, guide: Guide) -> Result:
    if state.stage not in (Stage.ASKING, Stage.READING_BACK):
        raise NotNow("There is no question to go back to.")
    path = state.path(guide)
    at = here(state, event.channel, None, guide)
    index = path.index(at) if at in path else len(path)
    if index == 0:
        return state, (Say(Remark.AT_START, event.channel),)
    state = replace(state, stage=Stage.ASKING, late=None, quiet_until=None)
    return put(state, path[index - 1], event.channel, again=True)


def _more_wanted(state: State, event: MoreWanted, guide: Guide) -> Result:
    if state.stage not in (Stage.ASKING, Stage.READING_BACK):
        raise NotNow("More questions come once they have agreed, and before they send.")
    at = here(state, event.channel, None, guide)
    if event.heading_id is not None:
        known = [h for h in guide.headings if h.id == event.heading_id]
        if not known:
            raise UnknownHeading("This guide has no such heading.")
        heading = known[0]
    elif at is not None:
        heading = guide.heading_of(at)
    else:
        return state, (Say(Remark.NO_MORE, event.channel),)
    more = [prompt.id for prompt in heading.further if not state.done(prompt.id)]
    if not more:
        return state, (Say(Remark.NO_MORE, event.channel),)
    state = replace(state, opened=state.opened | {heading.id})
    waiting = event.channel is Channel.TEXT and at is not None and not state.done(at)
    if waiting and state.stage is Stage.ASKING:
        # Their telephone shows a question that they have not answered: that one first.
        return state, (Say(Remark.MORE_ADDED, event.channel),)
    state = replace(state, stage=Stage.ASKING, late=None, quiet_until=None)
    left = [prompt.id for prompt in heading.prompts if not state.done(prompt.id)]
    return put(state, left[0], event.channel)


def _timed_out(state: State, guide: Guide, now: datetime) -> Result:
    channel = Channel.TEXT
    due = state.quiet_until
    if due is None or now < due or state.silent(channel):
        return state, ()  # an older timer: they have texted, or moved on, since it was set
    state = replace(state, quiet_until=None)
    at = state.on_phone
    if state.stage is Stage.ASKING and at is not None and state.answered(at):
        state = replace(state, late=Late(at, now + LATE_WINDOW))
        return go_on(state, at, channel, guide, now)
    if state.stage is Stage.READING_BACK:
        return finish(state, channel, now)
    return state, ()


def _read_back(state: State, event: ReadBack, now: datetime) -> Result:
    if state.stage not in (Stage.ASKING, Stage.READING_BACK, Stage.SENT) or not state.heard:
        raise NotNow("There is nothing to read back yet.")
    if not event.right:
        return replace(state, read_back_at=None), (Say(Remark.CORRECT_IT, event.channel),)
    state = replace(state, read_back_at=now)
    if state.stage is Stage.ASKING:
        state = replace(state, stage=Stage.READING_BACK, current=None, quiet_until=None)
    return next_later_decision(state, event.channel, now)


def _finished(state: State, channel: Channel, now: datetime) -> Result:
    if state.stage is Stage.SENT:
        return state, (Say(Remark.ALREADY_SENT, channel),)
    if state.stage not in (Stage.ASKING, Stage.READING_BACK):
        raise NotNow("They have not agreed to talk yet, so there is nothing to send.")
    return finish(state, channel, now)


def _reopened(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    if state.stage is not Stage.SENT:
        raise NotNow("It has not been sent, so it is open already.")
    return carry_on(replace(state, stage=Stage.ASKING, sent_at=None), channel, guide, now)

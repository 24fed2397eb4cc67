"""The conversation, as one pure function: `step(state, event, guide, now) -> (state, effects)`.

Web, call pad and text all go through it. It stores nothing, knows no clock and holds no words.
What holds, whatever the order of events:

* before they agree to talk, and after a no, words are discarded and nothing else changes;
* every fragment taken stands under exactly one prompt or the notes, until it is replaced;
* what is answered or skipped is not asked again, unless they go back;
* a text answers the question their telephone shows, whatever went on elsewhere meanwhile;
* by text, only a yes or a no leads on from a decision that they were asked for, and after a STOP
  only START and a fresh yes.

An event that makes no sense here either raises one of the errors below, and changes nothing, or is
answered by a remark (`Say`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from family_voice.interviews import answering
from family_voice.interviews.around import after_withdrawal, around, discard
from family_voice.interviews.asking import (
    LATE_WINDOW,
    Result,
    carry_on,
    finish,
    finished,
    go_on,
    here,
    next_later_decision,
    put,
    read_back,
)
from family_voice.interviews.effects import (
    Alert,
    Ask,
    AskDecision,
    Close,
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
    CallTakenBack,
    ChangedChannel,
    ChangedLanguage,
    Channel,
    DecisionPut,
    Event,
    Finished,
    GivenBack,
    HandedToPerson,
    MoreWanted,
    Moved,
    Next,
    NotReached,
    NumberChanged,
    Opened,
    ReadBack,
    Recognised,
    Reopened,
    Replaced,
    Restarted,
    Rested,
    Resumed,
    Rung,
    Said,
    Skipped,
    Stopped,
    TimedOut,
    WentBack,
    Withdrawn,
    WrongNumber,
)
from family_voice.interviews.guide import Guide
from family_voice.interviews.put_by_text import last_put
from family_voice.interviews.state import Late, Stage, State

#: What is possible whoever holds the phone, and after a no.
_ALWAYS: Final = (
    Recognised,
    ChangedLanguage,
    AskedForCall,
    Rung,
    NotReached,
    CallTakenBack,
    Stopped,
    Restarted,
    WrongNumber,
    NumberChanged,
    HandedToPerson,
    GivenBack,
)
#: By text nobody is known until the code word came; these may come from anybody.
_FROM_ANYBODY: Final = (*_ALWAYS, TimedOut, Rested, Withdrawn)
#: What may still happen after a no, besides a fresh yes to talking.
_AFTER_A_NO: Final = (*_ALWAYS, DecisionPut, Withdrawn)
#: Where no person is at the other end.
_BY_ITSELF: Final = (Channel.WEB, Channel.TEXT, Channel.FORM)
#: What says by which channel the family now talks.
_SPOKEN: Final = (Opened, Recognised, Agreed, Said, Next, Skipped, WentBack, MoreWanted)
#: What goes on after a pause.
_GOES_ON: Final = (
    *_SPOKEN,
    Resumed,
    Restarted,
    ChangedChannel,
    ChangedLanguage,
    ReadBack,
    DecisionPut,
)
#: What shows, where a person notes it, that they have been rung.
_TALKED: Final = (Agreed, Said, ReadBack, Finished)
#: What comes by the text channel and is no text of theirs.
_OURS: Final = (TimedOut, Rested, NumberChanged, HandedToPerson, GivenBack, Moved, DecisionPut)
#: What asks for another question; by text, before the decisions are made, it brings the decision.
LEADS_ON: Final = (Next, Skipped, WentBack, MoreWanted)
#: What by text, after STOP and START, brings the question for a fresh yes instead.
_AGREE_FIRST: Final = (*LEADS_ON, ReadBack, Finished, Reopened)


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
        return after_withdrawal(state, event)
    if by_text and Channel.TEXT not in state.recognised and not isinstance(event, _FROM_ANYBODY):
        return _ignored(state, event, Remark.CODE_WORD)
    yes_again = isinstance(event, Agreed) and event.purpose == TALK and event.yes
    if state.stage is Stage.DECLINED and not yes_again and not isinstance(event, _AFTER_A_NO):
        if state.call_wanted and isinstance(event, Agreed) and _talked(event):
            # After their no they asked us to ring, and now somebody has.
            return replace(state, call_wanted=False), (Say(Remark.DECLINED, event.channel),)
        if isinstance(event, Agreed) and event.purpose == state.put:
            # It was put once more, and this is the answer: an AGREE behind it is for nothing.
            again = (Say(Remark.DECLINED, event.channel),)
            return last_put(state, event, again, now), again
        return _ignored(state, event, Remark.DECLINED)
    if isinstance(event, _SPOKEN):
        state = replace(state, channel=event.channel)
    knows = isinstance(event, Recognised) or not state.quiet_too_long(now)
    if by_text and knows and not isinstance(event, _OURS):
        state = replace(state, text_at=now)
    paused = state.paused
    state = replace(state, paused=paused and not isinstance(event, _GOES_ON))
    if _goes_on_undecided(state, event):
        state = replace(state, stage=Stage.ASKING)
    if by_text and _only_carries_on(state, event, paused):
        state, effects = carry_on(state, event.channel, guide, now)
    else:
        state, effects = _happen(state, event, guide, now)
    if _talked(event):
        state = replace(state, call_wanted=False)
    effects = _audible(state, effects)
    return last_put(state, event, effects, now), effects


def _talked(event: Event) -> bool:
    """Whether an event shows that they have been spoken with: opening the call pad does not."""
    return isinstance(event, _TALKED) and event.channel not in _BY_ITSELF


def _happen(state: State, event: Event, guide: Guide, now: datetime) -> Result:
    match event:
        case Opened():
            return _opened(state, event.channel, guide, now)
        case Recognised():
            known = replace(state, recognised=state.recognised | {event.channel})
            if event.channel is Channel.TEXT:
                known = replace(known, wrong_number=False)
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
            return read_back(state, event, now)
        case Finished():
            return finished(state, event.channel, now)
        case _:
            return around(state, event, guide, now)


def _only_carries_on(state: State, event: Event, paused: bool) -> bool:
    """A text that is no step of its own here: it brings what they were asked last, or not yet."""
    if state.agree_again:
        return isinstance(event, _AGREE_FIRST)
    if state.stage is Stage.DECIDING:
        return isinstance(event, LEADS_ON)
    # After a pause NEXT brings the question again; a question that nobody saw is not left.
    unseen = state.waiting is not None and isinstance(event, Next | Skipped)
    return unseen or (paused and isinstance(event, Next))


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


def _ignored(state: State, event: Event, remark: Remark) -> Result:
    """Answer without taking the event."""
    said = Say(remark, event.channel)
    return state, _audible(state, (*discard(event), Ignored(), said))


def _audible(state: State, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Leave out what would be said by text while texts are stopped or a person has taken over."""
    return tuple(
        effect
        for effect in effects
        if not (isinstance(effect, Ask | AskDecision | Say) and _silenced(state, effect))
    )


def _silenced(state: State, effect: Ask | AskDecision | Say) -> bool:
    # Whoever says that it is not their number is told once that we heard.
    if isinstance(effect, Say) and effect.key is Remark.WRONG_NUMBER:
        state = replace(state, wrong_number=False)
    return state.silent(effect.channel)


def _opened(state: State, channel: Channel, guide: Guide, now: datetime) -> Result:
    if state.stage is Stage.INVITED:
        state = replace(state, stage=Stage.DECIDING)
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
    afresh = state.must_agree_again(event.channel) and event.purpose == TALK
    if event.purpose == TALK:
        state = replace(state, agree_again=False)
    if event.purpose == TALK and not event.yes:
        # A no takes back an earlier wish to be rung; who asks for that afterwards is rung.
        declined = replace(
            state, stage=Stage.DECLINED, call_wanted=False, quiet_until=None, late=None
        )
        return declined, (Close(Ending.DECLINED), Alert(Notice.DECLINED))
    if state.stage in (Stage.INVITED, Stage.DECIDING, Stage.DECLINED):
        return _decided(state, event.channel, guide, now)
    if afresh:
        if state.stage is Stage.SENT and state.heard and state.later_undecided is not None:
            return next_later_decision(state, event.channel, now)
        return carry_on(state, event.channel, guide, now)
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
    if event.channel is Channel.TEXT and isinstance(event, Next) and _crossed(state, at, now):
        return replace(state, late=None), ()
    if state.stage is Stage.READING_BACK and at is None and event.channel is Channel.TEXT:
        return finish(state, event.channel, now)  # nothing to add to what was read back
    state = replace(state, late=None, quiet_until=None)
    if at is not None and not state.answered(at):
        state = replace(state, skipped=state.skipped | {at})
    return go_on(state, at, event.channel, guide, now)


def _crossed(state: State, at: str | None, now: datetime) -> bool:
    """Their NEXT and ours passed each other: silence had just closed the answer that it ends."""
    unanswered = at is None or not state.answered(at)
    return state.late is not None and now <= state.late.until and unanswered


def _went_back(state: State, event: WentBack, guide: Guide) -> Result:
    if state.stage not in (Stage.ASKING, Stage.READING_BACK):
        raise NotNow("There is no question to go back to.")
    path = state.path(guide)
    at = here(state, event.channel, None, guide) or state.waiting
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
    if state.waiting is not None and state.stage is Stage.ASKING and not _held(state):
        # Somebody is there to read again: the question that waited for that goes.
        return carry_on(replace(state, quiet_until=None), channel, guide, now)
    due = state.quiet_until
    if due is None or now < due or _held(state):
        return state, ()  # an older timer: they have texted, or moved on, since it was set
    state = replace(state, quiet_until=None)
    at = state.on_phone
    if state.stage is Stage.ASKING and at is not None and state.answered(at):
        if state.channel is not channel:
            return state, ()  # they went on elsewhere since, where the next question is asked
        state = replace(state, late=Late(at, now + LATE_WINDOW))
        return go_on(state, at, channel, guide, now)
    if state.stage is Stage.READING_BACK:
        return finish(state, channel, now)
    return state, ()


def _held(state: State) -> bool:
    """Nothing goes on by itself by text."""
    stranger = Channel.TEXT not in state.recognised
    return state.silent(Channel.TEXT) or state.paused or state.agree_again or stranger

"""Where the fragments of what was said stand: taken in, corrected, moved. Pure; for the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from family_voice.interviews.asking import (
    CLOSING_WINDOW,
    LONG_QUIET_WINDOW,
    QUIET_WINDOW,
    Result,
    here,
    quiet,
)
from family_voice.interviews.effects import (
    Alert,
    AskDecision,
    Discard,
    Effect,
    Ignored,
    Notice,
    Remark,
    Say,
)
from family_voice.interviews.errors import (
    NotNow,
    RepeatedFragment,
    UnknownFragment,
    UnknownPrompt,
)
from family_voice.interviews.events import (
    NOTES,
    PERMISSION,
    TALK,
    Channel,
    Manner,
    Moved,
    Replaced,
    Said,
)
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State


def said(state: State, event: Said, guide: Guide, now: datetime) -> Result:
    """Take a fragment in, under the prompt it answers, or under the notes."""
    _new(state, event.fragment_id)
    if not state.speaking_allowed:
        ask = AskDecision(TALK, event.channel)
        return state, (Discard(event.fragment_id), Ignored(), ask)
    by_text = event.channel is Channel.TEXT
    again = state.must_agree_again(event.channel)
    if state.stage is Stage.SENT and not by_text:
        raise NotNow("This has been sent. Open it again first.")
    late = by_text and event.prompt_id is None and state.late
    if late and now <= late.until:
        state = _put_words(state, late.prompt_id, event.fragment_id)
        state = replace(state, flagged=state.flagged | {event.fragment_id})
        return state, (Alert(Notice.LATE_WORDS),)
    place = _place(state, event, guide)
    was_put = state.put if state.put == state.open_decision else None
    skipped = state.skipped
    state = _put_words(state, place, event.fragment_id)
    if _is_seen(event):
        # The question stays as it was: the child may still be asked it.
        observed = state.observed | {event.fragment_id}
        state = replace(state, observed=observed, skipped=skipped)
    if not by_text:
        return state, ()
    effects: tuple[Effect, ...] = ()
    if place == NOTES:
        state = replace(state, flagged=state.flagged | {event.fragment_id})
        effects = (Alert(Notice.UNPLACED_WORDS),)
    if again or state.stage is Stage.DECIDING:
        asked = None if again else state.first_undecided
        return state, (*effects, AskDecision(asked or TALK, event.channel))
    if state.waiting is not None and place == state.on_phone:
        # They closed this answer, and the next question has not reached them yet.
        state = replace(state, flagged=state.flagged | {event.fragment_id})
        effects = (Alert(Notice.LATE_WORDS),)
    if place == NOTES:
        if was_put is not None:
            # It is what their phone asks for: their words leave it open.
            return state, (*effects, AskDecision(was_put, event.channel))
        if state.waiting is not None:
            return state, effects
        if state.stage is Stage.READING_BACK and not state.silent(event.channel):
            state, scheduled = quiet(state, now + CLOSING_WINDOW)
            effects += (Say(Remark.ADDED, event.channel), *scheduled)
        else:
            effects += (Say(Remark.ADDED, event.channel),)
        return state, effects
    if state.stage is not Stage.ASKING or state.silent(event.channel) or place != state.on_phone:
        return state, effects
    window = LONG_QUIET_WINDOW if event.segments > 1 else QUIET_WINDOW
    state, scheduled = quiet(state, now + window)
    return state, (*effects, *scheduled)


def replaced(state: State, event: Replaced, guide: Guide) -> Result:
    """Put the corrected words where the old ones stood."""
    if not state.speaking_allowed:
        raise NotNow("Ask first whether they would like to talk with us.")
    if state.stage is Stage.SENT:
        raise NotNow("This has been sent. Open it again first.")
    _known(event.prompt_id, guide)
    answer = state.answers.get(event.prompt_id, ())
    if not event.old or not set(event.old) <= set(answer):
        raise UnknownFragment("Some of these words no longer stand there.")
    if event.new is not None:
        _new(state, event.new)
    first = min(answer.index(old) for old in event.old)
    kept = [fragment for fragment in answer if fragment not in event.old]
    if event.new is not None:
        kept.insert(first, event.new)
    skipped, observed = state.skipped, state.observed
    if event.new is not None and _is_seen(event):
        observed = observed | {event.new}
    if not kept and event.prompt_id != NOTES and not observed.issuperset(event.old):
        skipped = skipped | {event.prompt_id}  # they took it out: do not ask it again
    corrected = replace(
        state,
        answers=_with(state.answers, event.prompt_id, tuple(kept)),
        removed=state.removed | set(event.old),
        flagged=state.flagged - set(event.old),
        observed=observed,
        skipped=skipped,
        read_back_at=None,
    )
    return corrected, ()


def moved(state: State, event: Moved, guide: Guide) -> Result:
    """Put a fragment under the prompt it belongs to, or out of the account where it is about
    permission alone; and take its flag off."""
    if event.prompt_id != PERMISSION:
        _known(event.prompt_id, guide)
    place = state.place_of(event.fragment_id)
    if place is None:
        raise UnknownFragment("These words do not stand in this conversation.")
    state = replace(state, flagged=state.flagged - {event.fragment_id})
    if place == event.prompt_id:
        return state, ()
    standing = state.apart if place == PERMISSION else state.answers[place]
    rest = tuple(f for f in standing if f != event.fragment_id)
    if place == PERMISSION:
        left = replace(state, apart=rest)
    else:
        left = replace(state, answers=_with(state.answers, place, rest))
    if event.prompt_id == PERMISSION:
        return replace(left, apart=(*left.apart, event.fragment_id)), ()
    target = left.answers.get(event.prompt_id, ())
    answers = _with(left.answers, event.prompt_id, (*target, event.fragment_id))
    return replace(left, answers=answers, skipped=left.skipped - {event.prompt_id}), ()


def _place(state: State, event: Said, guide: Guide) -> str:
    if state.stage is Stage.SENT:
        return NOTES  # what was sent is not changed behind their back
    if event.prompt_id is not None:
        _known(event.prompt_id, guide)
        return event.prompt_id
    if (
        state.stage is Stage.DECIDING
        or state.silent(event.channel)
        or state.must_agree_again(event.channel)
    ):
        # Words to a person who took over, or after a STOP, answer no question of the guide.
        return NOTES
    return here(state, event.channel, None, guide) or NOTES


def _is_seen(event: Said | Replaced) -> bool:
    """Somebody was with the child and saw it; nobody was asked and nobody answered."""
    return event.manner is Manner.OBSERVED and event.channel is Channel.FACE_TO_FACE


def _put_words(state: State, place: str, fragment_id: UUID) -> State:
    answers = _with(state.answers, place, (*state.answers.get(place, ()), fragment_id))
    # What was read back is no longer all that stands.
    return replace(state, answers=answers, skipped=state.skipped - {place}, read_back_at=None)


def _with(
    answers: Mapping[str, tuple[UUID, ...]], place: str, answer: tuple[UUID, ...]
) -> dict[str, tuple[UUID, ...]]:
    changed = {**answers, place: answer}
    return {prompt: fragments for prompt, fragments in changed.items() if fragments}


def _known(prompt_id: str, guide: Guide) -> None:
    if prompt_id != NOTES and prompt_id not in guide.prompts:
        raise UnknownPrompt("This guide has no such question.")


def _new(state: State, fragment_id: UUID) -> None:
    if fragment_id in state.removed or state.place_of(fragment_id) is not None:
        raise RepeatedFragment("These words are in the conversation already.")

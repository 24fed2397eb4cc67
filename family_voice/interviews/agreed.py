"""The conversation as far as what they agreed to still counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from family_voice.interviews.engine import LEADS_ON
from family_voice.interviews.events import CHECK, TALK, Channel, Event, Opened, TimedOut
from family_voice.interviews.state import Stage, State


def as_known(state: State, now: datetime) -> State:
    """A conversation in which nobody is known by text after thirty quiet days.

    Args:
        state: what replaying the log gives.
        now: the moment that counts.
    """
    if not state.quiet_too_long(now):
        return state
    return replace(state, recognised=state.recognised - {Channel.TEXT})


def as_it_counts(state: State, stands: Mapping[str, bool]) -> State:
    """A conversation with no more agreed to than stands.

    The log tells what was said; whether a yes still stands is consent's to say. Where a decision
    lapsed, the conversation is back at it.

    Args:
        state: what replaying the log gives.
        stands: the decisions that stand now, by purpose; one that lapsed is missing.
    """
    if not state.speaking_allowed:
        return state
    counts = {each: yes and stands[each] for each, yes in state.decisions.items() if each in stands}
    if not counts.get(TALK, True):
        return replace(state, decisions=counts, stage=Stage.DECLINED)
    # What was sent stays sent: only who may read it is then open.
    going = state.stage in (Stage.ASKING, Stage.READING_BACK)
    lapsed = TALK not in counts or (going and CHECK in state.decisions and CHECK not in counts)
    return replace(state, decisions=counts, stage=Stage.DECIDING if lapsed else state.stage)


def leads_past(event: Event, logged: State, counts: State) -> bool:
    """Whether an event, written down, would lead the log past a question that nobody saw.

    What was put instead was the decision that lapsed, or nothing until the code word.

    Args:
        event: what has just happened.
        logged: where the conversation stood by its log alone.
        counts: where it stood as it counts.
    """
    undecided, unknown = counts.stage is not logged.stage, counts.recognised != logged.recognised
    if isinstance(event, TimedOut):
        return undecided or unknown
    comes = isinstance(event, Opened) and event.channel is Channel.TEXT
    return undecided and (comes or isinstance(event, LEADS_ON))

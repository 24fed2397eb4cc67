"""The conversation as far as what they agreed to still counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from family_voice.interviews.events import CHECK, TALK
from family_voice.interviews.state import Stage, State


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

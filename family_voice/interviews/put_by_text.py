"""Which decision was the last thing put by text: a text answers no other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from family_voice.interviews.effects import (
    Ask,
    AskDecision,
    Close,
    Effect,
    Ending,
    Remark,
    Say,
)
from family_voice.interviews.events import TALK, Agreed, Channel, Event
from family_voice.interviews.state import State

#: Said beside a question, which stays the last thing put.
_BESIDE: Final = frozenset({Remark.CALL_COMING, Remark.PAUSED, Remark.CARRY_ON, Remark.ADDED})


def last_put(state: State, event: Event, effects: Iterable[Effect], now: datetime) -> State:
    """The state with the decision that their phone now asks for, or none, and since when it does.

    Args:
        state: what the event led to.
        event: what happened.
        effects: what of it is said; nothing that is kept silent.
        now: when.
    """
    answers = isinstance(event, Agreed) and (
        event.channel is Channel.TEXT or event.purpose == state.put
    )
    before = None if answers else state.put
    put = before
    for effect in effects:
        match effect:
            case AskDecision(purpose=purpose, channel=Channel.TEXT):
                put = purpose
            case Close(how=Ending.DECLINED) if event.channel is Channel.TEXT:
                put = TALK  # what answers a no says how to say yes after all
            case Say(key=Remark.DECLINED, channel=Channel.TEXT):
                put = TALK
            case Ask(channel=Channel.TEXT):
                put = None
            case Say(key=key, channel=Channel.TEXT) if key not in _BESIDE:
                put = None
    if state.silent(Channel.TEXT) or Channel.TEXT not in state.recognised:
        put = None
    since = state.put_since if put == before else now
    return replace(state, put=put, put_since=None if put is None else since)

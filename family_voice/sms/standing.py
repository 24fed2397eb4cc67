"""Where a conversation by text stands, in one word that people and proofs can read. Pure."""

from __future__ import annotations

from enum import StrEnum

from family_voice.interviews.events import Channel
from family_voice.interviews.state import Stage, State


class Standing(StrEnum):
    """Every place a conversation by text can be: the way through it, then what can befall it."""

    INVITED = "invited"
    IDENTITY_CHECK = "identity_check"
    CONSENT = "consent"
    ASKING = "asking"
    COLLECTING = "collecting"
    READ_BACK = "read_back"
    CLOSING = "closing"
    DONE = "done"
    PAUSED = "paused"
    EXPIRED = "expired"
    STOPPED = "stopped"
    WITH_PERSON = "with_person"
    MOVED_TO_WEB = "moved_to_web"
    WRONG_NUMBER = "wrong_number"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def standing(state: State, *, expired: bool) -> Standing:
    """Where a conversation stands; of several that hold, the one that matters most to the team.

    Args:
        state: the conversation, as it counts.
        expired: whether the last of its doors has ended.
    """
    befallen = (
        (Standing.WITHDRAWN, state.stage is Stage.WITHDRAWN),
        (Standing.WRONG_NUMBER, state.wrong_number),
        (Standing.STOPPED, state.texts_stopped),
        (Standing.WITH_PERSON, state.with_person),
        (Standing.DECLINED, state.stage is Stage.DECLINED),
        (Standing.DONE, state.stage is Stage.SENT and not _closing(state)),
        (Standing.EXPIRED, expired),
        (Standing.PAUSED, state.paused),
        (Standing.MOVED_TO_WEB, state.channel not in (None, Channel.TEXT)),
    )
    return next((each for each, holds in befallen if holds), _on_the_way(state))


def _on_the_way(state: State) -> Standing:
    if Channel.TEXT not in state.recognised:
        return Standing.INVITED if state.text_at is None else Standing.IDENTITY_CHECK
    if state.stage in (Stage.INVITED, Stage.DECIDING) or state.agree_again:
        return Standing.CONSENT
    if _closing(state):
        return Standing.CLOSING
    if state.stage is Stage.READING_BACK:
        return Standing.READ_BACK
    answered = state.on_phone is not None and state.answered(state.on_phone)
    return Standing.COLLECTING if answered else Standing.ASKING


def _closing(state: State) -> bool:
    """Only the last decisions are left."""
    back = state.stage is Stage.READING_BACK and state.read_back_at is not None
    undecided = state.heard and state.later_undecided is not None
    return undecided and (back or state.stage is Stage.SENT)

"""What a text means where the conversation stands, and which texts answer it. Pure.

The engine decides what happens; this module only turns words into its events and its effects into
templates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from family_voice.interviews.effects import Ask, AskDecision, Close, Discard, Effect, Ending, Say
from family_voice.interviews.effects import Remark as R
from family_voice.interviews.events import (
    TALK,
    AskedForCall,
    ChangedChannel,
    Channel,
    Event,
    MoreWanted,
    Next,
    ReadBack,
    Resumed,
    Skipped,
    WentBack,
)
from family_voice.interviews.state import Stage, State
from family_voice.messages.wording import Template
from family_voice.sms.commands import Command

TEXT: Final = Channel.TEXT


@dataclass(frozen=True)
class Happens:
    """An event without words."""

    event: Event


@dataclass(frozen=True)
class Decides:
    """An answer to the decision that was asked for."""

    purpose: str
    yes: bool


@dataclass(frozen=True)
class Speaks:
    """Words of their own: never lost, whatever they look like."""


@dataclass(frozen=True)
class Hears:
    """Nothing happens; they get this text."""

    template: Template


Meaning = Happens | Decides | Speaks | Hears


@dataclass(frozen=True)
class Text:
    """One text to send: a template, what it asks for if it asks for something, a day it names."""

    template: Template
    purpose: str | None = None
    prompt_id: str | None = None
    day: str = ""


_EVENTS: Final[dict[Command, Event]] = {
    Command.NEXT: Next(TEXT),
    Command.SKIP: Skipped(TEXT),
    Command.BACK: WentBack(TEXT),
    Command.MORE: MoreWanted(TEXT),
    Command.CALL: AskedForCall(TEXT),
    Command.WEB: ChangedChannel(TEXT, Channel.WEB),
    Command.START: Resumed(TEXT),
}

_REMARKS: Final = {
    R.CODE_WORD: Template.CODE_WORD,
    R.MORE_ADDED: Template.MORE_ADDED,
    R.NO_MORE: Template.NO_MORE,
    R.AT_START: Template.AT_START,
    R.CARRY_ON: Template.WEB_LINK,
    R.CALL_COMING: Template.CALL_COMING,
    R.READ_BACK: Template.READ_BACK,
    R.CORRECT_IT: Template.CORRECT_IT,
    R.READY_TO_SEND: Template.READ_BACK,
    R.ALREADY_SENT: Template.ALREADY_SENT,
    R.THANKS: Template.THANKS,
    R.ADDED: Template.ADDED,
}


def decision_asked(state: State) -> str | None:
    """The decision they were asked for last, if that is what their next text answers."""
    match state.stage:
        case Stage.INVITED | Stage.DECIDING:
            return state.first_undecided
        case Stage.DECLINED:
            return TALK
        case Stage.READING_BACK if state.read_back_at is not None:
            return state.later_undecided
        case Stage.SENT if state.heard:
            return state.later_undecided
    return None


def to_read_back(state: State) -> bool:
    """Whether they were asked if what stands is right, and have not said so."""
    return (
        state.stage in (Stage.READING_BACK, Stage.SENT)
        and state.heard
        and state.read_back_at is None
    )


def meaning(command: Command | None, state: State) -> Meaning:
    """What a text of somebody we know means, where the conversation stands.

    A command is one only where it makes sense: "no" is an answer to "does anything worry you?".
    """
    if command is Command.HELP:
        return Hears(Template.HELP)
    if command in _EVENTS:
        return Happens(_EVENTS[command])
    asked = decision_asked(state)
    match command:
        case Command.AGREE | Command.NO if asked is not None:
            if state.stage is Stage.DECLINED and command is Command.NO:
                return Hears(_declined(state))
            return Decides(asked, command is Command.AGREE)
        case Command.YES if asked is not None:
            return Hears(Template.AGREE_OR_NO)
        case Command.RIGHT if asked is not None and not to_read_back(state):
            return Hears(Template.AGREE_OR_NO)
        case Command.RIGHT | Command.AGREE if to_read_back(state):
            return Happens(ReadBack(TEXT, right=True))
        case Command.NO if to_read_back(state):
            return Happens(ReadBack(TEXT, right=False))
        case Command.YES if to_read_back(state):
            return Hears(Template.READ_BACK)
        case Command.RIGHT if state.stage is Stage.READING_BACK:
            return Happens(Next(TEXT))  # everything was skipped: nothing to read back
    return Speaks()


def texts(effects: Iterable[Effect], state: State) -> list[Text]:
    """The texts that answer what happened, in order; none while the program must be silent."""
    if state.silent(TEXT):
        return []
    effects = tuple(effects)
    discarded = any(isinstance(effect, Discard) for effect in effects)
    ended = any(isinstance(e, Close) and e.how is Ending.SENT for e in effects)
    found: list[Text] = []
    for effect in effects:
        match effect:
            case Ask(prompt_id=prompt_id, channel=Channel.TEXT):
                first = not effect.again and not state.answers and not state.skipped
                template = Template.FIRST_QUESTION if first else Template.QUESTION
                found.append(Text(template, prompt_id=prompt_id))
            case AskDecision(purpose=purpose, channel=Channel.TEXT):
                template = Template.DECISION
                if discarded:
                    template = Template.NOT_KEPT
                elif ended:
                    template = Template.SENT
                found.append(Text(template, purpose=purpose))
            case Say(key=R.DECLINED, channel=Channel.TEXT):
                found.append(Text(_declined(state)))
            case Say(key=key, channel=Channel.TEXT):
                found.append(Text(_REMARKS[key]))
            case Close(how=Ending.DECLINED):
                found.append(Text(_declined(state)))
    if ended and not found:
        found.append(Text(Template.THANKS))
    return found


def _declined(state: State) -> Template:
    """What answers a no: words from before it stand sealed, so that something was kept."""
    return Template.DECLINED_HEARD if state.heard else Template.DECLINED

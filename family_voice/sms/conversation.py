"""What a text means where the conversation stands, and which texts answer it. Pure.

The engine decides what happens; this module only turns words into its events and its effects into
templates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from family_voice.interviews.effects import (
    Alert,
    Ask,
    AskDecision,
    Close,
    Discard,
    Effect,
    Ending,
    Notice,
    Say,
)
from family_voice.interviews.effects import Remark as R
from family_voice.interviews.events import (
    NOTES,
    AskedForCall,
    ChangedChannel,
    ChangedLanguage,
    Channel,
    DecisionPut,
    Event,
    MoreWanted,
    Next,
    Paused,
    ReadBack,
    Restarted,
    Resumed,
    Skipped,
    WentBack,
    WrongNumber,
)
from family_voice.interviews.state import Stage, State
from family_voice.messages.templates import Template
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
    """Nothing happens; they get this text, or none where their carrier answers."""

    template: Template | None


@dataclass(frozen=True)
class Stops:
    """No more texts, as STOP means."""


@dataclass(frozen=True)
class Choices:
    """What besides the conversation decides what a command means.

    `wanted` is the language that followed LANG, where that is one we know; `languages` are those of
    the guide. `help_is_ours`: a carrier that answers HELP does so alone.
    """

    wanted: str | None = None
    languages: tuple[str, ...] = ("en",)
    help_is_ours: bool = True


Meaning = Happens | Decides | Speaks | Hears | Stops


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
    Command.PAUSE: Paused(TEXT),
    Command.WEB: ChangedChannel(TEXT, Channel.WEB),
}

_REMARKS: Final = {
    R.CODE_WORD: Template.CODE_WORD,
    R.MORE_ADDED: Template.MORE_ADDED,
    R.NO_MORE: Template.NO_MORE,
    R.AT_START: Template.AT_START,
    R.CARRY_ON: Template.WEB_LINK,
    R.CALL_COMING: Template.CALL_COMING,
    R.PAUSED: Template.PAUSED,
    R.WRONG_NUMBER: Template.WRONG_NUMBER,
    R.READ_BACK: Template.READ_BACK,
    R.CORRECT_IT: Template.CORRECT_IT,
    R.READY_TO_SEND: Template.READ_BACK,
    R.ALREADY_SENT: Template.ALREADY_SENT,
    R.THANKS: Template.THANKS,
    R.ADDED: Template.ADDED,
}


def restarts(command: Command | None, stopped: bool) -> bool:
    """Whether a text lets texts go again: the carrier's own words, and only after a STOP."""
    return stopped and command in (Command.START, Command.YES)


def decision_asked(state: State) -> str | None:
    """The decision that their next text answers: it is open, and the last thing put to them."""
    return state.put if state.put == state.open_decision and not state.silent(TEXT) else None


def to_read_back(state: State) -> bool:
    """Whether they were asked if what stands is right, and have not said so."""
    return (
        state.stage in (Stage.READING_BACK, Stage.SENT)
        and state.heard
        and state.read_back_at is None
        and not state.agree_again
    )


def from_anybody(
    command: Command | None, state: State, choices: Choices = Choices()
) -> Meaning | None:
    """What a command means whoever holds the phone, known or not; None for any other text."""
    match command:
        case Command.HELP:
            return Hears(Template.HELP if choices.help_is_ours else None)
        case Command.CALL:
            return Happens(AskedForCall(TEXT))
        case Command.LANG if choices.wanted in choices.languages:
            return Happens(ChangedLanguage(TEXT, choices.wanted or state.language))
        case Command.LANG:
            several = len(choices.languages) > 1
            return Hears(Template.LANGUAGES if several else Template.ONE_LANGUAGE)
        case Command.WRONG if not to_read_back(state):
            return Happens(WrongNumber(TEXT))
        case Command.START if TEXT in state.recognised:
            return Happens(Restarted(TEXT) if state.texts_stopped else Resumed(TEXT))
    return None


def meaning(command: Command | None, state: State, choices: Choices = Choices()) -> Meaning:
    """What a text of somebody we know means, where the conversation stands.

    A command is one only where it makes sense: "no" is an answer to "does anything worry you?".
    """
    if (anybody := from_anybody(command, state, choices)) is not None:
        return anybody
    if command in _EVENTS:
        return Happens(_EVENTS[command])
    if state.silent(TEXT):
        return Speaks()  # to the person who reads it: nothing was put, so nothing is answered
    asked, reads_back = decision_asked(state), to_read_back(state)
    unput = state.open_decision if asked is None else None
    match command:
        case Command.NO if state.agree_again and asked is not None:
            return Stops()
        case Command.AGREE | Command.NO if asked is not None:
            return Decides(asked, command is Command.AGREE)
        case Command.NO if state.stage is Stage.DECLINED:
            return Hears(_declined(state))
        case Command.YES if asked is not None:
            return Hears(Template.AGREE_OR_NO)
        case Command.RIGHT if asked is not None and not reads_back:
            return Hears(Template.AGREE_OR_NO)
        case Command.RIGHT | Command.AGREE if reads_back:
            return Happens(ReadBack(TEXT, right=True))
        case Command.NO | Command.NOT_RIGHT | Command.WRONG if reads_back:
            return Happens(ReadBack(TEXT, right=False))
        case Command.YES if reads_back:
            return Hears(Template.READ_BACK)
        case Command.AGREE | Command.NO | Command.YES | Command.RIGHT if unput is not None:
            return Happens(DecisionPut(TEXT, unput))
        case Command.AGREE if state.stage is Stage.ASKING and not state.heard:
            return Hears(None)  # what they agreed to, tapped twice
        case Command.RIGHT if state.stage is Stage.READING_BACK:
            return Happens(Next(TEXT))  # everything was skipped: nothing to read back
    return Speaks()


def texts(effects: Iterable[Effect], state: State) -> list[Text]:
    """The texts that answer what happened, in order; none while the program must be silent."""
    effects = tuple(effects)
    if state.silent(TEXT) and Say(R.WRONG_NUMBER, TEXT) not in effects:
        return []
    discarded = any(isinstance(effect, Discard) for effect in effects)
    ended = any(isinstance(e, Close) and e.how is Ending.SENT for e in effects)
    added = Alert(Notice.UNPLACED_WORDS) in effects
    found: list[Text] = []
    for effect in effects:
        match effect:
            case Ask(prompt_id=prompt_id, channel=Channel.TEXT):
                answered = set(state.answers) - {NOTES}
                first = not (effect.again or answered or state.skipped)
                template = Template.FIRST_QUESTION if first else Template.QUESTION
                found.append(Text(template, prompt_id=prompt_id))
            case AskDecision(purpose=purpose, channel=Channel.TEXT):
                template = Template.AGREE_AGAIN if state.agree_again else Template.DECISION
                if discarded:
                    template = Template.NOT_KEPT
                elif ended:
                    template = Template.SENT
                elif added and not state.agree_again:
                    deciding = state.first_undecided is not None
                    template = Template.ASKED_AGAIN if deciding else Template.ADDED_DECISION
                found.append(Text(template, purpose=purpose))
            case Say(key=R.DECLINED, channel=Channel.TEXT):
                found.append(Text(_declined(state)))
            case Say(key=R.ADDED, channel=Channel.TEXT) if state.stage is Stage.SENT:
                found.append(Text(Template.ADDED_LATE))
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

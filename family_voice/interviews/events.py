"""What can happen in a conversation. Events hold ids and decisions, never words.

The event log is the record: `replaying.replay` gives the state from it. Words can therefore
be erased and the log still replays. Each event names the channel it came by.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

#: The two decisions before the first question, and those for when the family can judge it.
#: The same words as `consent.Purpose`; the engine stays free of other rooms.
TALK: Final = "talk"
CHECK: Final = "check"
FIRST_DECISIONS: Final = (TALK, CHECK)
LATER_DECISIONS: Final = ("quote", "count", "contact")
DECISIONS: Final = FIRST_DECISIONS + LATER_DECISIONS

#: Where words stand that answer no prompt: the call pad's open notes, late additions.
NOTES: Final = "notes"
#: Where a person puts what was said about permission alone: it is no part of the account.
PERMISSION: Final = "permission"


class UnknownEvent(Exception):
    """A stored event could not be read back."""


class Channel(StrEnum):
    """How somebody talks with us."""

    WEB = "web"
    TEXT = "text"
    TELEPHONE = "telephone"
    VIDEO = "video"
    FACE_TO_FACE = "face_to_face"
    RELAY = "relay"  # by telephone, one side typed: Relay UK
    FORM = "form"  # on paper, or on a form of somebody else's that was brought in
    SIGNED = "signed"  # in British Sign Language, by video or in a room, with an interpreter


class Manner(StrEnum):
    """Whose words a fragment is in. What follows from it is in `manners`."""

    OWN_WORDS = "own_words"
    CHOSE = "chose"  # one of the choices that were put to them; the words are those on the screen
    SUMMARY = "summary"
    OBSERVED = "observed"
    THROUGH_PARENT = "through_parent"  # what the child thinks, as a parent or carer tells it
    SPOKEN_FOR = "spoken_for"  # an advocate's words, for the one they stand beside
    PROFESSIONAL = "professional"


@dataclass(frozen=True)
class _Happened:
    channel: Channel


@dataclass(frozen=True)
class Opened(_Happened):
    """They pressed start, came back, or the lead opened the call pad with them."""


@dataclass(frozen=True)
class Recognised(_Happened):
    """We know it is them on this channel: code word or return word given."""


@dataclass(frozen=True)
class Agreed(_Happened):
    """One decision, either way. Unanswered is no event, and counts as no."""

    purpose: str
    yes: bool


@dataclass(frozen=True)
class DecisionPut(_Happened):
    """A decision that is open is put once more: their yes or no came when it was not what they had
    been asked last."""

    purpose: str


@dataclass(frozen=True)
class Said(_Happened):
    """A fragment of what was said. `prompt_id` None means the prompt being asked.

    `segments` is how many parts a text came in: after a long one we wait longer for the rest.
    """

    fragment_id: UUID
    prompt_id: str | None = None
    manner: Manner = Manner.OWN_WORDS
    segments: int = 1


@dataclass(frozen=True)
class Replaced(_Happened):
    """Corrected: these fragments of a prompt now read as the new one, or are taken out (None)."""

    prompt_id: str
    old: tuple[UUID, ...]
    new: UUID | None = None
    manner: Manner = Manner.OWN_WORDS


@dataclass(frozen=True)
class Moved(_Happened):
    """A fragment belongs to another prompt."""

    fragment_id: UUID
    prompt_id: str


@dataclass(frozen=True)
class Next(_Happened):
    """The answer is finished. With nothing said, that skips it."""

    prompt_id: str | None = None


@dataclass(frozen=True)
class Skipped(_Happened):
    """They would rather not answer."""

    prompt_id: str | None = None


@dataclass(frozen=True)
class WentBack(_Happened):
    """To the prompt before."""


@dataclass(frozen=True)
class MoreWanted(_Happened):
    """More questions about this heading, please. None means the heading being talked about."""

    heading_id: str | None = None


@dataclass(frozen=True)
class ChangedLanguage(_Happened):
    """They would like another language."""

    language: str


@dataclass(frozen=True)
class ChangedChannel(_Happened):
    """They would like to carry on by `to`."""

    to: Channel


@dataclass(frozen=True)
class AskedForCall(_Happened):
    """Please ring me."""


@dataclass(frozen=True)
class Rung(_Happened):
    """They have been rung and spoken with, as somebody of the team noted, or no call is needed.

    `outcome` is one of `cases.ledger.Outcome`, or empty where nobody said.
    """

    outcome: str = ""


@dataclass(frozen=True)
class NotReached(_Happened):
    """They were rung, and still wait: `outcome` says why, and `call_back_at` (in ISO form, UTC)
    from when they asked to be rung another time."""

    outcome: str
    call_back_at: str = ""


@dataclass(frozen=True)
class CallTakenBack(_Happened):
    """What was noted last of a call was a slip; `waits`: they wait to be rung again."""

    waits: bool


@dataclass(frozen=True)
class Stopped(_Happened):
    """STOP: no more texts. Nothing else changes."""


@dataclass(frozen=True)
class Restarted(_Happened):
    """START after a STOP: texts may go again, and agreement is asked for afresh before any does
    more than that."""


@dataclass(frozen=True)
class Paused(_Happened):
    """Not now: nothing is asked until they speak again."""


@dataclass(frozen=True)
class Resumed(_Happened):
    """Carry on; by text, it also lets texts go again."""


@dataclass(frozen=True)
class TimedOut(_Happened):
    """The quiet window after a text has passed."""


@dataclass(frozen=True)
class Rested(_Happened):
    """Nobody reads texts just now: the question that was to go waits until somebody does."""


@dataclass(frozen=True)
class WrongNumber(_Happened):
    """Whoever holds the telephone says that it is not them we want."""


@dataclass(frozen=True)
class NumberChanged(_Happened):
    """Their telephone number is another one now, and nobody is known there yet."""


@dataclass(frozen=True)
class HandedToPerson(_Happened):
    """A person answers by hand now; the program asks nothing by text."""


@dataclass(frozen=True)
class GivenBack(_Happened):
    """The program carries on asking."""


@dataclass(frozen=True)
class ReadBack(_Happened):
    """What stands was shown or read to them: is it right?"""

    right: bool


@dataclass(frozen=True)
class Finished(_Happened):
    """Sent."""


@dataclass(frozen=True)
class Reopened(_Happened):
    """There is more to say, or something to put right, after sending."""


@dataclass(frozen=True)
class Withdrawn(_Happened):
    """They take it all back."""


Event = (
    Opened
    | Recognised
    | Agreed
    | DecisionPut
    | Said
    | Replaced
    | Moved
    | Next
    | Skipped
    | WentBack
    | MoreWanted
    | ChangedLanguage
    | ChangedChannel
    | AskedForCall
    | Rung
    | NotReached
    | CallTakenBack
    | Stopped
    | Restarted
    | Paused
    | Resumed
    | TimedOut
    | Rested
    | WrongNumber
    | NumberChanged
    | HandedToPerson
    | GivenBack
    | ReadBack
    | Finished
    | Reopened
    | Withdrawn
)


def kind_of(event: Event) -> str:
    """The stable name an event is stored under, such as `changed_channel`."""
    return _kind(type(event))


def _kind(cls: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


_KINDS: dict[str, Any] = {_kind(cls): cls for cls in typing.get_args(Event)}
_HINTS = {kind: typing.get_type_hints(cls) for kind, cls in _KINDS.items()}


def event_to_json(event: Event) -> dict[str, Any]:
    """The event as plain JSON values, its kind under `kind`."""
    values = dataclasses.asdict(event)
    return {"kind": kind_of(event)} | {name: _plain(value) for name, value in values.items()}


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The event that `event_to_json` wrote. Raises `UnknownEvent` for anything else."""
    values = dict(data)
    kind = values.pop("kind", None)
    if kind not in _KINDS:
        raise UnknownEvent(f"There is no event of the kind {kind!r}.")
    hints = _HINTS[kind]
    try:
        event = _KINDS[kind](**{name: _typed(hints[name], v) for name, v in values.items()})
    except (KeyError, TypeError, ValueError) as trouble:
        raise UnknownEvent(
            f"An event of the kind {kind!r} has fields it may not have."
        ) from trouble
    return typing.cast(Event, event)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, UUID | StrEnum) else value


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(hint, types.UnionType):
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        return None if value is None else _typed(inner[0], value)
    if typing.get_origin(hint) is tuple:
        return tuple(_typed(typing.get_args(hint)[0], item) for item in value)
    if hint in (str, bool, int):
        if type(value) is not hint:
            raise TypeError(hint)
        return value
    return hint(value)

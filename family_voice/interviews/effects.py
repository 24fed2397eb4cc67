"""What the engine wants done. Channels turn it into a page, a line on the call pad or a text.

A question or a remark carries the channel it is meant for; other channels leave it alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from family_voice.interviews.events import Channel


class Remark(StrEnum):
    """Things to say that are not questions of the guide. The channel owns the wording."""

    CODE_WORD = "code_word"  # we do not know yet who is texting: ask for the code word
    DECLINED = "declined"  # they said no, so nothing was stored
    MORE_ADDED = "more_added"  # more questions follow this one
    NO_MORE = "no_more"  # there are no more questions under this heading
    AT_START = "at_start"  # this is the first question
    CARRY_ON = "carry_on"  # carry on by the other channel, which is `State.channel`
    CALL_COMING = "call_coming"  # somebody will ring
    PAUSED = "paused"  # we wait until they speak again
    WRONG_NUMBER = "wrong_number"  # sorry, and no more texts
    READ_BACK = "read_back"  # every question is done: look at what stands
    CORRECT_IT = "correct_it"  # not right yet: put it right
    READY_TO_SEND = "ready_to_send"
    ALREADY_SENT = "already_sent"
    THANKS = "thanks"  # the last decision is made
    ADDED = "added"  # kept, as a note and not as an answer


class Notice(StrEnum):
    """Things a person in the team should know."""

    DECLINED = "declined"
    CALL_WANTED = "call_wanted"
    TEXTS_STOPPED = "texts_stopped"
    WITH_PERSON = "with_person"
    WRONG_NUMBER = "wrong_number"  # the telephone is somebody else's
    LATE_WORDS = "late_words"  # put with the question before: look whether that is right
    UNPLACED_WORDS = "unplaced_words"  # kept under the notes: nothing was being asked
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class Ending(StrEnum):
    """How a conversation closed."""

    SENT = "sent"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Ask:
    """Put this prompt. `again` when it was put before: they went back, or came back."""

    prompt_id: str
    channel: Channel
    again: bool = False


@dataclass(frozen=True)
class AskDecision:
    """Ask for this decision, in the words of its consent statement."""

    purpose: str
    channel: Channel


@dataclass(frozen=True)
class Say:
    """Say something that is not a question."""

    key: Remark
    channel: Channel


@dataclass(frozen=True)
class Alert:
    """Tell the team."""

    kind: Notice


@dataclass(frozen=True)
class Schedule:
    """Let `TimedOut` happen at `due_at`, unless the state's own `quiet_until` has moved by then."""

    kind: str
    due_at: datetime


@dataclass(frozen=True)
class Close:
    """The conversation is over for now: cancel what is queued for it."""

    how: Ending


@dataclass(frozen=True)
class Discard:
    """The words of this fragment must not be stored."""

    fragment_id: UUID


@dataclass(frozen=True)
class Ignored:
    """The event was not taken: we do not know who texts, or they have said no. Record nothing."""


Effect = Ask | AskDecision | Say | Alert | Schedule | Close | Discard | Ignored

"""A text on its way through: what came, where it stands, and what answers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from family_voice.interviews.effects import Effect
from family_voice.interviews.state import State
from family_voice.messages.models import InboundMessage, PhoneLine
from family_voice.sms.commands import Command
from family_voice.sms.conversation import Text
from family_voice.sms.lines import Meant


@dataclass(frozen=True)
class Incoming:
    """A text as it came: `provider_id` is the provider's id of it, `phone` in E.164 form, `at` when
    the provider got it, where it says so."""

    provider_id: str
    phone: str
    body: str
    segments: int = 1
    pictures: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Arrival:
    """A text that is written down. `interview_id` is held, and so is the phone's line.

    `same_again`: it says the same as too many before it, and so is a machine's.
    """

    message: InboundMessage
    interview_id: UUID
    meant: Meant
    line: PhoneLine
    incoming: Incoming
    body: str
    command: Command | None
    same_again: bool
    now: datetime

    @property
    def phone(self) -> str:
        """From where."""
        return self.incoming.phone


@dataclass(frozen=True)
class Answered:
    """What a text brings.

    `after` is where it left the conversation, if anything happened; `occasion` names what is
    answered, where that is not this one text.
    """

    texts: tuple[Text, ...] = ()
    effects: tuple[Effect, ...] = ()
    after: State | None = None
    occasion: str = ""


def answered(texts: Iterable[Text], effects: Iterable[Effect], after: State) -> Answered:
    """What something that happened brings."""
    return Answered(tuple(texts), tuple(effects), after)

"""What is tried on a pretend phone, and what came of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from family_voice.interviews.guide import Guide
from family_voice.interviews.state import State
from family_voice.messages.segments import Segments
from family_voice.messages.templates import Template
from family_voice.sms.standing import Standing, standing


class Silent(StrEnum):
    """Why the program fell silent by itself until a person lets it go on."""

    SAME_AGAIN = "same_again"
    GOING_ROUND = "going_round"
    OVER_BUDGET = "over_budget"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class Texted:
    """They sent this text."""

    body: str


@dataclass(frozen=True)
class Waited:
    """So much time passed and nobody texted."""

    how_long: timedelta


Move = Texted | Waited


@dataclass(frozen=True)
class Shown:
    """One text on the pretend screen. `fragment` names the words it left in the account."""

    ours: bool
    body: str
    at: datetime
    cost: Segments
    language: str = ""
    template: Template | None = None
    fragment: UUID | None = None


@dataclass(frozen=True)
class Trial:
    """Where a conversation that was tried stands.

    `pauses` are the times that passed, each with how many texts stood before it; `due_at` is when
    it goes on by itself.
    """

    guide: Guide
    state: State
    lines: tuple[Shown, ...]
    pauses: tuple[tuple[int, timedelta], ...]
    now: datetime
    due_at: datetime | None
    silent: Silent | None

    @property
    def segments(self) -> tuple[int, int]:
        """What the texts so far cost: ours, theirs."""
        ours = sum(line.cost.parts for line in self.lines if line.ours)
        return ours, sum(line.cost.parts for line in self.lines if not line.ours)

    @property
    def standing(self) -> Standing:
        """Where it stands, in a word."""
        return standing(self.state, expired=False)

    def words(self, prompt_id: str) -> list[str]:
        """What would stand under a prompt, or under the notes."""
        said = {line.fragment: line.body for line in self.lines if line.fragment}
        return [said[each] for each in self.state.answers.get(prompt_id, ())]

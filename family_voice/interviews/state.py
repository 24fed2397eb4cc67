"""Where a conversation stands: what replaying its log gives. Frozen, and free of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from family_voice.interviews.events import (
    CHECK,
    FIRST_DECISIONS,
    LATER_DECISIONS,
    NOTES,
    TALK,
    Channel,
)
from family_voice.interviews.guide import Guide


class Stage(StrEnum):
    """How far it has come."""

    INVITED = "invited"
    DECIDING = "deciding"
    ASKING = "asking"
    READING_BACK = "reading_back"
    SENT = "sent"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Late:
    """Silence closed `prompt_id`; words that come by text before `until` still belong to it."""

    prompt_id: str
    until: datetime


@dataclass(frozen=True)
class State:
    """One interview, at one moment.

    `current` is the prompt the conversation is at. `on_phone` is the prompt last sent by text and
    so the one their telephone shows, which another channel cannot change. `answers` maps a prompt
    (or `notes`) to its fragments in order; `flagged` are fragments somebody should look at.
    `texts_stopped` and `with_person` stand beside the stage, because a conversation goes on by
    other channels meanwhile.
    """

    stage: Stage = Stage.INVITED
    channel: Channel | None = None
    language: str = "en"
    recognised: frozenset[Channel] = frozenset()
    decisions: Mapping[str, bool] = field(default_factory=dict)
    answers: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    removed: frozenset[UUID] = frozenset()
    flagged: frozenset[UUID] = frozenset()
    skipped: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    current: str | None = None
    on_phone: str | None = None
    late: Late | None = None
    quiet_until: datetime | None = None
    texts_stopped: bool = False
    with_person: bool = False
    call_wanted: bool = False
    read_back_at: datetime | None = None
    sent_at: datetime | None = None

    @property
    def speaking_allowed(self) -> bool:
        """They agreed to talk, so that words may be stored."""
        return self.decisions.get(TALK, False) and self.stage is not Stage.WITHDRAWN

    @property
    def heard(self) -> bool:
        """Something they said stands."""
        return any(self.answers.values())

    @property
    def fragments(self) -> tuple[UUID, ...]:
        """Every fragment that stands."""
        return tuple(fragment for answer in self.answers.values() for fragment in answer)

    @property
    def first_undecided(self) -> str | None:
        """The decision to ask for before the first question, or None when both are made."""
        return next((p for p in FIRST_DECISIONS if p not in self.decisions), None)

    @property
    def later_undecided(self) -> str | None:
        """The next decision to ask for at the end, or None when all are made."""
        return next((p for p in LATER_DECISIONS if p not in self.decisions), None)

    @property
    def check_allowed(self) -> bool:
        """The small group may read it. Unanswered is no."""
        return self.speaking_allowed and self.decisions.get(CHECK, False)

    def answered(self, prompt_id: str) -> bool:
        """Something stands as the answer to this prompt."""
        return bool(self.answers.get(prompt_id))

    def done(self, prompt_id: str) -> bool:
        """Answered or skipped, so not to be asked again."""
        return prompt_id in self.skipped or self.answered(prompt_id)

    def path(self, guide: Guide) -> tuple[str, ...]:
        """The prompts on the path: the core ones, and those of each heading they opened."""
        return guide.path(self.opened)

    def left(self, guide: Guide) -> tuple[str, ...]:
        """The prompts on the path that nobody has answered or skipped yet."""
        return tuple(prompt for prompt in self.path(guide) if not self.done(prompt))

    def following(self, guide: Guide, after: str | None) -> str | None:
        """The next prompt left after this one on the path, else the first left, else None."""
        left, path = self.left(guide), self.path(guide)
        if after in path:
            later = path[path.index(after) + 1 :]
            left = tuple(p for p in later if p in left) + left
        return left[0] if left else None

    def place_of(self, fragment_id: UUID) -> str | None:
        """The prompt, or `notes`, a standing fragment is under; None if it does not stand."""
        return next((p for p, answer in self.answers.items() if fragment_id in answer), None)

    def notes(self) -> tuple[UUID, ...]:
        """The fragments that answer no prompt."""
        return self.answers.get(NOTES, ())

    def silent(self, channel: Channel) -> bool:
        """The program may not say anything by this channel just now."""
        return channel is Channel.TEXT and (self.texts_stopped or self.with_person)

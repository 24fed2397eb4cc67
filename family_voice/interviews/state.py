"""Where a conversation stands: what replaying its log gives. Frozen, and free of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from family_voice.interviews.events import (
    CHECK,
    FIRST_DECISIONS,
    LATER_DECISIONS,
    NOTES,
    PERMISSION,
    TALK,
    Channel,
)
from family_voice.interviews.guide import Guide

#: After so long without a text of theirs the code word is asked for again: phones change hands.
KNOWN_FOR: Final = timedelta(days=30)


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
    (or `notes`) to its fragments in order; `flagged` are fragments somebody should look at;
    `apart` are those that a person found to be about permission alone, and no part of the account;
    `observed` are what somebody saw, which answers no question for the child.
    `shown_before` is what it showed before that; `waiting` is the prompt that goes there once
    somebody is there to read the answer.
    `put` is the decision that was the last thing put to them by text; nothing else is answered by
    an AGREE or a NO. `put_since` is when it came to be that, however often it was repeated since.
    `texts_stopped`, `agree_again`, `paused`, `wrong_number` and `with_person` stand beside the
    stage, because a conversation goes on by other channels meanwhile. `text_at` is when a text of
    theirs was last taken while we knew who they were.
    """

    stage: Stage = Stage.INVITED
    channel: Channel | None = None
    language: str = "en"
    recognised: frozenset[Channel] = frozenset()
    decisions: Mapping[str, bool] = field(default_factory=dict)
    answers: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    removed: frozenset[UUID] = frozenset()
    flagged: frozenset[UUID] = frozenset()
    apart: tuple[UUID, ...] = ()
    observed: frozenset[UUID] = frozenset()
    skipped: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    current: str | None = None
    on_phone: str | None = None
    shown_before: str | None = None
    waiting: str | None = None
    put: str | None = None
    put_since: datetime | None = None
    late: Late | None = None
    quiet_until: datetime | None = None
    texts_stopped: bool = False
    agree_again: bool = False
    paused: bool = False
    wrong_number: bool = False
    with_person: bool = False
    call_wanted: bool = False
    read_back_at: datetime | None = None
    sent_at: datetime | None = None
    text_at: datetime | None = None

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

    def quiet_too_long(self, now: datetime) -> bool:
        """Whether it is so long since their last text that somebody else may hold the phone."""
        return self.text_at is not None and now - self.text_at >= KNOWN_FOR

    @property
    def open_decision(self) -> str | None:
        """The decision the conversation is at, whether or not it has been put to them."""
        if self.agree_again:
            return TALK
        match self.stage:
            case Stage.INVITED | Stage.DECIDING:
                return self.first_undecided
            case Stage.DECLINED:
                return TALK
            case Stage.READING_BACK if self.read_back_at is not None or self.put is not None:
                return self.later_undecided
            case Stage.SENT if self.heard:
                return self.later_undecided
        return None

    def must_agree_again(self, channel: Channel) -> bool:
        """After STOP and START only a fresh yes comes before anything else by text."""
        return self.agree_again and channel is Channel.TEXT

    def answered(self, prompt_id: str) -> bool:
        """Something stands as the answer to this prompt, and not only what somebody saw."""
        return not self.observed.issuperset(self.answers.get(prompt_id, ()))

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
        """The prompt, or `notes`, a standing fragment is under, or `permission` if it is apart;
        None if it does not stand."""
        if fragment_id in self.apart:
            return PERMISSION
        return next((p for p, answer in self.answers.items() if fragment_id in answer), None)

    def notes(self) -> tuple[UUID, ...]:
        """The fragments that answer no prompt."""
        return self.answers.get(NOTES, ())

    def silent(self, channel: Channel) -> bool:
        """The program may not say anything by this channel just now."""
        muted = self.texts_stopped or self.with_person or self.wrong_number
        return channel is Channel.TEXT and muted

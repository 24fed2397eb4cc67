"""A conversation to step through in tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from family_voice.interviews import events as e
from family_voice.interviews.effects import (
    Effect,
)
from family_voice.interviews.engine import begin, step
from family_voice.interviews.events import CHECK, TALK, Channel, Event
from family_voice.interviews.guide import load_guide
from family_voice.interviews.state import State

GUIDE = load_guide("parent_carer", "en")
WEB, TEXT, PHONE = Channel.WEB, Channel.TEXT, Channel.TELEPHONE
MINUTE = timedelta(minutes=1)


class Talk:
    """One conversation under way, with a clock that the test moves."""

    def __init__(self, *events: Event) -> None:
        self.state: State = begin()
        self.now = datetime(2026, 1, 12, 9, tzinfo=UTC)
        self.effects: tuple[Effect, ...] = ()
        self.words = 0
        self.do(*events)

    def do(self, *events: Event, after: timedelta = timedelta()) -> Sequence[Effect]:
        self.now += after
        for event in events:
            self.state, self.effects = step(self.state, event, GUIDE, self.now)
        return self.effects

    def say(self, channel: Channel, prompt: str | None = None, **more: Any) -> UUID:
        self.words += 1
        fragment = UUID(int=self.words)
        self.do(e.Said(channel, fragment, prompt, **more))
        return fragment


def by(channel: Channel) -> Talk:
    """A conversation that has come to its first question by this channel."""
    return Talk(
        e.Recognised(channel), e.Agreed(channel, TALK, True), e.Agreed(channel, CHECK, True)
    )

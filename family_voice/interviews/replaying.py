"""A log taken through the engine again, one step after another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from family_voice.interviews.asking import Result
from family_voice.interviews.engine import begin, step
from family_voice.interviews.events import Event
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import State

Log = Iterable[tuple[Event, datetime]]


def steps(
    log: Log, guide: Guide, language: str = "en", since: State | None = None
) -> Iterator[Result]:
    """Where each event of a log led, and what came of it. Raises what `engine.step` raises.

    `since` is where the log led before; None for its beginning.
    """
    state = since or begin(language)
    for event, at in log:
        state, effects = step(state, event, guide, at)
        yield state, effects


def replay(log: Log, guide: Guide, language: str = "en", since: State | None = None) -> State:
    """The state that a log of events and their times gives. Raises what `engine.step` raises."""
    led = [since or begin(language)]
    led.extend(state for state, _effects in steps(log, guide, language, since))
    return led[-1]

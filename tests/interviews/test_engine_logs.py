"""Recorded conversations, kept so that a change of the engine cannot quietly reread the past.

If one of these fails, interviews already in databases would read differently: change the engine so
that they do not. A new rule gets a new log; these are not rewritten.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from family_voice.interviews.effects import Effect
from family_voice.interviews.engine import begin, step
from family_voice.interviews.events import event_from_json, event_to_json
from family_voice.interviews.guide import load_guide
from family_voice.interviews.state import State

LOGS = sorted((Path(__file__).parent / "logs").glob("*.json"))


def plain(value: Any) -> Any:
    """A state or effect as JSON values, so that it can be compared with what was recorded."""
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def told(effect: Effect) -> dict[str, Any]:
    return {"effect": type(effect).__name__, **plain(effect)}


def recorded(state: State, known: dict[str, Any]) -> dict[str, Any]:
    """What of the state the recording speaks of: a field added since then is no difference."""
    return {name: value for name, value in plain(state).items() if name in known}


def test_there_are_recordings() -> None:
    assert len(LOGS) >= 5


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_a_recorded_conversation_still_reads_the_same(path: Path) -> None:
    log = json.loads(path.read_text(encoding="utf-8"))
    guide = load_guide(log["audience"], "en", log["guide_version"])
    state = begin()
    for number, entry in enumerate(log["steps"]):
        event = event_from_json(entry["event"])
        assert event_to_json(event) == entry["event"]
        state, effects = step(state, event, guide, datetime.fromisoformat(entry["at"]))
        assert [told(effect) for effect in effects] == entry["effects"], f"step {number}"
    assert recorded(state, log["ends"]) == log["ends"]

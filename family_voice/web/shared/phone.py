"""A pretend phone's screen: what templates/shared/phone_screen.html shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from family_voice.language.texts import ngettext

#: As long as a text can be: ten parts of 160.
LONGEST_TEXT = 1600


@dataclass(frozen=True)
class Bubble:
    """One text as templates/shared/text_bubbles.html takes it.

    `between` stands above it and `after` below: that time has passed. `mark` and
    `doing` say how far it got.
    """

    ours: bool
    body: str
    at: datetime | None = None
    parts: int = 0
    language: str = ""
    mark: str = ""
    doing: str = ""
    between: str = ""
    after: str = ""
    quiet: bool = False
    empty: str = ""
    name: str = ""
    anchor: str = ""


def typed(words: str) -> str:
    """What was typed, as a phone would send it: a browser sends two characters for a new line."""
    return words.replace("\r\n", "\n")[:LONGEST_TEXT]


def passes(how_long: timedelta) -> str:
    """What the button says that lets so much time pass."""
    if how_long.days:
        return ngettext("%(num)d quiet day passes", "%(num)d quiet days pass", how_long.days)
    minutes = _minutes(how_long)
    return ngettext("%(num)d quiet minute passes", "%(num)d quiet minutes pass", minutes)


def passed(how_long: timedelta) -> str:
    """What stands between two texts where so much time passed."""
    if how_long.days:
        return ngettext("%(num)d quiet day", "%(num)d quiet days", how_long.days)
    return ngettext("%(num)d quiet minute", "%(num)d quiet minutes", _minutes(how_long))


def _minutes(how_long: timedelta) -> int:
    return max(1, -(-int(how_long.total_seconds()) // 60))

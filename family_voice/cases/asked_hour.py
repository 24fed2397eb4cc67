"""The earliest hour that somebody's wish to be rung names plainly. Pure.

Only what nobody could read otherwise is taken: "after 5 please", "from 4pm", "not before 10",
"mornings". Where there is any doubt there is no hour, and whoever arranges the call chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Final

#: Parts of the day by their beginning.
PARTS: Final = {"morning": 9, "afternoon": 12, "evening": 17}
#: We ring between these; from `LAST` on nobody is rung any more.
FIRST: Final = 9
LAST: Final = 20
#: Without am or pm, up to five past noon an hour can only be one of the afternoon, and these only
#: ones of the morning. Eight and nine may be either.
_AFTERNOON: Final = range(1, 8)
_MORNING: Final = (10, 11, 12)

_FROM = re.compile(
    r"\b(?:after|from|not before|no earlier than)\s+(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?(?P<clock>\s*o['’]?clock)?"
)
# One morning by itself may be a greeting.
_PART = re.compile(
    r"\b(?:(?:in the|any) (?P<one>morning|afternoon|evening)|(?P<all>morning|afternoon|evening)s)\b"
)
#: What may stand around it and changes nothing.
_WORDS: Final = """
hi hello hey please pls plz thanks thank thx ta cheers you u ring call phone me us back can
could would will you'd i i'm im i'd my we is are it's its best better fine only anytime time
free home at the be to like prefer in on and tomorrow today x xx it that works work for just
available hiya
"""
_BESIDE: Final = frozenset(_WORDS.split())


def earliest_hour(texts: Iterable[str]) -> time | None:
    """The first full hour, within those in which we ring, that is meant by what they texted.

    Args:
        texts: what somebody texted about being rung, in order; taken together.

    Returns:
        The hour; None unless it is plain.
    """
    said = " ".join(" ".join(texts).casefold().replace("’", "'").split())
    hours = list(_FROM.finditer(said))
    parts = list(_PART.finditer(said))
    if len(hours) + len(parts) != 1:
        return None
    [found] = hours or parts
    around = said[: found.start()] + " " + said[found.end() :]
    # Another number, a "not", a "but": then it is not as plain as it looks.
    if any(word not in _BESIDE for word in re.findall(r"[^\s.,!?:;()]+", around)):
        return None
    hour = _hour(found) if hours else PARTS[found["one"] or found["all"]]
    return time(max(hour, FIRST)) if hour is not None and hour < LAST else None


def _hour(found: re.Match[str]) -> int | None:
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif hour in _AFTERNOON:
        hour += 12
    elif hour not in _MORNING and not 13 <= hour < LAST:
        return None
    return hour + (minute > 0)

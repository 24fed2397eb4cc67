"""Every family page, on one blueprint: importing this module puts the views on it."""

from __future__ import annotations

from family_voice.web.family import (
    afterwards,
    arriving,
    checking,
    helping,
    permission,
    questions,
    reading_back,
    reading_times,
    taking_back,
    where,
    your_words,
)
from family_voice.web.family.gate import blueprint

__all__ = [
    "afterwards",
    "arriving",
    "blueprint",
    "checking",
    "helping",
    "permission",
    "questions",
    "reading_back",
    "reading_times",
    "taking_back",
    "where",
    "your_words",
]

"""Every family page, on one blueprint: importing this module puts the views on it."""

from __future__ import annotations

from family_voice.web.family import (
    afterwards,
    arriving,
    checking,
    permission,
    questions,
    reading_times,
    taking_back,
    your_words,
)
from family_voice.web.family.gate import blueprint

__all__ = [
    "afterwards",
    "arriving",
    "blueprint",
    "checking",
    "permission",
    "questions",
    "reading_times",
    "taking_back",
    "your_words",
]

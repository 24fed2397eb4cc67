"""The call pad's pages, all on one blueprint: importing them here puts them on it."""

from __future__ import annotations

from family_voice.web.staff import call_pad_asides, call_pad_ending, return_words  # noqa: F401
from family_voice.web.staff.call_pad import blueprint

__all__ = ["blueprint"]

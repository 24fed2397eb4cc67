"""The call pad's pages, all on one blueprint: importing them here puts them on it."""

from __future__ import annotations

from family_voice.web.staff import (  # noqa: F401
    call_pad,
    call_pad_asides,
    call_pad_ending,
    call_pad_live,
    call_pad_marks,
    call_pad_page,
    call_pad_quote,
    call_pad_saving,
    call_pad_sorting,
    return_words,
)
from family_voice.web.staff.call_pad_sitting import blueprint

__all__ = ["blueprint"]

"""The pages of text conversations, all on one blueprint: importing them here puts them on it."""

from __future__ import annotations

from family_voice.web.staff import texts_log  # noqa: F401 — it adds pages
from family_voice.web.staff.texts import blueprint

__all__ = ["blueprint"]

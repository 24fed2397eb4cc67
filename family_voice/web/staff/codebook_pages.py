"""The codebook's pages, all on one blueprint: importing them here puts them on it."""

from __future__ import annotations

from family_voice.web.staff import codebook_change, codebook_requests  # noqa: F401
from family_voice.web.staff.codebook import blueprint

__all__ = ["blueprint"]

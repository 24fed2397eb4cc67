"""The coproduction lead's pages, all on one blueprint: importing them here puts them on it."""

from __future__ import annotations

from family_voice.web.staff import case, invitations, ledger, people, rounds  # noqa: F401
from family_voice.web.staff.desk import blueprint

__all__ = ["blueprint"]

"""The coproduction lead's pages, all on one blueprint: importing them here puts them on it."""

from __future__ import annotations

from family_voice.web.staff import (  # noqa: F401
    case,
    final,
    invitations,
    ledger,
    missed_calls,
    people,
    rounds,
)
from family_voice.web.staff.desk import blueprint

__all__ = ["blueprint"]

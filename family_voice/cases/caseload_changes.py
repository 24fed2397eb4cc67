"""What a newer file of the caseload changes, line by line: before it is taken in, and after.

Kept sealed beside the file: the lines and the names of what is different, never what it was or is,
and of each child only which entry it is. When the next file is taken in it is let go of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.cases.caseload_findings import ranges
from family_voice.cases.caseload_models import CaseloadFile, CaseloadPart
from family_voice.cases.caseload_reading import Strata, entries_of
from family_voice.cases.caseload_waiting import CHANGES, part, put_away

#: So many of a kind are kept and shown; of the others it is said how many they are.
MOST: Final = 200
#: The school year only says which day a year group was worked out for.
_NOT_BY_ITSELF: Final = frozenset({"school_year"})


@dataclass(frozen=True)
class Changed:
    """A child whose line is different now: where it stands, and the names of what is different."""

    line: int
    reference: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What a file changes. `changed` and `gone` (references) hold at most `MOST`; `new` are the
    lines of those who were not there, as people say them."""

    changed: tuple[Changed, ...] = ()
    new: str = ""
    gone: tuple[str, ...] = ()


@dataclass
class Noted:
    """What is noted while a file is compared."""

    stayed: set[UUID] = field(default_factory=set)
    _changed: list[tuple[int, str, list[str]]] = field(default_factory=list)
    _new: list[int] = field(default_factory=list)

    def new(self, line: int) -> None:
        """Nobody with this reference is there."""
        self._new.append(line)

    def changed(self, line: int, entry_id: UUID, was: Strata, becomes: Strata) -> None:
        """A line says something else than what is kept."""
        if len(self._changed) < MOST:
            self._changed.append((line, entry_id.hex, list(different(was, becomes))))

    def packed(self, there: Iterable[UUID]) -> dict[str, Any]:
        """All of it, to be put away. `there`: who could leave."""
        gone = [each.hex for each in there if each not in self.stayed]
        return {"changed": self._changed, "new": ranges(self._new), "gone": gone[:MOST]}


def different(was: Strata, becomes: Strata) -> tuple[str, ...]:
    """The names of what differs between two strata."""
    names = [
        name for name in Strata.__dataclass_fields__ if getattr(was, name) != getattr(becomes, name)
    ]
    return tuple(each for each in names if each not in _NOT_BY_ITSELF) or tuple(names)


def keep(session: Session, row: CaseloadFile, packed: dict[str, Any]) -> None:
    """Put away what a file that was checked would change."""
    put_away(session, row, CHANGES, [packed])


def changes(session: Session, file_id: UUID) -> Changes:
    """What a file would change, or has changed; nothing where that is not kept.

    A child who has been deleted since is passed over.
    """
    row = session.get(CaseloadFile, file_id)
    kept = part(session, row, CHANGES) if row is not None else []
    if not kept:
        return Changes()
    [found] = kept
    changed = [(line, UUID(entry), tuple(names)) for line, entry, names in found["changed"]]
    gone = [UUID(each) for each in found["gone"]]
    entries = entries_of(session, [*(entry for _line, entry, _names in changed), *gone])
    return Changes(
        tuple(
            Changed(line, entries[entry][0].reference, names)
            for line, entry, names in changed
            if entry in entries
        ),
        found["new"],
        tuple(sorted(entries[each][0].reference for each in gone if each in entries)),
    )


def let_go_of_lines(session: Session, row: CaseloadFile) -> None:
    """A file was taken in: its lines go, and what earlier files changed; what it changed stays."""
    its_own = (CaseloadPart.file_id == row.id) & (CaseloadPart.number != CHANGES)
    taken = select(CaseloadFile.id).where(
        CaseloadFile.taken_at.is_not(None), CaseloadFile.id != row.id
    )
    session.execute(delete(CaseloadPart).where(its_own | CaseloadPart.file_id.in_(taken)))

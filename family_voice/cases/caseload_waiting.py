"""A checked file of the caseload while it waits to be taken in: sealed, and gone after a day.

It holds what an entry keeps and nothing else: the names that the file had are gone by now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.cases.caseload_findings import Together
from family_voice.cases.caseload_lines import Line
from family_voice.cases.caseload_models import CaseloadFile, CaseloadPart
from family_voice.cases.caseload_reading import Strata
from family_voice.security.sealing import Place, destroy_key, seal, unseal
from family_voice.storage.base import new_id

#: A checked file that nobody takes in is let go of.
WAITS: Final = timedelta(days=1)
#: The numbers of what is no line: what is worth a look, and what is different from before.
WORTH_A_LOOK: Final = 0
CHANGES: Final = -1
_DATES: Final = ("plan_finalised_on", "review_finalised_on", "last_audited_on")


def put_away(session: Session, row: CaseloadFile, number: int, packed: list[Any]) -> None:
    """Seal some packed lines, numbered from 1; or something else, under a number of its own."""
    part_id = new_id()
    place = Place("caseload_part", "lines", part_id)
    sealed = seal(session, row.key_id, place, json.dumps(packed, separators=(",", ":")))
    made = CaseloadPart(id=part_id, file_id=row.id, number=number, lines=sealed)
    session.add(made)
    session.flush()
    session.expunge(made)


def part(session: Session, row: CaseloadFile, number: int) -> list[Any]:
    """What was put away under a number; nothing if nothing was."""
    found = select(CaseloadPart.id, CaseloadPart.lines).where(
        CaseloadPart.file_id == row.id, CaseloadPart.number == number
    )
    sealed = session.execute(found).one_or_none()
    if sealed is None:
        return []
    opened = unseal(session, row.key_id, Place("caseload_part", "lines", sealed.id), sealed.lines)
    found_lines: list[Any] = json.loads(opened)
    return found_lines


def parts(session: Session, row: CaseloadFile) -> Iterator[list[Any]]:
    """The packed lines, some hundred at a time."""
    most = select(func.max(CaseloadPart.number)).where(CaseloadPart.file_id == row.id)
    for number in range(1, (session.scalar(most) or 0) + 1):
        yield part(session, row, number)


def packed_line(line: Line) -> dict[str, Any]:
    """A line as it waits."""
    strata = {name: value for name, value in vars(line.strata).items() if value}
    strata |= {name: strata[name].isoformat() for name in _DATES if name in strata}
    return strata | {
        "line": line.line,
        "reference": line.reference,
        "year_group": line.strata.year_group,
    }


def unpacked(packed: dict[str, Any]) -> Line:
    """The line that was packed."""
    strata = {key: value for key, value in packed.items() if key not in {"line", "reference"}}
    strata |= {name: date.fromisoformat(strata[name]) for name in _DATES if name in strata}
    strata["vulnerable_groups"] = tuple(strata.get("vulnerable_groups", ()))
    return Line(packed["line"], packed["reference"], Strata(**strata))


def waiting_lines(session: Session, file_id: UUID) -> Iterator[Line]:
    """What a checked file would bring, line by line, as it would be kept."""
    row = session.get(CaseloadFile, file_id)
    for packed in parts(session, row) if row else ():
        yield from map(unpacked, packed)


def waiting_remarks(session: Session, file_id: UUID) -> tuple[int, list[Together]]:
    """Of a checked file: how many lines were left out, and what is worth a look."""
    row = session.get(CaseloadFile, file_id)
    first = None if row is None else part(session, row, WORTH_A_LOOK)
    if not first:
        return 0, []
    return first[0]["left_out"], [Together(**each) for each in first[0]["remarks"]]


def let_go(session: Session, file_id: UUID, now: datetime) -> None:
    """Think better of a checked file: what it would have brought is destroyed."""
    row = session.get(CaseloadFile, file_id)
    if row is not None and row.taken_at is None:
        session.execute(delete(CaseloadPart).where(CaseloadPart.file_id == row.id))
        key_id = row.key_id
        session.delete(row)
        session.flush()
        destroy_key(session, key_id, now)


def unread_files(session: Session, before: datetime) -> Sequence[UUID]:
    """Files checked before then that nobody took in."""
    waiting = CaseloadFile.taken_at.is_(None) & (CaseloadFile.checked_at < before)
    return session.scalars(select(CaseloadFile.id).where(waiting)).all()


def forget_unread(session: Session, before: datetime) -> None:
    """Let go of every file that was checked before then and never taken in."""
    for file_id in unread_files(session, before):
        let_go(session, file_id, before + WAITS)

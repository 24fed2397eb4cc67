"""Taking in a file of the caseload: checked, looked at, then taken in whole or not at all.

The same file taken in twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from family_voice.cases import caseload_changes
from family_voice.cases.caseload_findings import Findings
from family_voice.cases.caseload_lines import Line, lines_of
from family_voice.cases.caseload_mapping import CaseloadMapping
from family_voice.cases.caseload_models import CaseloadEntry, CaseloadFile
from family_voice.cases.caseload_reading import Strata, size, strata_of
from family_voice.cases.caseload_sheets import NotASheet, rows_of
from family_voice.cases.caseload_waiting import (
    WAITS,
    WORTH_A_LOOK,
    forget_unread,
    packed_line,
    parts,
    put_away,
    unpacked,
)
from family_voice.cases.deadlines import london_date
from family_voice.frameworks.framework import Framework
from family_voice.security.blind import blind_index
from family_voice.security.sealing import KeyKind, Place, new_key, seal
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock, one_at_a_time

#: So many lines are held in memory, compared and written at once.
AT_ONCE: Final = 500
#: More than one in four gone is nearly always a file of a part of the caseload.
MANY: Final = 4

Tell = Callable[[int], None]


class FileRefused(ValueError):
    """The file cannot be taken in; `findings` names each problem. Nothing was stored."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(f"{findings.count} problems in the file")
        self.findings = findings


class Outdated(Exception):
    """The caseload changed since the file was checked, or the file is no longer there."""


class ManyGone(Exception):
    """More would leave the caseload than is likely; somebody has to be sure of it."""


@dataclass(frozen=True)
class FileView:
    """A file that was checked, and what it changes or has changed."""

    id: UUID
    mapping: str
    whole: bool
    rows: int
    new: int
    changed: int
    same: int
    gone: int
    by: UUID | None
    checked_at: datetime
    taken_at: datetime | None

    @property
    def many_gone(self) -> bool:
        """Whether so many would leave that it is probably a mistake."""
        there = self.changed + self.same + self.gone
        return there >= 20 and self.gone * MANY > there


def check(
    session: Session,
    file: BinaryIO,
    mapping: CaseloadMapping,
    framework: Framework,
    now: datetime,
    *,
    whole: bool = True,
    by: UUID | None = None,
    tell: Tell = lambda line: None,
) -> FileView:
    """Check a file and keep what it would bring, sealed, until it is taken in.

    Args:
        session: a writing session.
        file: CSV or XLSX, opened and seekable.
        mapping: which column is what.
        framework: whose plan types and themes the words have to be.
        now: when; year groups are worked out for this day in London.
        whole: whether everybody is in the file: who is not in it has left the caseload.
        by: the member of staff, if it is one.
        tell: told the line now and then.

    Returns:
        What it would change.

    Raises:
        FileRefused: with every problem; nothing is kept.
    """
    findings = Findings()
    forget_unread(session, now - WAITS)
    row = CaseloadFile(
        id=new_id(), mapping=mapping.name, whole=whole, rows=0, new=0, changed=0, same=0, gone=0,
        by=by, checked_at=now, taken_at=None,
    )  # fmt: skip
    row.key_id = new_key(session, KeyKind.CASELOAD, row.id, now)
    session.add(row)
    session.flush()
    noted = caseload_changes.Noted()
    try:
        with rows_of(file, mapping.sheet) as rows:
            good = lines_of(rows, mapping, framework, london_date(now), findings)
            for number, lines in enumerate(_batches(good), 1):
                tell(lines[-1].line)
                if findings.count:
                    continue  # only problems are still of interest
                _compare(session, row, lines, now, noted)
                put_away(session, row, number, [packed_line(each) for each in lines])
    except NotASheet as refused:
        findings.add(refused.problem.line, "", refused.problem.message)
    if findings.count:
        raise FileRefused(findings)
    row.gone = size(session) - len(noted.stayed) if whole else 0
    caseload_changes.keep(session, row, noted.packed(_there(session) if row.gone else ()))
    remarks = [asdict(each) for each in findings.remarks_together()]
    put_away(session, row, WORTH_A_LOOK, [{"left_out": findings.left_out, "remarks": remarks}])
    return _view(row)


def take_in(
    session: Session,
    file_id: UUID,
    now: datetime,
    *,
    sure: bool = False,
    tell: Tell = lambda lines: None,
) -> FileView:
    """Bring the caseload up to date with a checked file: all of it, or nothing.

    Args:
        session: a writing session.
        file_id: from `check`.
        now: when.
        sure: whether somebody said that so many have really left.
        tell: told how many lines are done.

    Returns:
        What was changed.

    Raises:
        Outdated: if it was taken in already, let go of, or another was taken in since.
        ManyGone: if more than one in four would leave and nobody is sure.
    """
    one_at_a_time(session, "caseload")
    if session.get(CaseloadFile, file_id) is None:
        raise Outdated
    row = lock(session, CaseloadFile, file_id)
    newer = CaseloadFile.taken_at > row.checked_at
    if row.taken_at or session.scalar(select(CaseloadFile.id).where(newer).limit(1)):
        raise Outdated
    if _view(row).many_gone and not sure:
        raise ManyGone
    stayed: set[UUID] = set()
    done = 0
    for packed in parts(session, row):
        stayed |= _apply(session, row, [unpacked(each) for each in packed], now)
        done += len(packed)
        tell(done)
    if row.whole:
        gone = iter([each for each in _there(session) if each not in stayed])
        while some := list(islice(gone, AT_ONCE)):
            leaving = update(CaseloadEntry).where(CaseloadEntry.id.in_(some))
            session.execute(leaving.values(gone_at=now))
    row.taken_at = now
    caseload_changes.let_go_of_lines(session, row)
    session.flush()
    return _view(row)


def file_view(session: Session, file_id: UUID) -> FileView | None:
    """One checked file."""
    row = session.get(CaseloadFile, file_id)
    return None if row is None else _view(row)


def last_taken(session: Session) -> FileView | None:
    """The newest file that was taken in."""
    taken = select(CaseloadFile).where(CaseloadFile.taken_at.is_not(None))
    row = session.scalar(taken.order_by(CaseloadFile.taken_at.desc()).limit(1))
    return None if row is None else _view(row)


def audited(session: Session, entry_ids: Iterable[UUID], on: date) -> None:
    """Note the day on which cases were last audited; a later day that is known stands."""
    found = select(CaseloadEntry).where(CaseloadEntry.id.in_(set(entry_ids)))
    for row in session.scalars(found):
        row.last_audited_on = max(filter(None, (row.last_audited_on, on)))
    session.flush()


# --- Comparing and writing ----------------------------------------------------------------------


def _known(
    session: Session, lines: Sequence[Line]
) -> list[tuple[Line, bytes, CaseloadEntry | None]]:
    """Each line with its blind index and the entry that there is of it, gone or not."""
    indexes = [blind_index(session, "reference", each.reference) for each in lines]
    rows = session.scalars(select(CaseloadEntry).where(CaseloadEntry.reference_index.in_(indexes)))
    found = {row.reference_index: row for row in rows}
    return [(line, index, found.get(index)) for line, index in zip(lines, indexes, strict=True)]


def _there(session: Session) -> Sequence[UUID]:
    """Who is in the caseload now, in the order of a hash of their references."""
    there = select(CaseloadEntry.id).where(CaseloadEntry.gone_at.is_(None))
    return session.scalars(there.order_by(CaseloadEntry.reference_index)).all()


def _compare(
    session: Session,
    row: CaseloadFile,
    lines: Sequence[Line],
    now: datetime,
    noted: caseload_changes.Noted,
) -> None:
    """Count and note what lines would change."""
    row.rows += len(lines)
    for line, _index, entry in _known(session, lines):
        if entry is None or entry.gone_at is not None:
            row.new += 1
            noted.new(line.line)
            continue
        noted.stayed.add(entry.id)
        becomes = _as_it_will_be(entry, line.strata, london_date(now))
        if becomes is None:
            row.same += 1
        else:
            row.changed += 1
            noted.changed(line.line, entry.id, strata_of(entry), becomes)


def _apply(session: Session, row: CaseloadFile, lines: Sequence[Line], now: datetime) -> set[UUID]:
    """Write lines. Returns the entries that they are about."""
    fresh: list[dict[str, Any]] = []
    stayed: set[UUID] = set()
    for line, index, entry in _known(session, lines):
        if entry is None:
            entry_id = new_id()
            place = Place("caseload_entry", "reference", entry_id)
            fresh.append(
                _columns(line.strata)
                | {
                    "id": entry_id,
                    "key_id": row.key_id,
                    "reference_index": index,
                    "reference": seal(session, row.key_id, place, line.reference),
                    "gone_at": None,
                }
            )
        else:
            entry_id = entry.id
            strata = _as_it_will_be(entry, line.strata, london_date(now))
            for name, value in _columns(strata).items() if strata else ():
                setattr(entry, name, value)
            entry.gone_at = None
        stayed.add(entry_id)
    if fresh:
        session.execute(insert(CaseloadEntry), fresh)
    session.flush()
    return stayed


def _columns(strata: Strata) -> dict[str, Any]:
    values = {name: getattr(strata, name) for name in Strata.__dataclass_fields__}
    return values | {"vulnerable_groups": list(strata.vulnerable_groups)}


def _as_it_will_be(entry: CaseloadEntry, said: Strata, on: date) -> Strata | None:
    """What an entry becomes by what a file says; None if that is what it is.

    A year group that only moved on with the school year is the same, and an audit that was held
    here is not forgotten because the export does not know of it.
    """
    stored = strata_of(entry)
    audited_on = max(filter(None, (stored.last_audited_on, said.last_audited_on)), default=None)
    said = replace(said, last_audited_on=audited_on)
    if stored.year_group_on(on) == said.year_group_on(on):
        said = replace(said, year_group=stored.year_group, school_year=stored.school_year)
    return None if said == stored else said


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while some := list(islice(lines, AT_ONCE)):
        yield some


def _view(row: CaseloadFile) -> FileView:
    return FileView(**{name: getattr(row, name) for name in FileView.__dataclass_fields__})

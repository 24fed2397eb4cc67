"""Judgements of past years: brought in from a council's own table, kept as they stood, shown so.

Where a table's totals disagree with its lines both stay, and it is said wherever they are shown.
Scales are never mapped to each other: a point of one says nothing of a point of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.cases.caseload_file import Problem
from family_voice.cases.deadlines import london_date
from family_voice.cases.reaching import staff_id
from family_voice.frameworks.loader import available, load_framework
from family_voice.improvement.past_judgement_models import PastFile, PastMeeting
from family_voice.improvement.past_table import Meeting, Point, Read, ScaleTable, Total, read_table
from family_voice.language.texts import _
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, one_at_a_time

LONGEST_NAME = 120
#: Made after the table that Blackburn with Darwen published (seed 001): its totals for the second
#: and third point are not what its lines come to.
EXAMPLE = Path(__file__).parent / "past_judgements_example.csv"


class PastRefused(ValueError):
    """The table cannot be taken. `problems` names each by line and column; nothing was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems in the file")
        self.problems = tuple(problems)


class AlreadyIn(ValueError):
    """This very file was brought in before, as this table; nothing was changed."""

    def __init__(self, table: PastTable) -> None:
        super().__init__(f"table {table.number}")
        self.table = table


@dataclass(frozen=True)
class PastTable:
    """One table that was brought in: its number, what it is called, and its parts by scale."""

    number: int
    name: str
    at: datetime
    parts: tuple[ScaleTable, ...]
    notices: tuple[str, ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether any total is not what its lines come to."""
        return any(part.disagreements for part in self.parts)

    @property
    def meetings(self) -> int:
        """How many meetings it holds."""
        return sum(len(part.meetings) for part in self.parts)


def known_scales(framework_id: str) -> dict[str, tuple[Point, ...]]:
    """The scales of every version of an area's framework, by id, with the words of their points."""
    return {
        scale.id: tuple(Point(point.value, point.label) for point in scale.points)
        for each in available()
        if each.id == framework_id
        for scale in [load_framework(each.id, each.version).judgement]
    }


def bring_in(
    session: Session, data: bytes, name: str, framework_id: str, by: Actor, now: datetime
) -> PastTable:
    """Read a table of past judgements and keep it: all of it, or nothing.

    Args:
        session: a writing session.
        data: the CSV file; `past_table` says which columns it has.
        name: what the table is called, such as where it comes from.
        framework_id: whose scales give the points their words, where they know them.
        by: who brings it in.
        now: when.

    Returns:
        The table as it is shown from now on.

    Raises:
        PastRefused: with every problem; nothing was stored.
        AlreadyIn: if this very file is there; nothing was changed.
    """
    one_at_a_time(session, "past judgements")
    fingerprint = sha256(data).hexdigest()
    there = session.scalar(select(PastFile).where(PastFile.fingerprint == fingerprint))
    if there is not None:
        raise AlreadyIn(_table(session, there))
    read = read_table(data, known_scales(framework_id))
    problems = read.problems or (*_still_to_come(read, london_date(now)), *_clashes(session, read))
    if problems:
        raise PastRefused(problems)
    number = (session.scalar(select(func.max(PastFile.number))) or 0) + 1
    row = PastFile(
        id=new_id(),
        number=number,
        name=" ".join(name.split())[:LONGEST_NAME] or _("Table %(number)d", number=number),
        fingerprint=fingerprint,
        scales={part.scale: [[p.value, p.words] for p in part.points] for part in read.parts},
        totals={part.scale: _to_json(part.total) for part in read.parts if part.total},
        by=staff_id(by),
        at=now,
    )
    session.add(row)
    session.flush()
    for part in read.parts:
        for each in part.meetings:
            session.add(
                PastMeeting(
                    file_id=row.id,
                    line=each.line,
                    held=each.held,
                    month=each.month,
                    focus=each.focus,
                    scale=each.scale,
                    counts={str(value): count for value, count in each.counts.items()},
                    cases=each.cases,
                )
            )
    session.flush()
    record(session, by, "import", "past judgements", row.id, now, [f"table {number}"])
    return PastTable(number, row.name, now, read.parts, read.notices)


def take_away(session: Session, number: int, by: Actor, now: datetime) -> None:
    """It was the wrong file: nothing of it is shown any more. Raises Missing."""
    row = session.scalar(select(PastFile).where(PastFile.number == number))
    if row is None:
        raise Missing(PastFile.__tablename__)
    session.execute(delete(PastMeeting).where(PastMeeting.file_id == row.id))
    session.delete(row)
    session.flush()
    record(session, by, "remove", "past judgements", row.id, now, [f"table {number}"])


def every(session: Session) -> tuple[PastTable, ...]:
    """Every table that was brought in, in their order."""
    return tuple(
        _table(session, row) for row in session.scalars(select(PastFile).order_by(PastFile.number))
    )


def _table(session: Session, row: PastFile) -> PastTable:
    meetings: dict[str, list[Meeting]] = {}
    for each in session.scalars(
        select(PastMeeting)
        .where(PastMeeting.file_id == row.id)
        .order_by(PastMeeting.month, PastMeeting.line)
    ):
        counts = {int(value): int(count) for value, count in each.counts.items()}
        meetings.setdefault(each.scale, []).append(
            Meeting(each.line, each.held, each.month, each.focus, each.scale, counts, each.cases)
        )
    parts = tuple(
        ScaleTable(
            scale,
            tuple(Point(int(value), words) for value, words in row.scales[scale]),
            tuple(those),
            _total(row, scale),
        )
        for scale, those in meetings.items()
    )
    return PastTable(row.number, row.name, row.at, parts)


def _still_to_come(read: Read, today: date) -> list[Problem]:
    """Meetings in a month after this one: nobody can have judged anything there yet."""
    return [
        Problem(each.line, "meeting", _("This month is still to come. Check the month and year."))
        for part in read.parts
        for each in part.meetings
        if each.month > today
    ]


def _clashes(session: Session, read: Read) -> list[Problem]:
    """Meetings that another table has already: counted once, whichever was first."""
    there = {
        (month, focus.casefold(), scale): _number_of(session, file_id)
        for month, focus, scale, file_id in session.execute(
            select(PastMeeting.month, PastMeeting.focus, PastMeeting.scale, PastMeeting.file_id)
        )
    }
    return [
        Problem(
            each.line,
            "meeting",
            _(
                "Table %(number)d has this meeting already. Leave the line out, or take that table "
                "away first.",
                number=there[each.month, each.focus.casefold(), each.scale],
            ),
        )
        for part in read.parts
        for each in part.meetings
        if (each.month, each.focus.casefold(), each.scale) in there
    ]


def _number_of(session: Session, file_id: UUID) -> int:
    return session.get_one(PastFile, file_id).number


def _to_json(total: Total) -> dict[str, object]:
    return {
        "line": total.line,
        "words": total.words,
        "counts": {str(value): count for value, count in total.counts.items()},
        "cases": total.cases,
    }


def _total(row: PastFile, scale: str) -> Total | None:
    kept = row.totals.get(scale)
    if kept is None:
        return None
    counts = {int(value): int(count) for value, count in kept["counts"].items()}
    return Total(kept["line"], kept["words"], counts, kept["cases"])

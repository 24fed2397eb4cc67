"""Reading the caseload: everybody who could be drawn, one line each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from family_voice.cases import school_years
from family_voice.cases.caseload_models import CaseloadEntry
from family_voice.security.blind import blind_index
from family_voice.security.sealing import Place, open_keys, unseal

#: So many rows are held in memory at once.
AT_ONCE = 500
#: By what a caseload is counted.
COUNTED = (
    "plan_type", "phase", "area_of_need", "placement", "vulnerable_groups", "language", "area",
)  # fmt: skip
MakeUp = dict[str, Counter[str]]


@dataclass(frozen=True)
class Strata:
    """What is kept of a child who is not drawn, besides the reference.

    Plan type, need, placement and groups are ids of the framework; `year_group` is the one of
    `school_year`. What the file did not say is empty or None.
    """

    plan_type: str
    year_group: int | None
    school_year: int
    area_of_need: str = ""
    placement: str = ""
    vulnerable_groups: tuple[str, ...] = ()
    language: str = ""
    area: str = ""
    plan_finalised_on: date | None = None
    review_finalised_on: date | None = None
    last_audited_on: date | None = None

    def year_group_on(self, day: date) -> int | None:
        """The year group on this day: nobody has to bring the file again each September."""
        return school_years.moved_on(self.year_group, self.school_year, day)

    def phase_on(self, day: date) -> str:
        """`pre_5`, `primary`, `secondary` or `post_16`; empty where no year group is known."""
        return school_years.phase(self.year_group_on(day))


@dataclass(frozen=True, kw_only=True)
class Entry(Strata):
    """One line of the caseload."""

    id: UUID
    reference: str


def entries(session: Session) -> Iterator[Entry]:
    """Everybody who may be drawn: not who has left the caseload.

    In the order of a keyed hash of their references: the same on every database and after every
    import, and telling nothing of them.
    """
    found = _there().order_by(CaseloadEntry.reference_index)
    for row in session.scalars(found.execution_options(yield_per=AT_ONCE)):
        yield _entry(session, row)


def entry_of(session: Session, reference: str) -> Entry | None:
    """The line with this reference, if it is in the caseload now."""
    index = blind_index(session, "reference", reference)
    row = session.scalar(_there().where(CaseloadEntry.reference_index == index))
    return None if row is None else _entry(session, row)


def entries_of(session: Session, entry_ids: Collection[UUID]) -> dict[UUID, tuple[Entry, bool]]:
    """These lines, and of each whether the child has left the caseload since."""
    rows = session.scalars(select(CaseloadEntry).where(CaseloadEntry.id.in_(entry_ids)))
    return {row.id: (_entry(session, row), row.gone_at is not None) for row in rows}


def size(session: Session) -> int:
    """How many there are in the caseload now."""
    there = CaseloadEntry.gone_at.is_(None)
    return session.scalar(select(func.count()).select_from(CaseloadEntry).where(there)) or 0


def _there() -> Select[CaseloadEntry]:
    return select(CaseloadEntry).where(CaseloadEntry.gone_at.is_(None))


def strata_of(row: CaseloadEntry) -> Strata:
    """The strata of a stored line."""
    return Strata(**_strata(row))


def _strata(row: CaseloadEntry) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in Strata.__dataclass_fields__}
    return values | {"vulnerable_groups": tuple(row.vulnerable_groups)}


def _entry(session: Session, row: CaseloadEntry) -> Entry:
    open_keys(session, [row.key_id])
    place = Place("caseload_entry", "reference", row.id)
    return Entry(
        id=row.id, reference=unseal(session, row.key_id, place, row.reference), **_strata(row)
    )


def make_up(session: Session, on: date) -> MakeUp:
    """How many there are in the caseload by each kind that is counted, and each value of it.

    Args:
        session: any session.
        on: the day for which the phase is worked out.
    """
    found = _nobody()
    entry = CaseloadEntry
    columns = (
        entry.plan_type, entry.area_of_need, entry.placement, entry.language, entry.area,
        entry.year_group, entry.school_year, cast(entry.vulnerable_groups, String).label("groups"),
    )  # fmt: skip
    rows = select(*columns, func.count().label("many")).where(entry.gone_at.is_(None))
    for row in session.execute(rows.group_by(*columns)):
        phase = school_years.phase(school_years.moved_on(row.year_group, row.school_year, on))
        groups = json.loads(row.groups)
        _count(found, row._asdict() | {"phase": phase, "vulnerable_groups": groups}, row.many)
    return found


def make_up_of(lines: Iterable[Strata], on: date) -> MakeUp:
    """The same of these lines; "" counts those of which it is not known."""
    found = _nobody()
    for strata in lines:
        _count(found, vars(strata) | {"phase": strata.phase_on(on)}, 1)
    return found


def _nobody() -> MakeUp:
    return {kind: Counter() for kind in COUNTED}


def _count(found: MakeUp, values: Mapping[str, Any], many: int) -> None:
    for kind, counter in found.items():
        value = values[kind]
        for each in [value] if isinstance(value, str) else value:
            counter[each] += many

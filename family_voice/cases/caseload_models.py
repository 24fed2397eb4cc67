"""The whole caseload: everybody who could be drawn, as a reference and strata and nothing else.

No name, date of birth, postcode or telephone of a child who is not drawn is kept anywhere: an
export is read for them, they are checked, and they are let go of.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class CaseloadEntry(Base):
    """One line of the caseload.

    `reference_index` is of the same kind as `Child.reference_index`. The year group is the one of
    `school_year` (the calendar year in which it began) and goes on counting below Nursery (-1) and
    above Year 14. A row is deleted some weeks after `gone_at`: whoever points at one keeps the
    strata it needs and uses ON DELETE SET NULL.
    """

    __tablename__ = "caseload_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    reference_index: Mapped[bytes] = mapped_column(unique=True)
    reference: Mapped[bytes]
    plan_type: Mapped[str] = mapped_column(String(40))
    year_group: Mapped[int | None]
    school_year: Mapped[int]
    area_of_need: Mapped[str] = mapped_column(String(60))
    placement: Mapped[str] = mapped_column(String(60))
    vulnerable_groups: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(String(20))
    area: Mapped[str] = mapped_column(String(60))
    plan_finalised_on: Mapped[date | None]
    review_finalised_on: Mapped[date | None]
    last_audited_on: Mapped[date | None]
    gone_at: Mapped[datetime | None] = mapped_column(index=True)


class CaseloadFile(Base):
    """A file of the caseload that was checked; taken in once `taken_at` is set.

    The counts are what it would change until then, and what it changed from then on.
    """

    __tablename__ = "caseload_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    mapping: Mapped[str] = mapped_column(String(80))
    whole: Mapped[bool]
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    gone: Mapped[int]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    checked_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class CaseloadPart(Base):
    """Some hundred lines of a checked file, sealed, until it is taken in or thought better of.

    They hold what an entry would keep: the names in the file are gone by now.
    """

    __tablename__ = "caseload_part"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("caseload_file.id"))
    number: Mapped[int]
    lines: Mapped[bytes]

    __table_args__ = (UniqueConstraint("file_id", "number"),)

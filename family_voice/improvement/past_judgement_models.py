"""Judgements of years before this program, as a council's own table has them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class PastFile(Base):
    """One table that was brought in, and what it says of itself.

    `scales` maps a scale's id to its points, each a number and its words; `totals` maps a scale's
    id to the totals that stand in the table and to what is said beside them. Both are kept as they
    stood: nothing is ever put right here.
    """

    __tablename__ = "past_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    scales: Mapped[dict[str, Any]]
    totals: Mapped[dict[str, Any]]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class PastMeeting(Base):
    """One meeting of such a table: when, its focus, on which scale, and how many cases got what.

    `held` is the day or month as the table writes it, `month` the first day of it. `cases` is how
    many cases the table itself says the meeting had.
    """

    __tablename__ = "past_meeting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("past_file.id"))
    line: Mapped[int]
    held: Mapped[str] = mapped_column(String(40))
    month: Mapped[date]
    focus: Mapped[str] = mapped_column(String(200))
    scale: Mapped[str] = mapped_column(String(60))
    counts: Mapped[dict[str, Any]]
    cases: Mapped[int | None]

    __table_args__ = (UniqueConstraint("file_id", "line"),)

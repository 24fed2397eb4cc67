"""Samples drawn, with what makes a draw repeatable, and the cases that they hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class SampleDraw(Base):
    """The one draw of a round: its seed, its day, and what it was drawn from.

    `made_of` counts the caseload of that day by theme and value, which is what a sample is later
    compared with; `left_out` counts those who could not be drawn, by reason.
    """

    __tablename__ = "sample_draw"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), unique=True)
    seed: Mapped[int]
    # Somebody gave the seed, to repeat a draw; otherwise it came out of the machine's own chance.
    seed_given: Mapped[bool]
    drawn_on: Mapped[date]
    in_caseload: Mapped[int]
    may_be_drawn: Mapped[int]
    left_out: Mapped[dict[str, Any]]
    made_of: Mapped[dict[str, Any]]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class SampledCase(Base):
    """One place in a round's sample, and who got it: drawn, drawn instead of another, or picked.

    `left_out`: of one picked by hand, why the rule would not have drawn it. The line of the
    caseload goes when the child has left it; `plan_type` and `phase` are what it was drawn for.
    """

    __tablename__ = "sampled_case"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    session_number: Mapped[int]
    entry_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("caseload_entry.id", ondelete="SET NULL"), index=True
    )
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    plan_type: Mapped[str] = mapped_column(String(40))
    phase: Mapped[str] = mapped_column(String(12))
    stratum: Mapped[str] = mapped_column(String(40))
    how: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(String(20), default="")
    left_out: Mapped[str] = mapped_column(String(12), default="")
    instead_of: Mapped[UUID | None] = mapped_column(ForeignKey("sampled_case.id"))
    # Before its names and contacts came in; afterwards the case itself is stood down.
    stood_down_reason: Mapped[str | None] = mapped_column(String(20))
    stood_down_at: Mapped[datetime | None]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("round_id", "number"),)

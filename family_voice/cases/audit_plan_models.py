"""The plan of a year's audits: rounds ahead, calendar addresses of staff, and their reminders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class PlannedRound(Base):
    """A round that is to come: of which framework's audit, in the period that begins on a day.

    `themes` maps a theme area of the framework to the values chosen, `held_on` are days as text.
    It holds nothing of any child. `round_id` is the round it became.
    """

    __tablename__ = "planned_round"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework: Mapped[str] = mapped_column(String(60))
    audit: Mapped[str] = mapped_column(String(40))
    begins: Mapped[date]
    themes: Mapped[dict[str, Any]]
    reasons: Mapped[list[str]]
    held_on: Mapped[list[str]]
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"), unique=True)
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("framework", "audit", "begins"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlanFeed(Base):
    """A secret address under which a calendar program reads the plan for one member of staff."""

    __tablename__ = "plan_feed"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    token_index: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ReminderChoice(Base):
    """Whether somebody wants the plan's reminders, where they have said."""

    __tablename__ = "reminder_choice"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    wanted: Mapped[bool]
    chosen_at: Mapped[datetime]


class PlanReminder(Base):
    """One email to one member of staff on one day, and the names of the deadlines it is about.

    Its words are made when it goes, from the plan as it is then. `lease_until` is how long a sender
    holds it, or, while it is queued, when it may be tried again.
    """

    __tablename__ = "plan_reminder"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    day: Mapped[date]
    about: Mapped[list[str]]
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(40))
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("staff_id", "day"),
        Index("ix_plan_reminder_due", "state", "due_at"),
    )

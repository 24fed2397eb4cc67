"""Concerns, each sealed under a key of its own; who was told of them; and who is on the rota."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Concern(Base):
    """A worry about somebody's safety that a member of staff raised, or a flag for a person to see.

    A `please_look` flag has nobody who raised it and no words, but what was `found`. `fragment_id`
    points nowhere on purpose: the record stays when the account that it came from is erased, and so
    do `about` (whom it is about) and `quoted` (what was said), copies under the concern's own key.
    `next_at` is when the next rung of the ladder is due; empty once somebody has taken it.
    """

    __tablename__ = "concern"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16), default="raised")
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    fragment_id: Mapped[UUID | None]
    words: Mapped[bytes]
    about: Mapped[bytes | None]
    quoted: Mapped[bytes | None]
    found: Mapped[bytes | None]
    raised_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    raised_at: Mapped[datetime]
    next_rung: Mapped[str | None] = mapped_column(String(16))
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    acknowledged_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(24))
    reason: Mapped[bytes | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    decided_at: Mapped[datetime | None]


class ConcernTold(Base):
    """One rung of the ladder that was taken, once: whom it told, and when."""

    __tablename__ = "concern_told"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    concern_id: Mapped[UUID] = mapped_column(ForeignKey("concern.id"))
    rung: Mapped[str] = mapped_column(String(16))
    told: Mapped[list[str]]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("concern_id", "rung"),)


class RotaShift(Base):
    """When one member of staff receives concerns, in London's time.

    With `days` (figures from 0, Monday) it comes every week on those days, within the two dates if
    they are set; without, it is one span from the first date to the last. `place` is 1 for who is
    told first and 2 for who stands behind. A shift that was taken off keeps its row.
    """

    __tablename__ = "rota_shift"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    place: Mapped[int]
    days: Mapped[str] = mapped_column(String(7))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    begins: Mapped[time]
    ends: Mapped[time]
    bank_holidays: Mapped[bool]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime]
    taken_off_at: Mapped[datetime | None]


class RotaNumber(Base):
    """The mobile number a member of staff is told on, sealed under a key of their own."""

    __tablename__ = "rota_number"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    number: Mapped[bytes]

"""What an installation knows about itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Installation(Base):
    """The one row that says whether this database holds made-up families only."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_demo: Mapped[bool]
    made_at: Mapped[datetime]


class Withdrawal(Base):
    """Something that was taken back, and its receipt: what went, counts and dates, never words.

    `purposes` holds `talk` where everything was taken back. `number` is what the family keeps.
    `finished_at` is empty while a legal hold keeps the key; then everything is out of sight and
    goes when the hold is lifted, and nothing a family sees says so.
    """

    __tablename__ = "withdrawal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    purposes: Mapped[list[str]]
    how: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[str] = mapped_column(String(16))
    asked_on: Mapped[date]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    removed: Mapped[dict[str, Any]]
    remains: Mapped[list[str]]
    met_on: Mapped[date | None]
    copies: Mapped[list[int]]
    finished_at: Mapped[datetime | None]


class DeletionWait(Base):
    """Somebody asked by text to take everything back: it is done when seven days are over."""

    __tablename__ = "deletion_wait"

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    # To say by text that it is done; sealed under a key of its own, which goes with the row.
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    phone: Mapped[bytes]


class LegalHold(Base):
    """The data protection officer's order to keep what there is of a child or an interview.

    While it stands nothing of it is destroyed; what was taken back is out of everybody's sight all
    the same. Only the data protection officer sees that it exists.
    """

    __tablename__ = "legal_hold"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("child.id"), index=True)
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    reason: Mapped[bytes]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    set_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    lifted_at: Mapped[datetime | None]


class RetentionRun(Base):
    """One day's clearing away: how many of each class went. Counts only."""

    __tablename__ = "retention_run"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    cleared: Mapped[dict[str, Any]]


class Restoring(Base):
    """That this database was brought back from a backup, and how far that got.

    Nobody may use it before `finished_at` is set: until then erased words could be there again.
    """

    __tablename__ = "restoring"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    began_at: Mapped[datetime]
    backup_made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

"""Concerns, each sealed under a key of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Concern(Base):
    """A worry about somebody's safety that a member of staff raised."""

    __tablename__ = "concern"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    words: Mapped[bytes]
    raised_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    raised_at: Mapped[datetime]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    acknowledged_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(24))
    reason: Mapped[bytes | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    decided_at: Mapped[datetime | None]

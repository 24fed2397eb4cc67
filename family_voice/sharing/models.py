"""What has left: numbered copies, and frozen releases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class NumberedCopy(Base):
    """A printed or saved case pack: for one named person, to be destroyed by a date."""

    __tablename__ = "numbered_copy"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    made_for: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime]
    destroy_by: Mapped[date]
    # Its family took back what it holds: it has to go now, not on its last day.
    recalled_at: Mapped[datetime | None]
    destroyed_at: Mapped[datetime | None]


class Release(Base):
    """A frozen anonymised view. Never corrected: a later one stands beside it.

    `content` is what pages show. `basis` holds which families stand behind it, as pseudonymous
    keys, so that a later release can be compared with it; it never leaves this room.
    """

    __tablename__ = "release"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), unique=True)
    content: Mapped[dict[str, Any]]
    basis: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]

"""Projects of other programs, as they were brought in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class ImportedProject(Base):
    """A project that somebody brought in, sealed under a key of its own, whole or not at all.

    It stands apart: nothing in it is counted or shown as what a family told us. `sources` are the
    GUIDs of its texts, so that it goes when an account of ours goes whose words are in it.
    """

    __tablename__ = "imported_project"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    content: Mapped[bytes]
    sources: Mapped[list[str]]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

"""The codebook as it was changed, what was noted of its codes, and what the forum asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class CodebookVersion(Base):
    """One version of the codebook, whole, and the change that made it. It is never rewritten.

    `about` are the codes that the change touched. `merged` is what every code merged by then had
    become; it is in `content` as well, and is kept apart because coding asks for it for every
    version at once. The starter codebook has no reason and nobody who made it.
    """

    __tablename__ = "codebook_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(unique=True)
    change: Mapped[str] = mapped_column(String(12))
    about: Mapped[list[str]]
    undoes: Mapped[int | None]
    content: Mapped[dict[str, Any]]
    merged: Mapped[dict[str, Any]]
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("data_key.id"))
    reason: Mapped[bytes | None]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class CodebookNote(Base):
    """Something a coder wants to remember of a code, wherever it is used."""

    __tablename__ = "codebook_note"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(60), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    text: Mapped[bytes]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class CodebookRequest(Base):
    """A change that a forum member asked for, and the answer. `made_version`: what came of it."""

    __tablename__ = "codebook_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str | None] = mapped_column(String(60))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    text: Mapped[bytes]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(12))
    answer: Mapped[bytes | None]
    made_version: Mapped[int | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    answered_at: Mapped[datetime | None]

"""Who approved which wording of a language, and who reads what families write in it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class WordingReview(Base):
    """A fluent person found one wording right, or put their own; a key's newest row counts.

    `english_hash`, `file_hash` and `own_hash` name the English, the file's wording and what was
    approved; `texts` is set where that differs from the file's. The name stays as it was.
    """

    __tablename__ = "wording_review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    language: Mapped[str] = mapped_column(String(20))
    part: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(200))
    english_hash: Mapped[str] = mapped_column(String(32))
    file_hash: Mapped[str] = mapped_column(String(32))
    own_hash: Mapped[str] = mapped_column(String(32))
    texts: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    approved_by: Mapped[str] = mapped_column(String(120))
    approved_at: Mapped[datetime]

    __table_args__ = (Index("ix_wording_review_of", "language", "part", "key"),)


class LanguageReader(Base):
    """Somebody reads what comes by web and text in a language within one working day."""

    __tablename__ = "language_reader"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    language: Mapped[str] = mapped_column(String(20), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    named_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    named_at: Mapped[datetime]

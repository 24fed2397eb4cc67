"""The professionals' side of a case: what each agency saw, and how each knows the child."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class ProfessionalView(Base):
    """One agency's line under one key question of a case, or for the child's profile."""

    __tablename__ = "professional_view"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    question: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(String(40))
    words: Mapped[bytes]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("case_id", "question", "agency"),)

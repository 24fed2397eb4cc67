"""What came of what a family said, told to that family."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Outcome(Base):
    """One decision or action, or what could not be done and why, for whoever gave one account.

    It belongs to the account, not to the case: parents who live apart, a child and a carer each
    read only what was written to them, and it is gone when the account is.
    """

    __tablename__ = "outcome"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    kind: Mapped[str] = mapped_column(String(16))
    words: Mapped[bytes]
    why: Mapped[bytes | None]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

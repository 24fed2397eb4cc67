"""What was said about an account that links nothing, blind keys of children, families parted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class LinkNote(Base):
    """Something a person said about an account that puts it on no case; kinds are in `remarks`.

    `case_id` is the case it is about, `other_id` the account, `why` a reason, sealed under the key
    of the account; the rest of its history is in `account_link`.
    """

    __tablename__ = "link_note"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    why: Mapped[bytes | None]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("interview_id", "number"),)


class MatchKey(Base):
    """A blind index by which an account finds a child of a case without opening anything."""

    __tablename__ = "match_key"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), primary_key=True)
    index: Mapped[bytes] = mapped_column(primary_key=True, index=True)


class PartedFamily(Base):
    """That a person took a child out of a family it had been put into by mistake."""

    __tablename__ = "parted_family"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

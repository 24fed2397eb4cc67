"""What was asked and what was answered, kept as evidence; accounts that rest on another's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Decision(Base):
    """One answer to one question of consent. Never changed: a later decision stands over it.

    To whom it was put is whose interview it is; `audience` says which wording they were given.
    """

    __tablename__ = "consent_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(String(16))
    yes: Mapped[bool]
    statement_id: Mapped[str] = mapped_column(String(60))
    statement_version: Mapped[int]
    audience: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    how: Mapped[str] = mapped_column(String(16))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    # The judgement by which somebody else decided for them; empty where they decided themselves.
    on_behalf: Mapped[UUID | None] = mapped_column(ForeignKey("consent_judgement.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("interview_id", "number"),)


class AccountPart(Base):
    """An account that was cut out of one about several children.

    It has no decisions of its own: it rests on what was decided for the whole, and on nothing once
    it `ended_at`. `shared_how` and `shared_at`: how and when the family said that what is about
    both children may stand with each; empty where nothing is.
    """

    __tablename__ = "account_part"

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    origin_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    shared_how: Mapped[str | None] = mapped_column(String(16))
    shared_at: Mapped[datetime | None]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

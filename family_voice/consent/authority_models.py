"""Who may decide, and whom nobody may ask: what people who know have said, and who wrote it down.

Rows are never changed but to say that they are over; the newest stands. Names and reasons are
sealed under the child's key.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class OwnWords(Base):
    """An interview in which a child or young person speaks for themselves, and which one it is."""

    __tablename__ = "own_words"

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)


class Judgement(Base):
    """Whether a child or young person can decide this for themselves: for one case, and no other.

    `kind` is `understanding` (under 16) or `capacity` (from then on, where it is doubted).
    """

    __tablename__ = "consent_judgement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    able: Mapped[bool]
    judged_by: Mapped[bytes]
    why: Mapped[bytes]
    decision: Mapped[bytes | None]
    support: Mapped[bytes | None]
    representative: Mapped[bytes | None]
    basis: Mapped[str | None] = mapped_column(String(24))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("case_id", "number"),)


class OwnNo(Base):
    """A child's or young person's own no, which somebody heard; it goes before anybody's yes."""

    __tablename__ = "consent_own_no"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))


class OwnSign(Base):
    """How a child says no without words, as somebody who knows them told us; the newest stands."""

    __tablename__ = "consent_own_sign"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"))
    number: Mapped[int]
    no: Mapped[bytes]
    yes: Mapped[bytes | None]
    told_by: Mapped[bytes]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("child_id", "number"),)


class Approach(Base):
    """Whom a looked-after child's social worker says we may approach about one case."""

    __tablename__ = "consent_approach"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"))
    number: Mapped[int]
    social_worker: Mapped[bytes]
    responsibility: Mapped[str] = mapped_column(String(24))
    people: Mapped[list[str]] = mapped_column(default=list)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("case_id", "number"),)


class NoContact(Base):
    """A court order, or somebody who must not learn of it: whom nobody may ask, until lifted."""

    __tablename__ = "no_contact"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    reason: Mapped[str] = mapped_column(String(16))
    detail: Mapped[bytes]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))

"""A second person's blind coding, what was decided of it, and what a council chose."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class CodingChoice(Base):
    """One time somebody put second coding or suggestions on or off; the newest holds.

    The reason is sealed under a key of the row's own: it is of no family and of no person.
    """

    __tablename__ = "coding_choices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    what: Mapped[str] = mapped_column(String(20))
    is_on: Mapped[bool]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    reason: Mapped[bytes]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class SecondDraw(Base):
    """One draw of the accounts of a round that a second person codes, with its seed.

    A percent of nought is no draw: somebody named the one account of it.
    """

    __tablename__ = "second_draw"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    seed: Mapped[int]
    percent: Mapped[int]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class SecondCoding(Base):
    """An account that was in the pot, whether it was drawn, and who codes it blind.

    `first_upto` is the number of the last command of the first coding when the second was done:
    what the first coder changes once they may see the other's codes is no part of agreement.
    """

    __tablename__ = "second_coding"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), unique=True)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("second_draw.id"))
    drawn: Mapped[bool]
    coder: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    finished_at: Mapped[datetime | None]
    first_upto: Mapped[int | None]


class ConsensusMeeting(Base):
    """A meeting at which people talked about where two coders differed; `present` holds staff."""

    __tablename__ = "consensus_meeting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    held_on: Mapped[date]
    present: Mapped[list[str]]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class ConsensusDecision(Base):
    """What a meeting decided of one code on one answer; why is sealed under the account's key."""

    __tablename__ = "consensus_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("consensus_meeting.id"), index=True)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    prompt: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(60))
    verdict: Mapped[str] = mapped_column(String(8))
    why: Mapped[bytes]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

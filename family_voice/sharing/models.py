"""What has left: numbered copies, frozen releases, and the words that families let us share.

And what people decided about the names in words before they leave.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
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


class Quote(Base):
    """A short anonymised wording of something a family said, and what they said to using it.

    `words` is what was proposed and never changes; `own_words` what the family put instead. They
    leave only once somebody has said that nobody would know who said them: when (`looked_at`) and
    who (`looked_by`).
    """

    __tablename__ = "quote"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    sentences: Mapped[list[str]]
    words: Mapped[bytes]
    own_words: Mapped[bytes | None]
    answer: Mapped[str] = mapped_column(String(16))
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    proposed_at: Mapped[datetime]
    channel: Mapped[str | None] = mapped_column(String(16))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    answered_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Replacement(Base):
    """What somebody decided about a name, or what reads like one, for every account of a case.

    `decision` is `taken` (it never leaves) or `left` (it stands, whatever the rules say); `whose`
    is which group of `deidentifying.Known` a taken name belongs to, or empty. The words are sealed
    under the key of the account in which they were met, and go with it.
    """

    __tablename__ = "replacement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    words: Mapped[bytes]
    decision: Mapped[str] = mapped_column(String(16))
    whose: Mapped[str] = mapped_column(String(16))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

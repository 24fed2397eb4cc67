"""What coders noted beside what families said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class MemoRow(Base):
    """One memo: on an account, an answer, a sentence, or a code on one of these.

    It hangs on what it is about and on no coding command: taking a code off and putting it on again
    loses no memo. Sealed under the interview's key, for a memo says what the words say.
    """

    __tablename__ = "memo"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    prompt: Mapped[str | None] = mapped_column(String(40))
    sentence_id: Mapped[UUID | None] = mapped_column(ForeignKey("sentence.id"))
    code: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[bytes]
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

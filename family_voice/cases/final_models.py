"""The table of rounds whose Level 3 was made final."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Level3Final(Base):
    """That a round's Level 3 was made final, by whom, and where every case stood then.

    `states` maps a case's id to its state. A row whose `opened_at` is set counts no more: somebody
    opened it again. It stays on record.
    """

    __tablename__ = "level_3_final"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    states: Mapped[dict[str, Any]]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    opened_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("round_id", "number"),)

"""What an installation knows about itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base


class Installation(Base):
    """The one row that says whether this database holds made-up families only."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_demo: Mapped[bool]
    made_at: Mapped[datetime]

"""Families, the children in them, and the people who may speak about a child.

Staff accounts are in `accounts`, where Flask-Security's user class lives.
"""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Family(Base):
    """The unit of counting: siblings count once."""

    __tablename__ = "family"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    made_at: Mapped[datetime]


class Child(Base):
    """One child or young person, across rounds. Every identifier is sealed under their own key."""

    __tablename__ = "child"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    reference_index: Mapped[bytes] = mapped_column(unique=True)
    reference: Mapped[bytes]
    first_name: Mapped[bytes]
    last_name: Mapped[bytes]
    date_of_birth: Mapped[bytes]
    school: Mapped[bytes | None]


class Participant(Base):
    """A person who may speak about a child: parent, carer, young person or advocate."""

    __tablename__ = "participant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    relationship: Mapped[str] = mapped_column(String(40))
    audience: Mapped[str] = mapped_column(String(20))
    parental_responsibility: Mapped[bool]
    first_name: Mapped[bytes]
    last_name: Mapped[bytes]
    mobile: Mapped[bytes | None]
    mobile_index: Mapped[bytes | None] = mapped_column(index=True)
    email: Mapped[bytes | None]
    email_index: Mapped[bytes | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(20), default="en")
    access_needs: Mapped[list[str]] = mapped_column(default=list)
    safe_to_contact: Mapped[str] = mapped_column(String(16), default="not_confirmed")
    #: Texts are safe between these times of day, in London; at any hour if there are none.
    safe_from: Mapped[time | None]
    safe_until: Mapped[time | None]
    safe_how: Mapped[bytes | None]
    safe_confirmed_by: Mapped[bytes | None]
    introduced_by: Mapped[bytes | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

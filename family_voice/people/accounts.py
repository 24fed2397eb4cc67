"""Staff accounts: the tables Flask-Security reads and writes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import Boolean, Column, ForeignKey, String, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from family_voice.storage.base import Base, new_id

staff_role = Table(
    "staff_role",
    Base.metadata,
    Column("staff_id", ForeignKey("staff_member.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class StaffRole(Base, RoleMixin):  # type: ignore[misc]
    """A role by name; what it may do stands in `access`."""

    __tablename__ = "role"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class StaffMember(Base, UserMixin):  # type: ignore[misc]
    """Somebody who works with Family Voice, signed in by password and second factor."""

    __tablename__ = "staff_member"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    last_totp_counter: Mapped[int | None]
    roles: Mapped[list[StaffRole]] = relationship(secondary=staff_role, lazy="selectin")

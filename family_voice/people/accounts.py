"""Staff accounts: the tables Flask-Security reads and writes, their passwords and second factor."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from flask_security import AsaList, RoleMixin, UserMixin
from flask_security.totp import Totp
from passlib.context import CryptContext
from passlib.totp import TOTP, TotpMatch
from sqlalchemy import Boolean, Column, ForeignKey, String, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from family_voice.security.keyring import Keyring
from family_voice.storage.base import Base, new_id

ISSUER = "Family Voice"
PASSWORD_SCHEME = "argon2"  # noqa: S105
AUTHENTICATOR = "authenticator"

PASSWORDS = CryptContext(schemes=[PASSWORD_SCHEME])

staff_role = Table(
    "staff_role",
    Base.metadata,
    Column("staff_id", ForeignKey("staff_member.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class StaffRole(Base, RoleMixin):
    """A role by name; what it may do stands in `access`."""

    __tablename__ = "role"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)  # type: ignore[assignment]
    name: Mapped[str] = mapped_column(String(40), unique=True)


class StaffMember(Base, UserMixin):
    """Somebody who works with Family Voice, signed in by password and second factor.

    `must_change_password` is set while the password is one that somebody else has seen.
    `last_totp_counter` is the last code that was let in; no code up to it is let in again.
    """

    __tablename__ = "staff_member"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str] = mapped_column(String(255))
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    last_totp_counter: Mapped[int | None]
    roles: Mapped[list[StaffRole]] = relationship(  # type: ignore[assignment]
        secondary=staff_role, lazy="selectin"
    )


class StaffTotp(Totp):
    """Codes from an authenticator app (RFC 6238), each let in once.

    Flask-Security remembers no used code by itself; its two hooks for that are filled here.

    Args:
        secrets: keys by version that seal each person's secret in the database.
        issuer: the name that the authenticator app shows.
        clock: gives the present.
    """

    def __init__(self, secrets: dict[int, str], issuer: str, clock: Callable[[], datetime]) -> None:
        super().__init__(secrets, issuer)
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, now=lambda: clock().timestamp())

    def get_last_counter(self, user: UserMixin) -> int | None:
        return user.last_totp_counter if isinstance(user, StaffMember) else None

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        if isinstance(user, StaffMember):
            user.last_totp_counter = tmatch.counter

    def sealed(self, secret: str) -> str:
        """A secret (base 32) that was made elsewhere, as it is stored."""
        return str(self._totp(secret).to_json(encrypt=True))


def totp_secrets(keyring: Keyring) -> dict[int, str]:
    """The keys that seal second-factor secrets, worked out from the master keys."""
    return {
        version: base64.b64encode(keyring.derive(version, "totp")).decode()
        for version in keyring.versions
    }


def hash_password(password: str) -> str:
    """A slow salted hash (Argon2id, RFC 9106) of a password, for storing."""
    return str(PASSWORDS.hash(password))


@lru_cache(maxsize=1)
def unusable_hash() -> str:
    """The hash of nobody's password: checking against it takes as long as against a real one."""
    return hash_password(new_id().hex)


def password_matches(password: str, stored: str) -> bool:
    """Whether this is the password of a stored hash."""
    return bool(PASSWORDS.verify(password, stored))

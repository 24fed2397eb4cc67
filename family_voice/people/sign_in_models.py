"""Tables of signing in: sessions, passkeys, council accounts, and what was spent once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class StaffSession(Base):
    """One browser in which somebody is or was signed in.

    The cookie holds a secret of which only a keyed hash stands here. `how` is `password`, `passkey`
    or `council`; `browser` and `system` are a word each, never the whole user agent.
    """

    __tablename__ = "staff_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    secret: Mapped[bytes] = mapped_column(unique=True)
    how: Mapped[str] = mapped_column(String(16))
    browser: Mapped[str] = mapped_column(String(24))
    system: Mapped[str] = mapped_column(String(24))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey's public half (Web Authentication, W3C): what it signs proves its holder."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CouncilAccount(Base):
    """Whose account with the council's own sign-in is whose here: by tenant and object id alone."""

    __tablename__ = "council_account"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    identity: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A challenge that was answered rightly: the same answer is worth nothing a second time."""

    __tablename__ = "spent_challenge"

    challenge: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)

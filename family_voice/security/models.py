"""Tables of keys, failed attempts and the audit trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class DataKey(Base):
    """One wrapped key: for an interview's words, a person's identifiers, or one concern."""

    __tablename__ = "data_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[UUID] = mapped_column(index=True)
    master_version: Mapped[int]
    wrapped: Mapped[bytes | None]
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]
    # When it was written into the erasure ledger, outside the database.
    ledgered_at: Mapped[datetime | None]


class MasterKey(Base):
    """That a master key was used here. `check` tells it again and gives nothing away."""

    __tablename__ = "master_key"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    check: Mapped[bytes]
    first_used_at: Mapped[datetime]


class FailedAttempt(Base):
    """How often something was tried in a window; the subject is a keyed hash, never the value."""

    __tablename__ = "failed_attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scope: Mapped[str] = mapped_column(String(40))
    subject: Mapped[bytes]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_failed_attempt_lookup", "scope", "subject", "at"),)


class TrailRow(Base):
    """One line of the audit trail. Field names, never values; never changed, never deleted."""

    __tablename__ = "trail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(40))
    resource: Mapped[str] = mapped_column(String(40))
    resource_id: Mapped[UUID | None] = mapped_column(index=True)
    fields: Mapped[list[str]]
    key_version: Mapped[int]
    mac: Mapped[bytes]
    # Filled by the worker, which alone chains what has been committed.
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    chain: Mapped[bytes | None]
    chain_version: Mapped[int | None]

"""Sealing free text and identifiers: AES-256-GCM under one key an interview, person or concern.

Sealing is explicit, not a column type: a column type would not know its row, and the row is part
of what is authenticated, so that a sealed value moved elsewhere does not open.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.security.keyring import Keyring, keyring_of
from family_voice.security.models import DataKey
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock, until_it_ends

FORMAT = b"\x01"
NONCE = 12


class KeyKind(StrEnum):
    """What a data key protects."""

    INTERVIEW = "interview"
    PERSON = "person"
    SAFEGUARDING = "safeguarding"
    HOLD = "hold"
    STAFF = "staff"
    CASELOAD = "caseload"
    CHOICE = "choice"
    CODEBOOK = "codebook"
    MODEL = "model"
    EXCHANGE = "exchange"


class Erased(Exception):
    """The key was destroyed; what it sealed can never be read again."""


class BrokenSeal(Exception):
    """The sealed value was changed, or moved to another row, column or key."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands; it opens nowhere else."""

    table: str
    column: str
    row_id: UUID

    @property
    def associated(self) -> bytes:
        return f"{self.table}.{self.column}.{self.row_id}".encode()


def new_key(session: Session, kind: KeyKind, owner_id: UUID, now: datetime) -> UUID:
    """Make and store a wrapped data key.

    Args:
        session: a writing session.
        kind: what it protects.
        owner_id: the interview, person or concern it belongs to.
        now: when.

    Returns:
        The key's id.
    """
    keyring = keyring_of(session)
    key_id, plain = new_id(), secrets.token_bytes(32)
    row = DataKey(
        id=key_id,
        kind=kind.value,
        owner_id=owner_id,
        master_version=keyring.current,
        made_at=now,
    )
    row.wrapped = _wrap(keyring, row, plain)
    session.add(row)
    session.flush()
    _opened(session)[key_id] = plain
    return key_id


def seal(session: Session, key_id: UUID, place: Place, text: str) -> bytes:
    """Seal a text for one place.

    Raises:
        Erased: if the key was destroyed.
    """
    return FORMAT + _encrypt(_plain_key(session, key_id), text.encode(), place.associated)


def unseal(session: Session, key_id: UUID, place: Place, sealed: bytes) -> str:
    """Read a sealed text.

    Raises:
        Erased: if the key was destroyed.
        BrokenSeal: if the value was changed or stands in another place.
    """
    if sealed[:1] != FORMAT:
        raise BrokenSeal(place.table)
    return _decrypt(_plain_key(session, key_id), sealed[1:], place.associated, place.table).decode()


def seal_optional(session: Session, key_id: UUID, place: Place, text: str | None) -> bytes | None:
    """As `seal`, keeping nothing for nothing."""
    return seal(session, key_id, place, text) if text else None


def unseal_optional(session: Session, key_id: UUID, place: Place, sealed: bytes | None) -> str:
    """As `unseal`, giving an empty text for nothing."""
    return unseal(session, key_id, place, sealed) if sealed else ""


def open_keys(session: Session, key_ids: Iterable[UUID]) -> None:
    """Fetch many data keys in one query, so that what follows needs none; erased ones stay shut."""
    missing = set(key_ids) - _opened(session).keys()
    for row in session.scalars(select(DataKey).where(DataKey.id.in_(missing))) if missing else ():
        if row.wrapped is not None:
            _opened(session)[row.id] = _unwrap(keyring_of(session), row, row.wrapped)


def key_of(session: Session, kind: KeyKind, owner_id: UUID) -> UUID | None:
    """Which data key belongs to an owner, if one does; it is opened, unless it was destroyed."""
    known = until_it_ends(session)
    if (kind, owner_id) not in known:
        found = select(DataKey).where(DataKey.owner_id == owner_id, DataKey.kind == kind.value)
        row = session.scalar(found)
        if row is None:
            return None
        if row.wrapped is not None and row.id not in _opened(session):
            _opened(session)[row.id] = _unwrap(keyring_of(session), row, row.wrapped)
        until_it_ends(session)[kind, owner_id] = row.id
    return cast(UUID, until_it_ends(session)[kind, owner_id])


def destroy_key(session: Session, key_id: UUID, now: datetime) -> None:
    """Destroy a data key: everything it sealed is erased."""
    row = lock(session, DataKey, key_id)
    row.wrapped = None
    row.destroyed_at = row.destroyed_at or now
    _opened(session).pop(key_id, None)
    session.flush()


def rewrap(session: Session, row: DataKey) -> None:
    """Wrap a data key under the newest master key; what it seals stays as it is.

    Args:
        session: a writing session that holds the row.
        row: a key that is not destroyed.

    Raises:
        BrokenSeal: if it does not open under the master key that it names.
        MasterMissing: if that master key was not given.
    """
    if row.wrapped is not None:
        keyring = keyring_of(session)
        plain = _unwrap(keyring, row, row.wrapped)
        row.master_version = keyring.current
        row.wrapped = _wrap(keyring, row, plain)
        session.flush()


def _wrap(keyring: Keyring, row: DataKey, plain: bytes) -> bytes:
    return _encrypt(keyring.derive(row.master_version, "wrap"), plain, _wrapped_at(row))


def _unwrap(keyring: Keyring, row: DataKey, wrapped: bytes) -> bytes:
    wrapping = keyring.derive(row.master_version, "wrap")
    return _decrypt(wrapping, wrapped, _wrapped_at(row), "data_key")


def _wrapped_at(row: DataKey) -> bytes:
    """A wrapped key opens in its own row, for its own kind and under its own version only."""
    return f"data_key.wrapped.{row.id}.{row.kind}.{row.master_version}".encode()


def _plain_key(session: Session, key_id: UUID) -> bytes:
    opened = _opened(session)
    if key_id not in opened:
        row = fetch(session, DataKey, key_id)
        if row.wrapped is None:
            raise Erased(row.kind)
        opened[key_id] = _unwrap(keyring_of(session), row, row.wrapped)
    return opened[key_id]


def _opened(session: Session) -> dict[UUID, bytes]:
    opened: dict[UUID, bytes] = session.info.setdefault("opened_keys", {})
    return opened


def _encrypt(key: bytes, plain: bytes, associated: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, associated)


def _decrypt(key: bytes, sealed: bytes, associated: bytes, table: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], associated)
    except (InvalidTag, ValueError) as broken:
        raise BrokenSeal(table) from broken

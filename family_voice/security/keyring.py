"""The master keys, and the separate keys worked out from them for each use."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session


class MasterMissing(KeyError):
    """A master key that something here was sealed with is not among those that were given."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version

    def __str__(self) -> str:
        return f"Master key {self.version} is needed and is not in FAMILY_VOICE_MASTER_KEYS."


class Keyring:
    """Versioned master keys held in memory for the life of a process.

    Args:
        master_keys: 32 bytes a version; the highest version wraps new data keys.
    """

    def __init__(self, master_keys: Mapping[int, bytes]) -> None:
        if not master_keys:
            raise ValueError("A keyring needs at least one master key.")
        self._masters = dict(master_keys)
        self._derived: dict[tuple[int, str], bytes] = {}

    @property
    def versions(self) -> tuple[int, ...]:
        """Every version there is a key for, oldest first."""
        return tuple(sorted(self._masters))

    @property
    def current(self) -> int:
        """The version that wraps new keys."""
        return max(self._masters)

    @property
    def first(self) -> int:
        """The version that blind indexes and tokens stay with, so that they can still be found."""
        return min(self._masters)

    def derive(self, version: int, use: str) -> bytes:
        """The 32-byte key of one master version for one use (HKDF, RFC 5869).

        Raises:
            MasterMissing: if that version is not among the master keys.
        """
        found = self._derived.get((version, use))
        if found is None:
            if version not in self._masters:
                raise MasterMissing(version)
            found = HKDF(SHA256(), 32, salt=None, info=f"family-voice/{use}".encode()).derive(
                self._masters[version]
            )
            self._derived[(version, use)] = found
        return found

    def mac(self, use: str, value: bytes, version: int | None = None) -> bytes:
        """A keyed hash (HMAC-SHA256) of a value for one use."""
        key = self.derive(self.first if version is None else version, use)
        return hmac.new(key, value, sha256).digest()


def keyring_of(session: Session) -> Keyring:
    """The keyring that rides along with a session.

    Raises:
        LookupError: if the session was made without one.
    """
    keyring = session.info.get("keyring")
    if not isinstance(keyring, Keyring):
        raise LookupError("This session was made without a keyring.")
    return keyring

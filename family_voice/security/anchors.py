"""The anchors of the audit trail: its head, written down outside the database.

A file of lines that is only ever added to. Each line says how far the chain had come and what its
last link was, and carries an HMAC over itself and the line before, so that a line that is edited,
taken out or moved shows. Without it a trail whose last rows were cut off would look whole.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from family_voice.security.keyring import Keyring

FILE: Final = "trail-anchors.jsonl"
USE: Final = "trail anchor"
#: Enough to hold the last whole line and one torn by a crash.
LONGEST_TAIL: Final = 4096


class Kind(StrEnum):
    """Why a line was written."""

    HEAD = "head"
    #: The database was brought back from a backup: the chain goes on from an earlier head.
    RESTORED = "restored"


class NotAnAnchor(Exception):
    """A line of the file is not one that was written here."""


@dataclass(frozen=True)
class Anchor:
    """One line: how far the chain had come at a moment."""

    kind: Kind
    position: int
    chain: bytes
    at: datetime
    key_version: int
    mac: bytes

    @property
    def told(self) -> dict[str, str | int]:
        """What its HMAC covers, besides the HMAC of the line before."""
        return {
            "kind": self.kind.value,
            "position": self.position,
            "chain": self.chain.hex(),
            "at": self.at.isoformat(),
            "key_version": self.key_version,
        }

    @property
    def line(self) -> bytes:
        """The line as it stands in the file."""
        return json.dumps({**self.told, "mac": self.mac.hex()}).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Anchor:
        """Read a line.

        Raises:
            NotAnAnchor: if it is anything else, or written in any other way.
        """
        try:
            it = json.loads(line)
            anchor = cls(
                Kind(it["kind"]), int(it["position"]), bytes.fromhex(it["chain"]),
                datetime.fromisoformat(it["at"]), int(it["key_version"]), bytes.fromhex(it["mac"]),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError) as problem:
            raise NotAnAnchor from problem
        if anchor.line != line:
            raise NotAnAnchor
        return anchor

    def holds(self, keyring: Keyring, before: bytes) -> bool:
        """Whether it is as it was written, after a line with this HMAC.

        Raises:
            KeyError: if its master key is not at hand.
        """
        return hmac.compare_digest(self.mac, _mac(keyring, self.key_version, self.told, before))


def _mac(keyring: Keyring, version: int, told: dict[str, str | int], before: bytes) -> bytes:
    return keyring.mac(USE, before + json.dumps(told, sort_keys=True).encode(), version)


class Book:
    """The file of anchors, held by one process."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def lines(self) -> list[bytes]:
        """Every line that was written to its end; one cut short by a crash was never there."""
        self._file.seek(0)
        return [line for line in self._file if line.endswith(b"\n")]

    def last(self) -> Anchor | None:
        """The newest line, if there is any.

        Raises:
            NotAnAnchor: if something else stands there.
        """
        line, _end = self._tail()
        return Anchor.read(line) if line else None

    def add(
        self, keyring: Keyring, kind: Kind, position: int, chain: bytes, now: datetime
    ) -> Anchor:
        """Write one more line, and have it on the disk before going on."""
        line, end = self._tail()
        try:
            before = Anchor.read(line).mac if line else b""
        except NotAnAnchor:
            before = b""  # the broken line stays where it is, and is found
        blank = Anchor(kind, position, chain, now, keyring.current, b"")
        anchor = replace(blank, mac=_mac(keyring, keyring.current, blank.told, before))
        self._file.truncate(end)
        self._file.write(anchor.line)  # opened to add: it goes to the end
        self._file.flush()
        os.fsync(self._file.fileno())
        return anchor

    def _tail(self) -> tuple[bytes, int]:
        """The last whole line, and where it ends."""
        size = self._file.seek(0, os.SEEK_END)
        start = self._file.seek(max(0, size - LONGEST_TAIL))
        whole, newline, _torn = self._file.read().rpartition(b"\n")
        if not newline:
            return b"", 0
        return whole.rpartition(b"\n")[2] + b"\n", start + len(whole) + 1


@contextmanager
def held(folder: Path, *, wait: bool) -> Iterator[Book | None]:
    """Hold the file, so that nobody else writes an anchor meanwhile.

    Args:
        folder: where the evidence lies; made (0700) if it is missing.
        wait: whether to wait for another process that holds it.

    Yields:
        The file, or None if another process holds it and was not waited for.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(folder / FILE, "a+b") as file:
        os.chmod(file.fileno(), 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
            return
        yield Book(file)


def newest(folder: Path) -> Anchor | None:
    """The last line, unchecked, without holding the file; None if there is none to be read."""
    try:
        with open(folder / FILE, "rb") as file:
            return Book(file).last()
    except (FileNotFoundError, NotAnAnchor):
        return None

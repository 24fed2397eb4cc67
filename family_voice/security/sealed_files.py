"""A sealed file: compressed, then AES-256-GCM in pieces, so that any size streams.

The first line is readable and says what the file is; it is authenticated with every piece. Each
piece carries its number and whether it is the last, so none can be changed, moved, left out or
cut off (the STREAM construction, Hoang and others 2015).
"""

from __future__ import annotations

import json
import os
import re
import secrets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from family_voice.security.keyring import Keyring

USE = "backup"
PIECE = 1024 * 1024
TAG = 16
LONGEST_HEADER = 4096
UNFINISHED = ".unfinished"


class BrokenFile(Exception):
    """A sealed file was changed or cut, or is not one. The message names the file only."""


class Writer:
    """Lines go in, sealed pieces come out. Use `sealing`."""

    def __init__(self, file: BinaryIO, key: bytes, header: bytes) -> None:
        self._file, self._header, self._number = file, header, 0
        self._cipher = AESGCM(key)
        self._packing = zlib.compressobj(6)
        self._waiting = bytearray()

    def write(self, line: bytes) -> None:
        """Add one line, which must not hold a line break."""
        self._waiting += self._packing.compress(line + b"\n")
        while len(self._waiting) > PIECE:
            self._piece(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def end(self) -> None:
        """Write what is left, marked as the last piece."""
        self._waiting += self._packing.flush()
        while len(self._waiting) > PIECE:
            self._piece(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        self._piece(bytes(self._waiting), last=True)

    def _piece(self, text: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), text, self._header))
        self._number += 1


@contextmanager
def sealing(path: Path, keyring: Keyring, said: Mapping[str, Any]) -> Iterator[Writer]:
    """Write a sealed file; it has its name only once it is whole and on the disk.

    Args:
        path: where; nothing may be there.
        keyring: its newest master key seals the file.
        said: what stands readable in the first line.
    """
    salt = secrets.token_bytes(16)
    header = _header({**said, "version": keyring.current, "salt": salt.hex()})
    with finishing(path) as file:
        file.write(header)
        writer = Writer(file, _key(keyring, keyring.current, salt), header)
        yield writer
        writer.end()


@contextmanager
def finishing(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only once it is whole and on the disk, and goes if it fails."""
    unfinished = path.with_name(f"{path.name}{UNFINISHED}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(unfinished, flags, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        keep_names(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def header_of(path: Path) -> dict[str, Any]:
    """What a sealed file says of itself, unproved until it is opened.

    Raises:
        BrokenFile: if it is not a sealed file.
    """
    with path.open("rb") as file:
        return _said(file, path)[1]


def opened(path: Path, keyring: Keyring) -> Iterator[bytes]:
    """The lines of a sealed file.

    Raises:
        BrokenFile: as soon as a piece is reached that was changed, moved or cut off.
        MasterMissing: if the master key that sealed it was not given.
    """
    with path.open("rb") as file:
        header, said = _said(file, path)
        key = _key(keyring, said["version"], bytes.fromhex(said["salt"]))
        cipher, unpacking, rest = AESGCM(key), zlib.decompressobj(), b""
        for number, (piece, last) in enumerate(_pieces(file)):
            try:
                text = cipher.decrypt(_nonce(number, last), piece, header)
            except (InvalidTag, ValueError) as broken:
                raise BrokenFile(path.name) from broken
            *lines, rest = (rest + unpacking.decompress(text)).split(b"\n")
            yield from lines
        if rest:
            raise BrokenFile(path.name)


def hash_of(path: Path) -> str:
    """A file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        found = sha256()
        while block := file.read(PIECE):
            found.update(block)
    return found.hexdigest()


def keep_names(folder: Path) -> None:
    """See that a folder's names are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pieces(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    piece = file.read(PIECE + TAG)
    while True:
        following = file.read(PIECE + TAG)
        yield piece, not following
        if not following:
            return
        piece = following


def _said(file: BinaryIO, path: Path) -> tuple[bytes, dict[str, Any]]:
    header = file.readline(LONGEST_HEADER)
    try:
        said = json.loads(header)
    except ValueError as broken:
        raise BrokenFile(path.name) from broken
    if (
        not isinstance(said, dict)
        or header != _header(said)
        or not isinstance(said.get("version"), int)
        or not re.fullmatch("[0-9a-f]{32}", str(said.get("salt")))
    ):
        raise BrokenFile(path.name)
    return header, said


def _header(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True).encode() + b"\n"


def _key(keyring: Keyring, version: int, salt: bytes) -> bytes:
    master = keyring.derive(version, USE)
    return HKDF(SHA256(), 32, salt=salt, info=b"family-voice/backup-file").derive(master)


def _nonce(number: int, last: bool) -> bytes:
    return bytes(7) + number.to_bytes(4, "big") + bytes([last])

"""The erasure ledger: which keys were destroyed, written down outside the database.

A backup holds keys that were destroyed after it was made. The ledger outlives the database, so
that restoring can destroy them again. Each line carries an HMAC over itself and the line before:
a line changed, moved or taken out from between breaks every reading. It names keys, not people.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.security.keyring import Keyring, keyring_of
from family_voice.security.models import DataKey

FILE = "erasures.jsonl"
USE = "erasures"
#: How many are asked about in one statement.
BATCH = 500
NOT_YET = (DataKey.destroyed_at.is_not(None), DataKey.ledgered_at.is_(None))


class LedgerBroken(Exception):
    """A line of the ledger was changed, moved or taken out; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"Line {line} of {FILE} does not follow from the line before it.")
        self.line = line


@dataclass(frozen=True)
class Erasure:
    """One destroyed key. `mac` is what the next line builds on."""

    key_id: UUID
    kind: str
    destroyed_at: datetime
    version: int
    mac: str


def anything_to_write(session: Session) -> bool:
    """Whether a destroyed key is not in the ledger yet; asked before a write is begun."""
    return session.scalar(select(DataKey.id).where(*NOT_YET).limit(1)) is not None


def write_down(session: Session, folder: Path, now: datetime) -> int:
    """Append every destroyed key that is not in the ledger yet, and mark it.

    The file and its folder are on the disk before this returns. Killed at any moment, the next
    call finds the keys unmarked, sees which lines are there, and adds only what is missing.

    Args:
        session: a writing session of its own; the caller commits.
        folder: the evidence folder; made if it is missing.
        now: when.

    Returns:
        How many keys were marked.

    Raises:
        LedgerBroken: if what is there already does not hold together; nothing is added.
        OSError: if the file cannot be written; nothing is marked.
    """
    rows = session.scalars(
        select(DataKey)
        .where(*NOT_YET)
        # One order for every writer, so that two of them wait for each other and never in a ring.
        .order_by(DataKey.id)
        .with_for_update()
    ).all()
    if not rows:
        return 0
    keyring = keyring_of(session)
    with _held(folder) as ledger:
        written = _entries(_whole_lines(ledger), keyring)
        there = {each.key_id for each in written}
        before = written[-1].mac if written else ""
        lines = []
        for row in rows:
            if row.id not in there and row.destroyed_at is not None:
                lines.append(_line(keyring, before, row.id, row.kind, row.destroyed_at))
                before = json.loads(lines[-1])["mac"]
        if lines:
            _append(ledger, "".join(f"{line}\n" for line in lines).encode())
    for row in rows:
        row.ledgered_at = now
    session.flush()
    return len(rows)


def read(folder: Path, keyring: Keyring) -> list[Erasure]:
    """Everything in the ledger, oldest first, once it is sure that it holds together.

    A last line that a crash left without its end is left out: it was never acknowledged, and the
    next writer replaces it.

    Raises:
        LedgerBroken: if a line was changed, moved or taken out from between, or needs a master
            key that is not there.
    """
    try:
        text = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return []
    return _entries(text[: text.rfind(b"\n") + 1], keyring)


def missing(session: Session, written: Sequence[Erasure]) -> list[UUID]:
    """Keys that the database knows to be in the ledger and that are not: its tail was cut.

    Args:
        session: a reading session.
        written: what `read` gave.
    """
    there = {each.key_id for each in written}
    marked = session.scalars(select(DataKey.id).where(DataKey.ledgered_at.is_not(None)))
    return sorted(key_id for key_id in marked if key_id not in there)


def replay(session: Session, written: Sequence[Erasure], now: datetime) -> list[UUID]:
    """Destroy again what a restored database still has the key of.

    Args:
        session: a writing session; the caller commits.
        written: what `read` gave.
        now: when, for the mark that the key is in the ledger.

    Returns:
        The keys that were destroyed again.
    """
    again: list[UUID] = []
    when = {each.key_id: each.destroyed_at for each in written}
    ids = sorted(when)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        for row in session.scalars(
            select(DataKey).where(DataKey.id.in_(some)).order_by(DataKey.id).with_for_update()
        ):
            if row.wrapped is not None:
                again.append(row.id)
            row.wrapped = None
            row.destroyed_at = row.destroyed_at or when[row.id]
            row.ledgered_at = row.ledgered_at or now
        session.flush()
    session.info.pop("opened_keys", None)
    return again


def _line(keyring: Keyring, before: str, key_id: UUID, kind: str, destroyed_at: datetime) -> str:
    said: dict[str, object] = {
        "key": str(key_id),
        "kind": kind,
        "destroyed_at": destroyed_at.isoformat(),
        "version": keyring.current,
    }
    return json.dumps({**said, "mac": _mac(keyring, before, said, keyring.current)})


def _mac(keyring: Keyring, before: str, said: dict[str, object], version: int) -> str:
    return keyring.mac(USE, json.dumps([before, said], sort_keys=True).encode(), version).hex()


def _entries(text: bytes, keyring: Keyring) -> list[Erasure]:
    found: list[Erasure] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            said = json.loads(line)
            mac = said.pop("mac")
            before = found[-1].mac if found else ""
            if not hmac.compare_digest(mac, _mac(keyring, before, said, said["version"])):
                raise LedgerBroken(number)
            found.append(
                Erasure(
                    UUID(said["key"]),
                    said["kind"],
                    datetime.fromisoformat(said["destroyed_at"]),
                    said["version"],
                    mac,
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError) as broken:
            raise LedgerBroken(number) from broken
    return found


@contextmanager
def _held(folder: Path) -> Iterator[int]:
    """The ledger's file, held against every other writer on this machine."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ledger = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(ledger, fcntl.LOCK_EX)
        yield ledger
        _keep_name(folder)
    finally:
        os.close(ledger)


def _whole_lines(ledger: int) -> bytes:
    """What the file holds, up to its last whole line; anything after that is cut off."""
    with os.fdopen(os.dup(ledger), "rb") as reading:
        reading.seek(0)
        text = reading.read()
    whole = text[: text.rfind(b"\n") + 1]
    if len(whole) < len(text):
        os.ftruncate(ledger, len(whole))
    return whole


def _append(ledger: int, text: bytes) -> None:
    end = os.lseek(ledger, 0, os.SEEK_END)
    try:
        while text:
            text = text[os.write(ledger, text) :]
        os.fsync(ledger)
    except OSError:
        # A full disk: leave the file as it was found.
        os.ftruncate(ledger, end)
        raise


def _keep_name(folder: Path) -> None:
    """A new file is only there after a crash if its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Proving that nothing is left of what was taken back: a search of every place it could be.

Every table is searched, row by row and column by column: a new table that comes to hold something
of an interview is found without anybody remembering to add it here. What may name an interview
that was taken back (that it was asked, decided, and taken back) is listed, with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, LargeBinary, String, Table, select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Event
from family_voice.operations import manifests
from family_voice.operations.models import Withdrawal
from family_voice.operations.tables import METADATA
from family_voice.security.keyring import keyring_of
from family_voice.security.models import DataKey
from family_voice.security.sealed_files import BrokenFile
from family_voice.sharing.copies import still_there

#: Where an interview that was taken back may still be named, and why.
MAY_NAME: Final = {
    "interview": "that they were asked, so that nobody asks again",
    "interview_event": "the log: ids and decisions, no words",
    "consent_decision": "what they decided",
    "withdrawal": "the receipt",
    "trail": "who saw and did what",
    "data_key": "which key was destroyed",
    "outbound_message": "that a text went, without whom or what",
    "inbound_message": "that a text came, without whom or what",
    "account_link": "which case they were invited for",
    "concern": "a child's safety, under a key of its own",
    "legal_hold": "for the data protection officer alone",
    "own_words": "who decides",
    "account_part": "that one account was cut out of another",
}
#: Of these, what may hold bytes: their own key seals it, or it is random by now.
MAY_HOLD: Final = {
    "concern": {"words", "about", "quoted", "found", "reason"},
    "legal_hold": {"reason"},
    "outbound_message": {"phone_index"},
    "inbound_message": {"phone_index"},
    "trail": {"mac", "chain"},
    # Random bytes by now, which find nobody.
    "child": {"reference_index"},
}
#: Files that may name destroyed keys: that is what the ledger is for.
LEDGERS: Final = frozenset({"erasures.jsonl", "trail-anchors.jsonl"})
#: The demo's copy of how it began (`demo.pristine`): made-up families, and none of a real one.
DEMOS_BEGINNING: Final = "-pristine-"
#: So much of a file is looked at in one piece.
PIECE: Final = 16 * 1024 * 1024
#: An id in a text, with or without its dashes.
LONGEST_ID: Final = 36
AN_ID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


@dataclass(frozen=True)
class Residue:
    """Something that is left: where, and what to do about it."""

    where: str
    what: str


@dataclass(frozen=True)
class Searched:
    """How much was searched, and what was found."""

    withdrawals: int
    keys: int
    tables: int
    rows: int
    files: int
    backups: int
    found: tuple[Residue, ...]
    waiting: tuple[str, ...]


def search(
    session: Session,
    *,
    files: Collection[Path] = (),
    backups: Collection[Path] = (),
    now: datetime,
) -> Searched:
    """Search everything there is for what was taken back or erased.

    Args:
        session: a reading session.
        files: folders whose files are searched: the instance's, the evidence.
        backups: folders with backups and copies of key tables.
        now: the present.

    Returns:
        What was searched and found. `waiting` says what will go by itself and when.
    """
    done = session.scalars(select(Withdrawal).order_by(Withdrawal.at)).all()
    gone = [row for row in done if "talk" in row.purposes and row.finished_at is not None]
    ids = {row.interview_id for row in gone}
    fragments = _fragments(session, ids)
    keys = {row.id: row for row in session.scalars(select(DataKey).where(_destroyed()))}
    found: list[Residue] = [
        Residue(f"data_key {row.id}", "The key of an erased account still opens it.")
        for row in session.scalars(
            select(DataKey).where(
                DataKey.owner_id.in_(ids),
                DataKey.kind == "interview",
                DataKey.wrapped.is_not(None),
            )
        )
    ]
    rows = 0
    for table in METADATA.sorted_tables:
        for each in session.execute(select(table).execution_options(yield_per=1000)).mappings():
            rows += 1
            found += _in_row(table, dict(each), ids, fragments, keys.keys())
    texts = _spellings(ids | fragments)
    looked = 0
    for path in _all_files(files, _own_files(session)):
        looked += 1
        try:
            if _names_any(path, texts):
                found.append(Residue(str(path), "This file names an erased account. Delete it."))
        except OSError:
            found.append(Residue(str(path), "This file could not be read. Look into it yourself."))
    for row in done:
        for copy in still_there(session, row.copies):
            found.append(
                Residue(
                    f"printed copy {copy.number}",
                    "It was to be destroyed and nobody has said that it is. Ask who holds it.",
                )
            )
    number, left, waiting = _backups(session, backups, keys, now)
    return Searched(
        withdrawals=len(done),
        keys=len(keys),
        tables=len(METADATA.sorted_tables),
        rows=rows,
        files=looked,
        backups=number,
        found=tuple(found + left),
        waiting=tuple(waiting),
    )


def _in_row(
    table: Table,
    row: dict[str, Any],
    ids: Collection[UUID],
    fragments: Collection[UUID],
    destroyed: Collection[UUID],
) -> Iterator[Residue]:
    """What one row holds that should be gone."""
    names = _names(table, row, ids) or _names(table, row, fragments)
    where = f"{table.name} {row.get('id', row.get('interview_id', ''))}"
    if names and table.name not in MAY_NAME:
        yield Residue(where, f"{names} names an erased account.")
    if names and table.name == "account_link" and row["how"] != "invitation":
        yield Residue(where, "A link that somebody made to an erased account.")
    about_erased = bool(names) or row.get("key_id") in destroyed
    if about_erased and table.name != "data_key":
        for name in _bytes_of(table):
            if row[name]:
                yield Residue(where, f"{name} still holds something sealed.")
    if table.name == "data_key" and row["destroyed_at"] is not None and row["wrapped"]:
        yield Residue(where, "The key is said to be destroyed and is there.")


def _bytes_of(table: Table) -> list[str]:
    """The columns of a table in which something sealed could still lie."""
    allowed = MAY_HOLD.get(table.name, ())
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name not in allowed
    ]


def _names(table: Table, row: dict[str, Any], ids: Collection[UUID]) -> str:
    """The column in which a row names one of these, or nothing."""
    for column in table.columns:
        value = row[column.name]
        if isinstance(value, UUID) and value in ids:
            return column.name
        if value and isinstance(column.type, JSON | String):
            text = value if isinstance(value, str) else json.dumps(value)
            if any(UUID(each) in ids for each in AN_ID.findall(text)):
                return column.name
    return ""


def _fragments(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """The ids that pieces of erased accounts had: the log knows them."""
    found: set[UUID] = set()
    for row in session.scalars(select(Event).where(Event.interview_id.in_(list(ids)))):
        for name in ("fragment_id", "new"):
            value = row.detail.get(name)
            if isinstance(value, str):
                found.add(UUID(value))
    return found


def _backups(
    session: Session, folders: Collection[Path], keys: dict[UUID, DataKey], now: datetime
) -> tuple[int, list[Residue], list[str]]:
    """Copies of the key table that still hold a key that was destroyed since."""
    found: list[Residue] = []
    waiting: list[str] = []
    number = 0
    for folder in folders:
        for path in manifests.paths(folder):
            number += 1
            try:
                manifest = manifests.read(path, keyring_of(session))
            except BrokenFile:
                found.append(Residue(str(path), "This backup's manifest was changed."))
                continue
            copies = [each / manifest.keys_file.name for each in folders]
            there = [each for each in copies if each.is_file()]
            held = sum(manifest.holds_key(row.made_at, row.destroyed_at) for row in keys.values())
            if not there or not held:
                continue
            if manifest.keys_until <= now:
                found.append(
                    Residue(str(there[0]), f"It holds {held} erased keys and is over. Delete it.")
                )
            else:
                until = manifest.keys_until.date()
                waiting.append(f"{there[0].name} holds {held} erased keys until {until}.")
    return number, found, waiting


def _own_files(session: Session) -> set[Path]:
    """The database itself, which is searched as tables. A copy of it is a file like any other."""
    name = session.get_bind().engine.url.database
    if session.get_bind().dialect.name != "sqlite" or not name:
        return set()
    return {Path(f"{name}{ending}").resolve() for ending in ("", "-wal", "-shm", "-journal")}


def _all_files(folders: Iterable[Path], own: Collection[Path]) -> Iterator[Path]:
    seen = set(own)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            plain = path.resolve()
            if plain in seen or not path.is_file() or path.name in LEDGERS:
                continue
            if DEMOS_BEGINNING in path.name:
                continue
            seen.add(plain)
            yield path


def _names_any(path: Path, texts: Collection[bytes]) -> bool:
    if not texts:
        return False
    before = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if any(text in before + piece for text in texts):
                return True
            # An id may stand across the end of a piece.
            before = piece[-LONGEST_ID:]
    return False


def _spellings(ids: Collection[UUID]) -> list[bytes]:
    """How an id may be written in a file."""
    return [text for each in ids for text in (str(each).encode(), each.hex.encode(), each.bytes)]


def _destroyed() -> Any:
    return DataKey.destroyed_at.is_not(None)

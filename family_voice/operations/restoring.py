"""Bringing a backup back into an empty database, and proving that it came back whole.

The tables, the comparison with the manifest, and the destroying of every key that was destroyed
since are one commit: there is no moment at which an erased word can be read. Until all is done the
database is marked, and no command but this one works with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.orm import Session

from family_voice.messages.after_restoring import stop_what_waits
from family_voice.operations import forgetting_again, installation, manifests, migrations
from family_voice.operations.backup import KEY_TABLE
from family_voice.operations.manifests import Manifest
from family_voice.operations.models import Restoring
from family_voice.operations.rows import Shape, Sum
from family_voice.security import chaining, erasures
from family_voice.security.chaining import Verdict
from family_voice.security.erasures import Erasure
from family_voice.security.keyring import Keyring
from family_voice.security.models import DataKey
from family_voice.security.sealed_files import BrokenFile, hash_of, header_of, opened
from family_voice.security.trail import OPERATOR, record
from family_voice.storage.base import new_id

Tell = Callable[[str], None]
#: Doing it twice is harmless; missing one is not.
LONGEST_COMMIT = timedelta(minutes=5)


class CannotRestore(Exception):
    """It was not begun, or was undone; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Report:
    """What the drill showed."""

    backup_made_at: datetime
    keys_made_at: datetime
    seconds: float
    tables: int
    rows: int
    ledger: int
    replayed: int
    cleared: int
    unsent: int
    trail: Verdict


def unfinished(session: Session) -> bool:
    """Whether a restoring was begun in this database and did not come to its end."""
    found = select(Restoring.id).where(Restoring.finished_at.is_(None)).limit(1)
    return session.scalar(found) is not None


def restore(
    engine: Engine,
    keyring: Keyring,
    manifest_path: Path,
    keys_path: Path,
    evidence: Path,
    now: datetime,
    tell: Tell,
    *,
    drill: bool = False,
) -> Report:
    """Bring a backup back.

    Args:
        engine: an empty database, of either kind; tables are made if there are none.
        keyring: with the master keys of the backup.
        manifest_path: the backup's manifest; its tables lie beside it.
        keys_path: its copy of the key table, or a newer backup's: what was erased between is then
            missing from the start.
        evidence: the folder with the newest erasure ledger, and the trail's anchors.
        now: when.
        tell: told what is done.
        drill: only try it: the database stays marked, so that nothing can be served from it. Give
            a copy of the evidence folder, since the real one gets a line for each restoring.

    Returns:
        The report.

    Raises:
        CannotRestore: the database is as empty as it was.
    """
    began = time.monotonic()
    manifest = _manifest(manifest_path, keyring)
    tables_path = manifest_path.parent / manifest.tables_file.name
    keys_made_at = _checked(manifest, tables_path, keys_path)
    tell("The backup is whole.")
    ledger = _ledger(evidence, keyring)
    _insist_empty(engine, manifest.revision)
    restoring_id = new_id()
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            rows = _loaded(connection, keys_path, keyring, tell)
            rows |= _loaded(connection, tables_path, keyring, tell)
            _compare(connection, manifest, rows)
            tell("Every table holds what was backed up.")
            with Session(connection, info={"keyring": keyring}) as session:
                session.add(
                    Restoring(id=restoring_id, began_at=now, backup_made_at=manifest.made_at)
                )
                again = erasures.replay(session, ledger, now)
                cut = erasures.missing(session, ledger)
                if cut:
                    raise CannotRestore(
                        f"The erasure ledger lacks {len(cut)} erasures that the backup knows of. "
                        f"Bring its newest copy to the evidence folder and restore again."
                    )
                session.flush()
    except BrokenFile as problem:
        raise _broken(problem) from problem
    tell(f"{len(again)} of {len(ledger)} erasures were done again.")
    migrations.upgrade(engine.url.render_as_string(hide_password=False))
    with Session(engine, info={"keyring": keyring}) as session, session.begin():
        cleared = forgetting_again.clear(session, _since(session, manifest, ledger, again), now)
        unsent = stop_what_waits(session)
        record(session, OPERATOR, "restore", "database", restoring_id, now)
    with Session(engine, info={"keyring": keyring}) as session, session.begin():
        chaining.restored(session, evidence, now)
        verdict = chaining.verify(session, evidence)
        if not drill:
            session.get_one(Restoring, restoring_id).finished_at = now
    return Report(
        backup_made_at=manifest.made_at,
        keys_made_at=keys_made_at,
        seconds=time.monotonic() - began,
        tables=len(rows),
        rows=sum(each.sum.rows for each in rows.values()),
        ledger=len(ledger),
        replayed=len(again),
        cleared=cleared,
        unsent=unsent,
        trail=verdict,
    )


def _since(
    session: Session, manifest: Manifest, ledger: list[Erasure], again: list[UUID]
) -> set[UUID]:
    """The keys that were destroyed after the backup's moment, whichever key copy was given.

    A withdrawal that was being committed at that moment bears an earlier time.
    """
    since = manifest.made_at - LONGEST_COMMIT
    later = [each.key_id for each in ledger if each.destroyed_at >= since]
    there = session.scalars(select(DataKey.id).where(DataKey.id.in_(later)))
    return {*again, *there}


def _manifest(path: Path, keyring: Keyring) -> Manifest:
    try:
        return manifests.read(path, keyring)
    except FileNotFoundError:
        raise CannotRestore(f"There is no {path.name} in {path.parent}.") from None
    except BrokenFile as problem:
        raise _broken(problem) from problem


def _checked(manifest: Manifest, tables_path: Path, keys_path: Path) -> datetime:
    """When the key copy was made, once both files are sure to be what they should be."""
    for path in (tables_path, keys_path):
        if not path.is_file():
            raise CannotRestore(f"There is no {path.name} in {path.parent}.")
    if hash_of(tables_path) != manifest.tables_file.sha256:
        raise _broken(tables_path.name)
    own = keys_path.name == manifest.keys_file.name
    if own and hash_of(keys_path) != manifest.keys_file.sha256:
        raise _broken(keys_path.name)
    try:
        said = header_of(keys_path)
        made_at = datetime.fromisoformat(said["made_at"])
        is_keys = said["part"] == "keys"
    except (BrokenFile, KeyError, ValueError, TypeError):
        raise _broken(keys_path.name) from None
    if not is_keys:
        raise CannotRestore(f"{keys_path.name} is not a copy of the key table.")
    if made_at < manifest.made_at:
        raise CannotRestore(
            f"{keys_path.name} is older than the backup, so newer words would stay shut. Give "
            f"{manifest.keys_file.name} or a later one."
        )
    return made_at


def _ledger(evidence: Path, keyring: Keyring) -> list[Erasure]:
    try:
        return erasures.read(evidence, keyring)
    except erasures.LedgerBroken as problem:
        raise CannotRestore(
            f"{problem} Bring the last whole copy of it to the evidence folder and restore again."
        ) from problem


def _insist_empty(engine: Engine, revision: str) -> None:
    """Make the backup's tables in an empty database, and refuse any other."""
    url = engine.url.render_as_string(hide_password=False)
    if inspect(engine).get_table_names():
        if _is_empty(engine, url, revision):
            return
        raise CannotRestore(
            "This database is not empty, so nothing was changed. Set FAMILY_VOICE_DATABASE_URL to "
            "an empty one."
        )
    try:
        migrations.upgrade(url, revision)
    except migrations.NoSuchRevision:
        raise CannotRestore(
            f"The backup is from another version of Family Voice (revision {revision}). Restore "
            "with that version or a newer one."
        ) from None


@dataclass(frozen=True)
class _Loaded:
    shape: Shape
    sum: Sum


def _is_empty(engine: Engine, url: str, revision: str) -> bool:
    """Whether it has the backup's tables, as `db upgrade` makes them, and nothing in them."""
    if not (migrations.is_current(url) and migrations.is_newest(revision)):
        return False
    with Session(engine) as session:
        return installation.is_empty(session)


def _loaded(connection: Connection, path: Path, keyring: Keyring, tell: Tell) -> dict[str, _Loaded]:
    done: dict[str, _Loaded] = {}
    lines = opened(path, keyring)
    line = next(lines, b"{}")
    while (said := json.loads(line)).keys() == {"table", "columns"}:
        shape = Shape(said["table"], tuple((name, kind) for name, kind in said["columns"]))
        rows = _Rows(lines)
        shape.load(connection, rows)
        done[shape.name] = _Loaded(shape, rows.sum)
        tell(f"{shape.name}: {rows.sum.rows} rows")
        line = rows.after
    digests = {name: each.sum.digest for name, each in done.items()}
    # Nothing follows the end; reading on proves that nothing was cut off.
    if said != {"end": digests} or next(lines, None) is not None:
        raise BrokenFile(path.name)
    return done


class _Rows:
    """The rows of one table out of a file's lines; `after` is the line that ended them."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.sum = Sum()
        self.after = b"{}"

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            if not line.startswith(b"["):
                self.after = line
                return
            self.sum.add(line)
            yield line


def _compare(connection: Connection, manifest: Manifest, loaded: dict[str, _Loaded]) -> None:
    """Read back what is in the database now, and compare it with what was backed up."""
    if loaded.keys() != manifest.tables.keys():
        raise CannotRestore(_NOT_TOGETHER)
    for name, each in loaded.items():
        expected = manifest.tables[name]
        # A later backup's key table is another one; its own sums were checked while it was read.
        if name != KEY_TABLE and each.sum != Sum.of(expected.rows, expected.digest):
            raise CannotRestore(_NOT_TOGETHER)
        there = Sum()
        for line in each.shape.lines(connection):
            there.add(line)
        if there != each.sum:
            raise CannotRestore(
                f"The table {name} did not come back as it was backed up, so nothing was changed."
            )


_NOT_TOGETHER = "The backup's files do not belong together. Use another copy of it."


def _broken(what: object) -> CannotRestore:
    return CannotRestore(
        f"{what} was changed or is cut short, so nothing was restored. Use another copy of it."
    )

"""Making a backup: every table as it was at one moment, sealed, with the key table kept apart.

Rows are read through the same code on SQLite and PostgreSQL and written as text, so that a backup
of one can be restored into the other, and neither needs a tool of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from family_voice.operations import manifests
from family_voice.operations.manifests import KEPT, Content, Manifest, SealedFile
from family_voice.operations.rows import Shape, Sum
from family_voice.operations.tables import METADATA
from family_voice.security import sealed_files
from family_voice.security.keyring import Keyring
from family_voice.security.models import DataKey
from family_voice.security.sealed_files import Writer
from family_voice.storage.snapshots import snapshot

Tell = Callable[[str], None]
KEY_TABLE = DataKey.__tablename__
#: Who is signed in, and how a restoring went: nobody should find that again after restoring.
LEFT_OUT = frozenset({"staff_session", "spent_challenge", "restoring"})


class SameFolder(Exception):
    """The key table must not lie beside the tables."""


def take(
    engine: Engine, keyring: Keyring, folder: Path, keys_folder: Path, now: datetime, tell: Tell
) -> Manifest:
    """Back up the whole database while others go on writing.

    The manifest comes before the key copy gets its name: there is never a key copy that no
    manifest names.

    Args:
        engine: the database.
        keyring: its newest master key seals the backup.
        folder: for the tables and the manifest; made if missing.
        keys_folder: for the key table; another folder, made if missing.
        now: when.
        tell: told what is done, a table at a time.

    Returns:
        What was backed up.

    Raises:
        SameFolder: if both folders are one, or one is in the other.
        OSError: if there is no room, or no leave to write.
    """
    one, other = folder.resolve(), keys_folder.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise SameFolder
    for each in (folder, keys_folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = manifests.name_of(now)
    tables_path = folder / f"{name}{manifests.TABLES}"
    keys_path = keys_folder / f"{name}{manifests.KEYS}"
    waiting = keys_path.with_name(f"{keys_path.name}{sealed_files.UNFINISHED}")
    shapes = [
        Shape.of(found)
        for found in METADATA.sorted_tables
        if found.name not in LEFT_OUT | {KEY_TABLE}
    ]
    said = {"made_at": now.isoformat(), "format": 1}
    try:
        with snapshot(engine) as connection:
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            with sealed_files.sealing(tables_path, keyring, {**said, "part": "tables"}) as out:
                tables = _write(connection, shapes, out, tell)
            with sealed_files.sealing(waiting, keyring, {**said, "part": "keys"}) as out:
                tables |= _write(connection, [Shape.of(METADATA.tables[KEY_TABLE])], out, tell)
        manifest = Manifest(
            made_at=now,
            revision=str(revision),
            program=version_of("family-voice"),
            database=engine.dialect.name,
            tables_file=_file(tables_path, tables_path.name),
            keys_file=_file(waiting, keys_path.name),
            keys_until=now + KEPT,
            tables=tables,
        )
        manifests.write(folder, manifest, keyring)
        waiting.rename(keys_path)
        sealed_files.keep_names(keys_folder)
    finally:
        waiting.unlink(missing_ok=True)
    return manifest


def _write(
    connection: Connection, shapes: Iterable[Shape], out: Writer, tell: Tell
) -> dict[str, Content]:
    done: dict[str, Content] = {}
    for shape in shapes:
        out.write(json.dumps({"table": shape.name, "columns": shape.columns}).encode())
        summed = Sum()
        for line in shape.lines(connection):
            out.write(line)
            summed.add(line)
        done[shape.name] = Content(summed.rows, summed.digest)
        tell(f"{shape.name}: {summed.rows} rows")
    out.write(json.dumps({"end": {name: each.digest for name, each in done.items()}}).encode())
    return done


def _file(path: Path, name: str) -> SealedFile:
    return SealedFile(name, path.stat().st_size, sealed_files.hash_of(path))

"""A copy of the demo as it was just made, so that starting again takes a moment.

Only for the demo's SQLite file. A copy serves as long as nothing it was made from has changed: the
code, the day, the seed, how many families, the address in the links, and the keys.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
PREFIX = "pristine-"


def fingerprint(made_from: Iterable[object]) -> str:
    """What a copy is known by: the package's files and everything else it was made from."""
    digest = sha256(repr(list(made_from)).encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".yaml", ".json", ".txt", ".csv"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def keep_copy(database: Path, known_by: str) -> None:
    """Keep a copy of the demo as it is now; older copies go."""
    for older in database.parent.glob(f"{database.stem}-{PREFIX}*"):
        older.unlink()
    with sqlite3.connect(database) as connection:
        connection.execute("VACUUM INTO ?", (str(_copy(database, known_by)),))
    connection.close()


def put_back(database: Path, known_by: str) -> bool:
    """Put the kept copy in the database's place. False, and nothing is touched, without one."""
    copy = _copy(database, known_by)
    if not copy.is_file():
        return False
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    shutil.copyfile(copy, database)
    return True


def _copy(database: Path, known_by: str) -> Path:
    return database.with_name(f"{database.stem}-{PREFIX}{known_by}.db")

"""A disk that can be filled up and given room again, under a database that serves.

Where this machine lets us mount, it is a small file system of its own: SQLite's whole database, or
the files of PostgreSQL's database as a tablespace. Where it does not, SQLite's serving process is
forbidden to make files longer, and PostgreSQL cannot be tried.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from family_voice.storage.engine import make_engine, make_sessions
from tests.proofs.proof import Place
from tests.proofs.serving import Server

MEGABYTES = 48


class Disk(ABC):
    """What a serving database writes on."""

    @abstractmethod
    def fill(self, server: Server, room: int) -> None:
        """Leave so many bytes of room."""

    @abstractmethod
    def free(self, server: Server) -> None:
        """Give it room again."""


@dataclass(frozen=True)
class Mounted(Disk):
    """A small file system, filled by a file that is of no use."""

    folder: Path

    def fill(self, server: Server, room: int) -> None:
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            with suppress(OSError):
                while ballast.write(bytes(4096)):
                    pass
            ballast.truncate(max(0, ballast.tell() - room))

    def free(self, server: Server) -> None:
        (self.folder / "ballast").unlink(missing_ok=True)


@dataclass(frozen=True)
class Forbidden(Disk):
    """No file of the serving processes may become longer than it is."""

    database: Path

    def fill(self, server: Server, room: int) -> None:
        log = self.database.with_name(self.database.name + "-wal")
        longest = (log.stat().st_size if log.exists() else 0) + room
        self._limit(server, longest)

    def free(self, server: Server) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server: Server, longest: int) -> None:
        for process in server.processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))


@cache
def may_mount() -> bool:
    """Whether this machine lets us mount a file system."""
    try:
        with tempfile.TemporaryDirectory() as folder, _mounted(Path(folder)):
            return True
    except (OSError, _NoMount):
        return False


@contextmanager
def on_small_disk(place: Place) -> Iterator[tuple[Place, Disk]]:
    """The same database on a small disk."""
    if place.kind == "SQLite":
        yield from _sqlite(place)
    else:
        yield from _postgresql(place)


def _sqlite(place: Place) -> Iterator[tuple[Place, Disk]]:
    here = make_url(place.settings.database_url).database or ""
    folder = place.folder / "small"
    folder.mkdir()
    there = folder / "proof.db"
    disk: Disk = Mounted(folder) if may_mount() else Forbidden(there)
    with _mounted(folder) if may_mount() else nullcontext():
        with sqlite3.connect(here) as original:
            original.execute("VACUUM INTO ?", (str(there),))
        original.close()
        moved = _at(place, f"sqlite:///{there}")
        try:
            yield moved, disk
        finally:
            _engine(moved).dispose()


def _postgresql(place: Place) -> Iterator[tuple[Place, Disk]]:
    address = make_url(place.settings.database_url)
    admin = make_engine(
        address.set(database="postgres").render_as_string(hide_password=False)
        if address.database != "postgres"
        else address.set(database="template1").render_as_string(hide_password=False)
    ).execution_options(isolation_level="AUTOCOMMIT")
    folder = Path(tempfile.mkdtemp(prefix="family-voice-small-"))
    folder.chmod(0o755)  # the server is another user
    with _mounted(folder), admin.connect() as connection:
        try:
            data = connection.scalar(text("SHOW data_directory"))
            owner = os.stat(str(data)).st_uid
            inside = folder / "tablespace"
            inside.mkdir(mode=0o700)
            os.chown(inside, owner, -1)
            name = folder.name.replace("-", "_")
            connection.execute(text(f"CREATE TABLESPACE {name} LOCATION '{inside}'"))
            _engine(place).dispose()
            _move(connection, address.database, name)
            try:
                yield place, Mounted(folder)
            finally:
                (folder / "ballast").unlink(missing_ok=True)
                _engine(place).dispose()
                _move(connection, address.database, "pg_default")
                connection.execute(text(f"DROP TABLESPACE {name}"))
        finally:
            connection.close()
            admin.dispose()
    shutil.rmtree(folder)


def _move(connection: Connection, database: str | None, tablespace: str) -> None:
    run = connection.execute
    run(
        text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
        {"name": database},
    )
    run(text(f'ALTER DATABASE "{database}" SET TABLESPACE {tablespace}'))


def _at(place: Place, url: str) -> Place:
    sessions = make_sessions(make_engine(url), **place.sessions.kw["info"])
    return replace(place, settings=replace(place.settings, database_url=url), sessions=sessions)


def _engine(place: Place) -> Engine:
    engine = place.sessions.kw["bind"]
    assert isinstance(engine, Engine)
    return engine


class _NoMount(Exception):
    """This machine does not let us mount."""


@contextmanager
def _mounted(folder: Path) -> Iterator[None]:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise _NoMount
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)

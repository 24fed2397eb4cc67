"""A PostgreSQL server of the tests' own, and its databases: migrated once, emptied after each test.

Making a database anew costs several hundred times what emptying seventy small tables does. What a
test leaves otherwise than it found it (a table, a column, an index) is not lent again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from family_voice.operations.migrations import upgrade
from family_voice.storage.engine import make_engine

#: Rows that the migrations themselves write.
KEPT = "alembic_version"
SHAPE = text(
    """
    SELECT md5(string_agg(concat_ws(' ', c.oid, c.relname, c.relkind, a.attname, a.atttypid,
        a.attnotnull, a.attisdropped), ',' ORDER BY c.oid, a.attnum))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace
    """
)
TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> :kept")
OTHERS = text(
    "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Postgres:
    """A running server. `lent` gives a migrated database without rows, one at a time."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._ready: str | None = None
        self._shape = ""
        self._emptying = ""

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of a database that is as the migrations left it, to do anything with."""
        name = self._ready or self._made()
        self._ready = None
        yield self.at(name)
        if self._emptied(name):
            self._ready = name
        else:
            self.drop(name)

    def make(self) -> str:
        """A new database without tables, by name."""
        name = f"fv_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name}")
        return name

    def drop(self, name: str) -> None:
        """End a database, whoever is still connected."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def at(self, name: str) -> str:
        """The address of one of its databases."""
        before, _, query = self.address.partition("?")
        return f"{before.rsplit('/', 1)[0]}/{name}?{query}"

    def flush_nothing(self) -> None:
        """Leave flushing to the system: nobody keeps this server's data."""
        for setting in ("fsync", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def _made(self) -> str:
        name = self.make()
        upgrade(self.at(name))
        engine = make_engine(self.at(name))
        with engine.begin() as connection:
            tables = connection.scalars(TABLES, {"kept": KEPT}).all()
            self._shape = connection.scalar(SHAPE)
        engine.dispose()
        # Without its foreign keys a table may be emptied before those it points at.
        deletes = "; ".join(f'DELETE FROM "{table}"' for table in sorted(tables))
        self._emptying = f"SET LOCAL session_replication_role = replica; {deletes}"
        return name

    def _emptied(self, name: str) -> bool:
        engine = make_engine(self.at(name))
        try:
            with engine.begin() as connection:
                connection.execute(OTHERS)
                if connection.scalar(SHAPE) != self._shape:
                    return False
                connection.execute(text(self._emptying))
                return True
        finally:
            engine.dispose()

    def _run(self, statement: str) -> None:
        engine: Engine = make_engine(self.address)
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

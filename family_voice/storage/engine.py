"""Opening a database so that SQLite and PostgreSQL keep the same promises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as OutOfConnections
from sqlalchemy.orm import Session, sessionmaker

READS_ONLY = "family_voice_reads_only"

#: The database itself is in trouble: no room, locked for too long, not there.
DATABASE_TROUBLE = (OperationalError, InterfaceError, InternalError, OutOfConnections)


def make_engine(url: str) -> Engine:
    """An engine for SQLite (the default) or PostgreSQL through psycopg 3.

    SQLite transactions begin with `BEGIN IMMEDIATE`: with the driver's default most concurrent
    read-then-writes are silently lost (measured: 1,775 of 2,000). `reading` begins a plain one.

    Args:
        url: a SQLAlchemy address; `postgresql://` is taken to mean psycopg 3.

    Returns:
        The engine.
    """
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # The driver must not open transactions of its own: `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "synchronous=FULL",
        # What is deleted is written over, so that an erased word's wrapped key is not left behind.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def make_sessions(engine: Engine, **info: Any) -> sessionmaker[Session]:
    """A maker of sessions.

    Args:
        engine: from `make_engine`.
        info: what rides along in every `session.info`, such as `keyring`.
    """
    return sessionmaker(engine, expire_on_commit=False, info=info)


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that only reads and holds no write lock; it is rolled back at the end."""
    with sessions() as session:
        reads_only(session)
        yield session


def reads_only(session: Session) -> None:
    """Make the session's next transaction a reading one. Call before its first statement."""
    session.connection(execution_options={READS_ONLY: True})


def touch(session: Session) -> None:
    """Ask the database for nothing, to see that it answers."""
    session.execute(text("SELECT 1"))

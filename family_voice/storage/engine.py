"""Opening a database so that SQLite and PostgreSQL keep the same promises."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from time import sleep
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as OutOfConnections
from sqlalchemy.orm import Session, sessionmaker

READS_ONLY = "family_voice_reads_only"

#: The database itself is in trouble: no room, locked for too long, not there.
DATABASE_TROUBLE = (OperationalError, InterfaceError, InternalError, OutOfConnections)

#: PostgreSQL's word for a transaction that it ended because two waited for each other.
DEADLOCK = "40P01"
#: How often such a transaction is done anew before it is left to whoever asked for it.
ANEW = 3
#: Seconds before it is done anew. Its rows are the other's meanwhile: who takes the first of them
#: back at once waits for the other again, and is ended again.
LET_THE_OTHER_FINISH: Final = 0.1

#: So many of the rows read last are held for a page: one over a whole caseload holds no more.
HELD: Final = 1000

Result = TypeVar("Result")


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


def in_one_transaction(
    sessions: sessionmaker[Session], work: Callable[[Session], Result]
) -> Result:
    """Do something in a transaction of its own, and anew if it was ended for another's sake.

    Of two transactions that wait for each other PostgreSQL ends one. Nothing of it has happened.

    Args:
        sessions: makes sessions.
        work: what is done; it changes nothing but through its session.

    Returns:
        What `work` returned.
    """
    for left in reversed(range(ANEW)):
        try:
            with sessions.begin() as session:
                return work(session)
        except OperationalError as trouble:
            if not left or getattr(trouble.orig, "sqlstate", "") != DEADLOCK:
                raise
        sleep(LET_THE_OTHER_FINISH)
    raise AssertionError("the last try returns or raises")


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that only reads and holds no write lock; it is rolled back at the end."""
    with sessions() as session:
        reads_only(session)
        yield session


def reads_only(session: Session) -> None:
    """Make the session's next transaction a reading one. Call before its first statement."""
    session.connection(execution_options={READS_ONLY: True})


def holds_what_it_reads(session: Session) -> None:
    """Let a session hold the rows it reads until it is closed.

    SQLAlchemy holds them weakly: a row that nobody has in hand is asked for again, and sixty
    functions that make one page ask for the same few. Only for a session that reads: one that
    writes would hold what a statement has deleted meanwhile.
    """
    held: deque[object] = deque(maxlen=HELD)
    event.listen(session, "loaded_as_persistent", lambda _session, row: held.append(row))


def touch(session: Session) -> None:
    """Ask the database for nothing, to see that it answers."""
    session.execute(text("SELECT 1"))

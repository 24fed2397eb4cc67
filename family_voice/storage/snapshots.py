"""Reading a whole database as it was at one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from family_voice.storage.engine import READS_ONLY


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment until it is closed, and holds nobody up.

    PostgreSQL: one transaction at REPEATABLE READ. SQLite: one reading transaction of the
    write-ahead log; its moment is fixed here, by a first read.
    """
    with engine.connect() as connection:
        options: dict[str, object] = {READS_ONLY: True}
        if engine.dialect.name != "sqlite":
            options["isolation_level"] = "REPEATABLE READ"
        connection = connection.execution_options(**options)
        with connection.begin():
            connection.execute(text("SELECT count(*) FROM alembic_version"))
            yield connection

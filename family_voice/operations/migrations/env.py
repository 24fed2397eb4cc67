"""Alembic's entry: one transaction, with foreign keys off while SQLite rebuilds tables."""

from __future__ import annotations

from alembic import context

from family_voice.operations.tables import METADATA
from family_voice.storage.engine import make_engine

engine = make_engine(context.config.attributes["url"])
is_sqlite = engine.dialect.name == "sqlite"
with engine.connect() as connection:
    if is_sqlite:
        # Batch operations drop and rename tables; with foreign keys on, that deletes child rows.
        # The pragma is ignored inside a transaction, so it goes to the driver's own connection.
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()

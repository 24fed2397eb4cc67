"""Another database, empty, of the same kind as the proof's own, to bring a backup back into."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import text

from family_voice.security.keyring import Keyring
from family_voice.storage.engine import make_engine, make_sessions
from tests.proofs.proof import Place


@contextmanager
def elsewhere(place: Place) -> Iterator[Place]:
    """An empty database on the same disk or server, with the same settings otherwise."""
    name = f"fv_{uuid.uuid4().hex}"
    if place.kind == "SQLite":
        url = f"sqlite:///{place.folder / name}.db"
    else:
        before, _, query = place.settings.database_url.partition("?")
        url = f"{before.rsplit('/', 1)[0]}/{name}?{query}"
        _on_server(place, f"CREATE DATABASE {name}")
    engine = make_engine(url)
    settings = replace(place.settings, database_url=url)
    try:
        yield Place(
            place.kind,
            settings,
            make_sessions(engine, keyring=Keyring(settings.master_keys)),
            place.folder,
        )
    finally:
        engine.dispose()
        if place.kind == "SQLite":
            for each in place.folder.glob(f"{name}*"):
                each.unlink()
        else:
            _on_server(place, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(place: Place, statement: str) -> None:
    engine = make_engine(place.settings.database_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()

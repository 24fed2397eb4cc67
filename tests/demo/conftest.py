"""One loaded demo for the tests that only look at it, and a copy for each that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from family_voice import worker
from family_voice.app import create_app, open_sessions
from family_voice.demo.handout import Handout
from family_voice.demo.instance import Kept, refresh, settings_for
from family_voice.demo.pages import hand_out
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.settings import Settings

# A Saturday evening: the demo is tried whenever somebody has time.
EVENING = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
SEED, FAMILIES = 7, 12


@dataclass(frozen=True)
class Demo:
    """A running demo without its server."""

    app: Flask
    handout: Handout
    settings: Settings
    sessions: sessionmaker[Session]

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()


def quiet(_words: str) -> None:
    """Nobody looks at the progress."""


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Kept]:
    """A database with two rounds of six families, made once."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    kept = Kept(path.with_suffix(".json"), "a demo's secret key, long enough for it", bytes(32))
    chosen = settings_at(path, kept)
    sessions = open_sessions(chosen)
    refresh(sessions, chosen, kept, seed=SEED, families=FAMILIES, now=EVENING, progress=quiet)
    sessions.kw["bind"].dispose()
    return path, kept


@pytest.fixture
def demo(loaded: tuple[Path, Kept], tmp_path: Path) -> Iterator[Demo]:
    """A copy of it, served to test clients on that evening."""
    path, kept = loaded
    assert kept.handout
    copy = tmp_path / "demo.db"
    shutil.copy(path, copy)
    chosen = settings_at(copy, kept)
    app = create_app(chosen, demo=True, clock=lambda: EVENING)
    app.testing = True
    sessions = app.extensions["family_voice"].sessions
    hand_out(app, kept.handout, answerer(sessions, chosen))
    yield Demo(app, kept.handout, chosen, sessions)
    sessions.kw["bind"].dispose()


def answerer(sessions: sessionmaker[Session], chosen: Settings) -> Callable[[], object]:
    """The worker's turn, as the demo gives it to the pretend phone."""
    return lambda: worker.turn(sessions, chosen, ConsoleGateway(), lambda: EVENING)


def settings_at(path: Path, kept: Kept) -> Settings:
    environ = {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{path}"}
    return settings_for(environ, kept, "http://localhost", SEED)

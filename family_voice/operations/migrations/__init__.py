"""Bringing a database up to date, and saying whether it is."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from family_voice.storage.engine import make_engine

FOLDER = Path(__file__).resolve().parent


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest revision; does nothing if it is there."""
    command.upgrade(configuration(url), "head")


def is_current(url: str) -> bool:
    """Whether the database at `url` has every migration."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            stored = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return stored == ScriptDirectory.from_config(configuration(url)).get_current_head()


def configuration(url: str) -> Config:
    """Alembic's configuration, without a file: the folder and the address are all it needs."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    return config

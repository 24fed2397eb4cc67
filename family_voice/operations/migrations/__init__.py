"""Bringing a database up to date, and saying whether it is."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from family_voice.storage.engine import make_engine

FOLDER = Path(__file__).resolve().parent


class NoSuchRevision(LookupError):
    """This version of the program has no such revision: it is from a newer one."""


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to a revision, the newest if not told; it may be there.

    Raises:
        NoSuchRevision: if there is none of that name; nothing is changed.
    """
    chosen = configuration(url)
    if revision != "head":
        try:
            ScriptDirectory.from_config(chosen).get_revision(revision)
        except CommandError as unknown:
            raise NoSuchRevision(revision) from unknown
    command.upgrade(chosen, revision)


def is_current(url: str) -> bool:
    """Whether the database at `url` has every migration."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            stored = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return stored is not None and is_newest(stored)


def is_newest(revision: str) -> bool:
    """Whether there is no later revision than this."""
    return revision == ScriptDirectory.from_config(configuration("")).get_current_head()


def configuration(url: str) -> Config:
    """Alembic's configuration, without a file: the folder and the address are all it needs."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    return config

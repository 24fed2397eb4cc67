"""Migrations give exactly the tables that the code describes, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from family_voice.operations.migrations import is_current, upgrade
from family_voice.operations.tables import METADATA
from tests.conftest import Database


def test_the_migrated_tables_are_the_ones_in_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_upgrading_again_changes_nothing(database: Database) -> None:
    assert is_current(database.url)
    upgrade(database.url)
    assert is_current(database.url)

"""`family-voice audit verify`: what is sealed and what not yet; a line for each thing wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select, update

from family_voice.security.chaining import seal
from family_voice.security.commands import audit_commands
from family_voice.security.models import TrailRow
from family_voice.security.trail import WORKER, record
from family_voice.settings import Settings
from tests.conftest import NOW, Database


@pytest.fixture
def sealed(database: Database, settings: Settings) -> Database:
    """Four rows that are sealed and one that is not."""
    with database.sessions.begin() as session:
        for _time in range(4):
            record(session, WORKER, "change", "interview", None, NOW)
    seal(database.sessions, settings.evidence_folder, NOW)
    with database.sessions.begin() as session:
        record(session, WORKER, "change", "interview", None, NOW)
    return database


def verify(database: Database, settings: Settings, later: timedelta = timedelta(0)) -> Result:
    (audit,) = audit_commands(lambda: (database.sessions, settings), lambda: NOW + later)
    return CliRunner().invoke(audit, ["verify"])


def test_a_sound_trail_and_how_long_its_tail_is(sealed: Database, settings: Settings) -> None:
    told = verify(sealed, settings, timedelta(minutes=3))
    assert told.exit_code == 0
    assert "Rows sealed: 4." in told.stdout
    assert "Anchored up to row 4" in told.stdout
    assert "Unsealed tail: 1 rows, the oldest 3 min 0 s old." in told.stdout
    assert "No worker" not in told.stdout
    assert "No worker seems to run" in verify(sealed, settings, timedelta(hours=2)).stdout


def test_that_it_was_checked_is_on_record(sealed: Database, settings: Settings) -> None:
    verify(sealed, settings)
    with sealed.sessions() as session:
        row = session.scalars(select(TrailRow).where(TrailRow.action == "verify")).one()
    assert (row.actor_kind, row.resource) == ("operator", "trail")


def test_a_line_for_each_thing_wrong(sealed: Database, settings: Settings) -> None:
    with sealed.sessions.begin() as session:
        session.execute(update(TrailRow).where(TrailRow.position == 1).values(action="view"))
        session.execute(delete(TrailRow).where(TrailRow.position == 3))
        session.execute(delete(TrailRow).where(TrailRow.position == 4))
    told = verify(sealed, settings)
    assert told.exit_code == 1
    assert told.stderr.splitlines()[:3] == [
        "Row 1 was changed after it was written.",
        "Row 1 does not follow from the row before it.",
        "Rows 3 to 4 are missing. They were at the end and were anchored.",
    ]
    assert "not sound (3)" in told.stderr


def test_nothing_was_ever_sealed(database: Database, settings: Settings, tmp_path: Path) -> None:
    told = verify(database, settings)
    assert told.exit_code == 0
    assert "Nothing is anchored yet." in told.stdout
    assert "Unsealed tail: 0 rows." in told.stdout

"""The audit trail: what a row says cannot be changed without it showing."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from family_voice.security.keyring import Keyring, keyring_of
from family_voice.security.models import TrailRow
from family_voice.security.trail import OPERATOR, Actor, line, record
from family_voice.storage.base import new_id
from tests.conftest import Database


def holds(session: Session, row: TrailRow) -> bool:
    return compare_digest(row.mac, keyring_of(session).mac("trail", line(row), row.key_version))


@pytest.fixture
def written(database: Database, now: datetime) -> Database:
    with database.sessions.begin() as session:
        record(session, Actor("staff", new_id()), "view", "interview", new_id(), now, ["answers"])
    return database


def test_an_untouched_row_holds(written: Database) -> None:
    with written.sessions() as session:
        assert holds(session, session.scalars(select(TrailRow)).one())


@pytest.mark.parametrize(
    "change",
    [
        {"at": datetime.fromisoformat("2026-11-18T10:00:00.000001+00:00")},
        {"actor_kind": "family"},
        {"actor_id": None},
        {"actor_id": new_id()},
        {"action": "export"},
        {"resource": "concern"},
        {"resource_id": new_id()},
        {"fields": []},
        {"fields": ["answers", "names"]},
    ],
)
def test_an_edited_row_shows(written: Database, change: dict[str, object]) -> None:
    with written.sessions.begin() as session:
        session.execute(update(TrailRow).values(**change))
    with written.sessions() as session:
        assert not holds(session, session.scalars(select(TrailRow)).one())


def test_a_row_copied_from_another_installation_shows(written: Database) -> None:
    with written.sessions() as session:
        session.info = {"keyring": Keyring({1: bytes(32)})}
        assert not holds(session, session.scalars(select(TrailRow)).one())


def test_rows_written_before_a_new_master_key_still_hold(written: Database, now: datetime) -> None:
    with written.sessions.begin() as session:
        session.info = {"keyring": Keyring({1: bytes(range(32)), 2: bytes(32)})}
        record(session, OPERATOR, "reset", "staff", None, now + timedelta(seconds=1))
        rows = session.scalars(select(TrailRow).order_by(TrailRow.at)).all()
        assert [(row.key_version, holds(session, row)) for row in rows] == [(1, True), (2, True)]

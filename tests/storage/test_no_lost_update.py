"""Eight writers who read, think and write: nothing is lost on either database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.models import Case
from family_voice.cases.reading import round_ledger
from family_voice.security.models import DataKey
from family_voice.storage.engine import reading
from family_voice.storage.locking import Missing, fetch, lock
from tests.cases.households import a_full_round
from tests.conftest import Database

WRITERS, ROUNDS = 8, 25


def test_eight_writers_lose_no_update(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        row = _counter(session, now)

    def write(_writer: int) -> None:
        for _ in range(ROUNDS):
            with database.sessions.begin() as session:
                held = lock(session, DataKey, row)
                held.master_version = held.master_version + 1

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with reading(database.sessions) as session:
        assert fetch(session, DataKey, row).master_version == WRITERS * ROUNDS


def test_reading_sees_the_past_while_somebody_writes(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        row = _counter(session, now)
    with database.sessions() as writer:
        lock(writer, DataKey, row).master_version = 7
        writer.flush()
        with reading(database.sessions) as session:
            assert fetch(session, DataKey, row).master_version == 0
        writer.commit()
    with reading(database.sessions) as session:
        assert fetch(session, DataKey, row).master_version == 7


def test_a_missing_row_is_named_by_table_only(session: Session) -> None:
    with pytest.raises(Missing, match=r"^data_key$"):
        lock(session, DataKey, UUID(int=1))


def test_a_naive_time_is_refused(session: Session) -> None:
    session.add(
        DataKey(kind="person", owner_id=UUID(int=2), master_version=0, made_at=datetime(2026, 1, 1))  # noqa: DTZ001
    )
    with pytest.raises(Exception, match="time zone"):
        session.flush()


def _counter(session: Session, now: datetime) -> UUID:
    key = DataKey(kind="person", owner_id=UUID(int=3), master_version=0, made_at=now)
    session.add(key)
    session.flush()
    return key.id


def test_a_versioned_row_read_before_is_read_anew(database: Database, now: datetime) -> None:
    """A page looks and then locks; what somebody else saved in between is what it then sees."""
    with database.sessions.begin() as session:
        round_id = a_full_round(session)
        case_id = round_ledger(session, round_id, now).cases[0].case_id
    with database.sessions() as mine:
        before = fetch(mine, Case, case_id)
        mine.commit()  # lets go of the database; the row as read stays in the session
        with database.sessions.begin() as theirs:
            lock(theirs, Case, case_id).tried_enough = True
        assert not before.tried_enough
        assert lock(mine, Case, case_id).tried_enough

"""A page holds the rows it read, and not a whole caseload of them."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from family_voice.people.models import Family
from family_voice.storage.engine import HELD, holds_what_it_reads, reading
from tests.conftest import Database

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_last_rows_are_held_and_no_more(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        session.add_all(Family(made_at=now) for _ in range(HELD + 10))
    with reading(database.sessions) as session:
        holds_what_it_reads(session)
        for _row in session.scalars(select(Family).execution_options(yield_per=100)):
            pass
        del _row
        assert len(session.identity_map) == HELD
    with reading(database.sessions) as session:
        session.scalars(select(Family)).all()
        assert len(session.identity_map) == 0

"""Two transactions that wait for each other: one is done anew, and nothing is lost or doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from family_voice.storage.engine import ANEW, in_one_transaction
from tests.conftest import Database

ADD = text("UPDATE tally SET n = n + 1 WHERE id = :id")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_was_ended_for_another_is_done_anew(database: Database) -> None:
    with database.sessions.begin() as session:
        session.execute(text("CREATE TABLE tally (id int PRIMARY KEY, n int)"))
        session.execute(text("INSERT INTO tally VALUES (1, 0), (2, 0)"))
    met, tries = Barrier(2), []

    def both(first: int, second: int) -> None:
        def work(session: Session) -> None:
            tries.append(first)
            session.execute(ADD, {"id": first})
            if tries.count(first) == 1:
                met.wait()
            session.execute(ADD, {"id": second})

        in_one_transaction(database.sessions, work)

    with ThreadPoolExecutor(2) as together:
        for each in [together.submit(both, 1, 2), together.submit(both, 2, 1)]:
            each.result()
    with database.sessions.begin() as session:
        counted = session.execute(text("SELECT n FROM tally ORDER BY id")).scalars().all()
        session.execute(text("DROP TABLE tally"))
    assert counted == [2, 2]
    # Once each, and once more for whoever was ended; the two may meet again before one has both.
    assert len(tries) >= 3


def test_other_trouble_is_told_at_once(database: Database) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        raise OperationalError("", {}, Exception("no room"))

    with pytest.raises(OperationalError):
        in_one_transaction(database.sessions, work)
    assert len(tries) == 1 < ANEW

"""Copies are numbered through the whole installation, also when two people print at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from sqlalchemy.orm import Session

from family_voice.sharing.copies import copies_of, copy_of, destroyed, make_copy
from tests.conftest import Database
from tests.reports.panel_round import PanelRound, a_panel_round

LAST = date(2026, 12, 16)


def numbers(session: Session, panel: PanelRound) -> list[int]:
    return [copy.number for case in (panel.case, panel.silent) for copy in copies_of(session, case)]


def test_numbers_are_never_given_twice(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        panel = a_panel_round(session, now)

    def print_one(turn: int) -> int:
        case = (panel.case, panel.silent)[turn % 2]
        with database.sessions.begin() as session:
            return make_copy(session, case, panel.member, panel.lead, LAST, now).number

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(print_one, range(12)))
    assert sorted(given) == list(range(1, 13))
    with database.sessions.begin() as session:
        assert sorted(numbers(session, panel)) == sorted(given)
        first = copies_of(session, panel.case)[0]
        destroyed(session, panel.silent, first.number, now)  # not a copy of that case
        assert copies_of(session, panel.case)[0].destroyed_at is None
        destroyed(session, panel.case, first.number, now)
        destroyed(session, panel.case, first.number, now.replace(year=2027))
        assert copies_of(session, panel.case)[0].destroyed_at == now
        assert copy_of(session, panel.silent, first.number) is None
        assert first.destroy_by == LAST

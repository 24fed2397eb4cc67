"""One line an agency and question: sealed, and never written over without being seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.improvement.models import ProfessionalView
from family_voice.improvement.views import Overtaken, views_of, write_view
from tests.conftest import Database
from tests.reports.panel_round import PanelRound, a_panel_round


def test_a_line_and_a_later_one(session: Session, now: datetime) -> None:
    panel = a_panel_round(session, now)

    def write(words: str, read: int) -> int:
        by = panel.chair
        return write_view(session, panel.case, "next", "health", words, by, now, read).version

    assert write("  ", 0) == 0
    assert views_of(session, panel.case) == {}
    assert write(" Waiting. ", 0) == 1
    row = session.scalars(select(ProfessionalView)).one()
    assert b"Waiting" not in row.words
    assert views_of(session, panel.case)["next", "health"].words == "Waiting."
    with pytest.raises(Overtaken) as problem:
        write("Blind.", 0)
    assert problem.value.standing.words == "Waiting."
    assert write("Seen.", 1) == 2
    assert write("", 2) == 3
    assert views_of(session, panel.case)["next", "health"].words == ""
    assert views_of(session, panel.silent) == {}


def test_of_two_who_write_at_once_one_is_told(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        panel = a_panel_round(session, now)

    def write(words: str) -> str:
        try:
            with database.sessions.begin() as session:
                # Whoever writes has just looked at the page.
                views_of(session, panel.case)
                _write(session, panel, words, now)
        except Overtaken as problem:
            return problem.standing.words
        return words

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(write, ["one", "two", "three", "four"]))
    assert len(set(told)) == 1


def _write(session: Session, panel: PanelRound, words: str, now: datetime) -> None:
    write_view(session, panel.case, "worries", "education", words, panel.chair, now)

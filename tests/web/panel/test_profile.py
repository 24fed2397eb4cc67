"""The pupil profile: each answer under its question, and why something is not there yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask.testing import FlaskClient

from family_voice.interviews.events import Manner
from tests.conftest import Database
from tests.reports.panel_round import PanelRound, told
from tests.web.panel.test_panel_pages import in_order

SignIn = Callable[[UUID], FlaskClient]
SAFE, FRIEND = "I feel safe: Yes.", "I have a friend: No."


def test_each_answer_stands_under_its_question_and_what_was_chosen_is_no_quotation(
    sign_in: SignIn, panel: PanelRound, database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        told(
            session, panel.silent, "young_person",
            {"important.open": f"{SAFE} {FRIEND}"}, now, manner=Manner.CHOSE,
        )  # fmt: skip
    chosen = sign_in(panel.lead).get(f"/panel/cases/{panel.silent}/profile").text
    assert chosen.count("Asked:") == 1
    assert in_order(chosen, "Asked:", f">{SAFE}</span>", f">{FRIEND}</span>")
    said = sign_in(panel.lead).get(f"/panel/cases/{panel.case}/profile").text
    assert in_order(said, "Asked:", "I like the quiet room.</q>")

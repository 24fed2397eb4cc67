"""An account as it would leave: what is replaced is seen, added to, taken back and remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from family_voice.cases.seats import record_works_with
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.security.trail import OPERATOR
from family_voice.sharing import replacements
from family_voice.sharing.known_names import known_for
from family_voice.sharing.replacements import Remembered
from tests.cases.households import NOW
from tests.conftest import Database
from tests.reports.panel_round import SECRET, PanelRound
from tests.web.panel.conftest import panel, sign_in

__all__ = ["panel", "sign_in"]


class Page:
    """The lead at the mother's words without names."""

    def __init__(self, client: FlaskClient, panel: PanelRound, database: Database) -> None:
        self.client, self.panel, self.database = client, panel, database
        self.address = f"/staff/accounts/{panel.mother}/names"

    @property
    def text(self) -> str:
        return unescape(self.client.get(self.address).text)

    def press(self, do: str, **typed: str) -> TestResponse:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', self.text)[0]
        return self.client.post(self.address, data={"csrf_token": token, "do": do, **typed})

    @property
    def remembered(self) -> tuple[Remembered, ...]:
        with self.database.sessions() as session:
            return replacements.remembered(session, self.panel.child)


@pytest.fixture
def page(sign_in: Callable[[UUID], FlaskClient], panel: PanelRound, database: Database) -> Page:
    return Page(sign_in(panel.lead), panel, database)


def test_what_is_missed_is_added_and_what_is_none_is_taken_back(page: Page) -> None:
    assert page.address in page.client.get("/staff/names").text
    for words in ("mornings", "a friend"):
        assert page.press("take", name=words).status_code == 302
    assert "<del>Mornings</del>" in page.text
    assert "<del>a friend</del>" in page.text
    assert page.press("leave:Mornings").status_code == 302
    assert "<del>Mornings</del>" not in page.text
    assert [each.words for each in page.remembered] == ["a friend", "Mornings"]
    page.press("rules:a friend")
    assert "<del>" not in page.text
    assert SECRET not in page.text
    assert "it leaves in no quote and no file" in page.text


def test_nothing_to_replace_is_said_at_its_field(page: Page) -> None:
    for typed in ({"name": " "}, {"name": "x" * 150}, {"name": "Bo", "whose": "grandmother"}):
        answer = page.press("take", **typed)
        assert answer.status_code == 422
        assert "Something needs your help" in answer.text
    assert page.remembered == ()


def test_who_works_with_the_child_reads_nothing_of_what_is_kept_from_them(
    page: Page, database: Database
) -> None:
    page.press("take", name="Miss Grey", whose="professionals")
    page.press("take", name="a friend")
    with database.sessions.begin() as session:
        record_works_with(session, page.panel.lead, page.panel.case, True)
        assert "Aaliyah Example" in known_for(session, page.panel.mother).child
    assert SECRET not in page.text
    assert "never listens" not in page.text
    assert "Grey" not in page.text
    assert 'value="rules:a friend"' in page.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_names_met_in_an_account_that_nobody_may_read_now_hold_and_are_not_shown(
    page: Page, database: Database
) -> None:
    with database.sessions.begin() as session:
        for words in ("Uncle Tariq", "mornings"):
            replacements.take(session, page.panel.child, words, "", OPERATOR, NOW)
    assert 'value="rules:Uncle Tariq"' in page.text
    with database.sessions.begin() as session:
        record.decide(session, page.panel.child, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    # What is their mother's own word as well can still be decided about beside it.
    assert "Tariq" not in page.text
    assert 'value="rules:mornings"' in page.text
    with database.sessions() as session:
        told = replacements.cleared(session, page.panel.mother, "uncle tariq rang.").text
    assert "tariq" not in told

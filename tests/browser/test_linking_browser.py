"""An account is linked by keyboard alone: a case is ruled out, that is undone, and another said."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser

from family_voice.cases import linking, remarks
from tests.browser.soundness import wrong_with
from tests.browser.test_coding_browser import enter
from tests.browser.test_hands import Hands
from tests.cases.households import a_full_round, case
from tests.conftest import Clock, Database
from tests.web.staff.test_linking_pages import came


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_account_is_linked_by_keyboard_alone(
    app: Flask, serve: Callable[[Flask], str], browser: Browser, database: Database, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        right = case(session, a_full_round(session), "EX-001").case_id
    account = came(database)

    def stands() -> tuple[UUID | None, set[UUID]]:
        with database.sessions() as session:
            ruled_out = remarks.standing_of(session, account).refused
            return linking.case_of(session, account), set(ruled_out)

    base = serve(app)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(10_000)
    enter(page, base, database, clock)
    hands = Hands(page)
    hands.press("Linking")
    hands.press("Find the case Nadia Example")
    assert wrong_with(page, (1280,)) == []
    hands.press("No, not EX-001")
    assert stands() == (None, {right})
    assert "ruled out" in page.inner_text("main")
    hands.press("Undo")
    assert stands() == (None, set())
    hands.press("Yes, it is EX-001", "Space")
    assert stands() == (None, set())
    assert "Put why you think it is this case" in page.inner_text("main")
    assert wrong_with(page, (1280,)) == []
    hands.write("why", "I rang her")
    hands.press("Yes, it is EX-001", "Space")
    assert stands() == (right, set())
    assert page.inner_text("h1") == "This account is on case EX-001"
    assert wrong_with(page, (1280,)) == []
    hands.press("Undo")
    assert stands() == (None, set())
    assert "None of the cases fits" in page.inner_text("main")
    assert hands.wrong == []
    page.close()

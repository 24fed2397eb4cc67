"""The workbench by keys alone, in a real browser: one press a coding, and nobody types too fast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, expect

from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.themes import coding
from family_voice.themes.coding import Unit
from tests.browser.checks import axe, html_validate, is_too_wide, small_targets
from tests.cases.households import a_full_round
from tests.conftest import Clock, Database
from tests.web.staff.conftest import PASSWORD, SECRET
from tests.web.staff.test_coding_pages import WELL, sentence_ids, told


def enter(page: Page, base: str, database: Database, clock: Clock) -> None:
    """The lead signs in."""
    with database.sessions.begin() as session:
        add_staff(
            session, email="lee@council.example", roles=[Role.LEAD], now=clock(),
            password=PASSWORD, totp_secret=SECRET,
        )  # fmt: skip
    page.goto(f"{base}/staff/sign-in")
    page.fill("[name=email]", "lee@council.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("[name=code]", str(TOTP(SECRET).generate(int(clock().timestamp())).token))
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/ledger")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_account_is_coded_by_keys_alone(
    app: Flask,
    serve: Callable[[Flask], str],
    browser: Browser,
    database: Database,
    clock: Clock,
) -> None:
    with database.sessions.begin() as session:
        round_id = a_full_round(session)
    interview_id, _case = told(database, round_id)
    base = serve(app)
    page = browser.new_context().new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    enter(page, base, database, clock)
    page.goto(f"{base}/staff/accounts/to-code")
    page.click("text=Start coding")
    expect(page.locator("#answer-1")).to_be_focused()
    presses = ["1", "2", "Enter", "3", "ArrowDown", "4", "5", "u", "Enter"]
    for key in presses:
        page.keyboard.press(key)
    expect(page.locator("#progress")).to_contain_text("2 of 2 answers decided")
    expect(page.locator("[name=done-took]")).to_be_focused()
    first = sentence_ids(database, interview_id)[0]
    with database.sessions() as session:
        done = coding.coded(session, interview_id)
    assert done.codes_on(Unit("important.open")) == ("listened_to", "everyday_life")
    assert done.codes_on(Unit(WELL)) == ("told_support",)
    assert done.codes_on(Unit(WELL, first)) == ("strengths",)
    assert wrong == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert not is_too_wide(page)
        assert axe(page) == []
        assert small_targets(page) == []
    assert html_validate(page.content()) == []
    page.locator("#answer-2").focus()
    page.keyboard.press("u")  # the sentence's code
    page.keyboard.press("u")  # and the answer's
    expect(page.locator("#progress")).to_contain_text("1 of 2 answers decided")
    page.goto(f"{base}/staff/accounts/{interview_id}/code")
    expect(page.locator("#answer-2")).to_be_focused()
    assert page.evaluate("window.scrollY") == 0, "arriving moves nothing"
    page.keyboard.press("n")
    expect(page.locator("#progress")).to_contain_text("2 of 2 answers decided")

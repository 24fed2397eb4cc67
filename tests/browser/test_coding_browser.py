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
from family_voice.themes.coding import Coded, Unit
from tests.browser.checks import axe, html_validate, is_too_wide, small_targets
from tests.cases.households import a_full_round
from tests.conftest import Clock, Database
from tests.web.staff.conftest import PASSWORD, SECRET
from tests.web.staff.test_coding_pages import WELL, sentence_ids, told

# A long place name before every word of the page, everything open, and the lists without scripts.
LONG_NAMES = """() => {
  const words = document.createTreeWalker(document.querySelector("#bench"), NodeFilter.SHOW_TEXT);
  while (words.nextNode()) if (words.currentNode.data.trim())
    words.currentNode.data = "Llanfairpwllgwyngyllgogerychwyrndrobwll " + words.currentNode.data;
  document.querySelectorAll("details").forEach(each => { each.open = true; });
  document.documentElement.classList.remove("fv-keys");
}"""


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


def offered(page: Page, number: int) -> list[str]:
    """The codes on offer for an answer, in their places."""
    codes = page.locator(f"#answer-{number} .fv-code-list [data-key]")
    return [str(code.get_attribute("value")) for code in codes.all()]


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
    first = sentence_ids(database, interview_id)[0]
    base = serve(app)
    page = browser.new_context().new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    progress, opened = page.locator("#progress"), page.locator(".fv-panel[open]")

    def coded() -> Coded:
        with database.sessions() as session:
            return coding.coded(session, interview_id)

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    enter(page, base, database, clock)
    page.goto(f"{base}/staff/accounts/to-code")
    page.click("text=Start coding")
    expect(page.locator("#answer-1")).to_be_focused()
    important, well = offered(page, 1), offered(page, 2)
    # Nobody types too fast: digits stay, a letter puts its code on and goes on.
    press("1", "s", "3", "ArrowDown", "4", "5", "u")
    expect(progress).to_contain_text("is off sentence 1 of answer 2")
    expect(progress).to_contain_text("2 of 2 answers decided")
    expect(page.locator("#line-2-1")).to_be_focused()
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("Codes for sentence 1")
    press("Enter")
    expect(page.locator("#finish")).to_be_focused()
    done = coded()
    assert done.codes_on(Unit("important.open")) == tuple(important[:2])
    assert done.codes_on(Unit(WELL)) == (well[2],)
    assert done.codes_on(Unit(WELL, first)) == (well[3],)
    assert wrong == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert not is_too_wide(page)
        assert axe(page) == []
        assert small_targets(page) == []
    assert html_validate(page.content()) == []

    # Any code by a part of its name, while what is pressed after it waits its turn.
    page.locator("#answer-2").focus()
    press("/")
    page.keyboard.type("adult")
    expect(page.locator("#find-list [aria-selected=true]")).to_contain_text("adult")
    assert axe(page) == []
    press("Enter")
    expect(progress).to_contain_text("is on answer 2")
    assert "adulthood" in coded().codes_on(Unit(WELL))
    press("u", "u", "u")  # that, the sentence's code and the answer's
    expect(progress).to_contain_text("1 of 2 answers decided")

    # A memo on the sentence that is marked; the letters are its own.
    press("ArrowDown", "m")
    page.keyboard.type("1 and u: ask her")
    press("Control+Enter")
    expect(progress).to_contain_text("Your memo is kept")
    expect(page.locator("#line-2-1")).to_be_focused()
    expect(page.locator("#line-2-1 .fv-memo")).to_contain_text("1 and u: ask her")

    # Another day: what was undone can be done again.
    page.goto(f"{base}/staff/accounts/{interview_id}/code")
    expect(page.locator("#answer-2")).to_be_focused()
    assert page.evaluate("window.scrollY") == 0, "arriving moves nothing"
    press("r")
    expect(progress).to_contain_text("2 of 2 answers decided")
    assert coded().codes_on(Unit(WELL)) == (well[2],)
    press("u", "n")
    expect(page.locator("#finish")).to_be_focused()
    expect(progress).to_contain_text("No code applies to answer 2")
    assert coded().none_apply == {Unit(WELL)}
    assert wrong == []

    # However long a name is, the page does not scroll sideways.
    page.reload()
    page.set_viewport_size({"width": 320, "height": 900})
    page.evaluate(LONG_NAMES)
    expect(page.get_by_label("Another code").first).to_be_visible()
    assert not is_too_wide(page)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_panel_says_where_the_keys_work_and_no_sentence_is_jumped_over(
    app: Flask,
    serve: Callable[[Flask], str],
    browser: Browser,
    database: Database,
    clock: Clock,
) -> None:
    with database.sessions.begin() as session:
        round_id = a_full_round(session)
    interview_id, _case = told(database, round_id)
    ids = sentence_ids(database, interview_id)
    base = serve(app)
    page = browser.new_context().new_page()
    progress, heard = page.locator("#progress"), page.locator("#find-count")
    panel = page.locator(".fv-panel[open]")

    def coded() -> Coded:
        with database.sessions() as session:
            return coding.coded(session, interview_id)

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    def at(row: str, title: str, *on: str) -> None:
        """The focus, the highlight, the heading and the ticks are of one and the same place."""
        expect(page.locator("#bench")).to_have_attribute("aria-busy", "false")
        expect(page.locator(row)).to_be_focused()
        expect(panel).to_have_count(1)
        expect(panel.locator("[data-title-of]")).to_have_text(f"Codes for {title}")
        lit = page.locator(".fv-told-line--chosen").evaluate_all("all => all.map(e => '#' + e.id)")
        assert lit == ([row] if row.startswith("#line") else [])
        ticked = panel.locator(".fv-code-list [aria-pressed=true]")
        assert [each.get_attribute("value") for each in ticked.all()] == list(on)

    enter(page, base, database, clock)
    page.goto(f"{base}/staff/accounts/{interview_id}/code#answer-2")
    expect(page.locator("#answer-2")).to_be_focused()
    codes = offered(page, 2)
    press("ArrowDown", "1")
    at("#line-2-1", "sentence 1", codes[0])
    press("a")  # on already, so it only goes on
    at("#line-2-2", "sentence 2")
    press("s")
    at("#line-2-3", "sentence 3")
    expect(progress).to_contain_text("2 sentences of the answer have nothing on them")
    press("ArrowUp")
    at("#line-2-2", "sentence 2", codes[1])
    press("Tab", "Tab", "Tab")  # its two links, then the next sentence
    at("#line-2-3", "sentence 3")
    press("1")
    at("#line-2-3", "sentence 3", codes[0])
    # By Tab to the codes: they are the last sentence's, and the whole answer is one press away.
    page.locator("#line-2-4").focus()
    press("Tab", "Tab", "Tab", "Tab", "Enter")
    expect(panel.locator("summary").first).to_be_focused()
    expect(panel.locator("[data-title-of]")).to_have_text("Codes for the whole answer")
    press("u", "u", "u")
    expect(progress).to_contain_text("0 of 2 answers decided")
    assert coded() == Coded()

    # No code applies to one sentence: that says nothing of the others, and none is jumped over.
    page.locator("#line-2-3").focus()
    press("n")
    at("#line-2-4", "sentence 4")
    expect(progress).to_contain_text("3 sentences of the answer have nothing on them")
    expect(progress).to_contain_text("0 of 2 answers decided")
    press("n")
    at("#line-2-1", "sentence 1")
    press("n", "n")
    at("#answer-1", "the whole answer")
    expect(progress).to_contain_text("1 of 2 answers decided")
    assert coded().none_apply == {Unit(WELL, each) for each in ids}

    # After the last answer no key lands in a box; the list of keys; what another answer was told.
    press("ArrowDown", "a", "Enter", "Enter")
    expect(page.locator("#finish")).to_be_focused()
    press("5")
    expect(page.locator("[name=done-took]")).to_have_value("1")
    seen = page.locator("section.fv-finish a[data-to='line-1-2']")
    expect(seen).to_be_visible()
    seen.click()
    at("#line-1-2", "sentence 2")
    press("1")
    expect(progress).to_contain_text("is on sentence 2 of answer 1")
    page.locator("#answer-2").focus()
    expect(progress).not_to_contain_text("is on sentence 2 of answer 1")
    press("?")
    expect(page.get_by_text("The first key beside a code")).to_be_visible()
    press("Escape")
    expect(page.get_by_text("The first key beside a code")).to_be_hidden()
    expect(page.locator("#answer-2")).to_be_focused()
    press("/")
    page.keyboard.type("zzz")
    expect(heard).to_contain_text("No code has these letters")
    press("Escape")

    # A memo that is left is kept, by key or by a click on something else.
    press("ArrowDown", "m")
    page.keyboard.type("Ask Miss Ward")
    press("Escape")
    expect(progress).to_contain_text("Your memo is kept")
    expect(page.locator("#line-2-1 .fv-memo")).to_contain_text("Ask Miss Ward")
    at("#line-2-1", "sentence 1")
    press("m")
    page.keyboard.type("And again")
    page.locator("#bench h1").click()
    expect(page.locator("#line-2-1 .fv-memo")).to_have_count(2)

"""Family pages in a real Chromium: every sentence can be translated, and nothing is played back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response

from family_voice.language import pseudo, texts
from family_voice.language.catalogues import Catalogues
from tests.browser.checks import untranslated
from tests.conftest import Database
from tests.factories import Invited, invited

WORDS = "Sam loves trains. Mornings are hard.\n\u0627\u0628\u0646\u064a \U0001f682"
# What is not ours to translate on a page: questions and statements have files of their own, and
# roles, words and codes are data.
NOT_OURS = "[lang=en]:not(html), [dir=auto], .fv-code, .govuk-inset-text bdi"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def mirrored(app: Flask) -> Iterator[Flask]:
    """The application with mirrored English on offer beside English."""
    texts.install(pseudo.add_to(Catalogues()))
    yield app
    texts.install(Catalogues())


@pytest.fixture
def invitation(database: Database, now: datetime) -> Invited:
    """An invited parent."""
    with database.sessions.begin() as session:
        return invited(session, now)


class Walk:
    """One family on its way through mirrored pages; every page it sees is read."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.set_default_timeout(8000)
        self.address = address
        self.wrong: list[str] = []

    def open(self, path: str) -> None:
        self._look(self.page.goto(self.address + path), path)

    def press(self, button: str, name: str, **values: str) -> None:
        for field, value in values.items():
            box = self.page.locator(f"[name={field}]:not([type=hidden])").first
            if box.get_attribute("type") == "radio":
                self.page.check(f"[name={field}][value={value}]")
            else:
                box.fill(value)
        with self.page.expect_navigation() as sent:
            self.page.locator("main").locator(button).first.click()
        self._look(sent.value, name)

    def _look(self, answer: Response | None, name: str) -> None:
        assert answer
        assert answer.status < 500, name
        self.page.evaluate(
            "s => document.querySelectorAll(s).forEach(e => e.replaceChildren())", NOT_OURS
        )
        self.wrong += [f"{name}: untranslated: {found}" for found in untranslated(self.page)]
        self.page.reload()


GO = "button.govuk-button"


def test_every_sentence_of_the_pages_can_be_translated(
    browser: Browser, serve: Callable[[Flask], str], mirrored: Flask, invitation: Invited
) -> None:
    page = browser.new_page()
    walk = Walk(page, serve(mirrored))
    page.goto(f"{walk.address}/code?language=en-x-mirror")
    for path in ("/code", "/i/unknown", "/share", f"/i/{invitation.secrets.token}", "/left"):
        walk.open(path)
    page.goto(f"{walk.address}/welcome")
    for button, values in ((GO, {}), (GO, {"answer": "yes"}), (GO, {"answer": "yes"})):
        walk.press(button, "on the way", **values)
    walk.press("[value=next]", "second question", words=WORDS)
    for path in ("/stop", "/ring-me", "/check-answers", "/return-word", "/no-thanks"):
        walk.open(path)
    page.goto(f"{walk.address}/return-word")
    walk.press("[value=send]", "receipt", word="yellow boat")
    for path in ("/last-questions", "/your-words", "/your-choices"):
        walk.open(path)
    assert walk.wrong == []
    page.close()


def test_nothing_is_played_back_after_sending_however_often_one_goes_back(
    browser: Browser, serve: Callable[[Flask], str], app: Flask, invitation: Invited
) -> None:
    page = browser.new_page()
    page.set_default_timeout(8000)
    address = serve(app)
    page.goto(f"{address}/i/{invitation.secrets.token}")
    page.locator("main").locator(GO).first.click()
    for _ in range(2):
        page.check("[name=answer][value=yes]")
        page.locator("main").locator(GO).first.click()
    page.fill("[name=words]", "Sam loves trains.")
    page.locator("[value=next]").click()
    page.goto(f"{address}/check-answers")
    assert "Sam loves trains." in page.content()
    page.locator("main [name=go][value=send], main [value=next]").first.click()
    page.fill("[name=word]", "yellow boat")
    page.locator("[value=send]").click()
    assert page.url.endswith("/sent")
    pages_seen = 0
    while page.url.startswith(address):
        assert "trains" not in page.content(), page.url
        assert "yellow" not in page.content(), page.url
        pages_seen += 1
        page.go_back()
    assert pages_seen >= 3
    page.close()

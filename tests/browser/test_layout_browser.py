"""The frame and every kind of question in a real Chromium: narrow, wide, both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from family_voice.language import texts
from family_voice.language.catalogues import Catalogues
from tests.browser.checks import (
    axe,
    html_validate_all,
    is_too_wide,
    small_targets,
    untranslated,
    weigh,
)
from tests.web.layout_sample import make_app

PAGES = ["/family", "/staff", "/nowhere"]


@pytest.fixture(autouse=True)
def only_english_afterwards() -> Iterator[None]:
    """The mirrored language is on offer in these tests alone."""
    yield
    texts.install(Catalogues())


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["en", "en-x-mirror"])
def test_the_frame_is_sound(
    browser: Browser, serve: Callable[[Flask], str], width: int, language: str
) -> None:
    address = serve(make_app())
    page = browser.new_page(viewport={"width": width, "height": 700})
    sources = {}
    for path in PAGES:
        answer = page.goto(f"{address}{path}?language={language}")
        assert answer
        sources[path] = answer.text()
        assert axe(page) == []
        assert small_targets(page) == []
        assert not is_too_wide(page)
    page.goto(f"{address}/family")
    with page.expect_navigation() as sent:
        page.click("button.govuk-button")
    assert sent.value
    assert sent.value.status == 422
    sources["errors"] = sent.value.text()
    assert axe(page) == []
    assert not is_too_wide(page)
    assert html_validate_all(sources) == []
    page.close()


def test_an_error_leads_to_its_field_without_script(
    browser: Browser, serve: Callable[[Flask], str]
) -> None:
    address = serve(make_app())
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/family")
    page.fill("textarea", "\n\nNobody rang us back.")
    page.click("button.govuk-button")
    page.get_by_role("link", name="Choose yes or no.").click()
    page.wait_for_url("**#talk")
    assert page.input_value("textarea") == "\n\nNobody rang us back."
    page.keyboard.press("Tab")
    context.close()


def test_the_keyboard_reaches_the_main_part_first(
    browser: Browser, serve: Callable[[Flask], str]
) -> None:
    page = browser.new_page()
    page.goto(f"{serve(make_app())}/family")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/family#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.close()


def test_a_family_page_is_light(browser: Browser, serve: Callable[[Flask], str]) -> None:
    page = browser.new_page()
    got = weigh(page, f"{serve(make_app())}/family")
    assert len(got) <= 3, got
    assert sum(got.values()) <= 14_000, got
    page.close()


def test_every_sentence_of_the_frame_can_be_translated(
    browser: Browser, serve: Callable[[Flask], str]
) -> None:
    address = serve(make_app())
    page = browser.new_page()
    for path in ("/family", "/nowhere"):
        page.goto(f"{address}{path}?language=en-x-mirror")
        assert untranslated(page) == []
    page.goto(f"{address}/staff?language=en-x-mirror")
    assert untranslated(page) == ["Cases", "Rounds", "101"]  # the sample's own data
    page.close()

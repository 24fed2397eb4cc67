"""A page is read aloud on a tap, by a voice of the device itself, in the page's language.

Headless Chromium has no voices: the page is given what a telephone has.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from family_voice.app import create_app
from family_voice.settings import Settings
from tests.browser.beginning import to_the_first_question
from tests.browser.serving import serving
from tests.conftest import Clock

VOICES = """voices => {
  window.said = [];
  const speech = {speaking: false, getVoices: () => voices, addEventListener: () => {},
    speak: each => { speech.speaking = true; said.push([each.voice.lang, each.text]); },
    cancel: () => { speech.speaking = false; }};
  Object.defineProperty(window, 'speechSynthesis', {value: speech});
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""
BUTTON = "button.fv-read"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def address(settings: Settings, clock: Clock) -> Iterator[str]:
    """The application with every language on offer."""
    with serving(lambda _address: create_app(settings, demo=True, clock=clock)) as found:
        yield found


def asked(browser: Browser, address: str, language: str, voices: list[tuple[str, bool]]) -> Page:
    page = browser.new_page()
    page.set_default_timeout(10_000)
    given = [f"{{lang: '{lang}', localService: {str(local).lower()}}}" for lang, local in voices]
    page.add_init_script(f"({VOICES})([{', '.join(given)}])")
    to_the_first_question(page, address, language=language)
    return page


def test_it_reads_on_a_tap_and_stops_on_the_next(browser: Browser, address: str) -> None:
    page = asked(browser, address, "en", [("fr-FR", True), ("en-GB", True)])
    assert page.evaluate("said") == []
    page.click(BUTTON)
    said = page.evaluate("said")
    assert ["en-GB", "What is most important for us to know?"] in said
    assert page.inner_text(BUTTON) == "Stop reading"
    page.click(BUTTON)
    assert page.inner_text(BUTTON) == "Read this page to me"
    assert page.evaluate("said") == said
    page.close()


@pytest.mark.parametrize(
    ("language", "voices"),
    [("en", []), ("en", [("en-GB", False)]), ("ur", [("en-GB", True)])],
    ids=["no voice", "a voice that is not the device's own", "a voice for another language"],
)
def test_there_is_no_button_without_a_voice_of_the_device_for_the_language(
    browser: Browser, address: str, language: str, voices: list[tuple[str, bool]]
) -> None:
    page = asked(browser, address, language, voices)
    assert page.locator("script[src*=read_aloud]").count() == 1
    assert page.locator(BUTTON).count() == 0
    page.close()

"""The main journey by keyboard alone, and with everything four times as large.

At 400% on a screen of 1280 by 1024 there are 320 by 256 CSS pixels (WCAG 1.4.10).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from family_voice.app import create_app
from family_voice.settings import Settings
from tests.browser.serving import serving
from tests.browser.soundness import bursting
from tests.browser.visiting import sizes
from tests.conftest import Clock

MOST_TABS = 60
HERE = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const label = e.labels && e.labels[0];
  const round = label ? getComputedStyle(label, '::before') : style;
  const shows = [style, round].some(each => each.boxShadow !== 'none' ||
    (each.outlineStyle !== 'none' && parseFloat(each.outlineWidth) >= 2));
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {words: e.innerText || e.value || e.name || e.outerHTML.slice(0, 200),
          name: e.name || '', shows, inside,
          covered: !!at && at !== e && !e.contains(at) && !at.contains(e) &&
                   !(label && label.contains(at))};
}"""

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def address(settings: Settings, clock: Clock) -> Iterator[str]:
    """The application with every language on offer."""
    with serving(lambda _address: create_app(settings, demo=True, clock=clock)) as found:
        yield found


class Hands:
    """Somebody without a mouse, who has to see where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []

    def to(self, words: str) -> None:
        """Tab until what says so, or is called so, has the focus."""
        for _tab in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(HERE)
            where = f"{self.page.url}: {here['words'][:60]!r}"
            self.wrong += [] if here["shows"] else [f"{where} shows no focus"]
            self.wrong += [] if here["inside"] else [f"{where} is out of sight"]
            self.wrong += [f"{where} is covered"] if here["covered"] else []
            if words in (here["name"], " ".join(here["words"].split())):
                return
        raise AssertionError(f"{words!r} was not reached on {self.page.url}")

    def press(self, words: str, key: str = "Enter") -> None:
        """Go to a button or link and press it."""
        self.to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def tick(self, name: str, downs: int = 0) -> None:
        """Go to a group of radios and choose one with the arrows, or the first with space."""
        self.to(name)
        self.page.keyboard.press("Space")
        for _down in range(downs):
            self.page.keyboard.press("ArrowDown")

    def write(self, name: str, words: str) -> None:
        """Go to a box and write."""
        self.to(name)
        self.page.keyboard.insert_text(words)


def test_from_the_open_door_to_sending_by_keyboard(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, java_script_enabled=True)
    page.set_default_timeout(10_000)
    hands = Hands(page)
    page.goto(f"{address}/share")
    hands.press("Continue")
    hands.tick("audience")
    hands.press("Continue")
    hands.press("Continue")
    hands.press("Start", "Space")
    for _decision in range(2):
        hands.tick("answer")
        hands.press("Continue")
    while not page.url.endswith("/question/important.open"):
        hands.press("Continue")
    hands.write("words", "Sam loves trains.")
    hands.press("Continue")
    hands.press("Skip this question")
    page.goto(f"{address}/check-answers")
    hands.to("Keep a sentence from the people who work with us")
    page.keyboard.press("Enter")
    hands.tick("marks")
    hands.press("This is right, go on")
    hands.write("word", "yellow boat")
    hands.press("Send")
    assert page.url.endswith("/sent")
    assert hands.wrong == []
    page.close()


@pytest.mark.parametrize(("audience", "language"), [("parent_carer", "ur"), ("child", "en")])
def test_everything_four_times_as_large(
    browser: Browser, address: str, audience: str, language: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    page.set_default_timeout(10_000)
    wrong: list[str] = []
    page.goto(f"{address}/share?language={language}")
    page.check(f"[name=audience][value={audience}]")
    for _page in range(12):
        wrong += [f"{page.url}: {each}" for each in (*sizes(page), *bursting(page))]
        yes = page.locator("main [name=answer][value=yes]")
        if yes.count() and yes.first.get_attribute("type") == "radio":
            yes.first.check()
        if page.locator("main textarea").count():
            page.fill("main textarea", "Mornings are hard.")
        forward = "main button.fv-tile, main .govuk-button:not(.govuk-button--secondary)"
        with page.expect_navigation():
            page.locator(forward).first.click()
    assert "/question/" in page.url or page.url.endswith(("/check-answers", "/return-word"))
    assert wrong == []
    page.close()

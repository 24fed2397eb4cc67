"""The first question is light, and stands as it should in a browser of ten years ago."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from family_voice.app import create_app
from family_voice.settings import Settings
from tests.browser.beginning import to_the_first_question
from tests.browser.checks import ROOT, weigh
from tests.browser.serving import serving
from tests.conftest import Clock

MOST, MOST_EASY = 14 * 1024, 25 * 1024
BUILT = ROOT / "static" / "built"
SHEETS = ("family.css", "family.rtl.css", "easy.css", "easy.rtl.css")
# Not known to browsers of 2015 to 2019, and no page may need them: `gap` in a flex box, `inset`,
# the pairs of logical sides. Nor rules inside rules.
TOO_NEW = re.compile(
    r"(?:(?<=[{;])|^)(?:row-gap|column-gap|gap|inset[\w-]*|(?:margin|padding|border)-"
    r"(?:block|inline)[\w-]*)\s*:[^;}]*;?"
)
SELECTORS_TOO_NEW = re.compile(r":is\(|:where\(|@layer|@container|(?<=[{;])\s*&")
BOXES = """() => [...document.querySelectorAll('body *')].map(e => {
  const box = e.getBoundingClientRect();
  return `${e.tagName}.${e.className} ${[box.x, box.y, box.width, box.height].map(Math.round)}`;
})"""

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def address(settings: Settings, clock: Clock) -> Iterator[str]:
    """The application with every language on offer, as it is where nothing is real."""
    with serving(lambda _address: create_app(settings, demo=True, clock=clock)) as found:
        yield found


@on_sqlite
@pytest.mark.parametrize(
    ("audience", "language", "most"),
    [("parent_carer", "en", MOST), ("parent_carer", "ur", MOST), ("child", "ur", MOST_EASY)],
)
def test_the_first_question_over_the_wire(
    browser: Browser, address: str, audience: str, language: str, most: int
) -> None:
    context = browser.new_context()
    question = to_the_first_question(context.new_page(), address, audience, language)
    cold = browser.new_context(storage_state=context.storage_state())
    got = weigh(cold.new_page(), question)
    assert any(url.endswith(".css") or ".css?" in url for url in got)
    assert sum(got.values()) <= most, got
    cold.close()
    context.close()


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_style_sheets_need_nothing_new(sheet: str) -> None:
    css = (BUILT / sheet).read_text(encoding="utf-8")
    assert TOO_NEW.findall(css) == []
    assert SELECTORS_TOO_NEW.findall(css) == []


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".a{display:flex;gap:4px 8px}.b{inset:0;color:red}", ".a{display:flex;}.b{color:red}"),
        (".a{padding-block:4px}.b{margin-inline-end:1px;top:0}", ".a{}.b{top:0}"),
    ],
)
def test_what_is_new_is_found(css: str, left: str) -> None:
    assert TOO_NEW.sub("", css) == left


@on_sqlite
@pytest.mark.parametrize(("audience", "language"), [("parent_carer", "ur"), ("child", "en")])
def test_pages_stand_the_same_in_an_old_browser(
    browser: Browser, address: str, audience: str, language: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    to_the_first_question(page, address, audience, language)

    def seen() -> list[str]:
        found = []
        for path in (
            "/welcome",
            "/question/important.open",
            "/question/working_well.open",
            "/stop",
        ):
            page.goto(address + path)
            found += page.evaluate(BOXES)
        return found

    def stripped(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=TOO_NEW.sub("", answer.text()))

    modern = seen()
    page.route("**/*.css?*", stripped)
    assert seen() == modern
    page.close()


def test_no_class_of_a_family_page_was_left_out() -> None:
    """What the staff's whole sheet styles and a family's template names stands in the light one."""
    whole = (BUILT / "staff.css").read_text(encoding="utf-8")
    light = (BUILT / "family.css").read_text(encoding="utf-8")
    named = {
        name
        for file in (ROOT / "templates" / "family").glob("*.html")
        for classes in re.findall(r'class="([\w !-]+)"', file.read_text(encoding="utf-8"))
        for name in classes.split()
        if name.startswith("govuk-")
    }
    assert len(named) > 20
    escaped = {name: "." + name.replace("!", "\\!") for name in named}
    assert [name for name, at in escaped.items() if at in whole and at not in light] == []

"""What the first question costs over the wire on a first visit, measured in a real Chromium."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import render_template
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.places import application
from tests.browser.beginning import to_the_first_question
from tests.browser.checks import weigh
from tests.browser.conftest import FLAGS, PROGRAM
from tests.browser.serving import serving

MOST, MOST_EASY = 14 * 1024, 25 * 1024
# The floor stands in for a page that needs nobody's sitting.
FLOOR = "public.accessibility"
LANGUAGES = {"en": "English", "ur": "Urdu", "ar": "Arabic", "pl": "Polish"}
EASY = {
    "/welcome": "its welcome",
    "/question/important.open": "first question",
    "/question/working_well.open": "a sort",
    "/question/next.open": "the last question",
}


def weight_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    rows = []
    with (
        application("SQLite", 1, demo=True) as (app, _links),
        sync_playwright() as playwright,
    ):
        app.view_functions[FLOOR] = lambda: render_template("layout/family.html")
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        with serving(lambda _address: app) as address:
            for language, name in LANGUAGES.items():
                context = browser.new_context()
                question = to_the_first_question(context.new_page(), address, language=language)
                got = weigh(cold(browser, context), question)
                rows.append(_row(f"First question, {name}", got, MOST))
            for language in ("en", "ur"):
                context = browser.new_context()
                to_the_first_question(context.new_page(), address, "child", language)
                for path, name in EASY.items():
                    got = weigh(cold(browser, context), address + path)
                    rows.append(_row(f"Easy Read, {LANGUAGES[language]}, {name}", got, MOST_EASY))
            got = weigh(browser.new_page(), f"{address}/accessibility")
            rows.append(_row("Empty page", got, MOST))
        browser.close()
    return ["", "HTML", "CSS", "other", "all", "at most", "requests beyond"], rows


def cold(browser: Browser, context: BrowserContext) -> Page:
    """A page with the same sitting and an empty cache."""
    return browser.new_context(storage_state=context.storage_state()).new_page()


def _row(name: str, got: dict[str, int], most: int) -> list[str]:
    """Bytes by kind of file."""
    html = css = other = 0
    for url, size in got.items():
        path = urlsplit(url).path
        if path.endswith(".css"):
            css += size
        elif "/static/" in path:
            other += size
        else:
            html += size
    sizes = (html, css, other, sum(got.values()), most)
    return [name, *(f"{size:,}" for size in sizes), str(len(got) - 1)]

"""What the first question costs over the wire on a first visit, measured in a real Chromium."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import render_template
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.places import application
from tests.browser.checks import weigh
from tests.browser.conftest import DEBIANS, FLAGS
from tests.browser.serving import serving

MOST = 16 * 1024
# The floor stands in for a page that needs nobody's sitting.
FLOOR = "public.accessibility"


def weight_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    with (
        application("SQLite", 1) as (app, links),
        sync_playwright() as playwright,
    ):
        app.view_functions[FLOOR] = lambda: render_template("layout/family.html")
        program = str(DEBIANS) if DEBIANS.is_file() else None
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with serving(lambda _address: app) as address:
            context, question = first_question(browser, address, links[0])
            rows = [
                _row("First question", weigh(_cold(browser, context), question)),
                _row("Empty page", weigh(_cold(browser, context), f"{address}/accessibility")),
            ]
        browser.close()
    rows.append(["At most", "", "", "", f"{MOST:,}", "2"])
    return ["", "HTML", "CSS", "other", "all", "requests beyond"], rows


def first_question(browser: Browser, address: str, link: str) -> tuple[BrowserContext, str]:
    """Come by a link and say yes twice. Returns the context and the question's address."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + link)
    page.click("main button")
    for _decision in range(2):
        page.check("[name=answer][value=yes]")
        page.click("main button.govuk-button")
    assert page.url.endswith("/question/important.open"), page.url
    return context, page.url


def _cold(browser: Browser, context: BrowserContext) -> Page:
    """A page with the same sitting and an empty cache."""
    return browser.new_context(storage_state=context.storage_state()).new_page()


def _row(name: str, got: dict[str, int]) -> list[str]:
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
    sizes = (html, css, other, sum(got.values()))
    return [name, *(f"{size:,}" for size in sizes), str(len(got) - 1)]

"""When the first question is first seen, on the slowest line that phones still meet.

Chromium holds back every answer by the line's delay and lets bytes through at its speed (the
DevTools protocol's own throttling). It does not hold back the opening of the connection, so that
one round trip for TCP is added, and another for TLS 1.3 where the line is encrypted.
"""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.places import application
from benchmarks.weight import LANGUAGES, cold
from tests.browser.beginning import to_the_first_question
from tests.browser.conftest import FLAGS, PROGRAM
from tests.browser.serving import serving

KBITS, DELAY = 280, 800
MOST = 3000
TIMES = 3
PAINTED = (
    "() => new Promise(done => new PerformanceObserver(list => done("
    "list.getEntriesByName('first-contentful-paint')[0].startTime"
    ")).observe({type: 'paint', buffered: true}))"
)
PAGES = (("parent_carer", "en"), ("parent_carer", "ur"), ("child", "en"), ("child", "ur"))


def paint_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    rows = []
    with application("SQLite", 1, demo=True) as (app, _links), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        with serving(lambda _address: app) as address:
            for audience, language in PAGES:
                context = browser.new_context()
                question = to_the_first_question(context.new_page(), address, audience, language)
                seen = median(first_paint(browser, context, question) for _ in range(TIMES))
                kind = "Easy Read" if audience == "child" else "First question"
                rows.append(
                    [
                        f"{kind}, {LANGUAGES[language]}",
                        *(f"{seen + trips * DELAY:,.0f}" for trips in (0, 1, 2)),
                        f"{MOST:,}",
                    ]
                )
        browser.close()
    heads = ["ms", "first paint", "with TCP's opening", "and with TLS's", "at most"]
    return heads, rows


def first_paint(browser: Browser, context: BrowserContext, address: str) -> float:
    """Milliseconds until something of a page is seen, with an empty cache on a slow line."""
    page = cold(browser, context)
    page.set_default_timeout(60_000)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": DELAY,
            "downloadThroughput": KBITS * 1000 / 8,
            "uploadThroughput": KBITS * 1000 / 8,
        },
    )
    page.goto(address, wait_until="commit")
    painted = float(page.evaluate(PAINTED))
    page.context.close()
    return painted

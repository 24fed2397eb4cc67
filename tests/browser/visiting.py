"""Somebody at a browser whose scripts are off, and what is wrong with the pages they see.

A page is looked at as it arrived: no script of its own has run. Only then is the browser allowed
scripts, for axe alone, at the width of a small phone and at that of a desk.
"""

from __future__ import annotations

import re
from types import TracebackType

from playwright.sync_api import Browser, Locator, Page, Response

from tests.browser.checks import axe, html_validate_all, is_too_wide, small_targets

NARROW, WIDE = 320, 1280
HEIGHT = 800


class Findings:
    """Everything that was found wrong, and every page's source for html-validate at the end."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.sources: dict[str, str] = {}

    def add(self, where: str, found: list[str]) -> None:
        self.wrong += [f"{where}: {each}" for each in found]

    def none(self) -> None:
        """Fail with every finding, one a line. html-validate reads all pages in one go."""
        found = [*self.wrong, *html_validate_all(self.sources)]
        assert not found, "\n".join(found)


class Visitor:
    """One person with a browser of their own. Use it with `with`."""

    def __init__(self, browser: Browser, address: str, findings: Findings) -> None:
        self.address = address
        self.findings = findings
        self._context = browser.new_context(
            viewport={"width": NARROW, "height": HEIGHT}, locale="en-GB"
        )
        self._context.set_default_timeout(10_000)
        self.page = self._context.new_page()
        self._switch = self._context.new_cdp_session(self.page)
        self._scripts(False)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._context.close()

    def open(self, path: str) -> Response:
        """Go to an address."""
        target = path if path.startswith("http") else f"{self.address}{path}"
        response = self.page.goto(target)
        assert response is not None
        return self._arrived(response)

    def follow(self, words: str) -> Response:
        """Follow the link that says so, as somebody who reads the page would."""
        return self.go(self.page.get_by_role("link", name=words, exact=True).first)

    def press(self, words: str) -> Response:
        """Press the button that says so."""
        return self.go(self.page.get_by_role("button", name=words, exact=True).first)

    def fill(self, label: str, words: str, number: int = 0) -> None:
        """Write into the box with this label."""
        self.page.get_by_label(label, exact=True).nth(number).fill(words)

    def choose(self, label: str, number: int = 0) -> None:
        """Tick the box, or choose the radio, with this label."""
        self.page.get_by_label(label, exact=True).nth(number).check()

    def text(self, selector: str = "body") -> str:
        """What can be read."""
        return " ".join(self.page.locator(selector).first.inner_text().split())

    @property
    def path(self) -> str:
        """Where the browser stands, without the address of the machine."""
        return self.page.url.removeprefix(self.address)

    def go(self, what: Locator) -> Response:
        """Press something that leads to another page."""
        assert what.count(), f"not found on {self.path}: {what}: {self.text()}"
        with self.page.expect_navigation() as going:
            what.click()
        return self._arrived(going.value)

    def _arrived(self, response: Response) -> Response:
        assert response.status < 500, f"{self.path}: see the log"
        if "text/html" in response.headers.get("content-type", ""):
            self._look(response)
        return response

    def _look(self, response: Response) -> None:
        where = f"{response.request.method} {nameless(self.path)} {response.status}"
        name = f"{where} #{len(self.findings.sources) + 1}"
        self.findings.sources[name] = response.text()
        self.findings.add(name, heading_problems(self.page))
        for width in (NARROW, WIDE):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            # Further down, what stays at the top of the window covers part of something.
            self.page.evaluate("scrollTo(0, 0)")
            self.findings.add(f"{name} at {width}", sizes(self.page))
            self._scripts(True)
            self.findings.add(f"{name} at {width}", axe(self.page))
            self._scripts(False)
        self.page.set_viewport_size({"width": NARROW, "height": HEIGHT})

    def _scripts(self, on: bool) -> None:
        self._switch.send("Emulation.setScriptExecutionDisabled", {"value": not on})


def nameless(path: str) -> str:
    """An address without the ids in it."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", path)


def sizes(page: Page) -> list[str]:
    """Sideways scrolling, and targets too small for a thumb."""
    wide = ["scrolls sideways"] if is_too_wide(page) else []
    return [*wide, *(f"small target: {each}" for each in small_targets(page))]


def heading_problems(page: Page) -> list[str]:
    """A page has one main heading, and the window's title begins with it.

    A heading that is somebody's name is marked `translate="no"`. It need not be in the title, which
    browsers keep in their history.
    """
    headings = page.locator("h1")
    if headings.count() != 1:
        return [f"{headings.count()} main headings"]
    words = " ".join(headings.first.inner_text().split())
    title = " ".join(page.title().split()).rpartition(" – ")[0]
    named = page.locator("h1[translate=no], h1 [translate=no]").count() > 0
    # "Error:" comes before it when something has to be put right.
    if not named and not title.startswith(words) and not title.endswith(words):
        return [f"the title {title!r} does not begin with {words!r}"]
    return []

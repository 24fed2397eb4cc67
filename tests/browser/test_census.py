"""Every page there is, once in English and once mirrored, with scripts on, in the demo's world.

People with each role follow every link they find, one page of a kind; what no link leads to is
opened step by step. A new route that nobody visits fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, Response
from werkzeug.exceptions import HTTPException

from family_voice.demo.handout import FamilyDoor, Handout
from family_voice.demo.pages import hand_out
from family_voice.language import pseudo, texts
from family_voice.language.catalogues import Catalogues
from family_voice.people.access import ROUTES, Door
from family_voice.settings import asset_folder
from tests.browser.checks import axe, html_validate_all, untranslated, vnu_all
from tests.browser.demos import (
    SEED,
    a_caseload_file,
    a_place_in_a_sample,
    a_project,
    a_quote_to_ask,
    make_demo,
)
from tests.browser.known_words import Known, known_words
from tests.browser.serving import serving
from tests.browser.soundness import lost_errors
from tests.browser.visiting import HEIGHT, NARROW, WIDE, heading_problems, nameless, sizes
from tests.conftest import Clock

HOW_MANY = 66
# Pages of which more than one is looked at, because they differ with what happened.
SEVERAL = {"staff.case": 6, "panel.pack": 3, "demo.thread": 2, "linking.account": 2,
           "who_decides.person": 4, "observed.account": 6}  # fmt: skip
# Not pages: files, machines' answers, and doors that only lead on.
NO_PAGE = {
    "static", "gathered.mapping", "public.own_picture", "public.own_recording",
    "staff.caseload_example", "sample.to_fill_in", "caseload.mapping", "caseload.example",
    "past.example", "exchange.download", "exchange.download_project",
    "public.healthz", "public.readyz", "public.security_txt",
    "plan_feed.calendar_file", "family.link", "family.question_here", "family.quick_exit",
    "sign_in.start", "council_account.back", "call_pad.whats_new",
}  # fmt: skip
# Where the wording itself stands to be read: English beside its translation, values and all.
WORDINGS = {"languages.every", "languages.one", "languages.place"}
# A raw "None" needs no rule of its own: mirrored, it is a word that was not translated.
LEFT_IN = re.compile(r".{0,30}(?:%\(\w+\)|%[sd]\b|\{\{|\}\}|\{%).{0,30}")


# A form with something to fill in, and a button of its own.
FORM = (
    "main form[method=post]:has(input:not([type=hidden]), textarea, select)"
    ":has(button[type=submit])"
)
# Whose scripts send for themselves: those are tested in place.
SCRIPTED = "script[src]:not([src*=read_aloud])"
EMPTIED = """form => document.querySelector(form).querySelectorAll('input, textarea, select')
  .forEach(e => { if (e.type !== 'hidden') { e.checked = false;
    if (!['radio', 'checkbox', 'file'].includes(e.type)) e.value = ''; } })"""
THEIRS = {"family", "public"}


@dataclass
class World:
    """The demo, served."""

    app: Flask
    address: str
    handout: Handout
    clock: Clock
    known: Known


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo's database, made once, with mirrored English on offer."""
    folder: Path = tmp_path_factory.mktemp("census")
    clock, worlds = Clock(), []

    def make(address: str) -> Flask:
        demo = make_demo(folder, address, HOW_MANY, clock)
        hand_out(demo.app, demo.handout)
        texts.install(pseudo.add_to(Catalogues(asset_folder("translations"))))
        known = known_words(demo.settings, demo.handout, SEED, HOW_MANY)
        worlds.append(World(demo.app, address, demo.handout, clock, known))
        return demo.app

    with serving(make):
        yield worlds[0]
    texts.install(Catalogues())


@dataclass
class Census:
    """Which pages were seen, and what was wrong with them."""

    world: World
    language: str
    seen: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    forms: dict[str, tuple[Page, str]] = field(default_factory=dict)

    def endpoint(self, address: str) -> str | None:
        """Which of our pages an address opens, if it does."""
        parts = urlsplit(address)
        if parts.netloc != urlsplit(self.world.address).netloc:
            return None
        try:
            found, _values = self.world.app.url_map.bind("").match(parts.path, method="GET")
        except HTTPException:
            return None
        return str(found)

    def wanted(self, address: str) -> bool:
        """Whether a page of this kind is still to be looked at."""
        found = self.endpoint(address)
        if found is None or found in NO_PAGE:
            return False
        return self.seen.get(found, 0) < SEVERAL.get(found, 1)

    def look(self, page: Page, response: Response | None, *, again: bool = False) -> None:
        """Check the page that is open, unless enough of its kind were; `again`: in any case."""
        assert response is not None
        path = page.url.removeprefix(self.world.address)
        assert response.status < 500, f"{path}: see the log"
        found = self.endpoint(page.url)
        if found is None or not (again or self.wanted(page.url)):
            return
        self.seen[found] = self.seen.get(found, 0) + 1
        name = f"{found} {response.status} {nameless(path)}"
        if name in self.sources:
            name += f" #{self.seen[found]}"
        self.sources[name] = response.text()
        self._add(name, [*heading_problems(page), *lost_errors(page)])
        if page.locator(FORM).count() and not page.locator(SCRIPTED).count():
            self.forms.setdefault(found, (page, page.url))
        text = page.inner_text("body")
        if found not in WORDINGS:
            self._add(name, [f"left in: {each}" for each in LEFT_IN.findall(text)])
        mirrored = self.language != "en"
        if mirrored:
            if page.get_attribute("html", "dir") != "rtl":
                self._add(name, ["does not run from right to left"])
            texts_found = untranslated(page) if found not in WORDINGS else []
            found_words = self.world.known.unknown(texts_found)
            self._add(name, [f"untranslated: {each}" for each in found_words])
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            self._add(f"{name} at {width}", sizes(page))
            # Staff read English only: the mirror is for what families read.
            if not mirrored or (width == NARROW and found.partition(".")[0] in THEIRS):
                self._add(f"{name} at {width}", axe(page))

    def _add(self, name: str, found: list[str]) -> None:
        self.wrong += [f"{name}: {each}" for each in found]

    def crawl(self, page: Page, start: str) -> None:
        """Follow links from a page, one of a kind."""
        waiting, known = [urljoin(self.world.address, start)], set()
        while waiting:
            address = waiting.pop(0)
            self.look(page, page.goto(address))
            for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
                link = str(link).partition("#")[0]
                if link not in known and self.wanted(link):
                    known.add(link)
                    waiting.append(link)
            waiting = [each for each in waiting if self.wanted(each)]

    def press(self, page: Page, selector: str) -> None:
        """Press a button that leads on, and look at where."""
        with page.expect_navigation() as going:
            page.locator(selector).first.click()
        self.look(page, going.value, again=True)

    def send_empty(self) -> None:
        """Send each kind of form with nothing in it, and look at what was refused.

        What is not refused is done: so this comes last.
        """
        for page, address in list(self.forms.values()):
            answer = page.goto(address)
            send = page.locator(f"{FORM} >> nth=0").locator("button[type=submit]:visible")
            if answer is None or answer.status >= 400 or not send.count():
                continue
            page.evaluate(EMPTIED, FORM)
            with page.expect_navigation() as going:
                send.first.click()
            if going.value.status == 422:
                self.look(page, going.value, again=True)

    def missing(self) -> list[str]:
        """The pages that nobody opened."""
        pages = {
            rule.endpoint
            for rule in self.world.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and ROUTES.get(rule.endpoint) != Door.WEBHOOK
        }
        return sorted(pages - NO_PAGE - set(self.seen))


Open = Callable[[], Page]


@pytest.mark.parametrize("language", ["en", "en-x-mirror"])
def test_every_page_is_sound(browser: Browser, world: World, language: str) -> None:
    census = Census(world, language)
    contexts: list[BrowserContext] = []

    def fresh() -> Page:
        context = browser.new_context(viewport={"width": NARROW, "height": HEIGHT}, locale="en-GB")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{world.address}/accessibility?language={language}")
        return page

    anybody(census, fresh)
    for staff in world.handout.staff:
        page = fresh()
        page.goto(f"{world.address}/demo")
        census.press(page, f"form:has(input[value='{staff.email}']):not(:has([name=to])) button")
        census.crawl(page, "/staff/")
        if staff is world.handout.staff[0]:
            the_lead(census, page)
        if staff.role == "language_reviewer":
            the_reviewer(census, page)
        for each in ("/staff/password", "/panel/", "/forum/", "/board/"):
            census.look(page, page.goto(world.address + each))
    by_password(census, fresh())
    the_chair(census, fresh())
    for door in reversed(world.handout.newest):
        if door.link:
            a_family(census, fresh(), door)
    somebody_uninvited(census, fresh())
    somebody_with_pictures(census, fresh())
    the_receipts(census, fresh())
    if language == "en":
        census.send_empty()
    for context in contexts:
        context.close()
    found = [*census.wrong, *html_validate_all(census.sources)]
    found += vnu_all(census.sources) if language == "en" else []
    found += [f"nobody opened {endpoint}" for endpoint in census.missing()]
    assert not found, "\n".join(found)


def anybody(census: Census, fresh: Open) -> None:
    """What is open to all."""
    page = fresh()
    for start in ("/", "/demo", "/code", "/share", "/staff/sign-in", "/left", "/nowhere"):
        census.crawl(page, start)


def by_password(census: Census, page: Page) -> None:
    """The staff's door, with a password and a code."""
    staff = census.world.handout.staff[0]
    page.goto(f"{census.world.address}/staff/sign-in")
    page.fill("[name=email]", staff.email)
    page.fill("[name=password]", staff.password)
    census.press(page, "main form button")
    census.look(page, page.goto(f"{census.world.address}/staff/sign-in/code"))
    moment = int(census.world.clock().timestamp())
    page.fill("[name=code]", str(TOTP(staff.totp_secret).generate(moment).token))
    census.press(page, "main form button")


def the_lead(census: Census, page: Page) -> None:
    """What the lead reaches only by pressing buttons: the call pad, and a concern."""
    page.goto(f"{census.world.address}/demo")
    census.press(page, "form:has([name=to][value=call]) button")
    start = page.url
    page.locator("[name=way]").first.check()
    page.locator("[name=who]").first.check()
    census.press(page, "main form button.govuk-button")
    by = urlsplit(page.url).query
    for name in ("permission", "pad", "sort", "needs-doing", "complaint", "ending", "done"):
        census.look(page, page.goto(f"{start.partition('?')[0]}/{name}?{by}"))
    about = a_quote_to_ask(census.world.app, census.world.clock())
    place = a_place_in_a_sample(census.world.app)
    project, again = a_project(census.world.app), "/staff/codebook/look-again"
    for path in (about, place, project, again, "/staff/signed-in-again"):
        census.look(page, page.goto(f"{census.world.address}{path}"))
    census.crawl(page, "/staff/follow-ups")
    page.goto(f"{census.world.address}/staff/ledger")
    ledger = page.locator("a[href$='/release']").get_attribute("href") or ""
    for name in ("release", "sample/pick"):
        census.look(page, page.goto(f"{census.world.address}{ledger.rpartition('/')[0]}/{name}"))
    census.crawl(page, f"{ledger.rpartition('/')[0]}/opened")
    the_caseload(census, page)
    page.goto(f"{census.world.address}/staff/concern")
    page.fill("[name=words]", "Somebody said that the stairs are not safe.")
    census.press(page, "main form button.govuk-button")
    census.crawl(page, "/staff/concerns")


def the_caseload(census: Census, page: Page) -> None:
    """An export, handed in and checked; and whether the children of a case are one family."""
    page.goto(f"{census.world.address}/staff/ledger")
    case = page.locator("main a[href*='/staff/cases/']").first.get_attribute("href") or ""
    census.look(page, page.goto(f"{census.world.address}{case.partition('?')[0]}/family"))
    page.goto(f"{census.world.address}/staff/caseload/new")
    page.check("[name=mapping][value=family_voice]")
    page.check("[name=whole][value=part]")
    page.set_input_files("[name=export]", files=[a_caseload_file()])
    census.press(page, "main form button.govuk-button")


def the_chair(census: Census, page: Page) -> None:
    """What whoever chairs reaches from a pack: typing views, and a numbered copy."""
    page.goto(f"{census.world.address}/demo")
    census.press(page, "form:has([name=to][value=pack]) button")
    pack = page.url
    census.crawl(page, pack)
    census.look(page, page.goto(f"{pack}/profile/lines"))
    page.goto(f"{pack}/copies")
    page.locator("[name=made_for]").first.check()
    census.press(page, "main form button.govuk-button")


FAMILY_PAGES = (
    "/welcome", "/permission", "/ring-me", "/question/important.open", "/stop", "/check-answers",
    "/return-word", "/sent", "/last-questions", "/your-words", "/your-choices", "/no-thanks",
    "/where-my-words-went", "/quotes",
)  # fmt: skip


def a_family(census: Census, page: Page, door: FamilyDoor) -> None:
    """One family's pages, as far as its conversation has come."""
    assert door.link
    census.look(page, page.goto(door.link))
    census.crawl(page, page.url)
    a_sentence = f"{census.world.address}/your-words/sentence/{UUID(int=0)}"
    word = door.return_word if census.wanted(a_sentence) else None
    if word:
        page.goto(f"{census.world.address}/where-my-words-went")
    if word and page.locator("[name=return_word]").count():  # they have sent it
        page.fill("[name=return_word]", word)
        census.press(page, "main form button")
        for path in ("/your-words", "/quotes"):
            census.look(page, page.goto(census.world.address + path), again=True)
        census.crawl(page, "/your-words")
    for path in FAMILY_PAGES:
        if census.wanted(census.world.address + path):
            census.look(page, page.goto(census.world.address + path))


def somebody_uninvited(census: Census, page: Page) -> None:
    """Somebody who came by the open link, and says who they are."""
    page.goto(f"{census.world.address}/share")
    page.locator("[name=audience]").first.check()
    census.press(page, "main form button")
    page.goto(f"{census.world.address}/welcome")
    census.press(page, "main form button")
    for _decision in range(2):
        page.locator("[name=answer]").first.check()
        census.press(page, "main form button.govuk-button")
    census.look(page, page.goto(f"{census.world.address}/about-you"))
    census.look(page, page.goto(f"{census.world.address}/take-back"))
    census.look(page, page.goto(f"{census.world.address}/take-back/sure"))
    census.press(page, "main form button.govuk-button--warning")


def somebody_with_pictures(census: Census, page: Page) -> None:
    """A child who came by the open link and is asked who helps."""
    page.goto(f"{census.world.address}/share")
    page.locator("[name=audience][value=child]").check()
    census.press(page, "main form button")
    page.goto(f"{census.world.address}/welcome")
    census.press(page, "main form button")
    for _decision in range(2):
        census.press(page, "main button.fv-tile")
    census.look(page, page.goto(f"{census.world.address}/who-helps"))


def the_reviewer(census: Census, page: Page) -> None:
    """What somebody fluent reads sentence by sentence."""
    page.goto(f"{census.world.address}/staff/languages/ur/")
    place = page.locator("main th a").first.get_attribute("href")
    census.look(page, page.goto(f"{census.world.address}{place}"))


def the_receipts(census: Census, page: Page) -> None:
    """What was taken back, as the lead sees it: after somebody has."""
    page.goto(f"{census.world.address}/demo")
    census.press(page, "form:has([name=to][value=call]) button")
    census.crawl(page, "/staff/withdrawals")

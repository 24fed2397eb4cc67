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

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, Response
from werkzeug.exceptions import HTTPException

from family_voice.app import create_app, open_sessions
from family_voice.demo import families, instance, people, touches, who_decides
from family_voice.demo import staff as demo_staff
from family_voice.demo.handout import FamilyDoor, Handout
from family_voice.demo.pages import hand_out
from family_voice.frameworks.loader import available, load_framework
from family_voice.interviews.guide import load_guide
from family_voice.language import pseudo, texts
from family_voice.language.catalogues import Catalogues
from family_voice.people.access import ROUTES, Door
from family_voice.settings import Settings
from family_voice.themes.codebook import load_codebook
from tests.browser.checks import axe, html_validate_all, untranslated
from tests.browser.known_words import Known
from tests.browser.serving import serving
from tests.browser.visiting import HEIGHT, NARROW, WIDE, heading_problems, nameless, sizes
from tests.conftest import NOW, Clock

SEED, HOW_MANY = 7, 66
# Pages of which more than one is looked at, because they differ with what happened.
SEVERAL = {"staff.case": 6, "panel.pack": 3, "demo.thread": 2, "linking.account": 2,
           "who_decides.person": 4}  # fmt: skip
# Not pages: files, machines' answers, and doors that only lead on.
NO_PAGE = {
    "static", "staff.caseload_example", "public.healthz", "public.readyz", "public.security_txt",
    "family.link", "family.question_here", "family.quick_exit",
    "sign_in.start", "council_account.back",
}  # fmt: skip
# A raw "None" needs no rule of its own: mirrored, it is a word that was not translated.
LEFT_IN = re.compile(r".{0,30}(?:%\(\w+\)|%[sd]\b|\{\{|\}\}|\{%).{0,30}")


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
    kept = instance.Kept(folder / "demo.json", "a test's secret key, long enough", bytes(range(32)))
    environ = {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{folder}/demo.db"}
    clock, made = Clock(), []

    def make(address: str) -> Flask:
        settings = instance.settings_for(environ, kept, address, SEED)
        sessions = open_sessions(settings)
        handout = instance.refresh(
            sessions, settings, kept, seed=SEED, families=HOW_MANY, now=NOW,
            progress=lambda words: None,
        )  # fmt: skip
        app = create_app(settings, demo=True, clock=clock)
        app.testing = True
        hand_out(app, handout)
        texts.install(pseudo.add_to(Catalogues()))
        made.append((app, handout, known_words(settings, handout)))
        return app

    with serving(make) as address:
        app, handout, known = made[0]
        yield World(app, address, handout, clock, known)
    texts.install(Catalogues())


def known_words(settings: Settings, handout: Handout) -> Known:
    """Everything in the demo's world that is data."""
    return Known(
        settings, handout, families.demo_rounds(SEED, NOW.date(), HOW_MANY),
        demo_staff.PEOPLE, load_codebook(),
        [load_framework(each.id, each.version) for each in available()],
        [load_guide(audience, "en") for audience in ("parent_carer", "young_person")],
        vars(people), vars(touches), vars(who_decides),
        ["English", "Urdu", "Polish", "Welsh", "Punjabi"],
    )  # fmt: skip


@dataclass
class Census:
    """Which pages were seen, and what was wrong with them."""

    world: World
    language: str
    seen: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

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
        self._add(name, heading_problems(page))
        text = page.inner_text("body")
        self._add(name, [f"left in: {each}" for each in LEFT_IN.findall(text)])
        mirrored = self.language != "en"
        if mirrored:
            if page.get_attribute("html", "dir") != "rtl":
                self._add(name, ["does not run from right to left"])
            found_words = self.world.known.unknown(untranslated(page))
            self._add(name, [f"untranslated: {each}" for each in found_words])
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            self._add(f"{name} at {width}", sizes(page))
            if width == NARROW or not mirrored:
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
        if staff.role == "coproduction_lead":
            the_lead(census, page)
        for each in ("/staff/password", "/panel/", "/forum/", "/board/"):
            census.look(page, page.goto(world.address + each))
    by_password(census, fresh())
    the_chair(census, fresh())
    for door in reversed(world.handout.newest):
        if door.link:
            a_family(census, fresh(), door)
    somebody_uninvited(census, fresh())
    the_receipts(census, fresh())
    for context in contexts:
        context.close()
    found = [*census.wrong, *html_validate_all(census.sources)]
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
    page.fill("[name=code]", TOTP(staff.totp_secret).generate(moment).token)
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
    for name in ("permission", "pad", "needs-doing", "complaint", "ending", "done"):
        census.look(page, page.goto(f"{start.partition('?')[0]}/{name}?{by}"))
    census.crawl(page, "/staff/follow-ups")
    page.goto(f"{census.world.address}/staff/ledger")
    ledger = page.locator("a[href$='/release']").get_attribute("href") or ""
    for name in ("opened", "release"):
        census.look(page, page.goto(f"{census.world.address}{ledger.rpartition('/')[0]}/{name}"))
    page.goto(f"{census.world.address}/staff/concern")
    page.fill("[name=words]", "Somebody said that the stairs are not safe.")
    census.press(page, "main form button.govuk-button")
    census.crawl(page, "/staff/concerns")


def the_chair(census: Census, page: Page) -> None:
    """What whoever chairs reaches from a pack: typing views, and a numbered copy."""
    page.goto(f"{census.world.address}/demo")
    census.press(page, "form:has([name=to][value=pack]) button")
    pack = page.url
    census.crawl(page, pack)
    page.goto(f"{pack}/copies")
    page.locator("[name=made_for]").first.check()
    census.press(page, "main form button.govuk-button")


FAMILY_PAGES = (
    "/welcome", "/permission", "/ring-me", "/question/important.open", "/stop", "/check-answers",
    "/return-word", "/sent", "/last-questions", "/your-words", "/your-choices", "/no-thanks",
)  # fmt: skip


def a_family(census: Census, page: Page, door: FamilyDoor) -> None:
    """One family's pages, as far as its conversation has come."""
    assert door.link
    census.look(page, page.goto(door.link))
    census.crawl(page, page.url)
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


def the_receipts(census: Census, page: Page) -> None:
    """What was taken back, as the lead sees it: after somebody has."""
    page.goto(f"{census.world.address}/demo")
    census.press(page, "form:has([name=to][value=call]) button")
    census.crawl(page, "/staff/withdrawals")

"""Every page a family meets, empty, with errors, filled in and finished, at two widths.

In English and Urdu all of them; in every other language the main journey.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response

from family_voice.app import create_app
from family_voice.interviews import record
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.sharing import quoting
from family_voice.sharing.quotes import quotable
from family_voice.sharing.recognising import NOBODY
from tests.browser.checks import html_validate_all, vnu_all
from tests.browser.serving import serving
from tests.browser.soundness import wrong_with
from tests.browser.visiting import NARROW, WIDE, nameless
from tests.conftest import Clock, Database
from tests.factories import Invited, invited

WORDS = "Sam loves trains. Mornings are hard.\n\u0627\u0628\u0646\u064a \U0001f682"
WORD = "yellow boat"
GO = "button.govuk-button"
WHOLE, MAIN = ("en", "ur"), ("ar", "pl")

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class World:
    """The application with every language on offer, served, and what families' pages were like."""

    app: Flask
    address: str
    database: Database
    now: datetime

    def invite(self, **how: str) -> Invited:
        with self.database.sessions.begin() as session:
            return invited(session, self.now, **how)


@pytest.fixture
def world(settings: Settings, database: Database, clock: Clock) -> Iterator[World]:
    """As the demo is: every language is on offer there."""
    app = create_app(settings, demo=True, clock=clock)
    with serving(lambda _address: app) as address:
        yield World(app, address, database, clock())


class Walk:
    """One person on the way through the pages. Whatever is opened is looked at."""

    def __init__(self, browser: Browser, world: World, language: str) -> None:
        self.world = world
        self.widths = (NARROW, WIDE) if language in WHOLE else (NARROW,)
        self.page: Page = browser.new_page()
        self.page.set_default_timeout(10_000)
        self.language = language
        self.sources: dict[str, str] = {}
        self.wrong: list[str] = []

    def open(self, path: str) -> None:
        self._look(self.page.goto(self.world.address + path))

    def press(self, button: str = GO, **values: str) -> None:
        """Fill in boxes, tick radios, and press a button of the main part."""
        for name, value in values.items():
            box = self.page.locator(f"[name={name}]:not([type=hidden])").first
            if box.get_attribute("type") in ("radio", "checkbox"):
                self.page.check(f"[name={name}][value={value}]")
            else:
                box.fill(value)
        with self.page.expect_navigation() as sent:
            self.page.locator("main, nav, .fv-page__content").locator(button).first.click()
        self._look(sent.value)

    def unfold(self) -> None:
        """Open whatever is folded, and look again."""
        for summary in self.page.locator("summary").all():
            summary.click()
        self._add("unfolded", wrong_with(self.page, self.widths))

    def _look(self, answer: Response | None) -> None:
        assert answer
        path = nameless(self.page.url.removeprefix(self.world.address))
        name = f"{self.language} {answer.request.method} {path} {answer.status}"
        assert answer.status < 500, name
        name += f" #{len(self.sources) + 1}"
        self.sources[name] = answer.text()
        if self.page.get_attribute("html", "lang") != self.language:
            self.wrong.append(f"{name}: in another language")
        self._add(name, wrong_with(self.page, self.widths))

    def _add(self, name: str, found: list[str]) -> None:
        self.wrong += [f"{name}: {each}" for each in found]

    def sound(self) -> None:
        """Fail with everything that was found, in one go."""
        self.page.close()
        found = [*self.wrong, *html_validate_all(self.sources), *vnu_all(self.sources)]
        assert not found, "\n".join(found)


@pytest.mark.parametrize("language", [*WHOLE, *MAIN])
def test_a_parents_pages_from_the_link_to_taking_it_all_back(
    browser: Browser, world: World, language: str
) -> None:
    invitation = world.invite(language=language)
    walk = Walk(browser, world, language)
    main_only = language in MAIN
    if not main_only:
        walk.open(f"/code?language={language}")
        walk.press()
        walk.press(code="7KQ2-M4XA-9RTB")
        for path in ("/", "/privacy", "/accessibility", "/i/unknown", "/left", "/nowhere"):
            walk.open(path)
    walk.open(f"/i/{invitation.secrets.token}?language={language}")
    walk.press()  # the first decision
    walk.press()  # nothing chosen
    walk.press(answer="yes")
    walk.press(answer="yes")
    walk.press("[value=next]", words=WORDS)
    if not main_only:
        walk.press("[value=skip]", words="Wait")  # words that were about to be thrown away
        walk.press("[value=more]")
        walk.press("[value=next]", words="x" * 20_001)
        walk.press("[value=stop]", words="More words.")
        walk.press("form:has([name=word]) button", word="ab")
        walk.open("/ring-me")
        walk.press()
        walk.open("/welcome")  # begun
        walk.open("/question/important.open")  # filled in
    walk.open("/check-answers")
    walk.unfold()
    walk.press("[value=next]")
    walk.press("[value=send]", word="ab")
    walk.press("[value=send]", word=WORD)
    walk.open("/last-questions")
    walk.press(quote="yes", count="yes", hear_back="text")
    if main_only:
        return walk.sound()
    for path in ("/welcome", "/your-words"):
        walk.open(path)
    walk.press()  # no word typed
    walk.press(return_word="red bus")
    walk.press(return_word=WORD)
    walk.unfold()
    walk.press("[value=right]")
    for path in ("/where-my-words-went", "/quotes"):
        walk.open(path)
    a_quote_is_put(world, invitation)
    for path in ("/where-my-words-went", "/quotes"):
        walk.open(path)
    walk.unfold()
    walk.press("[value=mine]", words="")
    walk.press("[value=no]")
    walk.open("/your-words")
    walk.press(".fv-sentences a")
    walk.press("[value=save]", words="")
    walk.press("[value=save]", words="Sam loves buses.")
    walk.press(".fv-answer__ways a")
    walk.press(words="")
    walk.open("/your-choices")
    walk.press()
    walk.open("/question/important.open?to=words")
    kept = walk.page.context.cookies()
    walk.page.context.clear_cookies()
    walk.press("main form " + GO)  # the sitting is over: the words are still there
    walk.page.context.add_cookies(
        [
            {
                "name": each["name"], "value": each["value"], "domain": each["domain"],
                "path": each["path"], "expires": each["expires"], "httpOnly": each["httpOnly"],
                "secure": each["secure"], "sameSite": each["sameSite"],
            }
            for each in kept
        ]
    )  # fmt: skip
    for path in ("/take-back", "/take-back/sure"):
        walk.open(path)
    walk.press("button.govuk-button--warning")
    walk.sound()


def a_quote_is_put(world: World, invitation: Invited) -> None:
    """The lead asks whether one sentence may be used."""
    with world.database.sessions.begin() as session:
        lead = add_staff(session, email="lead@council.example", roles=[Role.LEAD], now=world.now)
        of = list(quotable(session, invitation.interview_id))[:1]
        assert record.account(session, invitation.interview_id).answer("important.open")
        quoting.propose(
            session, invitation.interview_id, of, "We love trains.",
            Actor("staff", lead.staff_id), world.now, answers=NOBODY,
        )  # fmt: skip


@pytest.mark.parametrize("language", WHOLE)
def test_easy_read_from_the_open_door_to_what_was_chosen(
    browser: Browser, world: World, language: str
) -> None:
    walk = Walk(browser, world, language)
    walk.open(f"/share?language={language}")
    walk.press()  # nobody chosen
    walk.press(audience="child")
    walk.open("/welcome")
    walk.press()
    while not walk.page.url.endswith("/question/important.open"):
        tiles = walk.page.url.endswith(("/permission", "/who-helps"))
        walk.press("button.fv-tile" if tiles else GO)
    walk.press("[value=next]", words="I like maps.")
    while "/question/working_well.open" in walk.page.url and walk.page.query_selector(".fv-card"):
        walk.press("button.fv-tile >> nth=1")
    walk.press("[value=next]")
    for _page in range(3):
        tile = walk.page.locator("main button.fv-tile[name=choose]").count()
        walk.press("button.fv-tile[name=choose]" if tile else "[value=next]")
    walk.open("/question/difference.open")  # chosen
    walk.open("/check-answers")
    walk.unfold()
    walk.open("/stop")
    walk.open("/return-word")
    walk.press("[value=send]", word=WORD)
    walk.open("/your-words")
    walk.sound()


def test_somebody_who_says_no(browser: Browser, world: World) -> None:
    walk = Walk(browser, world, "ur")
    for audience in ("advocate", "young_person"):
        walk.page.context.clear_cookies()
        walk.open("/share?language=ur")
        walk.press(audience=audience)
        walk.open("/welcome")
        walk.press()
        walk.press(answer="no")
        walk.open("/no-thanks")
        walk.open("/welcome")
    walk.sound()

"""No word is lost on the call pad: each way of losing one, tried in a Chromium with scripts on.

The page's own clock is moved, and the server's with it; nobody waits for anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from family_voice.cases.talking import begin_talk
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.browser.checks import axe
from tests.browser.conftest import FLAGS, PROGRAM
from tests.browser.place import PASSWORD, SECRET, Place, a_place
from tests.browser.visiting import NARROW, WIDE
from tests.cases.households import case
from tests.conftest import Clock, Database

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

HOUR = 60 * 60 * 1000
WORRIES = "#worries-open"


@dataclass
class Desk:
    """A lead's conversation with a mother, and the browsers it is open in."""

    place: Place
    interview_id: UUID
    path: str
    contexts: list[BrowserContext] = field(default_factory=list)
    still: list[BrowserContext] = field(default_factory=list)

    def context(self) -> BrowserContext:
        """A browser of its own."""
        found = self.place.browser.new_context(locale="en-GB")
        found.set_default_timeout(10_000)
        self.contexts.append(found)
        return found

    def sign_in(self, page: Page, email: str = "lee@council.example") -> None:
        """By password and code, on whatever sign-in page is open."""
        # Each code counts once.
        self.place.clock.present += timedelta(minutes=2)
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Go on").click()
        moment = int(self.place.clock.present.timestamp())
        page.fill("[name=code]", str(TOTP(SECRET).generate(moment).token))
        page.get_by_role("button", name="Sign in").click()

    def pad(self, context: BrowserContext | None = None) -> Page:
        """The pad, in a browser that is signed in; its clock stands still."""
        context = context or self.context()
        first = context not in self.still
        page = context.new_page()
        if first:
            page.clock.install()
        page.goto(f"{self.place.address}{self.path}")
        if "sign-in" in page.url:
            self.sign_in(page)
            expect(page).to_have_url(re.compile("/pad"))
        if first:  # all tabs of a browser have one clock
            self.still.append(context)
            page.clock.pause_at(page.evaluate("Date.now()") + 1000)
        return page

    def words(self, prompt_id: str = "worries.open") -> list[str]:
        """What stands in the database."""
        with reading(self.place.database.sessions) as session:
            answer = record.account(session, self.interview_id).answer(prompt_id)
            return [piece.text for piece in answer.pieces] if answer else []


@pytest.fixture
def desk(browser: Browser, database: Database, settings: Settings, clock: Clock) -> Iterator[Desk]:
    """The pad stands open with a mother who has agreed to talk."""
    with a_place(browser, database, settings, clock) as place:
        round_id = place.a_round()
        now = clock()
        with database.sessions.begin() as session:
            for email, name in (("lee", "Lee Marrowby"), ("kim", "Kim Other")):
                staff = add_staff(
                    session, email=f"{email}@council.example", roles=[Role.LEAD], now=now,
                    password=PASSWORD, totp_secret=SECRET, name=name,
                )  # fmt: skip
            view = case(session, round_id, "EX-001")
            person = next(each.person for each in view.people if not each.ask.obstacle)
            interview_id = begin_talk(
                session, view.case_id, person.id, Channel.TELEPHONE,
                came_to_us=True, by=Actor("staff", staff.staff_id), now=now,
            )  # fmt: skip
            for purpose in (Purpose.TALK, Purpose.CHECK):
                record.decide(
                    session, interview_id, purpose, True, channel=Channel.TELEPHONE, now=now
                )
        path = f"/staff/case/{view.case_id}/talk/{person.id}/pad?by=telephone"
        found = Desk(place, interview_id, path)
        yield found
        for context in found.contexts:
            context.close()


def box(page: Page, prompt: str = WORRIES) -> Locator:
    return page.locator(f"{prompt} textarea").first


def bar(page: Page) -> Locator:
    return page.locator("[data-bar-state]")


def type_at_once(page: Page, words: str, prompt: str = WORRIES) -> None:
    """Type without the page's clock moving."""
    box(page, prompt).focus()
    page.keyboard.insert_text(words)


def saved(page: Page, do: Callable[[], object]) -> None:
    """Do something that saves, and see that it did."""
    with page.expect_response(lambda answer: "/pad/" in answer.url and answer.ok):
        do()
    expect(bar(page)).to_contain_text("Saved")


def test_a_pause_of_a_second_saves(desk: Desk) -> None:
    page = desk.pad()
    type_at_once(page, "The bus is late.")
    expect(bar(page)).to_have_text("Saving …")
    saved(page, lambda: page.clock.run_for(1000))
    assert desk.words() == ["The bus is late."]
    expect(page.locator(WORRIES)).to_have_class(re.compile("fv-prompt--done"))


def test_who_types_without_a_pause_is_saved_meanwhile(desk: Desk) -> None:
    page = desk.pad()

    def five_seconds() -> None:
        for number in range(13):
            type_at_once(page, f"word{number} ")
            page.clock.run_for(400)

    saved(page, five_seconds)
    assert desk.words()
    assert desk.words()[0].startswith("word0 word1")


@pytest.mark.parametrize("lost", ["offline", "unreachable"])
def test_an_hour_without_a_connection(desk: Desk, lost: str) -> None:
    page = desk.pad()
    if lost == "offline":
        page.context.set_offline(True)
    else:
        page.context.route("**/pad/**", lambda route: route.abort())
    type_at_once(page, "They never ring back.")
    page.check("#come-worries-open")
    page.clock.run_for(HOUR // 2)
    expect(bar(page)).to_contain_text("We keep trying")
    type_at_once(page, " Nobody knows why.")
    page.clock.run_for(HOUR // 2)
    assert desk.words() == []
    assert box(page).input_value() == "They never ring back. Nobody knows why."

    # Meanwhile the sign-in is over as well: half an hour unused ends it.
    desk.place.clock.present += timedelta(hours=1)
    if lost == "offline":
        page.context.set_offline(False)
    else:
        page.context.unroute("**/pad/**")
    page.clock.run_for(20_000)
    expect(bar(page)).to_contain_text("You have been signed out")
    sign_in_again(desk, page)
    assert desk.words() == ["They never ring back. Nobody knows why."]
    page.reload()
    assert page.is_checked("#come-worries-open")


def sign_in_again(desk: Desk, page: Page, email: str = "lee@council.example") -> Page:
    """By the link that the pad shows: in a tab of its own, after which the pad goes on."""
    with page.context.expect_page() as opened:
        page.locator("[data-sign-in-link]").click()
    tab = opened.value
    desk.sign_in(tab, email)
    expect(tab.locator("h1")).to_have_text("You are signed in")
    tab.close()
    if email.startswith("lee"):
        page.clock.run_for(20_000)
        expect(bar(page)).to_contain_text("Saved")
        expect(page.locator("[data-sign-in-link]")).to_be_hidden()
    return tab


def test_a_closed_lid_saves_what_it_can_and_the_rest_when_it_opens(desk: Desk) -> None:
    page = desk.pad()
    type_at_once(page, "Mornings are hard.")
    # The screen goes dark before the pause was over: nobody waits for it.
    hidden = """on => { Object.defineProperty(document, 'hidden', {value: on, configurable: true});
                        document.dispatchEvent(new Event('visibilitychange')); }"""
    saved(page, lambda: page.evaluate(hidden, True))
    assert desk.words() == ["Mornings are hard."]
    page.evaluate(hidden, False)

    # The lid falls shut in the middle of a sentence, far from any network, for a night.
    page.context.set_offline(True)
    type_at_once(page, " And he does not sleep")
    page.clock.fast_forward(10 * HOUR)
    desk.place.clock.present += timedelta(hours=10)
    assert desk.words() == ["Mornings are hard."]
    page.context.set_offline(False)
    page.clock.run_for(1000)
    expect(bar(page)).to_contain_text("You have been signed out")
    sign_in_again(desk, page)
    assert desk.words() == ["Mornings are hard. And he does not sleep"]


def test_a_second_tab_shows_both_versions(desk: Desk) -> None:
    first = desk.pad()
    type_at_once(first, "School is fine.")
    saved(first, lambda: first.clock.run_for(1000))
    second = desk.pad(first.context)
    type_at_once(first, " Mostly.")
    saved(first, lambda: first.clock.run_for(1000))
    box(second).fill("School is hard.")
    second.clock.run_for(1000)
    expect(bar(second)).to_contain_text("changed somewhere else")
    assert desk.words() == ["School is fine. Mostly."]
    second.locator("[value=save]").first.click()
    expect(second.locator(".fv-two .fv-words")).to_have_text("School is fine. Mostly.")
    assert box(second).input_value() == "School is hard."
    second.clock.resume()  # axe waits by the clock
    for width in (NARROW, WIDE):
        second.set_viewport_size({"width": width, "height": 800})
        assert axe(second) == []
    second.get_by_label("Both", exact=True).check()
    second.locator("[value=save]").first.click()
    expect(second.get_by_text("Everything is saved.")).to_be_visible()
    assert sorted(desk.words()) == ["School is fine. Mostly.", "School is hard."]


def test_a_dead_session_loses_nothing_and_nobody_writes_in_anothers_name(desk: Desk) -> None:
    page = desk.pad()
    desk.place.clock.present += timedelta(hours=9)
    type_at_once(page, "He laughs again.")
    page.clock.run_for(1000)
    expect(bar(page)).to_contain_text("You have been signed out")
    # A colleague signs in at the same computer: nothing is kept as though she had heard it.
    sign_in_again(desk, page, "kim@council.example")
    page.clock.run_for(20_000)
    expect(bar(page)).to_contain_text("Somebody else is signed in here")
    assert desk.words() == []
    page.context.clear_cookies()
    page.clock.run_for(20_000)
    sign_in_again(desk, page)
    assert desk.words() == ["He laughs again."]


def test_without_a_second_tab_the_button_leads_through_signing_in(desk: Desk) -> None:
    page = desk.pad()
    desk.place.clock.present += timedelta(hours=9)
    type_at_once(page, "Her TA is kind.")
    type_at_once(page, "A bus that comes.", "#next-open")
    page.locator("[value=save]").first.click()
    page.clock.run_for(1000)
    desk.sign_in(page)
    expect(page.locator("h1")).to_have_text("Send your words again")
    assert page.locator("main textarea").count() == 2  # theirs, and nothing of the machine's
    page.locator("main form button").first.click()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    assert desk.words() == ["Her TA is kind."]
    assert desk.words("next.open") == ["A bus that comes."]


def test_nothing_that_is_not_saved_touches_the_disk(desk: Desk, tmp_path: Path) -> None:
    secret = "quagga-marzipan-obelisk"
    profile = tmp_path / "profile"
    context = desk.place.browser.browser_type.launch_persistent_context(
        str(profile), executable_path=PROGRAM, args=FLAGS, locale="en-GB"
    )
    page = desk.pad(context)
    assert page.locator("[data-pad]").get_attribute("autocomplete") == "off"
    context.set_offline(True)
    type_at_once(page, f"He said {secret} twice.")
    page.clock.run_for(HOUR)
    kept = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie.length, "
        "(await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0, 0]
    assert secret in box(page).input_value()
    context.close()
    on_disk = [
        each
        for each in profile.rglob("*")
        if each.is_file() and any(secret.encode(code) in each.read_bytes()
                                  for code in ("utf-8", "utf-16-le"))
    ]  # fmt: skip
    assert len(list(profile.rglob("*"))) > 20
    assert on_disk == []


def test_notes_are_sorted_by_keyboard_alone(desk: Desk) -> None:
    page = desk.pad()
    assert page.evaluate("document.activeElement.closest('.fv-notes') !== null")
    page.keyboard.insert_text(
        "He likes trains. The bus is late. Nobody rang. A key worker, please."
    )
    saved(page, lambda: page.clock.run_for(1000))
    with page.expect_navigation():
        page.locator("[value=sort]").press("Enter")
    expect(page.locator("h1")).to_have_text("Sort the notes")
    page.clock.resume()
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    numbers = {
        prompt: page.locator(f"select >> nth=0 >> option[value='{prompt}']").inner_text().split()[0]
        for prompt in ("worries.open", "next.open")
    }
    page.locator("select").first.focus()
    for number in ("", numbers["worries.open"], numbers["worries.open"], numbers["next.open"]):
        if number:
            page.keyboard.type(number)
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert desk.words("notes") == ["He likes trains."]
    assert desk.words() == ["The bus is late. Nobody rang."]
    assert desk.words("next.open") == ["A key worker, please."]

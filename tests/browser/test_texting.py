"""On the demo's pretend phones: one interview finished, one stopped, one moved to the web, one to a
call. A phone's width, scripts off; the pages are looked at by axe where something new stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser

from family_voice import worker
from family_voice.demo import phones
from family_voice.demo.handout import FamilyDoor, Handout
from family_voice.demo.pages import hand_out
from family_voice.messages.console_gateway import ConsoleGateway
from tests.browser.demos import make_demo
from tests.browser.serving import serving
from tests.browser.visiting import Findings, Visitor
from tests.conftest import NOW

QUESTIONS = 5


@dataclass
class Ticking:
    """A clock that is a second on whenever somebody looks."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Demo:
    """The demo, served to browsers."""

    browser: Browser
    address: str
    handout: Handout
    findings: Findings = field(default_factory=Findings)

    def pick_up(self, position: int) -> Hand:
        """Take a telephone in the hand."""
        door = phones.every(self.handout)[position - 1].door
        assert door
        visitor = Visitor(self.browser, self.address, self.findings)
        visitor.open(f"/demo/phone/{position}")
        return Hand(visitor, door)

    def lead(self) -> Visitor:
        """The coproduction lead, signed in."""
        visitor = Visitor(self.browser, self.address, self.findings)
        visitor.page.goto(f"{self.address}/demo")
        email = next(e.email for e in self.handout.staff if e.role == "coproduction_lead")
        form = f"form:has(input[value='{email}']):not(:has([name=to])) button"
        visitor.page.locator(form).first.click()
        return visitor


@dataclass
class Hand:
    """Somebody with a pretend phone."""

    at: Visitor
    door: FamilyDoor

    def text(self, words: str) -> str:
        """Type a text and send it; the newest text on the screen."""
        self.at.page.fill("#body", words)
        self.at.page.get_by_role("button", name="Send", exact=True).click()
        return self.newest()

    def press(self, words: str) -> str:
        """Press a word, or that time passes; the newest text on the screen."""
        button = f'#phone button:has-text("{words}")'
        self.at.page.locator(button).first.click()
        return self.newest()

    def newest(self) -> str:
        """What the last bubble says."""
        assert self.at.page.url.endswith("#newest"), self.at.page.url
        return self.at.page.locator("#newest .fv-bubble__said p").inner_text()

    def begin(self) -> str:
        """The code word, and both decisions."""
        assert "AGREE" in self.press(self.door.code_word or "")
        self.press("AGREE")
        return self.press("AGREE")

    def look(self) -> None:
        """Look at the page as it stands, with axe, narrow and wide."""
        self.at.open(urlsplit(self.at.page.url).path)


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo's current round, and a worker's turn after every text."""
    folder: Path = tmp_path_factory.mktemp("texting")
    clock, demos = Ticking(), []

    def make(address: str) -> Flask:
        made = make_demo(folder, address, 6, clock)
        gateway = ConsoleGateway()
        hand_out(
            made.app, made.handout,
            lambda: worker.turn(made.sessions, made.settings, gateway, clock),
        )  # fmt: skip
        demos.append(Demo(browser, address, made.handout))
        return made.app

    with serving(make):
        yield demos[0]


def test_one_is_finished(demo: Demo) -> None:
    hand = demo.pick_up(1)
    assert hand.begin().startswith("What is most important")
    hand.look()
    hand.text("She knows every bus.")
    assert hand.text("And every driver.") == "And every driver."
    # Nothing more comes: the next question does.
    assert hand.press("4 quiet minutes pass").startswith("What, if anything, is working well")
    # What is said after that is about the new question.
    for number in range(QUESTIONS - 1):
        hand.text(f"Answer {number}")
        newest = hand.press("NEXT")
    assert "RIGHT" in newest
    for words in ("RIGHT", "AGREE", "NO", "AGREE"):
        newest = hand.press(words)
    assert newest.startswith("Thank you. That is everything.")
    lead = demo.lead()
    lead.page.goto(f"{demo.address}/staff/texts")
    lead.page.locator("main details").filter(has_text="over").last.locator("summary").click()
    assert "Finished" in lead.text("main")
    demo.findings.none()


def test_one_is_stopped(demo: Demo) -> None:
    hand = demo.pick_up(2)
    hand.begin()
    hand.text("He is shy.")
    hand.press("STOP")
    hand.look()
    assert "Stopped: no more texts go to this phone." in hand.at.text("#texts")
    before = hand.at.page.locator("#texts .fv-bubble--ours").count()
    hand.text("Are you there?")
    assert hand.at.page.locator("#texts .fv-bubble--ours").count() == before
    assert "AGREE" in hand.press("START")
    # What he said stands; the question that was open is put once more.
    assert hand.press("AGREE").startswith("What")
    demo.findings.none()


def test_one_moves_to_the_web(demo: Demo) -> None:
    hand = demo.pick_up(3)
    hand.begin()
    hand.text("She loves maps.")
    hand.press("NEXT")
    found = re.search(r"http\S+/i/\S+", hand.press("WEB"))
    assert found
    family = Visitor(demo.browser, demo.address, demo.findings)
    family.open(found[0])
    assert family.path == "/welcome"
    family.press("Carry on where you stopped")
    # The question their phone shows, and nothing that was said stands there.
    assert family.path == "/question/working_well.open"
    assert "She loves maps." not in family.text()
    family.page.fill("[name=words]", "Her TA is kind.")
    family.press("Continue")
    assert family.path == "/question/difference.open"
    # The link opens once.
    stranger = Visitor(demo.browser, demo.address, demo.findings)
    assert stranger.open(found[0]).status == 404
    # And back by text: the same question.
    assert hand.press("NEXT")
    demo.findings.none()


def test_one_moves_to_a_call(demo: Demo) -> None:
    hand = demo.pick_up(4)
    hand.begin()
    hand.text("He counts lorries.")
    hand.press("NEXT")
    hand.text("The bus driver.")
    assert "We will ring you" in hand.press("CALL")
    lead = demo.lead()
    lead.open("/staff/ledger")
    asked = lead.text("main").partition("Asked us to ring")[2]
    assert hand.door.name in asked.partition("Session 1")[0]
    talks = [
        each.get_attribute("href") or ""
        for each in lead.page.get_by_role("link", name=hand.door.name).all()
    ]
    lead.open(next(each for each in talks if "/talk/" in each))
    lead.page.locator("[name=way][value=telephone]").check()
    lead.page.locator("[name=who]").first.check()
    lead.press("Start")
    # The texts stand on the pad, and what comes meanwhile comes there too.
    assert "He counts lorries." in lead.text("#important-open")
    assert "The bus driver." in lead.text(".fv-live")
    note = "section.fv-notes textarea"
    lead.page.fill(note, "Asks for a call after six.")
    hand.text("One more thing about the bus")
    lead.go(lead.page.get_by_role("button", name="Save, and show what is new"))
    assert "One more thing about the bus" in lead.text(".fv-live")
    assert lead.page.locator(note).first.input_value() == "Asks for a call after six."
    demo.findings.none()

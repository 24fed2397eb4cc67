"""Wherever what a family told us is shown, counted or sent, consent is asked at that moment."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from uuid import UUID, uuid4

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from family_voice.consent.statements import Purpose
from family_voice.people.access import ROUTES, Door, Needs, Role, may
from family_voice.people.accounts import StaffMember
from family_voice.storage.locking import fetch
from family_voice.web.services import db
from family_voice.web.staff.sign_in import sign_in_for_demo
from tests.conftest import Database
from tests.places.household import KEPT_BACK, RETURN_WORD, SAID, WORDS, Household, a_household, says
from tests.places.places import (
    ARGUMENTS,
    FACTS,
    OF_NOBODY,
    OPEN_FAMILY,
    PAGES,
    SENT_FAMILY,
    Page,
)
from tests.sharing.exchange.projects import words_in
from tests.web.family.browser import Browser

#: Staff who read, and whether they are recorded as working with the child.
READERS = {
    "lead": False, "working_lead": True, "chair": False, "working_chair": True, "member": False,
    "worker": True, "forum_member": False, "board_reader": False, "administrator": False,
    "data_protection_officer": False,
}  # fmt: skip
ROLES = {
    "lead": Role.LEAD, "working_lead": Role.LEAD, "chair": Role.SEND_LEAD,
    "working_chair": Role.SEND_LEAD, "member": Role.PANEL, "worker": Role.PANEL,
}  # fmt: skip


class Eyes:
    """Everybody who may be looking, each at a browser."""

    def __init__(self, home: Household, clients: dict[str, FlaskClient]) -> None:
        self.home = home
        self.clients = clients

    def read(self, reader: str, address: str) -> str:
        answer = self.clients[reader].get(address)
        while answer.headers.get("Location", "").startswith("/"):
            answer = self.clients[reader].get(answer.headers["Location"])
        assert answer.status_code < 500, f"{address} for {reader}: {answer.status_code}"
        return words_in(answer.data)

    def sees(self, page: Page) -> bool:
        return WORDS in self.read(page.reader, page.address(self.home))


@pytest.fixture
def home(database: Database, now: datetime) -> Household:
    with database.sessions.begin() as session:
        return a_household(session, now)


@pytest.fixture
def eyes(demo_app: Flask, home: Household, monkeypatch: pytest.MonkeyPatch) -> Eyes:
    monkeypatch.setitem(ROUTES, "test_sign_in", Door.DEMO)

    def enter(staff_id: UUID) -> str:
        g.form_checked = True
        sign_in_for_demo(fetch(db(), StaffMember, staff_id))
        return "in"

    demo_app.add_url_rule("/test/sign-in/<uuid:staff_id>", "test_sign_in", enter, methods=["POST"])
    clients = {}
    for reader in READERS:
        clients[reader] = demo_app.test_client()
        assert clients[reader].post(f"/test/sign-in/{home.staff[reader]}").status_code == 200
    going_on = Browser(demo_app).open(f"/i/{home.open_token}").open("/welcome?language=en")
    going_on.press("Carry on where you stopped")
    going_on.press(words=SAID)
    clients[OPEN_FAMILY] = going_on.client
    sent = Browser(demo_app).open(f"/i/{home.sent_token}").open("/your-words?language=en")
    clients[SENT_FAMILY] = sent.press(return_word=RETURN_WORD).client
    return Eyes(home, clients)


def test_every_page_that_shows_words_is_listed(eyes: Eyes, demo_app: Flask) -> None:
    """Every address of every GET route, opened by everybody who may: those with a word of theirs.

    What is listed and shows nothing fails as well, so that the list is no longer than the truth.
    And nobody who works with the child reads a sentence that is kept from those who do.
    """
    shown, whole = set(), set()
    for rule in demo_app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        if ROUTES[rule.endpoint] is Door.DEMO:
            continue
        for reader, address in product(_readers(rule), _addresses(rule, eyes.home)):
            text = eyes.read(reader, address)
            if WORDS in text:
                shown.add(rule.endpoint)
            if KEPT_BACK in text:
                assert not READERS.get(reader), f"{reader} reads a kept back sentence at {address}"
                assert not address.endswith("copies/2"), "the copy of somebody who works with them"
                whole.add(rule.endpoint)
    shown |= {page.endpoint for page in PAGES if eyes.sees(page)}
    assert shown == {page.endpoint for page in PAGES}
    # Others do read it wherever whole answers stand, so that the above could fail.
    with_whole_answers = {page.endpoint for page in PAGES} - {
        "family.check_answers", "concerns.raise_one",
        "family.short_pieces", "quotes.account", "quotes.every", "call_pad.quote",
        "outcomes.account", "linking_parts.parts", "tone.sentences", "exchange.download",
        "names.account",
    }  # fmt: skip
    assert whole == with_whole_answers


@pytest.mark.parametrize(("reader", "other"), [("working_lead", "lead"), ("worker", "member")])
def test_a_kept_back_sentence_cannot_be_asked_for_by_its_id(
    eyes: Eyes, reader: str, other: str
) -> None:
    home = eyes.home
    where = f"case={home.case}" if reader == "worker" else f"interview={home.sent}"
    address = f"/staff/concern?{where}&sentence={home.marked}"
    assert KEPT_BACK in eyes.read(other, address)
    assert KEPT_BACK not in eyes.read(reader, address)


def test_one_answer_changes_the_places_that_rest_on_it_and_no_other(
    eyes: Eyes, database: Database, now: datetime
) -> None:
    there = _there(eyes, database, now)
    assert all(there.values()), [name for name, stands in there.items() if not stands]
    rests_on = {each.name: each.rests_on for each in (*PAGES, *FACTS)}
    for purpose in Purpose:
        with database.sessions.begin() as session:
            says(session, eyes.home, purpose, False, now)
        gone = {name for name, stands in _there(eyes, database, now).items() if not stands}
        on_talking = purpose is Purpose.TALK
        assert gone == {name for name, on in rests_on.items() if on_talking or on is purpose}
        with database.sessions.begin() as session:
            says(session, eyes.home, purpose, True, now)
        assert all(_there(eyes, database, now).values()), purpose


def _there(eyes: Eyes, database: Database, now: datetime) -> dict[str, bool]:
    found = {page.name: eyes.sees(page) for page in PAGES}
    with database.sessions() as session:
        found |= {fact.name: fact.is_there(session, eyes.home, now) for fact in FACTS}
        session.rollback()
    return found


def _readers(rule: Rule) -> list[str]:
    door = ROUTES[rule.endpoint]
    if isinstance(door, Needs):
        by_role = {reader: ROLES.get(reader) or Role(reader) for reader in READERS}
        return [key for key, role in by_role.items() if may([role], door.action, door.resource)]
    if door is Door.STAFF:
        return ["lead", "working_lead"]
    return [OPEN_FAMILY, SENT_FAMILY] if door is Door.FAMILY else ["lead"]


def _addresses(rule: Rule, home: Household) -> list[str]:
    names = sorted(rule.arguments)
    choices = []
    for name in names:
        known = name in ARGUMENTS or name in OF_NOBODY
        assert known, f"say in tests/places/places.py what {name} of {rule.endpoint} can be"
        choices.append(ARGUMENTS[name](home) if name in ARGUMENTS else (_nobodys(rule, name),))
    found = []
    for values in product(*choices):
        built = rule.build(dict(zip(names, values, strict=True)))
        assert built, rule
        found.append(built[1] + ("?by=telephone" if rule.endpoint.startswith("call_pad.") else ""))
    return found


def _nobodys(rule: Rule, name: str) -> object:
    kind = type(rule._converters[name]).__name__
    return uuid4() if kind == "UUIDConverter" else 1

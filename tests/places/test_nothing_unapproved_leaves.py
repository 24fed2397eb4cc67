"""No word of a quote leaves by any door before its family said yes to exactly that, nor after a no.

The doors: the forum's page, the board's, a release and the look before it, the pack and its printed
copy, and whatever else anybody but the lead can open.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from family_voice.cases.models import Round
from family_voice.consent.statements import Purpose
from family_voice.interviews.events import Channel
from family_voice.people.access import ROUTES, Needs, Role, may
from family_voice.security.trail import Actor
from family_voice.sharing import quotes, quoting
from family_voice.sharing.models import Quote, Release
from family_voice.sharing.quotes import Answer
from family_voice.sharing.recognising import NOBODY
from family_voice.sharing.releases import make_release
from family_voice.storage.locking import fetch
from tests.conftest import Clock, Database
from tests.places.household import Household, a_household, says
from tests.places.test_places import ROLES, _addresses
from tests.web.panel.conftest import sign_in

__all__ = ["sign_in"]

#: In the wording of the quote and in nothing else that anybody said.
MARK = "Late: the zebrafinch."
THEIRS = "Their own zebrafinch."
READERS = ("forum_member", "board_reader", "member", "chair", "data_protection_officer")
#: Of the lead's pages, those by which something leaves.
LEAVES_BY = {"releases.release", "panel.pack", "panel.copy", "forum.home", "board.home"}
FAMILY = Actor("family")


class Doors:
    """Everybody who may look, after the round is over."""

    def __init__(
        self, app: Flask, home: Household, database: Database, sign_in: Callable[..., FlaskClient]
    ) -> None:
        self.app, self.home, self.database = app, home, database
        self.clients = {key: sign_in(home.staff[key]) for key in (*READERS, "lead")}

    def found_at(self, words: str) -> set[str]:
        """The routes on whose pages these words stand for somebody."""
        found = set()
        for rule in self.app.url_map.iter_rules():
            needs = ROUTES[rule.endpoint]
            if "GET" not in (rule.methods or ()) or not isinstance(needs, Needs):
                continue
            for key, client in self.clients.items():
                role = ROLES.get(key) or Role(key)
                if not may([role], needs.action, needs.resource):
                    continue
                if key == "lead" and rule.endpoint not in LEAVES_BY:
                    continue
                for address in _addresses(rule, self.home):
                    answer = client.get(address)
                    assert answer.status_code < 500, address
                    if words in answer.text:
                        found.add(rule.endpoint)
        return found

    def answer(self, said: Answer, own_words: str = "") -> None:
        """What the family says to the quote, long before."""
        with self.database.sessions.begin() as session:
            quote = session.scalars(select(Quote.id)).one()
            quoting.answer(
                session, quote, said, channel=Channel.WEB, by=FAMILY, now=self.before,
                own_words=own_words,
            )  # fmt: skip

    before: datetime


@pytest.fixture
def doors(
    demo_app: Flask,
    database: Database,
    clock: Clock,
    now: datetime,
    sign_in: Callable[[UUID], FlaskClient],
) -> Doors:
    with database.sessions.begin() as session:
        home = a_household(session, now)
        frozen = fetch(session, Round, home.round_id).freezes_on
    clock.present = datetime.combine(frozen, now.timetz()) + timedelta(days=1)
    found = Doors(demo_app, home, database, sign_in)
    found.before = now
    return found


def test_only_what_was_said_yes_to_leaves_and_only_to_the_forum_and_the_board(
    doors: Doors, database: Database, clock: Clock
) -> None:
    public = {"forum.home", "board.home"}
    assert doors.found_at(MARK) == public
    doors.answer(Answer.REFUSED)
    assert doors.found_at(MARK) == set()
    doors.answer(Answer.EDITED, THEIRS)
    assert doors.found_at(THEIRS) == set()
    with database.sessions.begin() as session:
        [view] = quotes.every(session, clock.present)
        quoting.look_at(session, view.id, view.version, NOBODY, FAMILY, clock.present)
    assert doors.found_at(THEIRS) == public
    assert doors.found_at(MARK) == set()
    with database.sessions.begin() as session:
        says(session, doors.home, Purpose.QUOTE, False, clock.present)
    assert doors.found_at(THEIRS) == set()


def test_a_release_holds_no_quote(doors: Doors, database: Database, clock: Clock) -> None:
    """A release stays for ever, and a family may take its words back."""
    with database.sessions.begin() as session:
        make_release(session, doors.home.round_id, clock.present)
    with database.sessions() as session:
        [release] = session.scalars(select(Release))
        assert "zebrafinch" not in json.dumps([release.content, release.basis])


def test_while_it_waits_and_while_the_round_goes_on(
    doors: Doors, database: Database, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        session.scalars(select(Quote)).one().answer = Answer.WAITING.value
    assert doors.found_at(MARK) == set()
    doors.answer(Answer.APPROVED)
    assert doors.found_at(MARK) == {"forum.home", "board.home"}
    with database.sessions() as session:
        assert quotes.approved(session, quotes.READERS[0], doors.before) == []

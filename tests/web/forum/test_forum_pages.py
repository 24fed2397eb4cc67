"""The forum and the board: the newest release, and before it a page without any number."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.sharing.releases import make_release
from tests.conftest import Clock, Database
from tests.sharing.history import a_lead, a_term

SignIn = Callable[[UUID], FlaskClient]
TOO_FEW = "Not enough families to show"


@pytest.fixture
def lead(database: Database) -> UUID:
    with database.sessions.begin() as session:
        return a_lead(session)


def reader(session: Session, role: Role, now: datetime) -> UUID:
    return add_staff(
        session, email=f"{role.value}@b.example", roles=[role], now=now, password="x" * 12
    ).staff_id


def words(page: TestResponse) -> str:
    """What a page says, without its markup and frame."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_before_there_are_enough_families(
    sign_in: SignIn, lead: UUID, database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        people = {role: reader(session, role, now) for role in (Role.FORUM, Role.BOARD)}
        for number in range(2):
            round_id, after = a_term(session, number, lead)
            make_release(session, round_id, after)
    forum = sign_in(people[Role.FORUM])
    page = words(forum.get("/forum/"))
    for sentence in (
        "Not enough families yet", "2 rounds have been run to their end", "What worries you?",
        "A no changes nothing", "If a theme’s wording sounds wrong", "Listened to", "01632 960000",
    ):  # fmt: skip
        assert sentence in page
    page = page.replace("2 rounds", "").replace("01632 960000", "")
    assert re.findall(r"\d", page) == []
    board = sign_in(people[Role.BOARD])
    assert "The forum sees the same page" in words(board.get("/board/"))
    assert forum.get("/board/").status_code == 403
    assert board.get("/forum/").status_code == 403


def test_a_release_is_looked_at_made_once_and_shown(
    sign_in: SignIn, lead: UUID, database: Database, clock: Clock
) -> None:
    codes = (("friends",), ("friends", "waiting"), ("waiting",), ("proud",))
    with database.sessions.begin() as session:
        for number in range(7):
            round_id, after = a_term(session, number, lead, codes=codes)
            if number < 6:
                make_release(session, round_id, after)
        running, _later = a_term(session, 12, lead)
        forum_member = reader(session, Role.FORUM, after)
    clock.present = after
    client, address = sign_in(lead), f"/staff/rounds/{round_id}/release"
    still = client.get(f"/staff/rounds/{running}/release")
    assert "still takes accounts" in words(still)
    look = client.get(address)
    assert "We heard about 30 of about 40 families." in words(look)
    before = words(client.get("/forum/"))
    assert "Numbers as of Term 5" in before
    token = re.findall(r'name="csrf_token" value="([^"]+)"', look.text)[-1]
    assert client.post(address, data={"csrf_token": "wrong"}).status_code == 422
    assert words(client.get("/forum/")) == before
    assert client.post(address, data={"csrf_token": token}).status_code == 302
    page = sign_in(forum_member).get("/forum/")
    for sentence in (
        "We heard about 30 of about 40 families.", "Numbers as of Term 7, over 7 terms",
        f"Said no {TOO_FEW}", f"Happy or proud {TOO_FEW}", "Friends and joining in about 15",
    ):  # fmt: skip
        assert sentence in words(page)
    assert page.text.index('<svg class="fv-bars__bar"') < page.text.index("<table")
    again = client.post(address, data={"csrf_token": token})
    assert again.status_code == 422
    assert "has its release already" in words(again)
    assert words(client.get("/board/")) == words(page)


def test_older_numbers_on_purpose_say_so(sign_in: SignIn, lead: UUID, database: Database) -> None:
    with database.sessions.begin() as session:
        for number in range(6):
            round_id, after = a_term(session, number, lead)
            make_release(session, round_id, after)
    page = words(sign_in(lead).get("/forum/"))
    assert "Numbers as of Term 5, over 5 terms" in page
    assert "older than the newest round on purpose" in page
    assert "Not enough families yet to show what they talk about." in page

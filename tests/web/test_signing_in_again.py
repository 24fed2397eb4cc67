"""A browser's sitting from one sign-in to the next, and what a form does not take from others."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from family_voice.people.access import ROUTES, Door, Needs, Role
from family_voice.people.accounts import StaffMember
from family_voice.people.sessions import How, standing_sessions
from family_voice.people.staff import Credentials, add_staff, roles_of
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from family_voice.web.staff.session import let_in
from tests.conftest import Clock, Database
from tests.web.test_own_account import copied
from tests.web.test_sign_in import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    code_step,
    enter,
    figures,
    inside,
    password_step,
    post,
    token,
)


@pytest.fixture
def lee(database: Database, now: datetime) -> Credentials:
    with database.sessions.begin() as session:
        return add_staff(session, email=EMAIL, roles=list(Role), now=now, password=PASSWORD)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def open_ones(database: Database, staff_id: UUID, now: datetime) -> list[UUID]:
    with reading(database.sessions) as session:
        return [each.id for each in standing_sessions(session, staff_id, now)]


def test_a_sign_in_is_a_new_session_and_ends_this_browsers_last(
    demo_app: Flask, lee: Credentials, now: datetime, database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(ROUTES, "let_in", Door.DEMO)

    def view() -> str:
        g.form_checked = True
        let_in(lee.staff_id, How.PASSWORD)
        return "in"

    demo_app.add_url_rule("/let-in", "let_in", view, methods=["POST"])
    client = demo_app.test_client()
    client.post("/let-in")
    (first,) = open_ones(database, lee.staff_id, now)
    before = copied(demo_app, client)
    assert inside(before)
    client.post("/let-in")
    (second,) = open_ones(database, lee.staff_id, now)
    assert first != second
    assert inside(client)
    assert not inside(before)


@pytest.mark.parametrize("seconds", [-300, -90, 90, 300])
def test_a_code_is_good_for_its_own_time_only(
    client: FlaskClient, lee: Credentials, clock: Clock, seconds: int
) -> None:
    password_step(client)
    stale = figures(lee, clock() + timedelta(seconds=seconds))
    assert code_step(client, stale).status_code == 422
    assert not inside(client)
    assert code_step(client, figures(lee, clock())).status_code == 302


def test_every_staff_page_has_a_way_out(
    app: Flask, client: FlaskClient, lee: Credentials, clock: Clock
) -> None:
    enter(client, lee, clock)
    pages, without = 0, []
    for rule in app.url_map.iter_rules():
        kept = ROUTES[rule.endpoint] is Door.STAFF or isinstance(ROUTES[rule.endpoint], Needs)
        if not kept or rule.arguments or "GET" not in (rule.methods or ()):
            continue
        page = client.get(rule.rule)
        if page.status_code == 200 and page.mimetype == "text/html":
            pages += 1
            if 'action="/staff/sign-out"' not in page.text:
                without.append(rule.rule)
    assert pages > 15
    assert without == []


def test_fields_nobody_asked_for_change_nothing(
    client: FlaskClient, database: Database, clock: Clock, now: datetime
) -> None:
    with database.sessions.begin() as session:
        given = add_staff(
            session, email="p@b.example", roles=[Role.PANEL], now=now, password=PASSWORD
        )
    password_step(client, email="p@b.example")
    code_step(client, figures(given, clock()))
    more = {
        "roles": "administrator", "active": "", "email": "x@b.example", "id": str(UUID(int=1)),
        "must_change_password": "1", "tf_totp_secret": "x", "staff_id": str(UUID(int=1)),
    }  # fmt: skip
    chosen = {"password": PASSWORD, "new_password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert post(client, "/staff/password", **chosen, **more).status_code == 302
    with reading(database.sessions) as session:
        staff = fetch(session, StaffMember, given.staff_id)
        assert (staff.email, staff.active, staff.must_change_password) == (
            "p@b.example", True, False,
        )  # fmt: skip
        assert roles_of(staff) == {Role.PANEL}


def test_a_form_takes_nothing_from_the_address_or_from_a_second_field(
    client: FlaskClient, lee: Credentials
) -> None:
    page = token(client.get("/staff/sign-in"))
    right = {"email": EMAIL, "password": PASSWORD}
    asked = client.post("/staff/sign-in", query_string=right, data={"csrf_token": page})
    assert asked.status_code == 422
    twice = {"csrf_token": page, "email": ["wrong@b.example", EMAIL], "password": PASSWORD}
    assert client.post("/staff/sign-in", data=twice).status_code == 422
    assert client.post("/staff/sign-in", data={"csrf_token": page, **right}).status_code == 200


def test_what_comes_from_elsewhere_or_unsigned_is_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    evil = "https://evil.example"
    words = {"email": "Fvx\r\nERROR somebody else", "Body": "Fvx\r\nERROR", "From": "+447700900123"}
    with caplog.at_level(logging.DEBUG):
        refused = client.post("/staff/sign-in?x=Fvx%0aERROR", data=words, headers={"Origin": evil})
        assert refused.status_code == 403
        assert client.post("/sms/inbound?x=Fvx%0aERROR", data=words).status_code == 403
    lines = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(lines) == 2
    assert "another site" in lines[0]
    assert "not signed" in lines[1]
    for each in caplog.records:
        assert "Fvx" not in each.getMessage()
        assert "7700900123" not in each.getMessage()

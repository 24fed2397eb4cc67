"""Signing in as staff: the password, the second factor, and the three defaults that are closed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import Credentials, add_staff, reset_staff, stop_staff
from family_voice.security.models import FailedAttempt, TrailRow
from family_voice.storage.engine import reading
from family_voice.web.staff.sign_in import NotTheDemo, sign_in_for_demo
from tests.conftest import Clock, Database

PASSWORD = "otter bicycle lamp forty"
NEW_PASSWORD = "kettle orbit mustard plank"
EMAIL = "lee@council.example"


@pytest.fixture
def lee(database: Database, now: datetime) -> Credentials:
    """A coproduction lead with a password of her own."""
    with database.sessions.begin() as session:
        return add_staff(session, email=EMAIL, roles=[Role.LEAD], now=now, password=PASSWORD)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def post(client: FlaskClient, page: str, /, to: str = "", **fields: str) -> TestResponse:
    """Fill in the form of a page, with its own token."""
    return client.post(to or page, data={"csrf_token": token(client.get(page)), **fields})


def token(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def figures(given: Credentials, at: datetime) -> str:
    return str(TOTP(given.totp_secret).generate(int(at.timestamp())).token)


def password_step(
    client: FlaskClient, password: str = PASSWORD, email: str = EMAIL
) -> TestResponse:
    return post(client, "/staff/sign-in", email=email, password=password)


def code_step(client: FlaskClient, code: str, **fields: str) -> TestResponse:
    return post(client, "/staff/sign-in/code", code=code, **fields)


def inside(client: FlaskClient) -> bool:
    return client.get("/staff/password").status_code == 200


def test_password_and_code_open_the_door(
    client: FlaskClient, lee: Credentials, clock: Clock, database: Database
) -> None:
    asked = client.get("/staff/password")
    assert asked.headers["Location"] == "/staff/sign-in?next=/staff/password"
    assert password_step(client, email=" LEE@council.example ").status_code == 200
    assert not inside(client)
    opened = code_step(client, figures(lee, clock()), next="/staff/password")
    assert opened.headers["Location"] == "/staff/password"
    assert inside(client)
    with reading(database.sessions) as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.action == "sign_in")).all()
        assert [row.actor_id for row in rows] == [lee.staff_id]
        assert session.scalars(select(FailedAttempt)).all() == []


def test_one_code_opens_the_door_once(app: Flask, lee: Credentials, clock: Clock) -> None:
    code = figures(lee, clock())
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        password_step(client)
    assert code_step(first, code).status_code == 302
    again = code_step(second, code)
    assert again.status_code == 422
    assert "was used before" in again.text
    assert not inside(second)


def test_one_code_at_once_from_many_places_opens_one_door(
    app: Flask, lee: Credentials, clock: Clock
) -> None:
    code = figures(lee, clock())
    clients = [app.test_client() for _ in range(4)]
    tokens = []
    for client in clients:
        password_step(client)
        tokens.append(token(client.get("/staff/sign-in/code")))

    def enter(place: int) -> int:
        data = {"csrf_token": tokens[place], "code": code}
        return clients[place].post("/staff/sign-in/code", data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, range(4))) == [302, 422, 422, 422]


def test_an_earlier_code_is_no_use_after_a_later_one(
    app: Flask, lee: Credentials, clock: Clock
) -> None:
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        password_step(client)
    assert code_step(first, figures(lee, clock())).status_code == 302
    before = figures(lee, clock() - timedelta(seconds=30))
    assert code_step(second, before).status_code == 422


def test_guesses_at_the_code_run_out_and_the_right_one_does_not_help(
    client: FlaskClient, lee: Credentials, clock: Clock
) -> None:
    password_step(client)
    right = figures(lee, clock())
    wrong = "000000" if right != "000000" else "111111"
    assert [code_step(client, wrong).status_code for _ in range(5)] == [422] * 5
    assert code_step(client, right).status_code == 429
    clock.present += timedelta(minutes=16)
    password_step(client)
    assert code_step(client, figures(lee, clock())).status_code == 302


def test_guesses_at_the_code_run_out_over_a_day(
    client: FlaskClient, lee: Credentials, clock: Clock
) -> None:
    for _ in range(4):
        password_step(client)
        for _ in range(5):
            assert code_step(client, "12").status_code == 422
        clock.present += timedelta(minutes=16)
    password_step(client)
    assert code_step(client, figures(lee, clock())).status_code == 429


def test_counts_survive_a_restart_and_other_browsers(
    app: Flask, restarted: Flask, lee: Credentials
) -> None:
    for _ in range(10):
        assert password_step(app.test_client(), "wrong").status_code == 422
    assert password_step(restarted.test_client()).status_code == 429


def test_guesses_from_one_address_run_out_over_all_accounts(app: Flask, lee: Credentials) -> None:
    client = app.test_client()
    page = token(client.get("/staff/sign-in"))
    data = {"csrf_token": page, "password": "wrong"}
    answers = {
        client.post("/staff/sign-in", data=data | {"email": f"a{n}@b.example"}).status_code
        for n in range(50)
    }
    assert answers == {422}
    assert password_step(client).status_code == 429


def test_nothing_tells_whether_an_account_exists(
    client: FlaskClient, lee: Credentials, database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        add_staff(session, email="gone@council.example", roles=[], now=now, password=PASSWORD)
        stop_staff(session, "gone@council.example", now)

    def without_what_was_typed(email: str, password: str) -> tuple[int, str]:
        answer = password_step(client, password, email)
        return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)

    wrong = without_what_was_typed(EMAIL, "wrong")
    assert wrong[0] == 422
    assert wrong == without_what_was_typed("nobody@council.example", "wrong")
    assert wrong == without_what_was_typed("gone@council.example", PASSWORD)
    assert wrong == without_what_was_typed("not an address", PASSWORD)
    for email in (EMAIL, "nobody@council.example"):
        for _ in range(10):
            password_step(client, "wrong", email)
    assert without_what_was_typed(EMAIL, PASSWORD) == without_what_was_typed(
        "nobody@council.example", PASSWORD
    )


def test_the_code_page_alone_opens_nothing(client: FlaskClient, lee: Credentials) -> None:
    assert client.get("/staff/sign-in/code").status_code == 401
    assert not inside(client)


def test_half_signed_in_lasts_ten_minutes(
    client: FlaskClient, lee: Credentials, clock: Clock
) -> None:
    password_step(client)
    clock.present += timedelta(minutes=11)
    assert client.get("/staff/sign-in/code").status_code == 401


def test_library_doors_are_not_there(client: FlaskClient, app: Flask) -> None:
    own = {"sign_in", "public", "static"}
    assert not {rule.endpoint for rule in app.url_map.iter_rules()} & {"security.login"}
    for path in ("/login", "/tf-rescue", "/tf-setup", "/mf-recovery", "/reset", "/register"):
        assert client.get(path).status_code == 404, own


def test_a_library_token_is_no_key(app: Flask, lee: Credentials, database: Database) -> None:
    with app.test_request_context(), database.sessions() as session:
        staff = session.get(StaffMember, lee.staff_id)
        assert staff
        auth_token = staff.get_auth_token()
    headers = {"Authentication-Token": auth_token}
    assert app.test_client().get("/staff/password", headers=headers).status_code == 302


def test_an_idle_session_ends_and_a_used_one_goes_on_until_the_limit(
    client: FlaskClient, lee: Credentials, clock: Clock
) -> None:
    enter(client, lee, clock)
    clock.present += timedelta(minutes=31)
    assert not inside(client)
    enter(client, lee, clock)
    for _ in range(19):
        clock.present += timedelta(minutes=25)
        assert inside(client)
    clock.present += timedelta(minutes=25)
    assert not inside(client)


def test_signing_out_ends_every_copy_of_the_session(
    client: FlaskClient, app: Flask, lee: Credentials, clock: Clock
) -> None:
    enter(client, lee, clock)
    with client.session_transaction() as kept:
        copy = dict(kept)
    assert post(client, "/staff/password", to="/staff/sign-out").status_code == 302
    assert not inside(client)
    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(copy)
    assert not inside(thief)


def test_sign_out_needs_the_form(client: FlaskClient, lee: Credentials, clock: Clock) -> None:
    enter(client, lee, clock)
    assert client.post("/staff/sign-out").status_code == 422
    assert inside(client)


def test_a_one_time_password_must_be_changed(
    client: FlaskClient, database: Database, clock: Clock, now: datetime
) -> None:
    with database.sessions.begin() as session:
        given = add_staff(session, email=EMAIL, roles=[Role.LEAD], now=now)
    password_step(client, given.password)
    code_step(client, figures(given, clock()))
    assert client.get("/staff/").headers["Location"] == "/staff/password"

    def change(new: str, again: str | None = None, old: str = given.password) -> TestResponse:
        return post(client, "/staff/password", password=old, new_password=new, again=again or new)

    assert "not your password" in change(NEW_PASSWORD, old="wrong").text
    assert "not the same" in change(NEW_PASSWORD, again=PASSWORD).text
    for weak in ("short", "passwordpassword", "lee@council.example", given.password, "x" * 300):
        assert change(weak).status_code == 422, weak
    assert change(NEW_PASSWORD).status_code == 302
    assert client.get("/staff/").headers.get("Location") != "/staff/password"
    elsewhere = client.application.test_client()
    assert password_step(elsewhere, given.password).status_code == 422
    assert password_step(elsewhere, NEW_PASSWORD).status_code == 200


def test_a_reset_signs_out_and_gives_a_new_start(
    client: FlaskClient, lee: Credentials, clock: Clock, database: Database
) -> None:
    enter(client, lee, clock)
    with database.sessions.begin() as session:
        given = reset_staff(session, EMAIL, clock())
    assert not inside(client)
    assert password_step(client).status_code == 422
    assert password_step(client, given.password).status_code == 200
    assert code_step(client, figures(lee, clock())).status_code == 422
    assert code_step(client, figures(given, clock())).status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/staff/", "//evil.example/staff/", "/\\evil.example", "/privacy", "x"],
)
def test_signing_in_leads_only_to_our_own_staff_pages(
    client: FlaskClient, lee: Credentials, clock: Clock, elsewhere: str
) -> None:
    password_step(client)
    opened = code_step(client, figures(lee, clock()), next=elsewhere)
    assert opened.headers["Location"] == "/staff/"


def test_words_posted_after_the_session_ended_can_be_sent_again(
    client: FlaskClient, lee: Credentials, clock: Clock
) -> None:
    words = "She said <b>nobody</b> told her.\r\nNot once."
    stopped = client.post(
        "/staff/password",
        data={"csrf_token": "old", "note": words, "manner": "own", "password": "x"},
    )
    assert stopped.status_code == 401
    assert "&lt;b&gt;nobody" in stopped.text
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', stopped.text))
    assert fields["kept-manner"] == "own"
    assert "kept-password" not in fields
    kept = {"kept-note": words, "kept-manner": "own", "next": fields["next"]}
    asked = client.post(
        "/staff/sign-in",
        data={"csrf_token": fields["csrf_token"], "email": EMAIL, "password": PASSWORD, **kept},
    )
    assert asked.status_code == 200
    assert "kept-note" in asked.text
    opened = client.post(
        "/staff/sign-in/code",
        data={"csrf_token": token(asked), "code": figures(lee, clock()), **kept},
    )
    assert opened.status_code == 200
    assert 'action="/staff/password"' in opened.text
    assert 'name="note"' in opened.text
    assert "Not once." in opened.text
    assert 'name="manner" value="own"' in opened.text


def test_signing_in_without_a_password_is_for_the_demo_only(
    app: Flask, demo_app: Flask, lee: Credentials, database: Database
) -> None:
    with database.sessions() as session:
        staff = session.get(StaffMember, lee.staff_id)
        assert staff
    with app.test_request_context(method="POST"), pytest.raises(NotTheDemo):
        sign_in_for_demo(staff)
    with demo_app.test_request_context(method="POST"):
        sign_in_for_demo(staff)


def enter(client: FlaskClient, given: Credentials, clock: Clock) -> None:
    """Sign in, with a code that was not used before."""
    clock.present += timedelta(seconds=30)
    password_step(client)
    assert code_step(client, figures(given, clock())).status_code == 302

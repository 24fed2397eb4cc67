"""Where somebody is signed in stands in the database: what is ended has ended for copies too."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from family_voice.people.access import Role
from family_voice.people.sessions import How, SignedIn, begin_session, end_session, standing_session
from family_voice.people.sign_in_models import StaffSession
from family_voice.people.staff import Credentials, add_staff, reset_staff, stop_staff
from family_voice.security.models import FailedAttempt, TrailRow
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
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

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def lee(database: Database, now: datetime) -> Credentials:
    with database.sessions.begin() as session:
        return add_staff(session, email=EMAIL, roles=[Role.LEAD], now=now, password=PASSWORD)


def copied(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another browser with a copy of the cookie."""
    other = app.test_client()
    cookie = client.get_cookie("session")
    assert cookie
    other.set_cookie("session", cookie.value)
    return other


def test_signing_out_ends_a_copied_cookie_and_no_other_browser(
    app: Flask, restarted: Flask, lee: Credentials, clock: Clock
) -> None:
    here, there = app.test_client(), restarted.test_client()
    enter(here, lee, clock)
    enter(there, lee, clock)
    copy = copied(restarted, here)
    assert inside(copy)
    assert here.post("/staff/sign-out", data={"csrf_token": token(here.get("/staff/me/"))})
    assert not inside(here)
    assert not inside(copy)
    assert inside(there)


def test_a_copied_cookie_does_not_outlive_the_limits(
    app: Flask, lee: Credentials, clock: Clock
) -> None:
    client = app.test_client()
    enter(client, lee, clock)
    first = client.get_cookie("session")
    assert first
    clock.present += timedelta(minutes=29)
    assert inside(client)
    clock.present += timedelta(minutes=29)
    # The server knows that it was used meanwhile, whatever this old copy of the cookie says.
    old = app.test_client()
    old.set_cookie("session", first.value)
    assert inside(old)
    clock.present += timedelta(minutes=31)
    assert not inside(old)
    assert not inside(client)


def test_the_page_says_where_and_signs_out_there(
    app: Flask, lee: Credentials, clock: Clock, database: Database
) -> None:
    here, there = app.test_client(), app.test_client()
    here.environ_base["HTTP_USER_AGENT"] = FIREFOX
    there.environ_base["HTTP_USER_AGENT"] = SAFARI
    enter(here, lee, clock)
    enter(there, lee, clock)
    page = here.get("/staff/me/").text
    assert page.count("fv-card") == 2
    assert "Safari on iPhone" in page
    assert "Firefox on Windows" in page
    assert "Mozilla" not in page
    (ending,) = re.findall(r'action="(/staff/me/places/[^"]+/end)"', page)
    assert post(here, "/staff/me/", to=ending).status_code == 302
    assert inside(here)
    assert not inside(there)
    with reading(database.sessions) as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.action == "sign_out")).all()
        assert [(row.actor_id, row.fields) for row in rows] == [(lee.staff_id, ["one browser"])]


def test_nobody_ends_somebody_elses_session(
    app: Flask, lee: Credentials, clock: Clock, database: Database, now: datetime
) -> None:
    client = app.test_client()
    enter(client, lee, clock)
    with database.sessions.begin() as session:
        other = add_staff(session, email="o@b.example", roles=[], now=now).staff_id
        secret = begin_session(session, other, How.PASSKEY, "", clock())
        theirs = standing_session(session, secret, clock())
        assert isinstance(theirs, SignedIn)
    post(client, "/staff/me/", to=f"/staff/me/places/{theirs.id}/end")
    with reading(database.sessions) as session:
        assert standing_session(session, secret, clock())


def test_signing_out_everywhere(app: Flask, lee: Credentials, clock: Clock) -> None:
    clients = [app.test_client() for _ in range(3)]
    for client in clients:
        enter(client, lee, clock)
    half_way = app.test_client()
    password_step(half_way)
    gone = post(clients[0], "/staff/me/", to="/staff/me/everywhere")
    assert gone.status_code == 302
    assert not any(map(inside, clients))
    clock.present += timedelta(seconds=30)
    assert half_way.get("/staff/sign-in/code").status_code == 401


@pytest.mark.parametrize("how", ["change", "reset", "stop"])
def test_a_password_changed_reset_or_stopped_ends_every_session(
    app: Flask, lee: Credentials, clock: Clock, database: Database, how: str
) -> None:
    here, there = app.test_client(), app.test_client()
    enter(here, lee, clock)
    enter(there, lee, clock)
    if how == "change":
        new = {"password": PASSWORD, "new_password": NEW_PASSWORD, "again": NEW_PASSWORD}
        assert post(here, "/staff/password", **new).status_code == 302
        assert inside(here)
    else:
        with database.sessions.begin() as session:
            {"reset": reset_staff, "stop": stop_staff}[how](session, EMAIL, clock())
        assert not inside(here)
    assert not inside(there)
    with reading(database.sessions) as session:
        rows = session.scalars(select(StaffSession)).all()
        assert sum(row.ended_at is None for row in rows) == (1 if how == "change" else 0)


def test_the_secret_is_kept_nowhere(database: Database, lee: Credentials, now: datetime) -> None:
    with database.sessions.begin() as session:
        secret = begin_session(session, lee.staff_id, How.PASSWORD, FIREFOX, now)
        row = session.scalars(select(StaffSession)).one()
        assert secret.encode() not in row.secret
        assert (row.browser, row.system) == ("Firefox", "Windows")
        end_session(session, lee.staff_id, row.id, now)
        assert standing_session(session, secret, now) is None
        assert standing_session(session, "", now) is None


def test_two_servers_count_guesses_together(
    app: Flask, restarted: Flask, lee: Credentials, database: Database
) -> None:
    clients = [server.test_client() for server in (app, restarted) * 10]
    tokens = [token(client.get("/staff/sign-in")) for client in clients]

    def guess(number: int) -> int:
        data = {"csrf_token": tokens[number], "email": EMAIL, "password": f"wrong {number}"}
        return clients[number].post("/staff/sign-in", data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(guess, range(20)))
    # Whoever met another in the same moment was sent away uncounted: then there is room for more.
    answers += [guess(number) for number in range(10)]
    assert answers.count(422) <= 10
    assert set(answers) == {422, 429}
    with reading(database.sessions) as session:
        rows = session.scalars(
            select(FailedAttempt).where(FailedAttempt.scope == "sign_in_by_account")
        ).all()
        assert len(rows) == answers.count(422)
    assert password_step(restarted.test_client()).status_code == 429


def test_one_code_opens_one_of_two_servers(
    app: Flask, restarted: Flask, lee: Credentials, clock: Clock
) -> None:
    first, second = app.test_client(), restarted.test_client()
    for client in (first, second):
        password_step(client)
    code = figures(lee, clock())
    assert code_step(first, code).status_code == 302
    assert code_step(second, code).status_code == 422


def test_what_the_council_is_called_is_no_password(
    app: Flask, lee: Credentials, clock: Clock
) -> None:
    client = app.test_client()
    enter(client, lee, clock)
    for weak in ("your area your area 1", "lee council example", "Family Voice 123"):
        new = {"password": PASSWORD, "new_password": weak, "again": weak}
        answer = post(client, "/staff/password", **new)
        assert answer.status_code == 422
        assert "nobody can guess" in answer.text


def test_changing_the_ways_in_asks_for_a_fresh_sign_in(
    app: Flask, lee: Credentials, clock: Clock
) -> None:
    client = app.test_client()
    enter(client, lee, clock)
    assert "Sign in again" not in client.get("/staff/me/ways").text
    clock.present += timedelta(minutes=11)
    page = client.get("/staff/me/ways")
    assert "Sign in again" in page.text
    asked = client.post("/staff/me/passkeys/options", data={"csrf_token": token(page)})
    assert asked.status_code == 403
    again = post(client, "/staff/me/ways", to="/staff/me/again")
    assert again.headers["Location"] == "/staff/sign-in?next=/staff/me/ways"
    assert not inside(client)

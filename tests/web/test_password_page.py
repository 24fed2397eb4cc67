"""Choosing a password: any letters, any manager, exactly as typed, and the old one is asked for."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from family_voice.people.access import Role
from family_voice.people.staff import Credentials, add_staff
from tests.conftest import Clock, Database
from tests.web.test_sign_in import EMAIL, PASSWORD, enter, password_step, post

LONG = "correct horse battery staple otter lamp " * 3


@pytest.fixture
def lee(database: Database, now: datetime) -> Credentials:
    with database.sessions.begin() as session:
        return add_staff(session, email=EMAIL, roles=[Role.LEAD], now=now, password=PASSWORD)


@pytest.fixture
def client(app: Flask, lee: Credentials, clock: Clock) -> FlaskClient:
    client = app.test_client()
    enter(client, lee, clock)
    return client


def change(client: FlaskClient, old: str, new: str) -> int:
    return post(client, "/staff/password", password=old, new_password=new, again=new).status_code


def test_fields_hide_what_is_typed_and_managers_may_fill_them(client: FlaskClient) -> None:
    page = client.get("/staff/password").text
    assert page.count('type="password"') == 3
    assert page.count('autocomplete="new-password"') == 2
    assert 'autocomplete="current-password"' in page
    for forbids in ("onpaste", 'autocomplete="off"', "maxlength", "readonly"):
        assert forbids not in page


@pytest.mark.parametrize(
    "new",
    [
        "otterbicyclelampforty",
        "OTTER BICYCLE LAMP FORTY",
        "Überfluß žluťoučký кот",
        "  otter bicycle lamp forty ",
        LONG[:64],
        LONG[:120],
    ],
)
def test_any_letters_and_any_length_exactly_as_typed(
    app: Flask, client: FlaskClient, new: str
) -> None:
    assert change(client, PASSWORD, new) == 302
    for almost in (new[:-1], new.swapcase(), new.strip() if new != new.strip() else new + " "):
        assert password_step(app.test_client(), almost).status_code == 422
    assert password_step(app.test_client(), new).status_code == 200


def test_the_old_one_is_asked_for(app: Flask, client: FlaskClient) -> None:
    assert change(client, "not the old one at all", "otter bicycle lamp fifty") == 422
    assert password_step(app.test_client(), PASSWORD).status_code == 200


@pytest.mark.parametrize(
    "common", ["password1234", "qwertyuiop123", "letmeinletmein", "iloveyou1234"]
)
def test_common_and_leaked_ones_are_refused(client: FlaskClient, common: str) -> None:
    assert change(client, PASSWORD, common) == 422


def test_no_password_ends_by_the_calendar(app: Flask, lee: Credentials, clock: Clock) -> None:
    clock.present = clock.present.replace(year=clock.present.year + 2)
    enter(app.test_client(), lee, clock)

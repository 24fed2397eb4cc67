"""A coproduction lead who is signed in, and a round for her to work on."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.cases.households import a_full_round
from tests.conftest import Clock, Database

PASSWORD = "otter bicycle lamp forty"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

#: Of pages that hold several forms.
PREFIXES = {
    "attempt-",
    "enough-",
    "done-",
    "minutes-",
    "approach-",
    "understanding-",
    "capacity-",
    "order-",
}


class Desk:
    """A browser with somebody signed in."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, page: str) -> TestResponse:
        return self.client.get(page)

    def post(self, page: str, to: str = "", /, **fields: object) -> TestResponse:
        """Fill in a form of a page, with the page's token."""
        found = re.search(r'name="([\w-]*csrf_token)" value="([^"]+)"', self.get(page).text)
        assert found
        prefix = next((name.partition("-")[0] + "-" for name in fields if "-" in name), "")
        prefix = prefix if prefix in PREFIXES else ""
        data = {f"{prefix}csrf_token": found[2], **fields}
        return self.client.post(to or page, data=data, content_type="multipart/form-data")


SignIn = Callable[[Role], Desk]


@pytest.fixture
def sign_in(app: Flask, database: Database, clock: Clock) -> SignIn:
    """Signs a member of staff of a role in, by the door."""

    def enter(role: Role) -> Desk:
        email = f"{role.value}@council.example"
        with database.sessions.begin() as session:
            add_staff(
                session, email=email, roles=[role], now=clock(), password=PASSWORD,
                totp_secret=SECRET, name="Lee Marrowby",
            )  # fmt: skip
        desk = Desk(app.test_client())
        desk.post("/staff/sign-in", email=email, password=PASSWORD)
        code = TOTP(SECRET).generate(int(clock().timestamp())).token
        assert desk.post("/staff/sign-in/code", code=code).status_code == 302
        return desk

    return enter


@pytest.fixture
def lead(sign_in: SignIn) -> Desk:
    """A coproduction lead at her desk."""
    return sign_in(Role.LEAD)


@pytest.fixture
def round_id(database: Database) -> UUID:
    """A round with the example file's six cases."""
    with database.sessions.begin() as session:
        return a_full_round(session)

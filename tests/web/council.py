"""A council's sign-in service that is really there, and an application that knows it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import flask
import oidc_provider_mock
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock._storage import storage
from werkzeug.test import TestResponse

from family_voice.app import create_app
from family_voice.people.access import Role
from family_voice.people.council_accounts import Identity, connect
from family_voice.people.staff import Credentials, add_staff
from family_voice.settings import Settings
from tests.browser.serving import serving
from tests.conftest import Clock, Database
from tests.web.test_sign_in import (
    EMAIL,
    PASSWORD,
    post,
)

TENANT, OBJECT = "6f1c-tenant", "0a2b-object"
CLIENT, SECRET = "family-voice", "a secret of the provider's"
Change = Callable[[dict[str, Any]], object]


@dataclass
class Council:
    """A provider, what it was asked, and how its next token is to be spoilt."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    spoil: Callable[[dict[str, Any]], str] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    down: bool = False

    def people(self, *, tenant: str = TENANT, oid: str = OBJECT, **more: object) -> None:
        """What the provider says of whoever signs in."""
        self.claims = {"tid": tenant, "oid": oid, "email": EMAIL, **more}


@pytest.fixture
def council(running: Council) -> Council:
    """The provider, up and honest, with one person in it."""
    running.people()
    running.spoil, running.down = None, False
    running.asked.clear()
    return running


@pytest.fixture(scope="module")
def running() -> Iterator[Council]:
    """The provider's process for all tests here."""
    it = Council()

    def make(address: str) -> Flask:
        app: Flask = oidc_provider_mock.app(require_nonce=True)
        app.debug = False
        it.issuer = address

        @app.before_request
        def look() -> Any:
            if it.down:
                return "down", 503
            if flask.request.path == "/oauth2/authorize":
                it.asked.append(flask.request.args.to_dict())
            if flask.request.path == "/oauth2/token":
                verifier = flask.request.form["code_verifier"].encode()
                hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest())
                if hashed.decode().rstrip("=") != it.asked[-1]["code_challenge"]:
                    return flask.jsonify(error="invalid_grant"), 400
            return None

        @app.after_request
        def spoilt(answer: flask.Response) -> flask.Response:
            if flask.request.path == "/oauth2/token" and answer.status_code == 200:
                sent = json.loads(answer.get_data())
                claims = jwt.decode(sent["id_token"], storage_key(), algorithms=["RS256"]).claims
                claims |= it.claims
                make = it.spoil or signed
                sent["id_token"] = make(claims)
                answer.set_data(json.dumps(sent))
            return answer

        return app

    with serving(make) as _address:
        yield it


def storage_key() -> RSAKey:
    return RSAKey.import_key(storage.jwk.as_dict(is_private=True))


def signed(claims: dict[str, Any], key: Any = None, algorithm: str = "RS256") -> str:
    key = key or storage_key()
    header = {"alg": algorithm, "kid": storage.jwk.as_dict()["kid"]}
    return str(jwt.encode(header, claims, key, algorithms=[algorithm]))


@pytest.fixture
def clock() -> Clock:
    """The provider stamps its tokens with the real time."""
    return Clock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def chosen(settings: Settings, council: Council) -> Settings:
    return replace(
        settings, oidc_issuer=council.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    )


@pytest.fixture
def make_app(clock: Clock) -> Iterator[Callable[[Settings], Flask]]:
    with ExitStack() as opened:

        def make(settings: Settings) -> Flask:
            app = create_app(settings, clock=clock)
            app.testing = True
            bind = app.extensions["family_voice"].sessions.kw["bind"]
            opened.callback(bind.dispose)
            return app

        yield make


@pytest.fixture
def client(make_app: Callable[[Settings], Flask], chosen: Settings) -> FlaskClient:
    return make_app(chosen).test_client()


@pytest.fixture
def lee(database: Database, clock: Clock) -> Credentials:
    with database.sessions.begin() as session:
        return add_staff(session, email=EMAIL, roles=[Role.LEAD], now=clock(), password=PASSWORD)


@pytest.fixture
def connected(database: Database, lee: Credentials, clock: Clock) -> Credentials:
    with database.sessions.begin() as session:
        connect(session, lee.staff_id, Identity(TENANT, OBJECT), clock())
    return lee


def to_council(client: FlaskClient, page: str = "/staff/sign-in", to: str = "") -> str:
    """Press the button, and follow the way it gives."""
    going = post(client, page, to=to or "/staff/sign-in/council", next="/staff/password")
    assert going.status_code == 200, going.text
    _zero, _, address = going.headers["Refresh"].partition("url=")
    assert f'href="{address}"'.replace("&", "&amp;") in going.text
    return address


def at_council(address: str) -> str:
    """Sign in there, as a browser would; where it sends the browser back to."""
    opened = requests.get(address, timeout=5)
    assert opened.status_code == 200, opened.text
    sent = requests.post(address, data={"sub": "someone"}, allow_redirects=False, timeout=5)
    assert sent.status_code == 302, sent.text
    return sent.headers["Location"]


def come_back(client: FlaskClient, location: str) -> TestResponse:
    parts = urlsplit(location)
    assert parts.path == "/staff/sign-in/council/back"
    return client.get(f"{parts.path}?{parts.query}")


def dance(client: FlaskClient) -> TestResponse:
    return come_back(client, at_council(to_council(client)))

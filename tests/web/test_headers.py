"""What a browser may keep and load: cookies, policy, and nothing left behind at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from family_voice.app import create_app
from family_voice.people.access import ROUTES
from family_voice.settings import Settings
from family_voice.web.shared.headers import CLEAR, ENDINGS
from family_voice.web.shared.pages import EXIT_ADDRESS
from tests.conftest import Clock, Database
from tests.factories import Invited, invited

HTTPS = "https://voice.council.example"


@pytest.fixture
def over_https(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The application behind an https address."""
    app = create_app(replace(settings, public_url=HTTPS), clock=clock)
    app.testing = True
    yield app
    app.extensions["family_voice"].sessions.kw["bind"].dispose()


@pytest.fixture
def family(database: Database, clock: Clock) -> Invited:
    """Somebody with a link."""
    with database.sessions.begin() as session:
        return invited(session, clock())


def open_link(client: FlaskClient, family: Invited) -> None:
    assert client.get(f"/i/{family.secrets.token}", base_url=HTTPS).status_code == 303
    assert client.get("/welcome", base_url=HTTPS).status_code == 200


def test_every_cookie_is_the_hosts_own(over_https: Flask, family: Invited) -> None:
    client = over_https.test_client()
    cookies = []
    for address in (f"/i/{family.secrets.token}", "/welcome", "/staff/sign-in", "/code"):
        cookies += client.get(address, base_url=HTTPS).headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        name, *parts = [each.strip() for each in cookie.split(";")]
        assert name.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
        assert not any(each.lower().startswith("domain") for each in parts)


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline(over_https: Flask) -> None:
    answer = over_https.test_client().get("/", base_url=HTTPS)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_at_the_end_the_browser_is_told_to_forget(over_https: Flask, family: Invited) -> None:
    assert set(ROUTES) >= ENDINGS
    client = over_https.test_client()
    open_link(client, family)
    assert "Clear-Site-Data" not in client.get("/welcome", base_url=HTTPS).headers
    assert client.get("/left", base_url=HTTPS).headers["Clear-Site-Data"] == CLEAR
    stale = client.post("/leave", base_url=HTTPS, data={"csrf_token": "an old one"})
    assert (stale.status_code, stale.headers["Clear-Site-Data"]) == (422, CLEAR)
    # All cookies of the council's domain would go with it.
    assert "cookies" not in CLEAR
    assert "*" not in CLEAR


def test_exit_is_a_plain_link_that_ends_the_sitting(over_https: Flask, family: Invited) -> None:
    client = over_https.test_client()
    for path in ("/", "/privacy", "/accessibility", "/code", "/share", "/left"):
        page = client.get(path, base_url=HTTPS).text
        assert 'href="/exit"' in page
        assert "It does not clear your history" in page
    open_link(client, family)
    page = client.get("/welcome", base_url=HTTPS).text
    assert "What you have not saved is not kept" in page
    answer = client.get("/exit", base_url=HTTPS, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, EXIT_ADDRESS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/welcome", base_url=HTTPS).headers["Location"] == "/code?away=1"
    assert "/code" not in answer.text


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Purpose": "prefetch;prerender"}]
)
def test_nobody_elses_page_ends_a_sitting(
    over_https: Flask, family: Invited, headers: dict[str, str]
) -> None:
    client = over_https.test_client()
    open_link(client, family)
    assert client.get("/exit", base_url=HTTPS, headers=headers).status_code == 303
    assert client.get("/welcome", base_url=HTTPS).status_code == 200


def test_a_security_contact_of_ones_own(settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, security_contact="mailto:safe@council.example"), clock=clock)
    text = app.test_client().get("/.well-known/security.txt").text
    assert "Contact: mailto:safe@council.example\n" in text
    app.extensions["family_voice"].sessions.kw["bind"].dispose()

"""Passkeys in the real browser, with a virtual authenticator that holds, verifies and signs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, CDPSession, Page, expect
from sqlalchemy import select

from family_voice.app import create_app
from family_voice.people.access import Role
from family_voice.people.sign_in_models import Passkey
from family_voice.people.staff import Credentials, add_staff, reset_staff, stop_staff
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.browser.checks import axe
from tests.browser.serving import serving
from tests.browser.visiting import NARROW, WIDE, sizes
from tests.conftest import Clock, Database
from tests.web.test_sign_in import EMAIL, PASSWORD, code_step, figures, inside, password_step

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Desk:
    """Somebody's computer: a page, and the authenticator that is built in."""

    page: Page
    cdp: CDPSession
    authenticator: str
    address: str

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def credentials(self) -> list[dict[str, Any]]:
        found = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(found["credentials"])

    def verified(self, yes: bool) -> None:
        self.cdp.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self.authenticator, "isUserVerified": yes},
        )

    def sign_in_with_password(self, given: Credentials, clock: Clock) -> None:
        clock.present += timedelta(seconds=30)
        self.open("/staff/sign-in")
        self.page.get_by_label("Email address").fill(EMAIL)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Go on")
        self.page.get_by_label("The 6 figures on your telephone").fill(figures(given, clock()))
        self.press("Sign in")

    def add_passkey(self, name: str) -> None:
        self.open("/staff/me/ways")
        self.page.get_by_label("What will you call it?").fill(name)
        self.press("Add a passkey")

    def sign_in_with_passkey(self) -> None:
        self.open("/staff/sign-in")
        self.press("Sign in with a passkey")

    def sign_out(self) -> None:
        self.press("Sign out")
        expect(self.page.get_by_role("heading", name="Staff sign-in")).to_be_visible()


@pytest.fixture
def lee(database: Database, clock: Clock) -> Credentials:
    with database.sessions.begin() as session:
        return add_staff(session, email=EMAIL, roles=[Role.BOARD], now=clock(), password=PASSWORD)


@pytest.fixture
def served(settings: Settings, clock: Clock) -> Iterator[tuple[str, Flask]]:
    """The application under a name, since passkeys are bound to names."""
    made: list[Flask] = []

    def make(address: str) -> Flask:
        named = replace(settings, public_url=address.replace("127.0.0.1", "localhost"))
        app = create_app(named, clock=clock)
        app.testing = True
        made.append(app)
        return app

    with serving(make) as address:
        yield address.replace("127.0.0.1", "localhost"), made[0]
    made[0].extensions["family_voice"].sessions.kw["bind"].dispose()


@contextmanager
def a_desk(browser: Browser, address: str, *, scripts: bool = True) -> Iterator[Desk]:
    context = browser.new_context(
        locale="en-GB", java_script_enabled=scripts, viewport={"width": WIDE, "height": 800}
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield Desk(page, cdp, made["authenticatorId"], address)
    context.close()


def test_adding_using_and_removing_one(
    browser: Browser,
    served: tuple[str, Flask],
    lee: Credentials,
    clock: Clock,
    database: Database,
) -> None:
    address, _app = served
    with a_desk(browser, address) as desk:
        desk.sign_in_with_password(lee, clock)
        desk.add_passkey("Lee’s laptop")
        expect(desk.page.get_by_role("heading", name="Lee’s laptop")).to_be_visible()
        for width in (NARROW, WIDE):
            desk.page.set_viewport_size({"width": width, "height": 800})
            assert [*axe(desk.page), *sizes(desk.page)] == []
        (kept,) = desk.credentials()
        assert kept["rpId"] == "localhost"
        assert kept["isResidentCredential"]
        desk.sign_out()
        desk.sign_in_with_passkey()
        expect(desk.page.get_by_role("button", name="Sign out")).to_be_visible()
        desk.open("/staff/me/")
        expect(desk.page.get_by_text("with passkey", exact=False)).to_be_visible()
        with reading(database.sessions) as session:
            row = session.scalars(select(Passkey)).one()
            assert (row.staff_id, row.name, row.used_at) == (lee.staff_id, "Lee’s laptop", clock())
            assert row.sign_count > 0
            rows = session.scalars(select(TrailRow).where(TrailRow.action == "sign_in")).all()
            assert sorted(each.fields for each in rows) == [["passkey"], ["password"]]
        # It cannot be added twice by the same authenticator.
        desk.add_passkey("Again")
        expect(desk.page.get_by_text("No passkey was added")).to_be_visible()
        desk.open("/staff/me/ways")
        desk.press("Remove Lee’s laptop")
        expect(desk.page.get_by_role("heading", name="Lee’s laptop")).to_have_count(0)
        desk.sign_out()
        desk.sign_in_with_passkey()
        expect(desk.page.get_by_text("That passkey did not work").first).to_be_visible()


def test_what_a_passkey_must_not_do(
    browser: Browser,
    served: tuple[str, Flask],
    lee: Credentials,
    clock: Clock,
    database: Database,
) -> None:
    address, _app = served
    refused = "That passkey did not work"
    with a_desk(browser, address) as desk:
        desk.sign_in_with_password(lee, clock)
        desk.add_passkey("Lee’s laptop")
        expect(desk.page.get_by_role("heading", name="Lee’s laptop")).to_be_visible()
        desk.sign_out()
        # Presence alone is one factor: without the PIN or the finger the browser gives nothing.
        desk.verified(False)
        desk.sign_in_with_passkey()
        expect(desk.page.get_by_text("The passkey was not used")).to_be_visible()
        desk.verified(True)
        # A count that does not go up means that there is a copy.
        with database.sessions.begin() as session:
            row = session.scalars(select(Passkey)).one()
            row.sign_count += 1000
            passkey = row.id
        desk.sign_in_with_passkey()
        expect(desk.page.get_by_text(refused).first).to_be_visible()
        with database.sessions.begin() as session:
            row = session.scalars(select(Passkey)).one()
            row.sign_count -= 1000
            refusals = select(TrailRow).where(TrailRow.action == "refuse")
            noted = session.scalars(refusals.where(TrailRow.resource == "passkey")).one()
            assert session.scalars(refusals.where(TrailRow.resource == "staff")).one()
            assert (noted.resource_id, noted.fields) == (passkey, ["sign count"])
        desk.sign_in_with_passkey()
        expect(desk.page.get_by_role("button", name="Sign out")).to_be_visible()
        desk.sign_out()
        with database.sessions.begin() as session:
            stop_staff(session, EMAIL, clock())
        desk.sign_in_with_passkey()
        expect(desk.page.get_by_text(refused).first).to_be_visible()


def test_an_answer_counts_once_for_its_own_question_and_site(
    browser: Browser,
    served: tuple[str, Flask],
    lee: Credentials,
    clock: Clock,
    database: Database,
) -> None:
    address, app = served
    with a_desk(browser, address) as desk:
        desk.sign_in_with_password(lee, clock)
        desk.add_passkey("Lee’s laptop")
        expect(desk.page.get_by_role("heading", name="Lee’s laptop")).to_be_visible()
        desk.sign_out()
        desk.open("/staff/sign-in")
        client = app.test_client()
        csrf = token_of(client)

        def answer(challenge: str) -> str:
            return str(desk.page.evaluate(SIGN, challenge))

        sent = answer(asked(client, csrf))
        before = client.get_cookie("session")
        assert before
        # Another browser, which was asked something else; then the right one, twice.
        thief = app.test_client()
        thief_csrf = token_of(thief)
        asked(thief, thief_csrf)
        assert shown(thief, thief_csrf, sent) == 422
        assert shown(client, csrf, sent) == 302
        assert inside(client)
        copy = app.test_client()
        copy.set_cookie("session", before.value)
        assert shown(copy, csrf, sent) == 422
        assert not inside(copy)
        # Too late, spoilt, and nothing at all.
        late = app.test_client()
        csrf = token_of(late)
        sent = answer(asked(late, csrf))
        clock.present += timedelta(minutes=11)
        assert shown(late, csrf, sent) == 422
        for spoil in (spoilt_signature, other_handle, lambda _sent: "{}", lambda _sent: ""):
            sent = answer(asked(late, csrf))
            assert shown(late, csrf, spoil(sent)) == 422
        assert not inside(late)
        with database.sessions.begin() as session:
            reset_staff(session, EMAIL, clock())
            assert session.scalars(select(Passkey)).all() == []


def test_guesses_run_out_by_address_and_nothing_is_told(
    served: tuple[str, Flask], lee: Credentials, clock: Clock
) -> None:
    _address, app = served
    client = app.test_client()
    csrf = token_of(client)
    asked(client, csrf)
    assert {shown(client, csrf, "{}") for _ in range(50)} == {422}
    assert shown(client, csrf, "{}") == 429
    password_step(client)
    assert code_step(client, figures(lee, clock())).status_code == 302


def test_without_scripts_the_page_says_so_and_the_code_works(
    browser: Browser, served: tuple[str, Flask], lee: Credentials, clock: Clock
) -> None:
    address, _app = served
    with a_desk(browser, address, scripts=False) as desk:
        desk.open("/staff/sign-in")
        expect(desk.page.get_by_text("Passkeys need JavaScript")).to_be_visible()
        expect(desk.page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
        desk.sign_in_with_password(lee, clock)
        desk.open("/staff/me/ways")
        expect(desk.page.get_by_text("Adding a passkey needs JavaScript")).to_be_visible()
        expect(desk.page.get_by_role("button", name="Sign out")).to_be_visible()


SIGN = """async challenge => {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(challenge));
  return JSON.stringify((await navigator.credentials.get({publicKey: options})).toJSON());
}"""


def token_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/staff/sign-in").text)
    assert found
    return found[1]


def asked(client: FlaskClient, csrf: str) -> str:
    answer = client.post("/staff/sign-in/passkey/options", data={"csrf_token": csrf})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["userVerification"] == "required"
    return answer.text


def shown(client: FlaskClient, csrf: str, credential: str) -> int:
    data = {"csrf_token": csrf, "credential": credential}
    return client.post("/staff/sign-in/passkey", data=data).status_code


def spoilt_signature(sent: str) -> str:
    answer = json.loads(sent)
    signature = answer["response"]["signature"]
    answer["response"]["signature"] = signature[:-4] + (
        "AAAA" if signature[-4:] != "AAAA" else "BB"
    )
    return json.dumps(answer)


def other_handle(sent: str) -> str:
    answer = json.loads(sent)
    answer["response"]["userHandle"] = base64.urlsafe_b64encode(b"somebody else 16").decode()
    return json.dumps(answer)

"""The council's own sign-in, against a real OpenID provider that each test starts on a free port.

The provider is Authlib's own server, packed by `oidc-provider-mock`. What it does not check (PKCE)
is checked in front of it, and what it would never send (a token with another nonce …) is made from
what it sent, signed with its own key.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from family_voice.people.council_accounts import Identity, is_connected, owner_of
from family_voice.people.staff import Credentials, add_staff, reset_staff, stop_staff
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.web import council as council_world
from tests.web.council import (
    CLIENT,
    OBJECT,
    SECRET,
    TENANT,
    Council,
    at_council,
    come_back,
    dance,
    signed,
    to_council,
)
from tests.web.test_sign_in import (
    EMAIL,
    PASSWORD,
    code_step,
    enter,
    figures,
    inside,
    post,
    token,
)

running = council_world.running
council = council_world.council
clock = council_world.clock
chosen = council_world.chosen
make_app = council_world.make_app
client = council_world.client
lee = council_world.lee
connected = council_world.connected


def test_the_whole_way_in_with_the_councils_two_factors(
    client: FlaskClient, connected: Credentials, council: Council, database: Database
) -> None:
    council.people(amr=["pwd", "mfa"])
    opened = dance(client)
    assert opened.headers["Location"] == "/staff/password"
    assert inside(client)
    (asked, _pressed) = council.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 40
    assert len(asked["nonce"]) >= 40
    assert "council account" in client.get("/staff/me/").text
    with reading(database.sessions) as session:
        (row,) = session.scalars(select(TrailRow).where(TrailRow.action == "sign_in")).all()
        assert (row.actor_id, row.fields) == (connected.staff_id, ["council"])
    out = post(client, "/staff/me/", to="/staff/sign-out")
    assert "still be signed in to your council" in out.text
    assert not inside(client)


def test_without_their_second_factor_ours_is_asked(
    client: FlaskClient, connected: Credentials, council: Council, clock: Clock
) -> None:
    council.people(amr=["pwd"])
    asked = dance(client)
    assert asked.status_code == 200
    assert "6 figures" in asked.text
    assert 'value="/staff/password"' in asked.text
    assert not inside(client)
    data = {"csrf_token": token(asked), "code": figures(connected, clock())}
    opened = client.post("/staff/sign-in/code", data=data | {"next": "/staff/password"})
    assert opened.headers["Location"] == "/staff/password"
    assert inside(client)


def test_two_factors_by_a_class_that_the_operator_named(
    make_app: Callable[[Settings], Flask],
    chosen: Settings,
    connected: Credentials,
    council: Council,
) -> None:
    client = make_app(replace(chosen, oidc_strong_acr=("urn:strong",))).test_client()
    council.people(acr="urn:weak")
    assert dance(client).status_code == 200
    assert not inside(client)
    council.people(acr="urn:strong")
    assert dance(client).status_code == 302
    assert inside(client)
    assert council.asked[-1]["acr_values"] == "urn:strong"


def test_an_email_address_is_nobody(
    client: FlaskClient, lee: Credentials, council: Council
) -> None:
    council.people(amr=["mfa"])  # the same email as Lee's account here
    unknown = dance(client)
    assert unknown.status_code == 403
    assert "not connected yet" in unknown.text
    assert not inside(client)


@pytest.mark.parametrize(
    "other", [{"tenant": "other"}, {"oid": "other"}, {"oid": None}, {"tenant": None}]
)
def test_another_tenant_or_object_is_somebody_else(
    client: FlaskClient, connected: Credentials, council: Council, other: dict[str, Any]
) -> None:
    council.people(amr=["mfa"], **other)
    assert dance(client).status_code == 403
    assert not inside(client)


def test_only_the_tenant_that_was_set(
    make_app: Callable[[Settings], Flask],
    chosen: Settings,
    connected: Credentials,
    council: Council,
) -> None:
    client = make_app(replace(chosen, oidc_tenant="another")).test_client()
    council.people(amr=["mfa"])
    assert "did not work" in dance(client).text
    right = make_app(replace(chosen, oidc_tenant=TENANT)).test_client()
    assert dance(right).status_code == 302


def unsigned(claims: dict[str, Any]) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part(claims)}."


FORGED: dict[str, Callable[[dict[str, Any]], str]] = {
    "nonce": lambda claims: signed(claims | {"nonce": "another"}),
    "no nonce": lambda claims: signed({k: v for k, v in claims.items() if k != "nonce"}),
    "audience": lambda claims: signed(claims | {"aud": "another"}),
    "two audiences": lambda claims: signed(claims | {"aud": [CLIENT, "b"], "azp": "b"}),
    "issuer": lambda claims: signed(claims | {"iss": "https://evil.example"}),
    "expired": lambda claims: signed(claims | {"exp": int(time.time()) - 300}),
    "no expiry": lambda claims: signed({k: v for k, v in claims.items() if k != "exp"}),
    "issued later": lambda claims: signed(claims | {"iat": int(time.time()) + 3600}),
    "nobody": lambda claims: signed({k: v for k, v in claims.items() if k != "sub"}),
    "another key": lambda claims: signed(claims, RSAKey.generate_key(2048)),
    "none": unsigned,
    "shared secret": lambda claims: signed(claims, OctKey.import_key(SECRET * 2), "HS256"),
    "not a token": lambda claims: "x.y.z",
    "changed": lambda claims: re.sub(r"\.[^.]{8}", ".AAAAAAAA", signed(claims), count=1),
}


def test_a_forged_answer_opens_nothing(
    client: FlaskClient, connected: Credentials, council: Council
) -> None:
    council.people(amr=["mfa"])
    for how, forge in FORGED.items():
        council.spoil = forge
        refused = dance(client)
        assert refused.status_code == 403, how
        assert "did not work" in refused.text, how
        assert not inside(client), how
    council.spoil = None
    assert dance(client).status_code == 302


def test_only_the_browser_that_asked_and_only_once(
    client: FlaskClient, connected: Credentials, council: Council
) -> None:
    council.people(amr=["mfa"])
    other = client.application.test_client()
    location = at_council(to_council(client))
    assert come_back(other, location).status_code == 403  # no state of its own
    to_council(other)
    assert come_back(other, location).status_code == 403  # another state
    assert not inside(other)
    cookie = client.get_cookie("session")
    assert cookie
    assert come_back(client, location).status_code == 302
    thief = client.application.test_client()
    thief.set_cookie("session", cookie.value)
    assert come_back(thief, location).status_code == 403
    assert not inside(thief)


def test_too_late_cancelled_or_another_issuers(
    client: FlaskClient, connected: Credentials, council: Council, clock: Clock
) -> None:
    council.people(amr=["mfa"])
    location = at_council(to_council(client))
    clock.present += timedelta(minutes=11)
    assert come_back(client, location).status_code == 403
    clock.present -= timedelta(minutes=11)
    location = at_council(to_council(client)) + "&iss=https%3A%2F%2Fevil.example"
    assert come_back(client, location).status_code == 403
    state = parse_qs(urlsplit(to_council(client)).query)["state"][0]
    cancelled = client.get(
        "/staff/sign-in/council/back?" + urlencode({"error": "access_denied", "state": state})
    )
    assert cancelled.status_code == 403
    assert not inside(client)


def test_a_code_for_another_browser_s_challenge_is_refused(
    client: FlaskClient, connected: Credentials, council: Council
) -> None:
    """PKCE: a code that was stolen on its way is worth nothing with another verifier."""
    council.people(amr=["mfa"])
    thief = client.application.test_client()
    stolen = parse_qs(urlsplit(at_council(to_council(client))).query)["code"][0]
    state = parse_qs(urlsplit(to_council(thief)).query)["state"][0]
    location = "/staff/sign-in/council/back?" + urlencode({"code": stolen, "state": state})
    assert come_back(thief, location).status_code == 403
    assert not inside(thief)


def test_a_provider_that_is_down_is_said_and_the_password_still_works(
    client: FlaskClient, connected: Credentials, council: Council, clock: Clock
) -> None:
    council.down = True
    said = post(client, "/staff/sign-in", to="/staff/sign-in/council")
    assert said.status_code == 503
    assert "does not answer just now" in said.text
    enter(client, connected, clock)
    assert inside(client)
    other = client.application.test_client()
    council.down = False
    location = at_council(to_council(other))
    council.down = True
    assert come_back(other, location).status_code == 503
    assert not inside(other)


def test_connecting_from_a_fresh_session_and_disconnecting(
    client: FlaskClient, lee: Credentials, council: Council, clock: Clock, database: Database
) -> None:
    enter(client, lee, clock)
    way = to_council(client, "/staff/me/ways", "/staff/me/council")
    assert come_back(client, at_council(way)).headers["Location"] == "/staff/me/ways"
    assert "is connected" in client.get("/staff/me/ways").text
    with reading(database.sessions) as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.action == "change")).all()
        assert [row.fields for row in rows] == [["+council account"]]
        # By object id alone; and nobody can read it out of the table.
        assert owner_of(session, Identity(TENANT, OBJECT), clock())
        assert owner_of(session, Identity(TENANT, "someone"), clock()) is None
    council.people(amr=["mfa"])
    fresh = client.application.test_client()
    assert dance(fresh).status_code == 302
    assert inside(fresh)
    post(client, "/staff/me/ways", to="/staff/me/council/remove")
    assert dance(client.application.test_client()).status_code == 403
    clock.present += timedelta(minutes=11)
    stale = post(client, "/staff/me/ways", to="/staff/me/council")
    assert stale.status_code == 422
    assert "Refresh" not in stale.headers


def test_a_council_account_is_one_persons(
    client: FlaskClient, connected: Credentials, council: Council, clock: Clock, database: Database
) -> None:
    with database.sessions.begin() as session:
        other = add_staff(session, email="o@b.example", roles=[], now=clock(), password=PASSWORD)
    post(client, "/staff/sign-in", email="o@b.example", password=PASSWORD)
    code_step(client, figures(other, clock()))
    taken = come_back(client, at_council(to_council(client, "/staff/me/ways", "/staff/me/council")))
    assert taken.status_code == 409
    with reading(database.sessions) as session:
        assert not is_connected(session, other.staff_id)
        assert is_connected(session, connected.staff_id)


@pytest.mark.parametrize("how", [reset_staff, stop_staff])
def test_a_reset_or_closed_account_is_not_let_in_by_the_council(
    client: FlaskClient,
    connected: Credentials,
    council: Council,
    database: Database,
    clock: Clock,
    how: Callable[..., object],
) -> None:
    council.people(amr=["mfa"])
    with database.sessions.begin() as session:
        how(session, EMAIL, clock())
    assert dance(client).status_code == 403
    assert not inside(client)


def test_without_settings_there_is_no_such_door(app: Flask) -> None:
    client = app.test_client()
    assert "council account" not in client.get("/staff/sign-in").text
    assert post(client, "/staff/sign-in", to="/staff/sign-in/council").status_code == 404
    assert client.get("/staff/sign-in/council/back").status_code == 404


def test_words_that_were_kept_stay_while_signing_in_in_another_tab(
    client: FlaskClient, connected: Credentials, council: Council
) -> None:
    council.people(amr=["mfa"])
    stopped = client.post("/staff/password", data={"csrf_token": "old", "note": "Not once. " * 9})
    assert stopped.status_code == 401
    assert 'target="_blank"' in stopped.text
    assert dance(client).status_code == 302
    kept = {"kept-note": "Not once. " * 9, "next": "/staff/password"}
    back = client.post("/staff/sign-in", data={"csrf_token": token(stopped), **kept})
    assert back.status_code == 200
    assert "Send your words again" in back.text
    assert "Not once." in back.text

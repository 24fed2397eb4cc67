"""The access table is the whole truth: every route is in it, and every route keeps to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from family_voice.people.access import PERMISSIONS, ROUTES, Action, Door, Needs, Resource, Role, may
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from family_voice.web.access import NotSignedIn, UnlistedRoute, current_staff, seen
from family_voice.web.services import db
from family_voice.web.staff.sign_in import sign_in_for_demo
from tests.conftest import Database

SOME_ID = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def quiet_app(demo_app: Flask) -> Flask:
    """Every route of the application, with views that say only that they were reached.

    The table's guard is the real one. The views are not: what they answer to made-up rows is not
    what is asked here, and all of them together must take seconds.
    """
    # Gates of single blueprints (a webhook's signature) stand behind the table's.
    demo_app.before_request_funcs = {None: demo_app.before_request_funcs[None]}
    for endpoint in demo_app.view_functions:
        demo_app.view_functions[endpoint] = _reached
    demo_app.add_url_rule(
        "/test/sign-in/<uuid:staff_id>",
        endpoint="test_sign_in",
        view_func=_sign_in_view,
        methods=["POST"],
    )
    return demo_app


def test_every_route_is_listed_and_every_line_is_a_route(app: Flask, demo_app: Flask) -> None:
    served = {rule.endpoint for rule in app.url_map.iter_rules()}
    in_demo = {rule.endpoint for rule in demo_app.url_map.iter_rules()}
    assert in_demo == set(ROUTES)
    assert served == {endpoint for endpoint, rule in ROUTES.items() if rule is not Door.DEMO}


def test_every_route_against_every_role(
    quiet_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROUTES, "test_sign_in", Door.DEMO)
    people: list[tuple[frozenset[Role], FlaskClient]] = []
    for role in [None, *Role]:
        roles = [role] if role else []
        client = quiet_app.test_client()
        with database.sessions.begin() as session:
            given = add_staff(
                session, email=f"{role}@b.example", roles=roles, now=now, password="x" * 12
            )
        assert client.post(f"/test/sign-in/{given.staff_id}").status_code == 200
        people.append((frozenset(roles), client))
    stranger = quiet_app.test_client()
    wrong: list[tuple[object, ...]] = []
    for rule in quiet_app.url_map.iter_rules():
        if rule.endpoint == "test_sign_in":
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            address = address_of(rule)
            for held, client in people:
                expected = "reached" if opens(ROUTES[rule.endpoint], held) else "refused"
                got = outcome(client, method, address)
                if got != expected:
                    wrong.append((rule.endpoint, method, held, expected, got))
            kept = ROUTES[rule.endpoint] is Door.STAFF or isinstance(ROUTES[rule.endpoint], Needs)
            got = outcome(stranger, method, address)
            if got != ("sign in" if kept else "reached"):
                wrong.append((rule.endpoint, method, "signed out", kept, got))
    assert wrong == []


def opens(rule: Door | Needs, roles: frozenset[Role]) -> bool:
    if isinstance(rule, Door):
        return True
    return any((role, rule.action, rule.resource) in PERMISSIONS for role in roles)


def outcome(client: FlaskClient, method: str, address: str) -> str:
    answer = client.open(address, method=method, headers={"Sec-Fetch-Site": "same-origin"})
    if answer.status_code == 200:
        return answer.text
    if answer.status_code == 403:
        return "refused"
    if answer.status_code == 401 or "/staff/sign-in" in answer.headers.get("Location", ""):
        return "sign in"
    return str(answer.status)


def address_of(rule: Rule) -> str:
    """An address that the rule matches."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        kind = type(converter).__name__
        values[name] = {"UUIDConverter": SOME_ID, "IntegerConverter": 1}.get(kind, "x")
        if isinstance(converter, AnyConverter):
            values[name] = sorted(converter.items)[0]
    built = rule.build(values)
    assert built
    return built[1]


def test_an_unlisted_route_opens_to_nobody(app: Flask) -> None:
    app.add_url_rule("/forgotten", endpoint="forgotten", view_func=lambda: "open")
    with pytest.raises(UnlistedRoute):
        app.test_client().get("/forgotten")


def test_demo_pages_are_not_there_when_served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _add(app, monkeypatch, Door.DEMO, lambda: "tour")
    assert app.test_client().get("/probe").status_code == 404


def test_a_refusal_is_on_record(
    demo_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(demo_app, monkeypatch, Needs(Action.SEE, Resource.CONCERN), lambda: "concern")
    client, staff_id = signed_in_as(demo_app, database, now, monkeypatch, Role.FORUM)
    assert client.get("/probe").status_code == 403
    with reading(database.sessions) as session:
        row = session.scalars(select(TrailRow).where(TrailRow.action == "refuse")).one()
        assert (row.actor_id, row.resource, row.fields) == (staff_id, "concern", ["see"])


def test_what_was_seen_is_on_record_even_if_the_answer_is_an_error(
    demo_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> tuple[str, int]:
        assert current_staff().email == "one@b.example"
        seen("interview", SOME_ID, ["answers"])
        return "words", 422

    _add(demo_app, monkeypatch, Needs(Action.SEE, Resource.INTERVIEW), view)
    client, staff_id = signed_in_as(demo_app, database, now, monkeypatch, Role.LEAD)
    assert client.get("/probe").text == "words"
    with reading(database.sessions) as session:
        row = session.scalars(select(TrailRow).where(TrailRow.action == "view")).one()
        assert (row.actor_id, row.resource_id, row.fields) == (staff_id, SOME_ID, ["answers"])


def test_nothing_is_shown_if_the_view_cannot_be_recorded(
    demo_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo_app.testing = False

    def view() -> str:
        seen("interview", SOME_ID, [object()])  # type: ignore[list-item]  # cannot be recorded
        return "the words themselves"

    _add(demo_app, monkeypatch, Needs(Action.SEE, Resource.INTERVIEW), view)
    client, _staff_id = signed_in_as(demo_app, database, now, monkeypatch, Role.LEAD)
    answer = client.get("/probe")
    assert answer.status_code == 500
    assert "the words themselves" not in answer.text


def test_a_public_page_has_no_member_of_staff(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _add(app, monkeypatch, Door.PUBLIC, lambda: current_staff().name)
    with pytest.raises(NotSignedIn):
        app.test_client().get("/probe")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 422),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 422),
        ({}, 422),
    ],
)
def test_another_site_cannot_post_for_somebody(
    app: Flask, headers: dict[str, str], status: int
) -> None:
    assert app.test_client().post("/staff/sign-in", headers=headers).status_code == status


@pytest.mark.parametrize("role", list(Role))
def test_nobody_may_change_what_they_may_not_see(role: Role) -> None:
    # A view stands in the pack; wording and who reads what, on the pages of the languages.
    seen_in = {
        Resource.VIEW: Resource.PACK,
        Resource.WORDING: Resource.LANGUAGE,
        Resource.READER: Resource.LANGUAGE,
    }
    for resource in Resource:
        if may([role], Action.CHANGE, resource):
            assert may([role], Action.SEE, seen_in.get(resource, resource))


def test_families_words_open_to_the_lead_alone() -> None:
    assert {role for role, _action, kind in PERMISSIONS if kind is Resource.INTERVIEW} == {
        Role.LEAD
    }


def signed_in_as(
    app: Flask,
    database: Database,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    role: Role,
) -> tuple[FlaskClient, UUID]:
    """Somebody of a role, signed in by the demo's own button."""
    monkeypatch.setitem(ROUTES, "test_sign_in", Door.DEMO)
    app.add_url_rule(
        "/test/sign-in/<uuid:staff_id>",
        endpoint="test_sign_in",
        view_func=_sign_in_view,
        methods=["POST"],
    )
    with database.sessions.begin() as session:
        given = add_staff(session, email="one@b.example", roles=[role], now=now, password="x" * 12)
    client = app.test_client()
    assert client.post(f"/test/sign-in/{given.staff_id}").status_code == 200
    return client, given.staff_id


def _reached(**_arguments: object) -> str:
    g.form_checked = True
    return "reached"


def _sign_in_view(staff_id: UUID) -> str:
    g.form_checked = True
    sign_in_for_demo(fetch(db(), StaffMember, staff_id))
    return "in"


def _add(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    rule: Door | Needs,
    view: Callable[[], str | tuple[str, int]],
) -> None:
    app.add_url_rule("/probe", endpoint="probe", view_func=view)
    monkeypatch.setitem(ROUTES, "probe", rule)

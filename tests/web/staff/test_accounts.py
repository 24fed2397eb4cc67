"""The administrator's page of accounts: everything on record, never the last one, never oneself."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.people.access import PERMISSIONS, ROUTES, Action, Needs, Resource, Role
from family_voice.people.accounts import StaffMember, password_matches
from family_voice.people.council_accounts import Identity, connect, is_connected
from family_voice.people.sessions import standing_sessions
from family_voice.people.staff import (
    LastAdministrator,
    add_staff,
    change_account,
    roles_of,
    stop_staff,
)
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from tests.conftest import Database
from tests.web.entering import Enter, by_the_demos_button


@pytest.fixture
def enter(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Enter:
    return by_the_demos_button(demo_app, monkeypatch)


def hire(database: Database, now: datetime, name: str, *roles: Role) -> UUID:
    with database.sessions.begin() as session:
        return add_staff(
            session, email=f"{name}@b.example", roles=roles, now=now, name=name, password="x" * 12
        ).staff_id


def send(client: FlaskClient, page: str, to: str = "", /, **fields: object) -> TestResponse:
    found = re.search(r'<main.*?name="csrf_token" value="([^"]+)"', client.get(page).text, re.S)
    assert found
    return client.post(to or page, data={"csrf_token": found[1], **fields})


def trail(database: Database, *actions: str) -> list[tuple[str, UUID | None, list[str]]]:
    with reading(database.sessions) as session:
        rows = session.scalars(
            select(TrailRow).where(TrailRow.action.in_(actions)).order_by(TrailRow.at, TrailRow.id)
        ).all()
        return [(row.action, row.resource_id, list(row.fields)) for row in rows]


def test_somebody_is_added_with_a_one_time_password(
    enter: Enter, database: Database, now: datetime
) -> None:
    admin = enter(hire(database, now, "Tess", Role.ADMIN))
    fields = {"email": "new@b.example", "name": "Nia", "roles": ["panel_member", "board_reader"]}
    page = "/staff/team/new"
    assert send(admin, page, **fields | {"roles": []}).status_code == 422
    assert "name@council.gov.uk" in send(admin, page, **fields | {"email": "new"}).text
    made = send(admin, page, **fields)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    assert "already" in send(admin, page, **fields).text
    with reading(database.sessions) as session:
        staff = session.scalars(select(StaffMember).where(StaffMember.name == "Nia")).one()
        (password,) = re.findall(r">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<", made.text)
        assert password_matches(password, staff.password)
        assert staff.must_change_password
        assert roles_of(staff) == {Role.PANEL, Role.BOARD}
    assert trail(database, "add") == [("add", staff.id, ["+panel_member", "+board_reader"])]
    listed = admin.get("/staff/team/").text
    assert "Nia" in listed
    assert "Panel member" in listed


def test_every_change_of_roles_is_on_record_and_the_officer_sees_who_has_them(
    enter: Enter, database: Database, now: datetime
) -> None:
    tess = hire(database, now, "Tess", Role.ADMIN)
    sam = hire(database, now, "Sam", Role.LEAD)
    admin = enter(tess)
    one = f"/staff/team/{sam}"
    changed = send(admin, one, name="Sam", job_title="", roles=["data_protection_officer"])
    assert changed.status_code == 302
    assert trail(database, "change") == [
        ("change", sam, ["+data_protection_officer", "-coproduction_lead"])
    ]
    officer = enter(sam)
    page = officer.get("/staff/team/")
    assert page.status_code == 200
    assert "Administrator" in page.text
    assert officer.get(one).status_code == 403
    # Nobody gives themself a role, so that nobody becomes their own watcher.
    mine = f"/staff/team/{tess}"
    both = ["administrator", "data_protection_officer"]
    refused = send(admin, mine, name="Tess", job_title="", roles=both)
    assert refused.status_code == 422
    assert "another administrator" in refused.text
    assert (
        send(admin, mine, name="Tess T", job_title="", roles=["administrator"]).status_code == 302
    )
    with reading(database.sessions) as session:
        assert roles_of(fetch(session, StaffMember, tess)) == {Role.ADMIN}


def test_the_last_administrator_stays(enter: Enter, database: Database, now: datetime) -> None:
    tess = hire(database, now, "Tess", Role.ADMIN)
    admin, one = enter(tess), f"/staff/team/{tess}"
    assert "last administrator" in send(admin, one, f"{one}/stop").text
    assert admin.get(one).status_code == 200
    with database.sessions.begin() as session, pytest.raises(LastAdministrator):
        change_account(session, "tess@b.example", name="T", job_title="", roles=[])
    ada = hire(database, now, "Ada", Role.ADMIN)
    assert send(admin, one, f"/staff/team/{ada}/stop").status_code == 302
    assert "last administrator" in send(admin, one, f"{one}/stop").text
    with database.sessions.begin() as session:
        assert not fetch(session, StaffMember, ada).active
        with pytest.raises(LastAdministrator):
            stop_staff(session, "tess@b.example", now)


def test_a_new_start_signing_out_closing_and_opening_again(
    enter: Enter, database: Database, now: datetime
) -> None:
    admin = enter(hire(database, now, "Tess", Role.ADMIN))
    sam = hire(database, now, "Sam", Role.LEAD)
    one = f"/staff/team/{sam}"
    inside = enter(sam)
    with database.sessions.begin() as session:
        connect(session, sam, Identity("t", "o"), now)

    assert inside.get("/staff/me/").status_code == 200
    assert send(admin, one, f"{one}/sign-out").status_code == 302
    assert inside.get("/staff/me/").status_code == 302
    assert send(admin, one, f"{one}/disconnect").status_code == 302
    inside = enter(sam)
    given = send(admin, one, f"{one}/reset")
    assert "One-time password" in given.text
    assert inside.get("/staff/me/").status_code == 302
    assert send(admin, one, f"{one}/stop").status_code == 302
    assert "is closed" in admin.get(one).text
    assert "One-time password" in send(admin, one, f"{one}/reopen").text
    with reading(database.sessions) as session:
        assert fetch(session, StaffMember, sam).active
        assert standing_sessions(session, sam, now) == []
        assert not is_connected(session, sam)
    assert sorted(trail(database, "sign_out", "change", "reset", "stop", "reopen")) == [
        ("change", sam, ["-council account"]),
        ("reopen", sam, []),
        ("reset", sam, []),
        ("sign_out", sam, ["everywhere"]),
        ("stop", sam, []),
    ]
    assert admin.get(f"/staff/team/{UUID(int=7)}").status_code == 404
    assert admin.get(f"{one}/nonsense").status_code == 404


def test_the_administrator_sees_no_familys_words() -> None:
    allowed = {resource for role, _action, resource in PERMISSIONS if role is Role.ADMIN}
    assert allowed == {Resource.STAFF}
    assert ROUTES["accounts.act"] == Needs(Action.CHANGE, Resource.STAFF)

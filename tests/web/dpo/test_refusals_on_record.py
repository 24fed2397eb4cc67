"""Wrong guesses and closed doors: on the trail, without what was guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from family_voice.consent.statements import Purpose
from family_voice.interviews import doors
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from tests.conftest import Clock, Database
from tests.factories import invited
from tests.reports.panel_round import PanelRound, say_no
from tests.web.dpo.test_dpo_pages import token

GUESS = "trumpet-marmalade-seven"


def refusals(database: Database) -> list[tuple[str, str, UUID | None, list[str]]]:
    """Every refusal there is; never with the guess itself."""
    with database.sessions() as session:
        rows = session.scalars(
            select(TrailRow).where(TrailRow.action == "refuse").order_by(TrailRow.at, TrailRow.id)
        ).all()
    assert not any(GUESS in field for row in rows for field in row.fields)
    return [(row.actor_kind, row.resource, row.resource_id, list(row.fields)) for row in rows]


def post(client: FlaskClient, address: str, **fields: str) -> int:
    data = {"csrf_token": token(client.get(address).text), **fields}
    return client.post(address, data=data).status_code


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password(app: Flask, database: Database, now: datetime, known: bool) -> None:
    with database.sessions.begin() as session:
        given = add_staff(session, email="a@b.example", roles=[Role.LEAD], now=now)
    client = app.test_client()
    email = "a@b.example" if known else "nobody@b.example"
    assert post(client, "/staff/sign-in", email=email, password=GUESS) == 422
    at = given.staff_id if known else None
    assert refusals(database) == [("nobody", "staff", at, ["password"])]


def test_one_try_too_many(app: Flask, database: Database, now: datetime) -> None:
    client = app.test_client()
    for _time in range(11):
        status = post(client, "/staff/sign-in", email="a@b.example", password=GUESS)
    assert status == 429
    assert refusals(database)[-1][3] in (["password"], ["password", "too many"])
    assert ["password", "too many"] in [fields for *_rest, fields in refusals(database)]


def test_a_wrong_code_from_a_letter_and_a_wrong_return_word(
    app: Flask, database: Database, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        family = invited(session, clock())
        doors.choose_return_word(session, family.interview_id, "otterly")
    client = app.test_client()
    assert post(client, "/code", code="ABCD EFGH JKMN") == 422
    assert refusals(database) == [("nobody", "door", None, ["code"])]
    assert post(client, "/code", code=family.secrets.code) == 303
    client.get("/welcome")
    page = client.get("/your-choices")
    if "return_word" not in page.text:  # it has not begun yet: ask where words stand
        data = {"csrf_token": token(client.get("/welcome").text), "return_word": GUESS}
        assert client.post("/welcome", data=data).status_code == 422
    wrong = ("nobody", "interview", family.interview_id, ["return_word"])
    assert wrong in refusals(database)


def test_an_account_that_the_family_closed_to_the_lead(
    panel: PanelRound, sign_in: Callable[[UUID], FlaskClient], database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        say_no(session, panel.mother, now, Purpose.TALK)
    lead = sign_in(panel.lead)
    assert lead.get(f"/staff/accounts/{panel.mother}/code").status_code == 403
    assert refusals(database) == [("staff", "interview", panel.mother, ["see"])]

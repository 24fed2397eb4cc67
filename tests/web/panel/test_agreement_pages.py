"""A partner agency's member sees nothing on a day that no agreement covers, and is told why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from family_voice.cases.agreements import agreements, end_agreement
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from family_voice.sharing.copies import make_copy
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.reports.panel_round import PanelRound

SignIn = Callable[[UUID], FlaskClient]


@pytest.fixture
def officer(database: Database, now: datetime) -> UUID:
    """The data protection officer."""
    with database.sessions.begin() as session:
        given = add_staff(
            session, email="dpo@b.example", roles=[Role.DPO], now=now, password="x" * 12
        )
        return given.staff_id


def end_health(database: Database, panel: PanelRound, now: datetime) -> None:
    with database.sessions.begin() as session:
        for each in agreements(session):
            if each.agency == "health":
                end_agreement(session, each.id, panel.lead, now)


def test_a_lapse_closes_every_page_of_the_case_at_once(
    sign_in: SignIn, panel: PanelRound, database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        copy = make_copy(
            session, panel.case, panel.member, panel.lead, now.date() + timedelta(days=1), now
        )
    address = f"/panel/cases/{panel.case}"
    paths = ("", "/views", "/copies", f"/copies/{copy.number}")
    member, worker, lead = (sign_in(who) for who in (panel.member, panel.worker, panel.lead))
    assert member.get(address).status_code == 200
    assert "EX-001" in member.get("/panel/").text
    end_health(database, panel, now)
    for path in paths:
        answer = member.get(address + path)
        assert answer.status_code == 403
        assert "friend" not in answer.text
        assert "data-sharing agreement" in answer.text
    home = member.get("/panel/")
    assert home.status_code == 200
    assert "EX-001" not in home.text
    assert "No data-sharing agreement" in home.text
    # Others see as before; but nobody prints for somebody who may not see.
    assert worker.get(address).status_code == 200
    assert lead.get(address).status_code == 200
    refused = lead.get(f"{address}/copies/{copy.number}")
    assert refused.status_code == 403
    assert "friend" not in refused.text
    assert "Max Member" not in re.sub(
        r"<table.*?</table>", "", lead.get(f"{address}/copies").text, flags=re.S
    )
    with reading(database.sessions) as session:
        rows = session.scalars(
            select(TrailRow).where(TrailRow.action == "refuse", TrailRow.actor_id == panel.member)
        ).all()
        assert [row.fields for row in rows] == [["no agreement"]] * len(paths)


def test_a_lapse_by_the_calendar(sign_in: SignIn, panel: PanelRound, clock: Clock) -> None:
    address = f"/panel/cases/{panel.case}"
    clock.present += timedelta(days=365)
    assert sign_in(panel.member).get(address).status_code == 200
    clock.present += timedelta(days=1)
    assert sign_in(panel.member).get(address).status_code == 403
    assert sign_in(panel.chair).get(address).status_code == 200


def test_the_officer_records_and_ends_one(
    sign_in: SignIn, panel: PanelRound, database: Database, officer: UUID, now: datetime
) -> None:
    end_health(database, panel, now)
    lead, member, dpo = (sign_in(who) for who in (panel.lead, panel.member, officer))
    assert "A data-sharing agreement is needed" in lead.get(f"/staff/rounds/{panel.round_id}").text
    assert "No agreement" in lead.get(f"/staff/rounds/{panel.round_id}/panel").text
    page = dpo.get("/staff/agreements/new")
    assert 'value="education"' not in page.text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[-1]
    form = {
        "csrf_token": token, "agency": "health", "reference": "IG 44",
        "from_day-day": "1", "from_day-month": "11", "from_day-year": "2026",
        "until_day-day": "1", "until_day-month": "10", "until_day-year": "2026",
    }  # fmt: skip
    wrong = dpo.post("/staff/agreements/new", data=form)
    assert wrong.status_code == 422
    assert "not before the first" in wrong.text
    assert member.get(f"/panel/cases/{panel.case}").status_code == 403
    form["until_day-year"] = "2027"
    assert dpo.post("/staff/agreements/new", data=form).status_code == 302
    assert member.get(f"/panel/cases/{panel.case}").status_code == 200
    ending = re.findall(r'href="(/staff/agreements/[^"]+/end)"', dpo.get("/staff/agreements/").text)
    form = {"csrf_token": token}
    for each in ending:
        assert dpo.get(each).status_code == 200
        assert dpo.post(each, data=form).status_code == 302
    assert member.get(f"/panel/cases/{panel.case}").status_code == 403
    assert lead.get("/staff/agreements/").status_code == 403

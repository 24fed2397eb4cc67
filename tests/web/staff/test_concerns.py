"""Raising a concern from any staff page, and who may read it."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from family_voice.people.access import Role
from family_voice.safeguarding.models import Concern
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn

WORDS = "She flinched when he came in."


def test_two_clicks_from_any_staff_page(sign_in: SignIn, database: Database) -> None:
    panel = sign_in(Role.PANEL)
    page = panel.get("/staff/password").text
    link = re.search(r'href="(/staff/concern\?[^"]*)"', page)
    assert link
    raised = panel.post(link[1], words=WORDS)
    assert "Your concern is raised" in panel.get(raised.headers["Location"]).text
    assert "/staff/password" in panel.get(raised.headers["Location"]).text
    for closed in ("/staff/concerns", f"/staff/concerns/{only(database)}"):
        assert panel.get(closed).status_code == 403


def test_lead_and_send_lead_read_and_decide(
    lead: Desk, sign_in: SignIn, database: Database
) -> None:
    lead.post("/staff/concern", words=WORDS)
    concern = only(database)
    send_lead = sign_in(Role.SEND_LEAD)
    assert WORDS in send_lead.get("/staff/concerns").text
    page = f"/staff/concerns/{concern}"
    assert send_lead.post(page, f"{page}/acknowledge").status_code == 302
    assert send_lead.post(page, decision="advice").status_code == 422
    assert send_lead.post(page, decision="advice", reason="Rang duty.").status_code == 302
    assert "Rang duty." in lead.get(page).text
    with reading(database.sessions) as session:
        seen = session.scalars(
            select(TrailRow.actor_id).where(
                TrailRow.action == "view", TrailRow.resource_id == concern
            )
        ).all()
        assert len(set(seen)) == 2


def test_nobody_else_reads_one(lead: Desk, sign_in: SignIn, database: Database) -> None:
    lead.post("/staff/concern", words=WORDS)
    for role in (Role.BOARD, Role.FORUM, Role.DPO, Role.ADMIN):
        desk = sign_in(role)
        assert desk.get("/staff/concerns").status_code == 403
        assert desk.get(f"/staff/concerns/{only(database)}").status_code == 403
        # Not even whether a conversation exists, from an id in the address.
        assert desk.get(f"/staff/concern?interview={UUID(int=7)}").status_code == 200


def test_bad_input(lead: Desk, database: Database) -> None:
    assert lead.post("/staff/concern", words=" ").status_code == 422
    assert lead.get(f"/staff/concern?interview={UUID(int=7)}").status_code == 404
    assert lead.get("/staff/concern?interview=x").status_code == 200
    for elsewhere in ("https://evil.example/", "//evil.example", "/staff/\\evil", "javascript:1"):
        raised = lead.client.get("/staff/concern/raised", query_string={"back": elsewhere})
        assert "evil" not in raised.text
        assert "javascript" not in raised.text
    with reading(database.sessions) as session:
        assert session.scalars(select(Concern)).all() == []


def only(database: Database) -> UUID:
    with reading(database.sessions) as session:
        return session.scalars(select(Concern.id)).one()

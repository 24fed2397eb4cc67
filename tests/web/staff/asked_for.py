"""What a lead and a family do, for tests of who asked and who said no."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from family_voice.cases.inviting import Way, invite
from family_voice.cases.reading import CaseView
from family_voice.interviews import record
from family_voice.interviews.state import State
from family_voice.interviews.words import Account
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW, SOMEBODY, case, speaker
from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.staff.conftest import Desk

UNLINKED = "/staff/accounts/unlinked"
NEEDS_DOING = "/staff/follow-ups"


def look(database: Database, round_id: UUID, reference: str = "EX-001") -> CaseView:
    with reading(database.sessions) as session:
        return case(session, round_id, reference)


def state(database: Database, interview_id: UUID) -> State:
    with reading(database.sessions) as session:
        return record.state_of(session, interview_id)


def account(database: Database, interview_id: UUID) -> Account:
    with reading(database.sessions) as session:
        return record.account(session, interview_id)


def begin_invited(
    database: Database, settings: Settings, round_id: UUID, way: Way = Way.LETTER
) -> tuple[UUID, str]:
    """Nadia is invited: her interview and her link."""
    with database.sessions.begin() as session:
        view = case(session, round_id, "EX-001")
        who = speaker(view, "Nadia").person.id
        invited = invite(session, view.case_id, who, way, settings=settings, by=SOMEBODY, now=NOW)
        return invited.interview_id, f"/i/{invited.secrets.token}"


def rings_me(app: Flask, link: str) -> None:
    """Nadia opens her link and asks to be rung."""
    page = Browser(app).open(link)
    page.press("Start")
    page.open("/ring-me").press("Yes, please ring me")
    assert "Somebody will ring you" in page.text


def press(lead: Desk, page: str, address: str, **fields: str) -> TestResponse:
    """Press a button of a page that posts somewhere else."""
    text = lead.get(page).text
    assert address in text
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert token
    return lead.client.post(address, data={"csrf_token": token[1], **fields})


def attempt(lead: Desk, view: CaseView, outcome: str, who: str = "Nadia") -> None:
    page = f"/staff/cases/{view.case_id}"
    tried = lead.post(
        page,
        f"{page}/attempts",
        **{
            "attempt-whom": str(speaker(view, who).person.id),
            "attempt-channel": "telephone",
            "attempt-outcome": outcome,
            "attempt-day-day": "18",
            "attempt-day-month": "11",
            "attempt-day-year": "2026",
            "attempt-time": "10:00",
        },
    )
    assert tried.status_code == 302

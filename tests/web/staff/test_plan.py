"""The plan's page: what a lead sees, decides and takes along."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from family_voice.cases.audit_plan import became
from family_voice.people.access import Role
from family_voice.people.staff import stop_staff
from family_voice.security.throttling import LIMITS
from tests.cases.households import a_round
from tests.conftest import Clock, Database
from tests.web.staff.conftest import Desk, SignIn

PLAN = "/staff/plan"
SPRING = f"{PLAN}/multi_agency/2027-01-01"
FILLED_IN = {
    "theme_area_of_need": "semh",
    "reasons": "complaints",
    "session_1-day": "10", "session_1-month": "3", "session_1-year": "2027",
    "session_2-day": "17", "session_2-month": "3", "session_2-year": "2027",
    "version": "0",
}  # fmt: skip

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def words(page: str) -> str:
    """What a page says, without its elements."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_planning_a_round(lead: Desk) -> None:
    assert "By 15 Jan 2027: Choose the theme and the days" in words(lead.get(PLAN).text)
    done = lead.post(SPRING, **FILLED_IN)
    assert done.status_code == 302
    page = words(lead.get(done.location).text)
    assert "Spring term 2027 is planned." in page
    assert "Planned Social, emotional and mental health Why: Complaints" in page
    assert "Session 1: 10 Mar 2027 Session 2: 17 Mar 2027" in page
    assert "By 3 Feb 2027: Open the round and draw the cases" in page
    form = lead.get(SPRING).text
    assert 'value="semh" checked' in form
    assert 'value="complaints" checked' in form
    assert 'name="session_2-day" type="text" value="17"' in form
    gone = lead.post(SPRING, f"{SPRING}/drop")
    assert "is not planned any more" in lead.get(gone.location).text
    assert "Not planned yet" in lead.get(PLAN).text


def test_what_is_wrong_is_said_and_what_was_put_stays(lead: Desk) -> None:
    for change, said in (
        ({"session_2-day": "", "session_2-month": "", "session_2-year": ""}, "or leave all of"),
        ({"session_1-day": "31", "session_1-month": "2"}, "Put a real date"),
        ({"session_1-day": "13"}, "weekend or a bank holiday"),
        ({"session_1-day": "18"}, "in the order of their days"),
        ({"session_1-month": "12", "session_1-year": "2026"}, "before this period begins"),
        ({"theme_area_of_need": "else"}, "Choose from the answers"),
    ):
        page = lead.post(SPRING, **FILLED_IN | change)
        assert page.status_code == 422
        assert said in page.text
        assert 'value="complaints" checked' in page.text
        assert "Not planned yet" in lead.get(PLAN).text


def test_two_who_plan_the_same_term(lead: Desk) -> None:
    lead.post(SPRING, **FILLED_IN)
    for seen in ("x", "²", "9" * 30, "0"):
        page = lead.post(SPRING, **FILLED_IN | {"reasons": "data", "version": seen})
        assert page.status_code == 409
    assert "Theirs: Social, emotional and mental health · Complaints" in words(page.text)
    assert 'value="data" checked' in page.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert version
    after = lead.post(SPRING, **FILLED_IN | {"reasons": "data", "version": version[1]})
    assert after.status_code == 302
    assert "Why: What the data show" in words(lead.get(PLAN).text)


def test_opening_a_round_from_the_plan(lead: Desk) -> None:
    lead.post(SPRING, **FILLED_IN)
    found = re.search(r'href="(/staff/rounds/new\?plan=[\w-]+)"', lead.get(PLAN).text)
    assert found
    form = lead.get(found[1]).text
    assert 'value="Spring term 2027"' in form
    assert 'value="semh" checked' in form
    assert 'name="session_2-day" type="text" value="17"' in form
    given = {name: value for name, value in FILLED_IN.items() if "session" in name}
    done = lead.post(found[1], term="Spring", theme_area_of_need="semh", **given)
    assert done.status_code == 302
    page = words(lead.get(PLAN).text)
    assert "Spring term 2027 Opened Spring" in page
    assert "Why: Complaints" in page
    assert "This round is open: its themes" in lead.get(lead.get(SPRING).location).text
    # Nor is it opened twice, from a page that a colleague left open.
    assert "/opened" in lead.get(found[1]).location


def test_the_rounds_page_names_what_is_planned_until_it_is_open(
    lead: Desk, database: Database
) -> None:
    rounds, new = "/staff/rounds", "/staff/rounds/new"
    assert "Planned, and not open yet" not in lead.get(rounds).text
    assert "The plan of the year has a place" not in lead.get(new).text
    assert f'href="{PLAN}"' in lead.get(rounds).text
    lead.post(SPRING, **FILLED_IN)
    planned = lead.get(rounds).text
    assert "Open Multi-agency assurance, Spring term 2027 as planned" in words(planned)
    assert "Social, emotional and mental health" in words(planned)
    found = re.search(r'href="(/staff/rounds/new\?plan=[\w-]+)"', planned)
    assert found
    assert f'href="{found[1]}"' in lead.get(new).text
    assert "The plan of the year has a place" not in lead.get(found[1]).text
    with database.sessions.begin() as session:
        round_id = a_round(session, "Spring term 2027")
        became(session, UUID(found[1].partition("plan=")[2]), round_id)
    assert "Planned, and not open yet" not in lead.get(rounds).text


def test_an_open_round_stands_in_its_term(lead: Desk, round_id: UUID) -> None:
    page = lead.get(PLAN).text
    assert f"/staff/rounds/{round_id}" in page or f"{round_id}" in page
    assert "Next, by Wednesday, 2 December 2026: Last day to hear families for session 1" in words(
        page
    )


def test_addresses_that_lead_nowhere(lead: Desk) -> None:
    for address in (
        "x/2027-01-01",
        "multi_agency/2027-01-02",
        "multi_agency/x",
        "multi_agency/9999-09-01",
        "multi_agency/0001-01-01",
    ):
        assert lead.get(f"{PLAN}/{address}").status_code == 404
    for asked in ("x", "1", "99999999999999999999", "-5", "²"):
        assert "School year 2026/27" in lead.get(f"{PLAN}?year={asked}").text


def test_other_years(lead: Desk, round_id: UUID) -> None:
    assert "Nothing more is due" in lead.get(f"{PLAN}?year=2025").text
    assert "School year 2027/28" in lead.get(f"{PLAN}?year=2027").text


def address_of(desk: Desk) -> str:
    made = desk.post(PLAN, f"{PLAN}/calendar")
    found = re.search(r"http://localhost(/calendar/[\w-]{43}\.ics)", made.text)
    assert found
    return found[1]


def test_a_calendar_of_ones_own(lead: Desk, round_id: UUID, clock: Clock, app: object) -> None:
    address = address_of(lead)
    assert address not in lead.get(PLAN).text  # shown this once
    program = FlaskClient(lead.client.application)
    sent = program.get(address)
    assert (sent.status_code, sent.mimetype) == (200, "text/calendar")
    events = Calendar.from_ical(sent.text).walk("VEVENT")
    assert "Session 1: Multi-agency assurance, Autumn term 2026" in {
        str(each["SUMMARY"]) for each in events
    }
    for kept_out in ("Year 6", "Social, emotional", "Example", "LA-"):
        assert kept_out not in sent.text
    newer = address_of(lead)
    assert program.get(address).status_code == 404
    assert program.get(newer.swapcase()).status_code == 404
    assert program.get(newer).status_code == 200
    assert "works no longer" in lead.get(lead.post(PLAN, f"{PLAN}/calendar/end").location).text
    assert program.get(newer).status_code == 404


def test_a_closed_account_has_no_calendar(lead: Desk, database: Database, clock: Clock) -> None:
    address = address_of(lead)
    program = FlaskClient(lead.client.application)
    assert program.get(address).status_code == 200
    with database.sessions.begin() as session:
        stop_staff(session, "coproduction_lead@council.example", clock())
    assert program.get(address).status_code == 404


def test_asking_too_often(lead: Desk, clock: Clock) -> None:
    program = FlaskClient(lead.client.application)
    for address, answer, limit in (
        (address_of(lead), 200, LIMITS["calendar_reads"]),
        (f"/calendar/{'x' * 43}.ics", 404, LIMITS["calendar_by_address"]),
    ):
        asked = [program.get(address).status_code for _ in range(limit.count + 1)]
        assert asked == [answer] * limit.count + [429]
        clock.present += limit.window + timedelta(seconds=1)
        assert program.get(address).status_code == answer


def test_reminders_are_ones_own_to_stop(lead: Desk, sign_in: SignIn) -> None:
    assert "5 working days before" in lead.get(PLAN).text
    lead.post(PLAN, f"{PLAN}/reminders", wanted="no")
    assert "You get no reminders." in lead.get(PLAN).text
    chair = sign_in(Role.SEND_LEAD)
    assert "You get no reminders." in chair.get(PLAN).text
    chair.post(PLAN, f"{PLAN}/reminders", wanted="yes")
    assert "5 working days before" in chair.get(PLAN).text
    assert "Open this round" not in chair.get(PLAN).text  # a chair plans, the lead opens

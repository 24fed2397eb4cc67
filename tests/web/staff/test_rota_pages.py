"""The rota's pages: put on, seen in the week with its gaps, and taken off."""

from __future__ import annotations

import re

from family_voice.people.access import Role
from family_voice.safeguarding import rota
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.web.staff.conftest import Desk, SignIn

WEEK = "/staff/concerns/rota"
HOURS = {"begins": "9:00", "ends": "17:00", "place": "1"}


def person(desk: Desk) -> str:
    found = re.search(r'name="person" type="radio" value="([^"]+)"', desk.get(f"{WEEK}/add").text)
    assert found
    return found[1]


NOBODY = "Nobody is on the concern rota, now or later."


def test_on_seen_and_off(lead: Desk, database: Database, clock: Clock) -> None:
    assert "There is none." in lead.get(WEEK).text
    assert NOBODY in lead.get("/staff/concerns").text
    who = {"person": person(lead), "number": "07700 900123"}
    days = ["0", "1", "2", "4"]
    added = lead.post(f"{WEEK}/add", days=days, **who, **HOURS)
    assert added.status_code == 302
    page = lead.get(WEEK).text
    assert "They are on the rota." in page
    assert "Thursday, 19 November 2026, 09:00 – 17:00" in page
    assert "On the rota now: Lee Marrowby." in page
    assert NOBODY not in lead.get("/staff/concerns").text
    assert page.count("<rect") == 4 + 1
    with reading(database.sessions) as session:
        assert [each.name for each in rota.on_rota(session, clock())] == ["Lee Marrowby"]
    off = re.search(rf'action="({WEEK}/[^"]+/off)"', page)
    assert off
    assert lead.post(WEEK, off[1]).status_code == 302
    assert "There is none." in lead.get(WEEK).text
    # Christmas: no gap is named on a bank holiday.
    assert "Friday, 25 December 2026, 09:00" not in lead.get(f"{WEEK}?week=2026-12-23").text


def test_bad_input_says_what_to_do_and_changes_nothing(lead: Desk, database: Database) -> None:
    who = {"person": person(lead)}
    wrong: list[tuple[dict[str, object], str]] = [
        ({**who, **HOURS, "days": ["0"]}, "Put a mobile number"),
        ({**who, **HOURS, "days": ["0"], "number": "12"}, "not a mobile number"),
        ({**who, **HOURS, "number": "07700 900123"}, "put a first and a last day"),
        ({**who, **HOURS, "days": ["0"], "begins": "nine"}, "Put a time of day"),
        ({**HOURS, "days": ["0"]}, "Choose somebody."),
    ]
    for fields, sentence in wrong:
        page = lead.post(f"{WEEK}/add", **fields)
        assert page.status_code == 422, sentence
        assert sentence in page.text
    assert lead.post(f"{WEEK}/number", **who, number="01632 960000").status_code == 422
    for odd in ("x", "9999-99-99", "0001-01-01", "9999-12-31"):
        assert lead.get(f"{WEEK}?week={odd}").status_code == 200
    with reading(database.sessions) as session:
        assert rota.receivers(session)[0].number == ""


def test_a_number_is_for_this_page_alone(lead: Desk, sign_in: SignIn) -> None:
    kept = lead.post(f"{WEEK}/number", person=person(lead), number="07700 900123")
    assert kept.status_code == 302
    assert "+447700900123" in lead.get(WEEK).text
    for role in (Role.PANEL, Role.FORUM, Role.BOARD, Role.DPO, Role.ADMIN):
        assert sign_in(role).get(WEEK).status_code == 403

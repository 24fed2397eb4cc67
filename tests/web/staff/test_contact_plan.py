"""Whom to ring next, as the lead sees it; one press; and what it all costs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from family_voice.cases.ledger import Outcome
from family_voice.cases.reaching import Step, change_contact, record_minutes
from family_voice.cases.sittings import Presence, presence_now, to_come_back_to, who_was_there
from family_voice.interviews import record
from family_voice.interviews.sorting import sort_notes
from family_voice.people.register import person
from family_voice.people.staff import find_staff
from family_voice.storage.engine import reading
from tests.cases.households import SOMEBODY, case
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import (
    Pad,
    Someone,
    begin,
    interview_of,
    sign_in_again,
    somebody,
)
from tests.web.staff.conftest import Desk

PLAN = "/staff/contact-plan"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


def press(lead: Desk, someone: Someone, outcome: str, **more: str) -> str:
    page = lead.get(PLAN).text
    found = re.search(r'name="page" value="(\w+)"', page)
    assert found
    to = f"{PLAN}/{someone.case_id}/{someone.participant_id}"
    answer = lead.post(PLAN, to, outcome=outcome, page=found[1], **more)
    return answer.headers.get("Location") or answer.text


def tries(database: Database, round_id: UUID, someone: Someone) -> list[Outcome]:
    with reading(database.sessions) as session:
        views = [case(session, round_id, f"EX-00{n}") for n in range(1, 7)]
        (view,) = [each for each in views if each.case_id == someone.case_id]
        return [each.outcome for each in view.attempts]


def card(page: str, someone: Someone) -> str:
    """What the plan says of somebody, and in which part."""
    part, found = "", ""
    for each in re.split(r"(?=<section|<article)", page):
        if each.startswith("<section"):
            part = re.findall(r'aria-labelledby="(\w+)"', each)[0]
        if each.startswith("<article") and str(someone.participant_id) in each:
            found = f"{part}: {' '.join(each.split())}"
    return found


def test_each_press_is_written_down_once_and_can_be_taken_back(
    lead: Desk, database: Database, round_id: UUID, someone: Someone
) -> None:
    assert card(lead.get(PLAN).text, someone).startswith("now:")
    where = press(lead, someone, "no_answer")
    assert tries(database, round_id, someone) == [Outcome.NO_ANSWER]
    page = lead.get(where).text
    assert "No answer." in page
    assert card(page, someone).startswith("later:")
    undo = re.search(r'action="([^"]+/take-back/[^"]+)"', page)
    assert undo
    assert lead.post(where, undo[1]).status_code == 302
    assert tries(database, round_id, someone) == []
    press(lead, someone, "declined")
    assert card(lead.get(PLAN).text, someone) == ""


def test_the_same_page_pressed_twice_is_one_try(
    lead: Desk, database: Database, round_id: UUID, someone: Someone
) -> None:
    page = lead.get(PLAN).text
    found = re.search(r'name="page" value="(\w+)"', page)
    assert found
    to = f"{PLAN}/{someone.case_id}/{someone.participant_id}"
    for _press in range(2):
        lead.post(PLAN, to, outcome="no_answer", page=found[1])
    assert tries(database, round_id, someone) == [Outcome.NO_ANSWER]


def test_who_asked_to_be_rung_back_is_rung_from_then(
    lead: Desk, database: Database, round_id: UUID, someone: Someone, clock: Clock
) -> None:
    day = clock().date() + timedelta(days=1)
    press(lead, someone, "call_back", day=day.isoformat(), after="16:00")
    found = card(lead.get(PLAN).text, someone)
    assert found.startswith("later:")
    assert f"From {day.day} November 2026, 16:00" in found
    clock.present += timedelta(days=1, hours=7)
    sign_in_again(lead, clock)
    assert card(lead.get(PLAN).text, someone).startswith("now:")


def test_an_hour_that_is_over_or_missing_is_said_and_changes_nothing(
    lead: Desk, database: Database, round_id: UUID, someone: Someone, clock: Clock
) -> None:
    today = clock().date().isoformat()
    assert "That hour is over." in press(lead, someone, "call_back", day=today, after="09:00")
    assert "Choose the day and the hour" in press(lead, someone, "call_back")
    assert "Press the button" in press(lead, someone, "")
    assert tries(database, round_id, someone) == []


def test_a_wrong_number_is_not_rung_until_there_is_another(
    lead: Desk, database: Database, someone: Someone, clock: Clock
) -> None:
    press(lead, someone, "wrong_contact")
    page = lead.get(PLAN).text
    assert card(page, someone) == ""
    assert "Find the right number" in page
    with database.sessions.begin() as session:
        before = person(session, someone.participant_id)
        assert before is not None
        contact = replace(before.facts.contact, mobile="+447700900777")
        change_contact(session, before.id, before.version, contact, SOMEBODY, clock())
    assert "07700 900777" in card(lead.get(PLAN).text, someone)


def test_what_is_ticked_on_the_pad_is_kept_and_an_old_tab_changes_only_its_own(
    lead: Desk, database: Database, someone: Someone, clock: Clock
) -> None:
    pad = begin(lead, someone)
    clock.present += timedelta(minutes=1)
    lead.post(someone.start, way="telephone", who="alone", there="interpreter")
    pad = Pad(lead, pad.address)
    interview_id = interview_of(database, someone)
    assert pad.fields["marks_known"] == "interpreter"
    old = Pad(lead, pad.address)
    pad.fields.setlist("mark", ["interpreter", "come:worries.open"])
    pad.save()
    old.fields.setlist("mark", ["child", "come:no.such"])
    old.save()
    with reading(database.sessions) as session:
        lee = find_staff(session, "coproduction_lead@council.example")
        assert lee is not None
        assert to_come_back_to(session, interview_id) == {"worries.open"}
        assert presence_now(session, interview_id, lee.id) == Presence(False, True)
        assert who_was_there(session, [interview_id])[interview_id].child
    for page in (f"/staff/cases/{someone.case_id}", f"/staff/accounts/{interview_id}/code"):
        shown = lead.get(page).text
        assert "The child or young person was there." in shown
        assert "An interpreter was there." not in shown
    assert "To come back to." in lead.get(pad.address).text
    assert "come back to" in lead.get(someone.page("ending")).text


def test_sorting_keeps_whose_words_they_are_when_and_what_is_kept_back(
    lead: Desk, database: Database, someone: Someone, clock: Clock
) -> None:
    pad = begin(lead, someone)
    pad.write("notes", "He hums. The driver shouts. Nobody rang.", manner="own_words")
    pad.save()
    interview_id, written = interview_of(database, someone), clock()
    clock.present += timedelta(minutes=20)
    with database.sessions.begin() as session:
        (piece,) = record.account(session, interview_id).answers[0].pieces
        _hums, shouts, rang = piece.sentences
        record.mark_for_workers(session, interview_id, {shouts.id})
        lee = find_staff(session, "coproduction_lead@council.example")
        assert lee is not None
        sort_notes(
            session, interview_id, {shouts.id: "worries.open", rang.id: "next.open"},
            channel=piece.channel, by=lee.id, now=clock(),
        )  # fmt: skip
        found = record.account(session, interview_id)
    by_prompt = {each.prompt_id: each.pieces[0] for each in found.answers}
    assert {k: p.text for k, p in by_prompt.items()} == {
        "notes": "He hums.", "worries.open": "The driver shouts.", "next.open": "Nobody rang.",
    }  # fmt: skip
    assert {p.manner.value for p in by_prompt.values()} == {"own_words"}
    assert {p.at for p in by_prompt.values()} == {written}
    assert [s.text for s in found.sentences if s.not_for_workers] == ["The driver shouts."]


def test_what_level_3_costs_is_shown_step_by_step(
    lead: Desk, database: Database, someone: Someone, clock: Clock
) -> None:
    assert "Nobody has written down any minutes" in lead.get("/staff/what-it-costs").text
    with database.sessions.begin() as session:
        for step, spent in ((Step.CALL, 9), (Step.WRITE_UP, 14), (Step.TALK, 35)):
            record_minutes(session, someone.case_id, step, spent, SOMEBODY, clock())
    # Heard and not coded yet: it would make the average better than it will be.
    assert "Nobody has written down any minutes" in lead.get("/staff/what-it-costs").text
    with database.sessions.begin() as session:
        record_minutes(session, someone.case_id, Step.CODE, 7, SOMEBODY, clock())
    page = " ".join(lead.get("/staff/what-it-costs").text.split())
    assert "<strong>30</strong>" in page
    assert ">35</td>" in page

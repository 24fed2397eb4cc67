"""What a family asked for reaches the lead: a call, a person to look at a text, no more asking."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from family_voice.cases.linking import LinkHow, link
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reaching import calls_without_case
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import (
    AskedForCall,
    Channel,
    Finished,
    HandedToPerson,
    Recognised,
    Reopened,
    Stopped,
    Withdrawn,
)
from family_voice.interviews.words import Speaker
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW, speaker
from tests.conftest import Clock, Database
from tests.web.staff.asked_for import (
    NEEDS_DOING,
    UNLINKED,
    account,
    attempt,
    begin_invited,
    look,
    press,
    rings_me,
    state,
)
from tests.web.staff.conftest import Desk


def test_ring_me_is_first_on_the_ledger_until_somebody_rings(
    app: Flask, lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id, link = begin_invited(database, settings, round_id)
    assert "Asked us to ring" not in lead.get("/staff/ledger").text
    rings_me(app, link)
    view = look(database, round_id)
    assert view.next_step is NextStep.RING_THEM
    ledger = lead.get("/staff/ledger").text
    pad = f"/staff/case/{view.case_id}/talk/{speaker(view, 'Nadia').person.id}"
    # As what to do first, among those who wait, and in its line.
    assert ledger.count(f'href="{pad}"') == 3
    for said in ("Asked us to ring", "18 November 2026, 10:00", "Ring Nadia Example: they asked"):
        assert said in ledger
    assert f'href="{pad}"' in lead.get(f"/staff/cases/{view.case_id}").text
    doing = lead.get(NEEDS_DOING).text
    assert doing.count(f'href="{pad}"') == 1
    assert "asked on 18 November 2026, 10:00" in doing
    assert "Nothing is waiting" not in doing
    attempt(lead, view, "no_answer")
    assert look(database, round_id).next_step is NextStep.RING_THEM
    assert lead.post(pad, way="telephone", who="alone").status_code == 302
    assert state(database, interview_id).call_wanted, "nobody has answered yet"
    attempt(lead, view, "spoke")
    assert look(database, round_id).next_step is not NextStep.RING_THEM
    for page in ("/staff/ledger", NEEDS_DOING):
        assert "Asked us to ring" not in lead.get(page).text
    assert not state(database, interview_id).call_wanted


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_told_us_after_asking_for_a_call_waits_no_more_and_can_ask_again(
    app: Flask, lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id, link = begin_invited(database, settings, round_id)
    rings_me(app, link)

    def tell(hours: int) -> None:
        at = NOW + timedelta(hours=hours)
        with database.sessions.begin() as session:
            record.decide(session, interview_id, Purpose.TALK, True, channel=Channel.WEB, now=at)
            record.say(session, interview_id, "The bus is late.", channel=Channel.WEB, now=at)
            record.happen(session, interview_id, Finished(Channel.WEB), at)

    tell(1)
    view = look(database, round_id)
    assert (view.next_step, view.waiting_calls) == (NextStep.READ_BACK, ())
    assert len(view.calls) == 1
    page = f"/staff/cases/{view.case_id}"
    assert "has told us since" in lead.get("/staff/ledger").text
    assert "#calls" not in lead.get("/staff/ledger").text
    assert "asked on" not in lead.get(NEEDS_DOING).text
    shown = lead.get(page).text
    assert "Nadia Example" in shown
    assert "They have sent what they had to say since" in shown

    with database.sessions.begin() as session:
        later = NOW + timedelta(hours=2)
        record.happen(session, interview_id, AskedForCall(Channel.WEB), later)
    assert look(database, round_id).next_step is NextStep.RING_THEM, "they asked once more"

    with database.sessions.begin() as session:
        record.happen(session, interview_id, Reopened(Channel.WEB), NOW + timedelta(hours=3))
    tell(4)
    assert look(database, round_id).waiting_calls == ()
    done = press(lead, page, f"/staff/accounts/{interview_id}/rung")
    assert done.headers["Location"] == page
    assert look(database, round_id).calls == ()
    with database.sessions.begin() as session:
        record.happen(session, interview_id, AskedForCall(Channel.WEB), NOW + timedelta(hours=5))
        record.happen(session, interview_id, Withdrawn(Channel.WEB), NOW + timedelta(hours=6))
    assert look(database, round_id).calls == (), "who took everything back asks for nothing"


@pytest.mark.parametrize("outcome", ["spoke", "declined", "call_back"])
def test_a_call_that_was_only_written_down_counts_as_well(
    app: Flask, lead: Desk, database: Database, settings: Settings, round_id: UUID, outcome: str
) -> None:
    interview_id, link = begin_invited(database, settings, round_id)
    rings_me(app, link)
    attempt(lead, look(database, round_id), outcome)
    assert not state(database, interview_id).call_wanted
    assert look(database, round_id).calls == ()


def test_a_call_after_a_no_is_wanted_and_one_before_it_is_not(
    database: Database, settings: Settings, round_id: UUID, lead: Desk
) -> None:
    interview_id, _link = begin_invited(database, settings, round_id)
    with database.sessions.begin() as session:
        record.happen(session, interview_id, AskedForCall(Channel.WEB), NOW)
        record.decide(session, interview_id, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    assert look(database, round_id).calls == ()
    with database.sessions.begin() as session:
        record.happen(session, interview_id, AskedForCall(Channel.WEB), NOW)
        later = NOW + timedelta(minutes=5)
        record.happen(session, interview_id, AskedForCall(Channel.WEB), later)
    view = look(database, round_id)
    assert [call.asked_at for call in view.calls] == [NOW], "they have waited since the first"
    assert view.next_step is NextStep.RING_THEM
    pad = f"/staff/case/{view.case_id}/talk/{speaker(view, 'Nadia').person.id}"
    assert lead.post(pad, way="telephone", who="alone").status_code == 302
    assert look(database, round_id).calls != ()
    attempt(lead, view, "spoke")
    assert look(database, round_id).calls == ()


def test_nobody_is_rung_where_it_is_not_safe(
    app: Flask, lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    _interview_id, link = begin_invited(database, settings, round_id)
    rings_me(app, link)
    view = look(database, round_id)
    nadia = speaker(view, "Nadia").person
    lead.post(
        f"/staff/cases/{view.case_id}/people/{nadia.id}",
        version=nadia.version, safe_to_contact="no", safe_confirmed_by="Jo Sample",
        mobile="07700 900101", language="English",
    )  # fmt: skip
    assert look(database, round_id).next_step is not NextStep.RING_THEM
    for page in ("/staff/ledger", f"/staff/cases/{view.case_id}"):
        assert "ask the worker first" in lead.get(page).text


def test_somebody_on_no_case_waits_on_the_list(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        interview_id = record.begin(
            session, audience="parent_carer", language="en", now=NOW,
            speaker=Speaker(first_name="Zoya", phone="+447700900199"),
        )  # fmt: skip
        record.happen(session, interview_id, AskedForCall(Channel.TEXT), NOW)
    for page in ("/staff/ledger", NEEDS_DOING):
        assert "1 person who is on no case" in lead.get(page).text
    waiting = lead.get(UNLINKED).text
    for said in ("Asked us to ring", "Zoya", "07700 900199", "18 November 2026, 10:00"):
        assert said in waiting
    assert "Every account is on a case" not in waiting
    rung = f"/staff/accounts/{interview_id}/rung"
    assert lead.client.post(rung).status_code == 302
    assert state(database, interview_id).call_wanted
    assert press(lead, UNLINKED, rung).status_code == 302
    assert not state(database, interview_id).call_wanted
    assert "Asked us to ring" not in lead.get(UNLINKED).text
    assert "Asked us to ring" not in lead.get("/staff/ledger").text


def test_somebody_who_came_by_themselves_waits_on_their_case(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    view = look(database, round_id)
    with database.sessions.begin() as session:
        interview_id = record.begin(
            session, audience="parent_carer", language="en", now=NOW,
            speaker=Speaker(first_name="Zoya", phone="+447700900199"),
        )  # fmt: skip
        record.happen(session, interview_id, AskedForCall(Channel.TEXT), NOW)
        link(session, interview_id, view.case_id, LinkHow.PERSON, NOW)
    assert look(database, round_id).next_step is NextStep.RING_THEM
    page = f"/staff/cases/{view.case_id}"
    assert f"{page}#calls" in lead.get("/staff/ledger").text
    assert "07700 900199" in lead.get(page).text
    done = press(lead, page, f"/staff/accounts/{interview_id}/rung")
    assert done.headers["Location"] == page
    assert look(database, round_id).calls == ()


def test_what_came_of_a_call_is_written_down_and_taken_back(
    lead: Desk, database: Database, round_id: UUID, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        came = record.begin(
            session, audience="parent_carer", language="en", now=NOW,
            speaker=Speaker(first_name="Zoya", phone="+447700900199"),
        )  # fmt: skip
        record.happen(session, came, AskedForCall(Channel.TEXT), NOW)
    rung = f"/staff/accounts/{came}/rung"
    clock.present = NOW + timedelta(minutes=5)

    def tell(**said: str) -> str:
        last = re.search(r'name="last" value="(\d+)"', lead.get(UNLINKED).text)
        assert last
        lead.post(UNLINKED, rung, **{"last": last[1]} | said)
        return lead.get(UNLINKED).text

    def take_back() -> str:
        [seq] = re.findall(r'name="seq" value="(\d+)"', lead.get(UNLINKED).text)
        lead.post(UNLINKED, f"{rung}/take-back", seq=seq)
        return lead.get(UNLINKED).text

    page = tell(outcome="no_answer")
    assert "18 November 2026, 10:05: No answer" in page
    assert state(database, came).call_wanted, "nobody has spoken with them yet"
    assert "written down of this call meanwhile" in tell(outcome="spoke", last="0")
    assert "Choose the day and the hour" in tell(outcome="call_back")
    day = {"day": "2026-11-19", "after": "17:00"}
    assert "from 19 November 2026, 17:00" in tell(outcome="call_back", **day)
    page = tell(outcome="spoke")
    assert not state(database, came).call_wanted
    assert 'id="calls"' not in page
    assert "Rung in the last days" in page
    page = take_back()
    assert "<s>Spoke with them</s>" in page, "it stays on the record"
    assert "asked on 18 November 2026, 10:00" in page
    assert state(database, came).call_wanted
    with reading(database.sessions) as session:
        assert calls_without_case(session) == [(came, NOW)], "they have waited since they asked"
    for _press in range(2):
        page = take_back()
    assert page.count("<s>") == 3
    assert "Rung in the last days" not in page


def test_a_press_on_the_plan_that_was_a_slip_lets_them_wait_again(
    app: Flask, lead: Desk, database: Database, settings: Settings, round_id: UUID, clock: Clock
) -> None:
    interview_id, link = begin_invited(database, settings, round_id)
    rings_me(app, link)
    view = look(database, round_id)
    plan = "/staff/contact-plan"
    to = f"{plan}/{view.case_id}/{speaker(view, 'Nadia').person.id}"
    pressed = lead.post(plan, to, outcome="declined", page=uuid4().hex).location
    assert not state(database, interview_id).call_wanted
    [undo] = re.findall(r'action="([^"]+/take-back/[^"]+)"', lead.get(pressed).text)
    lead.post(pressed, undo)
    assert state(database, interview_id).call_wanted


def texted(database: Database, settings: Settings, round_id: UUID, *words: str) -> UUID:
    """Nadia agreed by text and sent words while nothing was being asked."""
    interview_id, _link = begin_invited(database, settings, round_id)
    with database.sessions.begin() as session:
        record.happen(session, interview_id, Recognised(Channel.TEXT), NOW)
        record.decide(session, interview_id, Purpose.TALK, True, channel=Channel.TEXT, now=NOW)
        for each in words:
            record.say(session, interview_id, each, channel=Channel.TEXT, now=NOW)
    return interview_id


def test_texts_to_look_at_are_put_where_they_belong(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id = texted(database, settings, round_id, "The bus is late.", "Sorry, wrong Friday.")
    case_page = f"/staff/cases/{look(database, round_id).case_id}"
    page = f"/staff/accounts/{interview_id}/look-at"
    text = lead.get(case_page).text
    assert "2 texts to look at" in text
    assert f'href="{page}"' in text
    notes = account(database, interview_id).answer("notes")
    assert notes is not None
    bus, friday = (piece.fragment_id for piece in notes.pieces)

    of_bus, of_friday = (f"place_{each.hex}" for each in (bus, friday))
    shown = lead.get(page).text
    assert shown.index("The bus is late.") < shown.index("Sorry, wrong Friday.")
    odd = lead.post(page, **{of_bus: "no.such", of_friday: "worries.open"})
    assert odd.status_code == 422
    assert 'value="worries.open" selected' in odd.text, "what was chosen for the other is kept"
    assert lead.post(page, **{of_bus: ""}).status_code == 422
    assert state(database, interview_id).flagged == {bus, friday}
    assert lead.post(page, **{of_bus: "worries.open", of_friday: ""}).status_code == 302
    answer = account(database, interview_id).answer("worries.open")
    assert answer is not None
    assert answer.text == "The bus is late."
    assert "1 text to look at" in lead.get(case_page).text
    # Somebody else had the page open: what they chose for the other is kept all the same.
    assert lead.post(page, **{of_bus: "next.open", of_friday: "notes"}).status_code == 302
    assert "Somebody else has settled some" in lead.get(page).text
    assert state(database, interview_id).answers["worries.open"] == (bus,)
    assert state(database, interview_id).flagged == frozenset()
    assert "nothing left to look at" in lead.get(page).text
    assert "to look at" not in lead.get(case_page).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_condition_is_no_part_of_the_account_and_leads_to_where_they_decide(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    condition = "Yes but not the school"
    interview_id = texted(database, settings, round_id, "She loves maths.", condition)
    page = f"/staff/accounts/{interview_id}/look-at"
    case_page = f"/staff/cases/{look(database, round_id).case_id}"
    notes = account(database, interview_id).answer("notes")
    assert notes is not None
    maths, school = (f"place_{piece.fragment_id.hex}" for piece in notes.pieces)
    assert "nothing of this account is in the case pack until" in lead.get(page).text
    kept = lead.post(page, **{maths: "important.open", school: "permission"})
    decide = f"/staff/accounts/{interview_id}/withdraw"
    assert kept.location == decide
    assert condition in lead.get(decide).text
    assert [each.text for each in account(database, interview_id).answers] == ["She loves maths."]
    assert "Nothing of this account is in the case pack" in lead.get(case_page).text
    assert condition in lead.get(page).text
    assert lead.post(page, **{school: "notes"}).status_code == 302
    assert condition not in lead.get(decide).text
    assert "Nothing of this account" not in lead.get(case_page).text


def test_a_piece_that_somebody_else_settled_is_said_to_be(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id = texted(database, settings, round_id, "The bus is late.")
    page = f"/staff/accounts/{interview_id}/look-at"
    gone = lead.post(page, piece=UUID(int=9).hex)
    assert gone.status_code == 422
    assert state(database, interview_id).flagged


def test_nobody_reads_texts_of_who_took_them_back(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id = texted(database, settings, round_id, "The bus is late.")
    with database.sessions.begin() as session:
        record.decide(session, interview_id, Purpose.TALK, False, channel=Channel.TEXT, now=NOW)
    assert lead.get(f"/staff/accounts/{interview_id}/look-at").status_code == 403
    page = lead.get(f"/staff/cases/{look(database, round_id).case_id}").text
    assert "to look at" not in page


def test_that_a_person_answers_and_then_a_stop_stand_on_the_case(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id = texted(database, settings, round_id)
    page = f"/staff/cases/{look(database, round_id).case_id}"
    assert "A person answers" not in lead.get(page).text
    with database.sessions.begin() as session:
        record.happen(session, interview_id, HandedToPerson(Channel.TEXT), NOW)
    assert "A person answers" in lead.get(page).text
    with database.sessions.begin() as session:
        record.happen(session, interview_id, Stopped(Channel.TEXT), NOW)
    shown = lead.get(page).text
    assert "asked for no more texts" in shown
    assert "A person answers" not in shown

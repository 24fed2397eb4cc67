"""What a family asked for reaches the lead: a call, a person to look at a text, no more asking."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from family_voice.cases.linking import LinkHow, link
from family_voice.cases.next_steps import NextStep
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import (
    AskedForCall,
    Channel,
    HandedToPerson,
    Recognised,
    Stopped,
)
from family_voice.interviews.words import Speaker
from family_voice.settings import Settings
from tests.cases.households import NOW, speaker
from tests.conftest import Database
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
    # Once at the top, once in its line.
    assert ledger.count(f'href="{pad}"') == 2
    for said in ("Asked us to ring", "18 November 2026, 10:00", "Ring them: they asked"):
        assert said in ledger
    assert f'href="{pad}"' in lead.get(f"/staff/cases/{view.case_id}").text
    doing = lead.get(NEEDS_DOING).text
    assert doing.count(f'href="{pad}"') == 1
    assert "asked on 18 November 2026, 10:00" in doing
    assert "Nothing is waiting" not in doing
    attempt(lead, view, "no_answer")
    assert look(database, round_id).next_step is NextStep.RING_THEM
    assert lead.post(pad, way="telephone", who="alone").status_code == 302
    assert look(database, round_id).next_step is not NextStep.RING_THEM
    for page in ("/staff/ledger", NEEDS_DOING):
        assert "Asked us to ring" not in lead.get(page).text
    assert not state(database, interview_id).call_wanted


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
    assert lead.client.post(rung).status_code == 422
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

    def settle(piece: UUID, place: str) -> TestResponse:
        token = re.search(r'csrf_token" value="([^"]+)"', lead.get(page).text)
        assert token
        sent = {f"p{piece.hex}-csrf_token": token[1], "piece": piece.hex}
        return lead.client.post(page, data={**sent, f"p{piece.hex}-place": place})

    shown = lead.get(page).text
    assert shown.index("The bus is late.") < shown.index("Sorry, wrong Friday.")
    assert settle(bus, "no.such").status_code == 422
    assert settle(bus, "").status_code == 422
    assert state(database, interview_id).flagged == {bus, friday}
    assert settle(bus, "worries.open").status_code == 302
    answer = account(database, interview_id).answer("worries.open")
    assert answer is not None
    assert answer.text == "The bus is late."
    assert "1 text to look at" in lead.get(case_page).text
    late = lead.client.post(page, data={"piece": bus.hex})
    assert late.status_code == 422
    assert settle(friday, "notes").status_code == 302, "its own place is an answer as well"
    assert state(database, interview_id).flagged == frozenset()
    assert "nothing left to look at" in lead.get(page).text
    assert "to look at" not in lead.get(case_page).text


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


def test_a_stop_and_a_wish_for_a_person_stand_on_the_case(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id = texted(database, settings, round_id)
    page = f"/staff/cases/{look(database, round_id).case_id}"
    assert "no more texts" not in lead.get(page).text
    with database.sessions.begin() as session:
        record.happen(session, interview_id, Stopped(Channel.TEXT), NOW)
    assert "asked for no more texts" in lead.get(page).text
    with database.sessions.begin() as session:
        record.happen(session, interview_id, HandedToPerson(Channel.TEXT), NOW)
    assert "asked for a person" in lead.get(page).text

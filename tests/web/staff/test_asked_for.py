"""What a family asked for reaches the lead: a call, a person to look at a text, no more asking."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.cases.inviting import Way, invite
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reading import CaseView
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import (
    AskedForCall,
    Channel,
    HandedToPerson,
    Recognised,
    Stopped,
)
from family_voice.interviews.state import State
from family_voice.interviews.words import Account, Speaker
from family_voice.messages.models import OutboundMessage
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW, SOMEBODY, case, speaker
from tests.conftest import Clock, Database
from tests.web.family.browser import Browser
from tests.web.staff.call_pad_page import sign_in_again
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
        to=f"{page}/attempts",
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


def test_a_no_told_to_the_lead_holds_until_it_is_taken_back(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    begin_invited(database, settings, round_id, Way.TEXT)
    view = look(database, round_id)
    page = f"/staff/cases/{view.case_id}"
    invite_page = f"{page}/people/{speaker(view, 'Nadia').person.id}/invite"
    assert f'href="{invite_page}"' in lead.get(page).text
    attempt(lead, view, "declined")
    with reading(database.sessions) as session:
        assert session.scalars(select(OutboundMessage.state)).all() == ["cancelled"]
    text = lead.get(page).text
    assert f'href="{invite_page}"' not in text
    assert "Said no." in text
    assert "Mother · Said no" in lead.get("/staff/ledger").text
    assert "They told us no" in lead.get(invite_page).text
    for way in ("letter", "text"):
        refused = press_invite(lead, page, invite_page, way)
        assert refused.status_code == 422
        assert "They told us no" in refused.text
    sent, no = look(database, round_id).attempts
    assert (sent.may_be_taken_back, no.may_be_taken_back) == (False, True)
    assert f"{sent.id}/take-back" not in text
    back = f"{page}/attempts/{no.id}/take-back"
    assert lead.client.post(back).status_code == 422
    assert press(lead, page, back).status_code == 302
    after = look(database, round_id)
    assert [each.id for each in after.attempts] == [sent.id]
    assert [each.id for each in after.taken_back] == [no.id]
    text = lead.get(page).text
    assert "Taken back" in text
    assert f'href="{invite_page}"' in text
    assert "Make the letter" in lead.get(invite_page).text
    with reading(database.sessions) as session:
        row = session.scalars(select(TrailRow).where(TrailRow.action == "take_back")).one()
    assert (row.resource, row.resource_id, row.actor_kind) == ("attempt", no.id, "staff")


def press_invite(lead: Desk, page: str, invite_page: str, way: str) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', lead.get(page).text)
    assert token
    return lead.client.post(invite_page, data={"csrf_token": token[1], "way": way})


def test_only_the_case_s_own_tries_are_taken_back(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    begin_invited(database, settings, round_id)
    view, other = look(database, round_id), look(database, round_id, "EX-003")
    attempt(lead, view, "no_answer")
    sent, tried = look(database, round_id).attempts
    for case_id, attempt_id, answer in (
        (view.case_id, sent.id, 409),
        (other.case_id, tried.id, 404),
        (view.case_id, UUID(int=3), 404),
    ):
        to = f"/staff/cases/{case_id}/attempts/{attempt_id}/take-back"
        assert lead.post(f"/staff/cases/{view.case_id}", to=to).status_code == answer
    assert len(look(database, round_id).attempts) == 2


def test_who_agrees_after_their_no_may_be_invited_again(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    interview_id, _link = begin_invited(database, settings, round_id)
    view = look(database, round_id)
    attempt(lead, view, "declined")
    assert speaker(look(database, round_id), "Nadia").said_no
    with database.sessions.begin() as session:
        later = NOW + timedelta(days=1)
        record.decide(session, interview_id, Purpose.TALK, True, channel=Channel.WEB, now=later)
    assert not speaker(look(database, round_id), "Nadia").said_no


def test_begun_and_not_finished_is_named_once_the_day_is_over(
    lead: Desk, database: Database, settings: Settings, round_id: UUID, clock: Clock
) -> None:
    interview_id, _link = begin_invited(database, settings, round_id)
    with database.sessions.begin() as session:
        record.decide(session, interview_id, Purpose.TALK, True, channel=Channel.WEB, now=NOW)
    case_page = f"/staff/cases/{look(database, round_id).case_id}"
    assert "not finished" not in lead.get("/staff/ledger").text
    clock.present = NOW + timedelta(days=15)  # the first session is heard by 2 December
    sign_in_again(lead, clock)
    assert lead.get("/staff/ledger").text.count("Late: begun, not finished") == 1
    assert "Begun and not finished" in lead.get(case_page).text


@pytest.mark.parametrize("typed", ["000600999", "601", "0", "9" * 5000, "1e2", "٣"])
def test_minutes_that_cannot_be(lead: Desk, database: Database, round_id: UUID, typed: str) -> None:
    page = f"/staff/cases/{look(database, round_id).case_id}"
    fields = {"minutes-step": "write_up", "minutes-took": typed}
    refused = lead.post(page, to=f"{page}/minutes", **fields)
    assert refused.status_code == 422
    assert "Put whole minutes as a number from 1 to 600" in refused.text
    assert look(database, round_id).minutes_by_step == {}
    empty = lead.get("/staff/ledger").text
    assert "Nobody has written down any minutes" in empty
    assert "Minutes by step" not in empty
    fields["minutes-took"] = "000600"
    assert lead.post(page, to=f"{page}/minutes", **fields).status_code == 302
    assert look(database, round_id).minutes_by_step == {"write_up": 600}
    assert "Minutes by step" in lead.get("/staff/ledger").text

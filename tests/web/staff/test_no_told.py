"""A no that was told to the lead, accounts begun and not finished, and odd minutes."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.cases.inviting import Way
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import (
    Channel,
)
from family_voice.messages.models import OutboundMessage
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW, speaker
from tests.conftest import Clock, Database
from tests.web.staff.asked_for import (
    attempt,
    begin_invited,
    look,
    press,
)
from tests.web.staff.call_pad_page import sign_in_again
from tests.web.staff.conftest import Desk


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
    fields = {"csrf_token": token[1], "way": way, "occasion": str(uuid4())}
    return lead.client.post(invite_page, data=fields)


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
        assert lead.post(f"/staff/cases/{view.case_id}", to).status_code == answer
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
    refused = lead.post(page, f"{page}/minutes", **fields)
    assert refused.status_code == 422
    assert "Put whole minutes as a number from 1 to 600" in refused.text
    assert look(database, round_id).minutes_by_step == {}
    empty = lead.get("/staff/what-it-costs").text
    assert "Nobody has written down any minutes" in empty
    assert "Minutes by step" not in empty
    fields["minutes-took"] = "000600"
    assert lead.post(page, f"{page}/minutes", **fields).status_code == 302
    assert look(database, round_id).minutes_by_step == {"write_up": 600}
    assert "Minutes by step" in lead.get("/staff/what-it-costs").text

"""The round's own pages: the way to the next one, and a step that is only to wait."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.cases.ledger import Outcome
from family_voice.cases.reaching import Channel, record_attempt
from family_voice.people.accounts import StaffMember
from family_voice.themes.coding import put, standing_units
from tests.cases.households import NOW, SOMEBODY, case, speaker
from tests.cases.test_finality import told
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import sign_in_again
from tests.web.staff.conftest import Desk
from tests.web.staff.test_ledger_pages import AFTER, everybody_tried

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_waiting_says_until_when_and_is_no_link(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        view = case(session, round_id, "EX-001")
        record_attempt(
            session, view.case_id, participant_id=speaker(view, "Nadia").person.id,
            channel=Channel.LETTER, outcome=Outcome.SENT, at=NOW - timedelta(days=1),
            by=SOMEBODY, now=NOW,
        )  # fmt: skip
    page = lead.get(f"/staff/rounds/{round_id}").text
    assert 'label="Next">Give them a few days, until Sunday, 22 November 2026</td>' in page


def test_a_new_round_is_one_press_from_this_term(lead: Desk, round_id: UUID) -> None:
    page = lead.get("/staff/ledger").text
    assert 'href="/staff/rounds/new">Open a new round</a>' in page


def test_what_was_final_lists_accounts_codes_and_versions_as_they_were_then(
    lead: Desk, database: Database, round_id: UUID, clock: Clock
) -> None:
    everybody_tried(database, round_id, but="EX-003")
    final = f"/staff/rounds/{round_id}/final"
    with database.sessions.begin() as session:
        told_it = told(session, round_id, "EX-003", NOW)
        [amina] = session.scalars(select(StaffMember.id)).all()
        unit = min(standing_units(session, told_it), key=lambda each: each.sentence_id is not None)
        put(session, told_it, unit, "waiting", amina, NOW)
    clock.present = AFTER
    lead = sign_in_again(lead, clock)
    assert lead.post(final, though="yes").status_code == 302
    clock.present += timedelta(minutes=5)
    with database.sessions.begin() as session:
        put(session, told_it, unit, "promised_happens", amina, clock.present)
    page = lead.get(final).text
    table = page[page.index('id="was"') : page.index("What comes next")]
    assert "By Lee Marrowby." in page
    for said in ("EX-001", "Not reached", "sent on 18 Nov 2026, questions version 1"):
        assert said in table, said
    assert "1 code, codebook version 1" in table, "as it was then"
    assert f"{final}#was" in lead.get(f"/staff/rounds/{round_id}").text
    lead.post(final, f"/staff/rounds/{round_id}/open-again")
    assert "opened again on 10 December 2026" in lead.get(final).text

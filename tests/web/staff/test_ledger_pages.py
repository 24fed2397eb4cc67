"""What is missing before Level 3 is final, who is not heard, how families were reached, and the
past: as the lead sees them."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.cases import following_up
from family_voice.cases.account_calls import note
from family_voice.cases.finality import final_of
from family_voice.cases.ledger import Level3, Outcome
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import FollowUp
from family_voice.cases.reaching import Channel, Step, record_attempt, record_minutes
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import open_round
from family_voice.consent.statements import Purpose
from family_voice.improvement.past_judgements import EXAMPLE
from family_voice.interviews import record
from family_voice.interviews.events import AskedForCall, ReadBack
from family_voice.interviews.events import Channel as Spoken
from family_voice.people.access import Role
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW, SOMEBODY, case, framework
from tests.cases.test_every_account import came_and_told
from tests.cases.test_finality import told
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import sign_in_again
from tests.web.staff.conftest import Desk, SignIn
from tests.web.staff.test_linking_pages import texted

AFTER = NOW.replace(month=12, day=10)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def everybody_tried(database: Database, round_id: UUID, but: str = "") -> None:
    with database.sessions.begin() as session:
        for each in round_ledger(session, round_id, NOW).cases:
            if each.reference == but:
                continue
            for channel, outcome in (
                (Channel.TEXT, Outcome.SENT),
                (Channel.TELEPHONE, Outcome.NO_ANSWER),
                (Channel.LETTER, Outcome.SENT),
            ):
                record_attempt(
                    session, each.case_id, participant_id=each.people[0].person.id,
                    channel=channel, outcome=outcome, at=NOW - timedelta(days=6), by=SOMEBODY,
                    now=NOW,
                )  # fmt: skip


def test_level_3_is_made_final_by_one_press_when_nothing_is_missing(
    lead: Desk, database: Database, round_id: UUID, clock: Clock
) -> None:
    everybody_tried(database, round_id, but="EX-003")
    address = f"/staff/rounds/{round_id}/final"
    assert f"/staff/rounds/{round_id}/cases" in lead.get(f"/staff/rounds/{round_id}").text
    page = lead.get(address).text
    assert "0 of 6 cases have their final state." in page
    assert "Make Level 3 final" not in page
    assert "There is still time to reach them." in page
    assert lead.post(f"/staff/rounds/{round_id}", address).status_code == 422
    clock.present = AFTER
    with database.sessions.begin() as session:
        view = case(session, round_id, "EX-003")
        for channel in (Channel.TEXT, Channel.TELEPHONE, Channel.TELEPHONE):
            record_attempt(
                session, view.case_id, participant_id=None, channel=channel,
                outcome=Outcome.NO_ANSWER, at=AFTER, by=SOMEBODY, now=AFTER,
            )  # fmt: skip
    signed_in_again = sign_in_again(lead, clock)
    assert "Make Level 3 final" in signed_in_again.get(address).text
    assert signed_in_again.post(address).status_code == 302
    page = signed_in_again.get(address).text
    assert "Yes. It was made final on" in page
    ledger = signed_in_again.get(f"/staff/rounds/{round_id}").text
    assert "Level 3 is final" in ledger
    for after in ("What comes next", f"{round_id}/release", "/staff/how-families-were-reached"):
        assert after in page
    adding = f"/staff/rounds/{round_id}/cases"
    assert adding not in ledger
    assert "no case can join it" in signed_in_again.get(adding).text
    assert 'type="file"' not in signed_in_again.get(adding).text
    with reading(database.sessions) as session:
        found = final_of(session, round_id)
    assert found is not None
    assert set(found.states.values()) == {Level3.NOT_REACHED}
    again = f"/staff/rounds/{round_id}/open-again"
    assert signed_in_again.post(address, again).status_code == 302
    with reading(database.sessions) as session:
        assert final_of(session, round_id) is None


def test_one_thing_is_named_to_do_first(
    lead: Desk, database: Database, settings: Settings, round_id: UUID
) -> None:
    def first(page: str = f"/staff/rounds/{round_id}") -> tuple[str, str]:
        found = re.search(
            r'Do this first</h2>\s*<p[^>]*><a class="govuk-link" href="([^"]+)"><strong>([^<]+)',
            lead.get(page).text,
        )
        assert found
        return found[1], found[2]

    with database.sessions.begin() as session:
        later = open_round(
            session, term="Spring 2027", themes={"area_of_need": ["semh"]},
            held_on=(date(2027, 3, 10), date(2027, 3, 17)), framework=framework(), now=NOW,
        )  # fmt: skip
    sample = f"/staff/rounds/{later}/sample"
    assert first(f"/staff/rounds/{later}") == (sample, "Draw the sample")
    address, words = first()
    assert words == "Invite"
    assert lead.get(address).status_code == 200
    with database.sessions.begin() as session:
        came = record.begin(session, audience="parent_carer", language="en", now=NOW)
        record.decide(session, came, Purpose.TALK, True, channel=Spoken.WEB, now=NOW)
    assert first() == (
        "/staff/accounts/unlinked", "Find the case of 1 account that came uninvited",
    )  # fmt: skip
    with database.sessions.begin() as session:
        record.happen(session, came, AskedForCall(Spoken.WEB), NOW)
    assert first()[1] == "Ring 1 person who is on no case: they asked"
    with database.sessions.begin() as session:
        note(session, came, None, last=0, by=SOMEBODY, now=NOW)
    texted(database, settings, "+447700900555", "Hello?")
    assert first()[1] == "See to 1 text conversation that needs a person"
    # Texts are of no one round: a later one has its own beginning.
    assert first(f"/staff/rounds/{later}")[1] != first()[1]


def test_what_is_still_open_needs_a_second_yes_before_level_3_is_final(
    lead: Desk, database: Database, round_id: UUID, clock: Clock
) -> None:
    everybody_tried(database, round_id)
    with database.sessions.begin() as session:
        view = case(session, round_id, "EX-002")
        record_attempt(
            session, view.case_id, participant_id=view.people[0].person.id,
            channel=Channel.TELEPHONE, outcome=Outcome.CALL_BACK, at=NOW, by=SOMEBODY, now=NOW,
        )  # fmt: skip
        came = record.begin(session, audience="parent_carer", language="en", now=NOW)
        record.decide(session, came, Purpose.TALK, True, channel=Spoken.WEB, now=NOW)
    clock.present = AFTER
    lead = sign_in_again(lead, clock)
    address = f"/staff/rounds/{round_id}/final"
    page = lead.get(address).text
    assert "1 account is on no case" in page
    assert "1 person asked to be rung back, and was not" in page
    assert f"/staff/cases/{view.case_id}#tried" in page
    assert "Nothing is missing." not in page
    refused = lead.post(address)
    assert refused.status_code == 422
    assert "tick the box if you are sure" in refused.text
    nonsense = lead.post(address, though="perhaps")
    assert nonsense.status_code == 422
    assert "Choose from the answers" in nonsense.text
    with reading(database.sessions) as session:
        assert final_of(session, round_id) is None
    assert lead.post(address, though="yes").status_code == 302
    with reading(database.sessions) as session:
        assert final_of(session, round_id) is not None


def test_somebody_who_came_uninvited_is_named_and_their_account_waits_to_be_coded(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        case_id = case(session, round_id, "EX-001").case_id
        first = told(session, round_id, "EX-001", NOW - timedelta(hours=3))
        record.happen(session, first, ReadBack(Spoken.TELEPHONE, right=True), NOW)
        record_minutes(session, case_id, Step.CODE, 9, SOMEBODY, NOW, interview_id=first)
        came = came_and_told(session)
    page = f"/staff/cases/{case_id}"
    assert "Zoya" not in lead.get(page).text
    with database.sessions.begin() as session:
        link(session, came, case_id, LinkHow.PERSON, NOW)
    shown = lead.get(page).text
    assert shown.count("Zoya Example</span>") >= 1
    assert "Came uninvited" in shown
    assert shown.count("Waits to be coded.") == 1
    ledger = lead.get(f"/staff/rounds/{round_id}").text
    assert f'href="/staff/accounts/{came}/code"' in ledger
    assert "and 1 who came uninvited" in ledger


def test_what_is_owed_is_worked_off_from_the_ledger(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        view = case(session, round_id, "EX-001")
        following_up.needs_doing(
            session, view.case_id, None, words="The boiler is out.", worker="", manager="",
            due_on=NOW.date() - timedelta(days=1), family_agreed=True, by=SOMEBODY, now=NOW,
        )  # fmt: skip
        row = session.scalars(select(FollowUp.id)).one()
    ledger = f"/staff/rounds/{round_id}"
    page = lead.get(ledger).text
    assert "Needs doing, and complaints" in page
    assert "Nobody yet" in page
    assert "Overdue" in page
    assert "boiler" not in page
    owner = f"/staff/follow-up/{row}/owner"
    put = {"worker": "Pat Day", "due-day": "27", "due-month": "11", "due-year": "2026"}
    assert "Put the name" in lead.post(owner, version="1", **put | {"worker": ""}).text
    assert "changed this meanwhile" in lead.post(owner, version="99", **put).text
    found = re.search(r'name="version"[^>]*value="(\d+)"', lead.get(owner).text)
    assert found
    assert lead.post(owner, version=found[1], **put).status_code == 302
    page = lead.get(ledger).text
    assert "Pat Day" in page
    assert "Overdue" not in page
    with reading(database.sessions) as session:
        assert following_up.one(session, row, None, NOW).due_on == date(2026, 11, 27)


def test_who_is_not_heard_names_a_step_for_each_family_and_no_small_number(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    everybody_tried(database, round_id, but="EX-002")
    page = lead.get("/staff/who-is-not-heard").text
    assert page.count('class="fv-card"') == 6
    assert "Invite" in page
    assert "after five: nobody has tried then." in page
    assert "too few families so far to give a number" in page
    assert "too few families so far to compare them by plan, by need" in page
    assert "Not tried yet<" in page
    assert "<rect" not in page


def test_how_families_were_reached(lead: Desk, database: Database, round_id: UUID) -> None:
    assert "Nobody has been tried yet." in lead.get("/staff/how-families-were-reached").text
    everybody_tried(database, round_id)
    page = lead.get("/staff/how-families-were-reached").text
    assert "When calls are answered" in page
    assert "0 of 6" in page


def test_past_judgements_are_shown_as_they_stood(lead: Desk) -> None:
    address = "/staff/past-judgements"
    page = lead.post(address, name="", table=(io.BytesIO(b""), "")).text
    assert "Give the table a name" in page
    wrong = io.BytesIO(b"meeting,focus,scale,1\nLast week,SEMH,a,1\n")
    answer = lead.post(address, name="Wrong", table=(wrong, "wrong.csv"))
    assert answer.status_code == 422
    assert "Write the month and year" in answer.text
    data = lead.get(f"{address}/example.csv").data
    assert data.endswith(EXAMPLE.read_bytes())
    for _time in range(2):
        right = (io.BytesIO(data), "past.csv")
        assert lead.post(address, name="Until 2024", table=right).status_code == 302
    page = lead.get(address).text
    assert page.count("This table disagrees with itself.") == 1
    assert (
        "Judged 2 (“Mostly consistently positive experiences and outcomes”): the table’s total "
        "says 9 cases, its lines come to 11."
    ) in page
    assert "Judged 3 (“Inconsistent experiences and outcomes”): the table’s total says 7" in page
    assert (
        "Judged on a scale of 4 possible judgements: 1 (“Consistently positive experiences and "
        "outcomes”) is the best, 4 (“Significant concerns”) the worst."
    ) in page
    assert "Point 2" not in page


@pytest.mark.parametrize("role", [Role.PANEL, Role.BOARD, Role.FORUM])
def test_nobody_but_the_lead_opens_them(sign_in: SignIn, round_id: UUID, role: Role) -> None:
    desk = sign_in(role)
    for address in (
        "who-is-not-heard", "how-families-were-reached", "past-judgements",
        f"rounds/{round_id}/final",
    ):  # fmt: skip
        assert desk.get(f"/staff/{address}").status_code == 403

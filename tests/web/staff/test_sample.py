"""The sample page: the next step is always there, and a sample goes from draw to ledger."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.cases.caseload import CASE_COLUMNS, EXAMPLE, PARTICIPANT_COLUMNS, label
from family_voice.cases.rounds import open_round
from family_voice.cases.sampled import SampleView, sample_of
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from tests.cases.caseloads import a_caseload, a_themed_round, file_for
from tests.cases.households import MEETINGS, NOW, framework
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import sign_in_again
from tests.web.staff.conftest import Desk

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def themed(database: Database) -> UUID:
    """A round and a caseload of sixty, of whom half are on its theme."""
    with database.sessions.begin() as session:
        a_caseload(session)
        return a_themed_round(session)


def page_of(round_id: UUID) -> str:
    return f"/staff/rounds/{round_id}/sample"


def kept(database: Database, round_id: UUID) -> SampleView:
    with reading(database.sessions) as session:
        return sample_of(session, round_id)


def followed(lead: Desk, page: str, to: str = "", **fields: str) -> str:
    answer = lead.post(page, to, **fields)
    assert answer.status_code == 302
    return lead.get(answer.headers["Location"]).text


def test_from_the_draw_to_the_ledger(lead: Desk, database: Database, themed: UUID) -> None:
    before = lead.get(page_of(themed)).text
    assert "26 children could be drawn" in before
    assert "At least 1: EHCP" in before
    assert "They were in no audit in the last 12 months" in before
    after = followed(lead, page_of(themed))
    assert "6 cases wait for their names and contacts" in after
    sample = kept(database, themed)
    assert sample.draw
    assert str(sample.draw.seed) in after
    for page, said in (
        (f"/staff/rounds/{themed}", "Hand in the names of 6 cases that were drawn"),
        (f"/staff/rounds/{themed}/opened", "6 cases are drawn, and wait for their names"),
    ):
        waits = lead.get(page).text
        assert said in waits
        assert f'href="/staff/rounds/{themed}/cases"' in waits
        assert "Draw the" not in waits

    file = lead.get(f"/staff/rounds/{themed}/sample-to-fill-in.csv")
    assert file.headers["Content-Disposition"].endswith('"sample-to-fill-in.csv"')
    with reading(database.sessions) as session:
        taken = select(TrailRow.resource_id).where(TrailRow.action == "export")
        assert session.scalars(taken).all() == [themed]
    rows = list(csv.DictReader(StringIO(file.data.decode("utf-8-sig"))))
    assert [row["case reference"] for row in rows] == [line.reference for line in sample.lines]
    assert list(rows[0]) == [label(each) for each in (*CASE_COLUMNS, *PARTICIPANT_COLUMNS)]
    assert rows[0]["area of need"] == "Social, emotional and mental health"
    assert rows[0]["child first name"] == ""

    names = (BytesIO(file_for(sample)), "cases.csv")
    answer = lead.post(f"/staff/rounds/{themed}/cases", cases=names)
    assert answer.status_code == 302
    assert "every case has its names" in lead.get(page_of(themed)).text


def test_two_themes_say_that_both_have_to_be_true(lead: Desk, database: Database) -> None:
    both = "From two lists: a case fits only if both are"
    assert both in lead.get("/staff/rounds/new").text
    assert both in lead.get("/staff/plan/multi_agency/2027-01-01").text
    with database.sessions.begin() as session:
        a_caseload(session)
        rounds = [
            open_round(session, term=term, themes=themes, held_on=MEETINGS, framework=framework(),
                       now=NOW)
            for term, themes in (
                ("One", {"area_of_need": ["semh", "cognition"]}),
                ("Two", {"area_of_need": ["semh"], "transition_year": ["year_6"]}),
            )
        ]  # fmt: skip
    one, two = (lead.get(page_of(each)).text for each in rounds)
    each_list = "A case has to fit each of these lists: Broad area of need and Transition year."
    assert each_list in two
    assert "has to fit each" not in one


def test_a_case_of_no_sample_is_refused_by_line(lead: Desk, themed: UUID) -> None:
    followed(lead, page_of(themed))
    others = (BytesIO(EXAMPLE.read_bytes()), "cases.csv")
    answer = lead.post(f"/staff/rounds/{themed}/cases", cases=others)
    assert "This case is not in the round&#39;s sample" in answer.text


def test_too_few_is_said_before_anything_is_drawn(lead: Desk, database: Database) -> None:
    with database.sessions.begin() as session:
        a_caseload(session, size=6)
        round_id = a_themed_round(session)
    assert "That is too few for the rule" in lead.get(page_of(round_id)).text
    answer = lead.post(page_of(round_id))
    assert answer.status_code == 200
    assert "Nothing was drawn: there are too few" in answer.text
    assert kept(database, round_id).lines == ()
    assert "3 places are free" in followed(lead, page_of(round_id), short="yes")
    assert len(kept(database, round_id).lines) == 3


def test_nobody_to_draw_from(lead: Desk, database: Database) -> None:
    with database.sessions.begin() as session:
        round_id = a_themed_round(session)
    assert "There is no caseload to draw from yet" in lead.get(page_of(round_id)).text
    assert "There is no caseload to draw from" in followed(lead, page_of(round_id))


def test_picked_by_hand(lead: Desk, database: Database, themed: UUID) -> None:
    pick = f"{page_of(themed)}/pick"
    assert "No child in the caseload" in lead.post(pick, reference="CL-999", why="other").text
    assert "Choose why" not in lead.get(pick).text
    nothing = lead.post(pick).text
    assert "Put the case reference" in nothing
    after = followed(lead, pick, reference="cl-014", why="complaint")
    assert "Picked by hand, against the rule" in after
    # A place that was picked leaves the others to chance.
    followed(lead, page_of(themed))
    lines = kept(database, themed).lines
    assert lines[0].reference == "CL-014"
    assert len(lines) == 6
    assert "Every place of this sample is taken" in lead.get(pick).text


def test_only_a_case_that_is_stood_down_is_replaced(
    lead: Desk, database: Database, themed: UUID
) -> None:
    followed(lead, page_of(themed))
    first = kept(database, themed).lines[0]
    page = f"/staff/sampled/{first.place_id}/stand-down"
    assert "A family that says no or does not answer keeps its place" in lead.get(page).text
    assert "Choose why" in lead.post(page).text
    after = followed(lead, page, reason="moved")
    assert "1 place is free" in after
    assert "Drawn in place of another (number 1)" in followed(lead, page_of(themed))
    assert len(kept(database, themed).standing) == 6


def test_a_round_that_is_closed_says_so(lead: Desk, themed: UUID, clock: Clock) -> None:
    clock.present = NOW + timedelta(days=90)
    sign_in_again(lead, clock)
    assert "This round is closed" in lead.get(page_of(themed)).text


def test_who_was_drawn_says_that_there_are_too_few(lead: Desk, themed: UUID) -> None:
    assert "Not enough families yet" in lead.get("/staff/who-was-drawn").text

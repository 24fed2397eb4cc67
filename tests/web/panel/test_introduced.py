"""Whom a family trusted to introduce us never sees the answer, wherever they sit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask.testing import FlaskClient

from family_voice.cases.models import Case
from family_voice.cases.seats import record_introduced, seats_on_case
from family_voice.people.models import Child
from family_voice.storage.locking import fetch
from tests.conftest import Database
from tests.reports.panel_round import CHILDS, PanelRound

SignIn = Callable[[UUID], FlaskClient]


def test_who_introduced_a_family_sees_no_pack_no_profile_and_no_copy(
    panel: PanelRound, sign_in: SignIn, database: Database, now: datetime
) -> None:
    member = sign_in(panel.member)
    pages = [f"/panel/cases/{panel.case}{part}" for part in ("", "/profile", "/copies")]
    assert CHILDS in member.get(pages[0]).text
    with database.sessions.begin() as session:
        record_introduced(session, panel.member, panel.case, True)
        seated = seats_on_case(session, panel.case, now.date())
        assert panel.member not in {each.staff_id for each in seated}
    for page in pages:
        assert member.get(page).status_code == 403, page
    home = member.get("/panel/").text
    assert str(panel.case) not in home
    assert str(panel.silent) in home
    concern = f"/staff/concern?case={panel.case}&sentence={panel.child}"
    assert CHILDS not in member.get(concern).text
    # Another case of the same session is theirs as before.
    assert member.get(f"/panel/cases/{panel.silent}").status_code == 200


def test_the_case_of_a_brother_or_sister_is_the_same_familys(
    panel: PanelRound, sign_in: SignIn, database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        ours, sibling = (
            fetch(session, Child, fetch(session, Case, each).child_id)
            for each in (panel.case, panel.silent)
        )
        sibling.family_id = ours.family_id
        session.flush()
        record_introduced(session, panel.member, panel.silent, True)
        seated = seats_on_case(session, panel.case, now.date())
        assert panel.member not in {each.staff_id for each in seated}
    assert sign_in(panel.member).get(f"/panel/cases/{panel.case}").status_code == 403


def test_the_lead_writes_it_down_with_the_seat(
    panel: PanelRound, sign_in: SignIn, database: Database, now: datetime
) -> None:
    lead = sign_in(panel.lead)
    seat = f"/staff/rounds/{panel.round_id}/panel/{panel.session_id}/{panel.member}"
    page = lead.get(seat).text
    assert "Did they introduce us to any of these families?" in page
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    kept = lead.post(seat, data={"csrf_token": token, "role": "dco", "introduced": str(panel.case)})
    assert kept.status_code == 302
    assert sign_in(panel.member).get(f"/panel/cases/{panel.case}").status_code == 403

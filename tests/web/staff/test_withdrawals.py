"""A lead writes down that somebody takes it back; receipts are read again; paper is asked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.interviews.record import state_of
from family_voice.interviews.state import Stage
from family_voice.operations import waiting
from family_voice.operations.models import Withdrawal
from family_voice.people.access import Role
from family_voice.security import erasures
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings
from family_voice.sharing import copies
from tests.conftest import KEYS, NOW, Database
from tests.reports.panel_round import MOTHERS, PanelRound, a_panel_round
from tests.web.staff.call_pad_page import begin, somebody
from tests.web.staff.conftest import Desk, SignIn

TODAY = {"day-day": "18", "day-month": "11", "day-year": "2026"}
TOLD = {"what": "talk", "asked_by": "themselves", "way": "telephone", "sure": "yes"}


@pytest.fixture
def panel(database: Database) -> PanelRound:
    with database.sessions.begin() as session:
        made = a_panel_round(session, NOW - timedelta(days=1))
        copies.make_copy(
            session, made.case, made.member, made.lead, NOW.date() + timedelta(days=20), NOW
        )
        return made


@pytest.fixture
def desk(panel: PanelRound, sign_in: SignIn) -> Desk:
    return sign_in(Role.LEAD)


def stored(database: Database) -> list[Withdrawal]:
    with database.sessions() as session:
        return list(session.scalars(select(Withdrawal).order_by(Withdrawal.at)))


def address(interview_id: UUID) -> str:
    return f"/staff/accounts/{interview_id}/withdraw"


def test_written_down_done_and_read_again(
    desk: Desk, panel: PanelRound, database: Database, settings: Settings
) -> None:
    assert "They take it back" in desk.get(f"/staff/cases/{panel.case}").text
    done = desk.post(address(panel.mother), **TOLD, **TODAY)
    [row] = stored(database)
    assert done.location == f"/staff/withdrawals/{row.number.replace(' ', '')}"
    assert (row.how, row.asked_by, row.asked_on) == ("telephone", "themselves", NOW.date())
    with database.sessions() as session:
        assert state_of(session, panel.mother).stage is Stage.WITHDRAWN
    [erased] = erasures.read(settings.evidence_folder, Keyring(KEYS))
    assert erased.kind == "interview"

    receipt = desk.get(done.location).text
    for words in (
        "What you told us: 2 answers.",
        "By telephone, 18 November 2026.",
        "Written down by Lee Marrowby.",
        "The law may require us to keep some records.",
    ):
        assert words in receipt
    listed = desk.get("/staff/withdrawals").text
    assert row.number in listed
    assert "Destroy copy 1" in listed
    assert MOTHERS[:10] not in receipt + listed
    # Asked for once more, there is the receipt.
    assert desk.get(address(panel.mother)).location == done.location


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sure": ""}, "Ask them whether they are sure"),
        ({"what": ""}, "Choose what they take back."),
        ({"asked_by": ""}, "Choose who asked for it."),
        ({"day-day": "19"}, "Put the day they told us."),
    ],
)
def test_what_is_missing_changes_nothing(
    desk: Desk, panel: PanelRound, database: Database, change: dict[str, str], says: str
) -> None:
    fields = {name: value for name, value in (TOLD | TODAY | change).items() if value}
    assert says in desk.post(address(panel.mother), **fields).text
    assert stored(database) == []


def test_one_thing_only(desk: Desk, panel: PanelRound, database: Database) -> None:
    desk.post(address(panel.mother), **(TOLD | {"what": "check"}), **TODAY)
    [row] = stored(database)
    assert row.purposes == ["check"]
    with database.sessions() as session:
        assert state_of(session, panel.mother).stage is Stage.SENT


def test_they_rang_and_it_is_kept(desk: Desk, panel: PanelRound, database: Database) -> None:
    with database.sessions.begin() as session:
        waiting.begin(session, panel.mother, "+447700900123", NOW)
    assert "They rang: keep it after all" in desk.get("/staff/withdrawals").text
    desk.post("/staff/withdrawals", f"/staff/accounts/{panel.mother}/keep")
    with database.sessions() as session:
        assert waiting.of_interview(session, panel.mother) is None


def test_no_such_receipt(desk: Desk) -> None:
    for figures in ("12345678", "x", "1234%205678"):
        assert desk.get(f"/staff/withdrawals/{figures}").status_code == 404


def test_the_officer_holds_and_lifts(
    panel: PanelRound, sign_in: SignIn, database: Database
) -> None:
    officer = sign_in(Role.DPO)
    text = officer.get("/dpo/kept/").text
    assert "There is no hold." in text
    assert "730 days after: the round froze." in text
    wrong = officer.post("/dpo/kept/", reference="NOBODY", reason="Court")
    assert "No child has this reference." in wrong.text
    with database.sessions() as session:
        from family_voice.cases.reading import case_view

        reference = case_view(session, panel.case, NOW).reference
    officer.post("/dpo/kept/", reference=reference, reason="A court’s order")
    held = officer.get("/dpo/kept/").text
    assert "A court’s order" in held
    assert reference in held

    lead = sign_in(Role.LEAD)
    lead.post(address(panel.mother), **TOLD, **TODAY)
    [row] = stored(database)
    assert row.finished_at is None
    for page in ("/staff/withdrawals", f"/staff/withdrawals/{row.number.replace(' ', '')}"):
        assert "hold" not in lead.get(page).text.lower().replace("household", "")
    assert lead.get("/dpo/kept/").status_code == 403

    import re

    lift = re.search(r'action="(/dpo/kept/holds/[^"]+/lift)"', held)
    assert lift
    officer.post("/dpo/kept/", lift[1])
    assert "lifted on 18 November 2026" in officer.get("/dpo/kept/").text


def test_a_no_on_the_call_pad_removes_what_rested_on_it(
    desk: Desk, panel: PanelRound, database: Database
) -> None:
    someone = somebody(database, panel.round_id)
    begin(desk, someone)
    done = desk.post(someone.page("permission"), check="no")
    assert done.status_code == 302
    [row] = stored(database)
    assert (row.purposes, row.how) == (["check"], "telephone")
    assert row.number in desk.get("/staff/withdrawals").text

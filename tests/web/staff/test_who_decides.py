"""The page "Who decides": what has to be on record before anybody is asked, and what stops it."""

from __future__ import annotations

from uuid import UUID

import pytest

from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.reading import CaseView
from family_voice.people.access import Role
from family_voice.storage.engine import reading
from tests.cases.households import a_full_round, case, speaker
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn

#: Tomasz is 14.
AT_SCHOOL = EXAMPLE.read_text().replace("23/07/2010,11", "23/07/2012,9").encode()


@pytest.fixture
def round_id(database: Database) -> UUID:
    with database.sessions.begin() as session:
        return a_full_round(session, AT_SCHOOL)


@pytest.fixture
def lead(sign_in: SignIn) -> Desk:
    return sign_in(Role.LEAD)


def look(database: Database, round_id: UUID, reference: str) -> CaseView:
    with reading(database.sessions) as session:
        return case(session, round_id, reference)


def page_of(view: CaseView, name: str, page: str = "who-decides") -> str:
    return f"/staff/cases/{view.case_id}/people/{speaker(view, name).person.id}/{page}"


def test_a_childs_understanding_is_written_down_and_opens_the_way(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    view = look(database, round_id, "EX-003")
    here = page_of(view, "Tomasz")
    case_page = lead.get(f"/staff/cases/{view.case_id}").text
    assert "whether they understand enough" in case_page
    assert here in case_page
    assert page_of(view, "Tomasz", "invite") not in case_page
    talk = f"/staff/case/{view.case_id}/talk/{speaker(view, 'Tomasz').person.id}"
    assert "whether they understand enough" in lead.get(talk).text
    assert ">Start<" not in lead.get(talk).text
    answer = lead.post(
        here, f"{here}/judgement",
        **{"understanding-able": "yes", "understanding-judged_by": "", "understanding-why": "x"},
    )  # fmt: skip
    assert "Put who judged it" in answer.text
    kept = lead.post(
        here, f"{here}/judgement",
        **{
            "understanding-able": "yes",
            "understanding-judged_by": "Mr Demo, tutor",
            "understanding-why": "Said who reads it.",
        },
    )  # fmt: skip
    assert kept.status_code == 302
    text = lead.get(here).text
    assert "Mr Demo, tutor" in text
    assert "They understand enough, and decide themselves." in text
    assert page_of(view, "Tomasz", "invite") in lead.get(f"/staff/cases/{view.case_id}").text


def test_only_somebody_with_parental_responsibility_is_offered(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    view = look(database, round_id, "EX-003")
    here = page_of(view, "Tomasz")
    ewa, tomasz = (speaker(view, name).person.id for name in ("Ewa", "Tomasz"))
    text = lead.get(here).text
    assert f'value="{ewa}"' in text
    assert f'value="{tomasz}"' not in text
    said = {
        "understanding-able": "no",
        "understanding-judged_by": "Mr Demo, tutor",
        "understanding-why": "Did not know who asks.",
    }
    nobody = lead.post(here, f"{here}/judgement", **said)
    assert "Only somebody with parental responsibility" in nobody.text
    assert lead.post(
        here, f"{here}/judgement", **said, **{"understanding-who": str(ewa)}
    ).status_code == 302  # fmt: skip
    assert "Ewa Trial decides for them" in lead.get(here).text
    assert "no link or text is sent" in lead.get(page_of(view, "Tomasz", "invite")).text


def test_a_childs_own_no_is_written_down_and_lifted(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    view = look(database, round_id, "EX-003")
    here = page_of(view, "Tomasz")
    assert lead.post(here, f"{here}/own-no/said").status_code == 302
    assert "They said no on" in lead.get(here).text
    assert "They themselves have said no" in lead.get(page_of(view, "Tomasz", "invite")).text
    assert lead.post(here, f"{here}/own-no/lifted").status_code == 302
    assert "They do not want to" in lead.get(here).text


def test_a_looked_after_childs_social_worker_is_asked_first(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    view = look(database, round_id, "EX-005")
    here, invite = page_of(view, "Grace"), page_of(view, "Grace", "invite")
    assert "Ask the social worker whom we may approach" in lead.get(invite).text
    ledger = lead.get(f"/staff/rounds/{round_id}").text
    assert "Ask the social worker whom to approach" in ledger
    assert here in ledger
    empty = lead.post(here, f"{here}/social-worker", **{"approach-social_worker": "Ngozi"})
    assert "Choose who has parental responsibility." in empty.text
    kept = lead.post(
        here, f"{here}/social-worker",
        **{
            "approach-social_worker": "Ngozi Faultless",
            "approach-people": str(speaker(view, "Grace").person.id),
            "approach-responsibility": "council",
        },
    )  # fmt: skip
    assert kept.status_code == 302
    assert "Ngozi Faultless" in lead.get(here).text
    assert "Make the letter" in lead.get(invite).text


def test_a_court_order_closes_the_call_pad_as_well(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    view = look(database, round_id, "EX-001")
    here = page_of(view, "Nadia")
    lead.post(
        here, f"{here}/no-contact",
        **{"order-reason": "court_order", "order-detail": "Order of 3 November."},
    )  # fmt: skip
    assert "Order of 3 November." in lead.get(here).text
    talk = lead.get(f"/staff/case/{view.case_id}/talk/{speaker(view, 'Nadia').person.id}").text
    assert "A court order forbids contact" in talk
    assert "07700" not in talk
    assert "Order of 3 November." not in lead.get(f"/staff/cases/{view.case_id}").text
    lead.post(here, f"{here}/contact-again")
    assert "Nothing on record." in lead.get(here).text


def test_a_doubt_about_capacity_needs_all_of_it(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    view = look(database, round_id, "EX-006")
    here = page_of(view, "Ffion")
    assert "The law takes that for granted" in lead.get(here).text
    said = {
        "capacity-able": "no",
        "capacity-decision": "Whether to talk with us",
        "capacity-support": "",
        "capacity-why": "Could not keep it in mind.",
        "capacity-judged_by": "Sam Trial, support worker",
        "capacity-representative": "Huw Placeholder",
        "capacity-basis": "parent",
    }
    assert "Put how they were helped" in lead.post(here, f"{here}/judgement", **said).text
    said["capacity-support"] = "Pictures, on two days"
    assert lead.post(here, f"{here}/judgement", **said).status_code == 302
    assert "Huw Placeholder decides for them" in lead.get(here).text


@pytest.mark.parametrize("role", [Role.PANEL, Role.SEND_LEAD, Role.BOARD, Role.ADMIN])
def test_nobody_else_sees_it(
    sign_in: SignIn, database: Database, round_id: UUID, role: Role
) -> None:
    view = look(database, round_id, "EX-003")
    assert sign_in(role).get(page_of(view, "Tomasz")).status_code == 403

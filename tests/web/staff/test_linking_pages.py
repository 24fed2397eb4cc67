"""Accounts to link: candidates in words, a person's yes, and taking it back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from family_voice.cases import linking
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.words import Speaker
from family_voice.messages import arriving
from family_voice.people.access import Role
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from tests.cases.households import NOW, case
from tests.cases.test_linking import AALIYAH
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn

LIST = "/staff/accounts/unlinked"
WHY = "I rang and asked her"
NEW, REFUSED = "+447700900555", "+447700900556"


def came(database: Database, speaker: Speaker = AALIYAH, agreed: bool = True) -> UUID:
    with database.sessions.begin() as session:
        interview_id = record.begin(
            session, audience="parent_carer", language="en", now=NOW, speaker=speaker
        )
        if agreed:
            record.decide(session, interview_id, Purpose.TALK, True, channel=Channel.WEB, now=NOW)
        return interview_id


def texted(database: Database, settings: Settings, phone: str, *bodies: str) -> None:
    for body in bodies:
        with database.sessions.begin() as session:
            take_in(session, settings, Incoming(f"SM{uuid4().hex}", phone, body), NOW)


def case_id(database: Database, round_id: UUID, reference: str) -> UUID:
    with database.sessions() as session:
        return case(session, round_id, reference).case_id


def stands_on(database: Database, interview_id: UUID) -> UUID | None:
    with database.sessions() as session:
        return linking.case_of(session, interview_id)


def test_from_the_list_to_the_case_and_back(lead: Desk, database: Database, round_id: UUID) -> None:
    account = came(database)
    page = f"/staff/accounts/{account}/link"
    assert page in lead.get(LIST).text
    shown = lead.get(page).text
    for said in (
        "EX-001", "Possible", "same surname", "school spelled differently",
        "Holybank Primary School", "Hollybank Primary", "14 March 2016", "07700 900101",
    ):  # fmt: skip
        assert said in shown
    assert stands_on(database, account) is None
    assert "Not looked at yet" in lead.get(LIST).text
    right = case_id(database, round_id, "EX-001")
    assert lead.post(page, case=right, why=WHY).status_code == 302
    assert stands_on(database, account) == right
    linked = lead.get(page).text
    assert "This account is on case EX-001" in linked
    assert "by Lee Marrowby" in linked
    assert WHY in linked
    assert "Every account is on a case" in lead.get(LIST).text
    assert "Linked by a person" in lead.get(LIST).text
    assert lead.post(page, f"/staff/accounts/{account}/unlink").status_code == 302
    assert stands_on(database, account) is None
    again = lead.get(page).text
    assert "was on this case before" in again
    assert "taken off case EX-001" in again
    assert "Taken off a case" in lead.get(LIST).text


def test_none_of_these(lead: Desk, database: Database, round_id: UUID) -> None:
    account = came(database)
    page = f"/staff/accounts/{account}/link"
    assert lead.post(page, f"/staff/accounts/{account}/none-of-these").status_code == 302
    assert stands_on(database, account) is None
    assert "None of the cases fits" in lead.get(LIST).text
    decided = lead.get(page).text
    assert "A person decided that none of the cases fits" in decided
    assert "none of the cases fits, by Lee Marrowby" in decided


def test_another_case_is_put_beside_it_first(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    account = came(database, Speaker(phone="+447700900999"))
    page = f"/staff/accounts/{account}/link"
    shown = lead.get(page).text
    assert "Does one of the cases fit?" in shown
    assert shown.count("None of the cases fits") == 1  # nobody has said so: only the button
    assert "Nothing that they told us looks like a case" in shown
    other = case_id(database, round_id, "EX-002")
    beside = lead.get(f"{page}?case={other}").text
    assert "Chosen by you" in beside
    assert "Callum Sample" in beside
    assert lead.get(f"{page}?case=nonsense").status_code == 200
    assert lead.post(page, case=other, why=WHY).status_code == 302
    assert stands_on(database, account) == other


@pytest.mark.parametrize("chosen", ["", "nonsense", str(UUID(int=5))])
def test_a_case_that_cannot_be_chosen(
    lead: Desk, database: Database, round_id: UUID, chosen: str
) -> None:
    account = came(database)
    answer = lead.post(f"/staff/accounts/{account}/link", case=chosen)
    assert answer.status_code == 422
    assert "Something needs your help" in answer.text
    assert stands_on(database, account) is None


def test_two_leads_at_once_are_told(lead: Desk, database: Database, round_id: UUID) -> None:
    account = came(database)
    page = f"/staff/accounts/{account}/link"
    right, other = (case_id(database, round_id, each) for each in ("EX-001", "EX-002"))
    lead.post(page, case=right, why=WHY)
    answer = lead.post(page, case=other, why=WHY)
    assert answer.status_code == 422
    assert "Somebody else has just put this account on a case" in answer.text
    late = lead.post(page, f"/staff/accounts/{account}/none-of-these")
    assert late.status_code == 422
    assert stands_on(database, account) == right


def test_who_has_not_agreed_is_not_shown(lead: Desk, database: Database, round_id: UUID) -> None:
    account = came(database, agreed=False)
    assert str(account) not in lead.get(LIST).text
    assert "Nadia" not in lead.get(LIST).text
    answer = lead.get(f"/staff/accounts/{account}/link")
    assert answer.status_code == 403
    assert "Nadia" not in answer.text


def test_what_they_wrote_is_shown_as_text(lead: Desk, database: Database, round_id: UUID) -> None:
    account = came(database, Speaker(first_name="<script>x</script>", child_last_name="Example"))
    for page in (LIST, f"/staff/accounts/{account}/link"):
        assert "<script>x" not in lead.get(page).text


def test_texts_from_numbers_nobody_knows_are_shown_to_the_lead(
    lead: Desk, database: Database, settings: Settings
) -> None:
    assert "numbers we do not know" not in lead.get(LIST).text
    texted(database, settings, NEW, "This is <b>Ali's mum</b>, I have a new number")
    texted(database, settings, REFUSED, "My son is at Hill School", "NO", "He is nine")
    shown = lead.get(LIST).text
    assert "07700 900555" in shown
    assert "This is &lt;b&gt;Ali&#39;s mum&lt;/b&gt;, I have a new number" in shown
    assert "18 November 2026, 10:00" in shown
    assert 'href="/staff/ledger"' in shown
    for gone in ("07700 900556", "Hill School", "He is nine"):
        assert gone not in shown
    with database.sessions() as session:
        seen = select(TrailRow).where(TrailRow.resource == "inbound_message")
        [row] = session.scalars(seen).all()
        [text] = arriving.unplaced(session, NEW)
    assert (row.action, row.resource_id, row.fields) == ("view", text.id, ["phone", "body"])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_nobody_else_sees_them(sign_in: SignIn, role: Role) -> None:
    assert sign_in(role).get(LIST).status_code == 403

"""Refusing, checking, parting and bringing in, at the lead's desk: by forms alone."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select

from family_voice.cases import choosing, linking, remarks
from family_voice.cases.ledger import Talk
from family_voice.cases.models import AccountLink, Case
from family_voice.cases.reading import PersonLine
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account as words_of
from family_voice.people.access import Role
from family_voice.people.models import Child
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from family_voice.security.trail import Actor
from tests.cases.households import NOW, a_full_round, case, with_sibling
from tests.cases.test_choosing import ONE_OF_THE_TWINS, TWINS, agreed
from tests.cases.test_gathered import LINE, file
from tests.cases.test_linking import AALIYAH
from tests.cases.test_parting import ABOUT_AALIYAH, told
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn

LIST = "/staff/accounts/unlinked"


def page_of(account: UUID) -> str:
    return f"/staff/accounts/{account}/link"


def undo(lead: Desk, account: UUID) -> None:
    page = page_of(account)
    key = re.search(r'name="what" value="([^"]+)"', lead.get(page).text)
    assert key
    assert lead.post(page, f"/staff/accounts/{account}/undo", what=key[1]).status_code == 302


def count(database: Database) -> int:
    with database.sessions() as session:
        return session.scalar(select(func.count()).select_from(Interview)) or 0


def test_what_agrees_is_said_in_words_and_a_refusal_is_remembered(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        account = agreed(session, AALIYAH)
        case_id = case(session, round_id, "EX-001").case_id
    page = page_of(account)
    shown = lead.get(page).text
    for words in ("Do they agree?", "same date of birth", "somebody of this name may speak"):
        assert words in shown
    answer = lead.post(page, f"/staff/accounts/{account}/not-this", case=case_id, out="yes")
    assert answer.status_code == 302
    after = lead.get(page).text
    assert "1 case was ruled out" in after
    assert "Yes, it is EX-001" not in after
    assert "Every case that looked like it was ruled out" in after
    assert "Ruled out: EX-001" in lead.get(LIST).text
    assert "Not looked at yet" not in lead.get(LIST).text
    undo(lead, account)
    assert "Yes, it is EX-001" in lead.get(page).text
    assert "Looked at, and nothing is decided" in lead.get(LIST).text


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("Nadia", "Example", ""),
        ("", "", "We do not know who spoke, nor whether they may speak for Aaliyah"),
        ("Maureen", "Tarnholme", "We do not know whether Maureen Tarnholme may speak for Aaliyah"),
        ("Maureen", "Example", "Somebody of nearly this name may speak for Aaliyah"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_very_likely_is_of_the_child_and_says_so_where_who_spoke_is_unknown(
    lead: Desk, database: Database, round_id: UUID, first: str, last: str, says: str
) -> None:
    told = replace(AALIYAH, child_first_name="Aaliyah", first_name=first, last_name=last)
    with database.sessions.begin() as session:
        shown = page_of(agreed(session, told))
    text = lead.get(shown).text
    assert "Very likely this child" in text
    assert ("Who spoke is not certain" in text) == bool(says)
    assert says in text


def test_a_close_choice_waits_and_the_second_does_not_see_the_first(
    sign_in: SignIn, database: Database
) -> None:
    with database.sessions.begin() as session:
        round_id = a_full_round(session, TWINS)
        account = agreed(session, ONE_OF_THE_TWINS)
        one = case(session, round_id, "EX-001").case_id
        bea = add_staff(session, email="bea@c.example", roles=[Role.LEAD], now=NOW, name="Bea")
        choosing.put_on(session, account, one, Actor("staff", bea.staff_id), NOW, why="Asked them")
    lead, page = sign_in(Role.LEAD), page_of(account)
    assert "Waits for you to look as well" in lead.get(LIST).text
    shown = lead.get(page).text
    assert "Please look with fresh eyes" in shown
    assert "chose a case, which you see when you have chosen" in shown
    assert "chose case EX-001" not in shown
    assert lead.post(page, case=one, why="Asked them").status_code == 302
    linked = lead.get(page).text
    assert "This account is on case EX-001" in linked
    assert "looked as well, and chose case EX-001 too" in linked


def test_a_double_is_set_aside_and_comes_back(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        first = agreed(session, AALIYAH)
        again = agreed(session, replace(AALIYAH, school="Elsewhere"))
    page = page_of(again)
    asked = lead.get(page).text
    assert "Was this account sent twice?" in asked
    assert "Alike: the name of who spoke, same date of birth" in asked
    assert "Not alike: another school" in asked
    to = f"/staff/accounts/{again}/double"
    assert lead.post(page, to, other=first, same="yes").status_code == 302
    assert "This account was set aside" in lead.get(page).text
    assert "1 account is set aside" in lead.get(LIST).text
    undo(lead, again)
    with database.sessions() as session:
        assert set(linking.unlinked(session)) == {first, again}
    assert lead.post(page, to, other=first, same="no").status_code == 302
    assert "Was this account sent twice?" not in lead.get(page).text


def test_whether_it_came_twice_is_asked_before_the_case_and_the_answer_stays(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        first, again = agreed(session, AALIYAH), agreed(session, AALIYAH)
        one, other = (case(session, round_id, name).case_id for name in ("EX-001", "EX-002"))
    beside = f"{page_of(again)}?case={other}"
    asked = lead.get(beside).text
    warned, same, yes = (
        asked.index(words)
        for words in ("takes one of them back, both go", "The same: set this", "Yes, it is")
    )
    assert warned < same < yes
    action = re.search(r'action="(/staff/accounts/\S+/double\S*)"', asked)
    assert action
    answer = lead.post(beside, action[1], other=first, same="no")
    assert answer.location == beside
    assert lead.post(page_of(again), case=one, why="Asked them").status_code == 302
    linked = lead.get(page_of(again)).text
    assert "not the same as the account of Nadia Example" in linked
    assert "Was this account sent twice?" not in linked


def test_an_account_about_two_children_by_forms_alone(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        account = told(session)
        cases = [case(session, round_id, name).case_id for name in ("EX-001", "EX-002")]
        ids = {each.text: each.id.hex for each in words_of(session, account).sentences}
    parts = f"/staff/accounts/{account}/parts"
    assert "First say which two children it is about" in lead.get(parts).text
    page = f"{parts}?first={cases[0]}&second={cases[1]}"
    filled = lead.post(page, fill="1", first=cases[0], second=cases[1])
    assert filled.status_code == 200
    assert f'name="about_{ids[ABOUT_AALIYAH]}" value="first" checked' in filled.text
    with database.sessions() as session:
        assert linking.unlinked(session) == [account]
    said = dict.fromkeys((f"about_{each}" for each in ids.values()), "second")
    said[f"about_{ids[ABOUT_AALIYAH]}"] = "first"
    both = dict(said) | {f"about_{next(iter(ids.values()))}": "both"}
    refused = lead.post(page, first=cases[0], second=cases[1], **both)
    assert refused.status_code == 422
    assert "Ask the family" in refused.text
    assert lead.post(page, first=cases[0], second=cases[1], **said).status_code == 302
    shown = lead.get(page_of(account)).text
    assert "This account was cut into parts" in shown
    assert shown.count("A part that waits for another person") == 2
    with database.sessions() as session:
        made = linking.unlinked(session)
    assert "one part of an account about two children, so it goes on no case until" in (
        lead.get(page_of(made[0])).text
    )
    undo(lead, account)
    assert "Which case is this account?" in lead.get(page_of(account)).text


def test_taken_for_siblings_parted_and_put_together(lead: Desk, database: Database) -> None:
    with database.sessions.begin() as session:
        case_id = case(session, a_full_round(session, with_sibling()), "EX-004").case_id
    page = f"/staff/cases/{case_id}/family"
    assert page in lead.get(f"/staff/cases/{case_id}").text
    assert "EX-001" in lead.get(page).text
    assert lead.post(page, one="no").status_code == 302
    assert "They are one family after all" in lead.get(page).text
    assert page in lead.get(LIST).text
    with database.sessions() as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.resource_id == case_id))
        assert ["family"] in [row.fields for row in rows if row.action == "change"]
        child = session.get_one(Child, session.get_one(Case, case_id).child_id)
        alone = select(Child.id).where(Child.family_id == child.family_id)
        assert session.scalars(alone).all() == [child.id]
    assert lead.post(page, one="yes").status_code == 302
    assert "EX-001" in lead.get(page).text


def test_a_file_of_answers_comes_in_or_says_what_is_wrong(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    page = "/staff/accounts/bring"

    def bring(data: bytes, **fields: str) -> str:
        answers = (io.BytesIO(data), "answers.csv")
        answer = lead.post(page, mapping="ms_forms", answers=answers, **fields)
        return lead.get(LIST).text if answer.status_code == 302 else answer.text

    assert "Tick this only if it is so" in bring(file(LINE))
    wrong = bring(file(LINE | {"Completion time": "soon"}), asked="yes")
    assert "Completion time" in wrong
    assert "Put a real date" in wrong
    assert count(database) == 0
    brought = bring(file(LINE, LINE | {"ID": "9", "May we keep what you tell us?": "No"}),
                    asked="yes")  # fmt: skip
    assert "1 account came in" in brought
    assert "Nothing of it is kept" in brought
    assert count(database) == 1
    assert "1 line was here already" in bring(file(LINE), asked="yes")
    assert lead.get("/staff/accounts/mapping/poet").status_code == 200
    assert lead.get("/staff/accounts/mapping/nothing").status_code == 404


@pytest.mark.parametrize("talk", ["yes", "no", ""])
def test_a_paper_form_is_typed_in_once(
    lead: Desk, database: Database, round_id: UUID, talk: str
) -> None:
    page = "/staff/accounts/type-in"
    name = re.search(r'name="page" value="([^"]+)"', lead.get(page).text)
    assert name
    form = {
        "page": name[1], "on-day": "17", "on-month": "11", "on-year": "2026", "language": "en",
        "talk": talk, "asked": "yes", "first_name": "Nadia", "child_first_name": "Aaliyah",
        "said_important_open": "She loves maths.",
    }  # fmt: skip
    answer = lead.post(page, **form)
    if talk != "yes":
        assert answer.status_code == 422
        assert "She loves maths." in answer.text
        assert count(database) == 0
        return
    assert answer.status_code == 302
    slip = lead.post(page, **form | {"on-year": "2016"})
    assert "Check the year" in slip.text
    assert "She loves maths." in slip.text
    assert lead.post(page, **form).status_code == 302
    with database.sessions() as session:
        [account] = linking.unlinked(session)
        assert str(account) == name[1]
        assert not remarks.remarks_of(session, account)
    assert "Aaliyah" in lead.get(page_of(account)).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_why_is_asked_where_the_child_or_who_spoke_is_not_certain_and_nowhere_else(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    sure = replace(AALIYAH, child_first_name="Aaliyah")
    with database.sessions.begin() as session:
        one = case(session, round_id, "EX-001").case_id
        slip, stranger, certain = (
            agreed(session, each)
            for each in (AALIYAH, replace(sure, first_name="Maureen", last_name="Tarn"), sure)
        )
    for account in (slip, stranger):
        page = page_of(account)
        for nothing in ("", "  "):
            refused = lead.post(page, case=one, why=nothing)
            assert refused.status_code == 422
            assert "Put why you think it is this case" in refused.text
        assert lead.post(page, case=one, why="She rang from the <school>").status_code == 302
        assert "She rang from the &lt;school&gt;" in lead.get(page).text
    assert "Why do you think so?" not in lead.get(page_of(certain)).text
    assert lead.post(page_of(certain), case=one).status_code == 302
    with database.sessions() as session:
        kept = session.scalars(select(AccountLink.why)).all()
    assert len([each for each in kept if each]) == 2
    assert not any(b"school" in each for each in kept if each), "it is sealed"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_account_as_that_of_somebody_on_the_list_counts_as_theirs_until_it_is_undone(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        account = agreed(session, AALIYAH)
        record.write(session, account, "important.open", "Maths.", channel=Channel.WEB, now=NOW)
        record.happen(session, account, Finished(Channel.WEB), NOW)
        view = case(session, round_id, "EX-001")
        nadia = next(each.person for each in view.people if each.person.facts.first_name == "Nadia")
        other = case(session, round_id, "EX-002").people[0].person
    page, plan, case_page = page_of(account), "/staff/contact-plan", f"/staff/cases/{view.case_id}"
    invite = f"{case_page}/people/{nadia.id}/invite"

    def listed() -> PersonLine:
        with database.sessions() as session:
            found = case(session, round_id, "EX-001")
            assert found.line.could_speak == 1 + bool(found.came_uninvited)
            return next(each for each in found.people if each.person.id == nadia.id)

    def rung() -> bool:
        return f"{view.case_id}/{nadia.id}" in lead.get(plan).text

    assert rung()
    assert "Nadia Example, Mother" in lead.get(page).text
    wrong = lead.post(page, case=view.case_id, why="Asked her", person=other.id)
    assert wrong.status_code == 422
    told = {"case": view.case_id, "why": "Asked her", "person": nadia.id}
    assert lead.post(page, **told).status_code == 302
    assert listed().talk is Talk.FINISHED
    assert not rung()
    assert "They have told us by themselves" in lead.get(invite).text
    shown = lead.get(page).text
    assert "It counts as what Nadia Example has told us" in shown
    assert "put on case EX-001, as told by Nadia Example" in shown
    assert "Came uninvited" not in lead.get(case_page).text
    undo(lead, account)
    assert listed().talk is Talk.NONE
    assert rung()
    assert "They have told us by themselves" not in lead.get(invite).text
    undo(lead, account)
    assert listed().talk is Talk.FINISHED, "put back as it was, with who it is"

"""The workbench and the pack's sentences, through the browser's eyes, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.cases import linking
from family_voice.cases.linking import LinkHow
from family_voice.cases.models import Minutes
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, ReadBack
from family_voice.interviews.words import Speaker
from family_voice.people.access import Role
from family_voice.security.models import TrailRow
from family_voice.themes import coding
from family_voice.themes.models import CodingCommand
from tests.cases.households import NOW, case
from tests.conftest import Clock, Database
from tests.web.staff.conftest import Desk, SignIn

WELL = "working_well.open"
SAID = {
    "important.open": "We wait and wait. The taxi is always late.",
    WELL: "She loves the quiet room. Miss Ward rings me back. He sings. They listen.",
}


def told(
    database: Database,
    round_id: UUID,
    *,
    check: bool = True,
    read_back: bool = True,
    audience: str = "parent_carer",
    said: dict[str, str] = SAID,
    reference: str = "EX-001",
    language: str = "en",
) -> tuple[UUID, UUID]:
    """An account on a case, sent by somebody who came by the open link."""
    with database.sessions.begin() as session:
        who = Speaker(first_name="Nadia", last_name="Example", relationship="mother")
        interview_id = record.begin(
            session, audience=audience, language=language, now=NOW, speaker=who
        )
        for purpose, yes in ((Purpose.TALK, True), (Purpose.CHECK, check)):
            record.decide(session, interview_id, purpose, yes, channel=Channel.VIDEO, now=NOW)
        for prompt, text in said.items():
            record.write(session, interview_id, prompt, text, channel=Channel.VIDEO, now=NOW)
        record.happen(session, interview_id, Finished(Channel.VIDEO), NOW)
        if read_back:
            record.happen(session, interview_id, ReadBack(Channel.VIDEO, right=True), NOW)
        case_id = case(session, round_id, reference).case_id
        linking.link(session, interview_id, case_id, LinkHow.INVITATION, NOW)
    return interview_id, case_id


def bench(interview_id: UUID) -> str:
    return f"/staff/accounts/{interview_id}/code"


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def coded(database: Database, interview_id: UUID) -> coding.Coded:
    with database.sessions() as session:
        return coding.coded(session, interview_id)


def sentence_ids(database: Database, interview_id: UUID, prompt: str = WELL) -> list[UUID]:
    with database.sessions() as session:
        answer = record.account(session, interview_id).answer(prompt)
        assert answer is not None
        return [s.id for piece in answer.pieces for s in piece.sentences]


def test_from_the_list_to_a_coded_account(lead: Desk, database: Database, round_id: UUID) -> None:
    interview_id, _case = told(database, round_id)
    listed = lead.get("/staff/accounts/to-code")
    assert "None of 2" in listed.text
    assert bench(interview_id) in listed.text
    page = bench(interview_id)
    put = lead.post(page, prompt=WELL, sentence="", put="listened_to")
    assert put.status_code == 302
    assert "answer=2" in put.headers["Location"]
    shown = lead.get(page)
    assert "1 of 2 answers decided" in words(shown)
    assert "Code: Listened to" in words(shown)
    assert re.search(r'name="take_off" value="listened_to" aria-pressed="true"', shown.text)
    lead.post(page, prompt="important.open", none="1")
    assert "2 of 2 answers decided" in words(lead.get(page))
    assert "No code applies" in words(lead.get(page))
    assert "All 2" in lead.get("/staff/accounts/to-code").text
    lead.post(page, prompt=WELL, take_off="listened_to")
    assert coded(database, interview_id).codes == frozenset()
    lead.post(page, undo="1")
    assert coded(database, interview_id).codes == {"listened_to"}
    lead.post(page, redo="1")
    assert coded(database, interview_id).codes == frozenset()


def test_a_sentence_and_any_other_code_of_the_book(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    second = sentence_ids(database, interview_id)[1]
    page = bench(interview_id)
    assert "Codes for sentence 2" in lead.get(f"{page}?answer=2&sentence={second}").text
    lead.post(page, prompt=WELL, sentence=second, add="1", more="adulthood")
    assert coded(database, interview_id).codes_on(coding.Unit(WELL, second)) == ("adulthood",)
    shown = words(lead.get(page))
    assert "Miss Ward rings me back. Code: " in shown
    assert "Decided in its sentences" in shown


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": WELL, "add": "1", "more": ""},
        {"prompt": WELL, "put": "no_such_code"},
        {"prompt": "next.open", "put": "listened_to"},
        {"prompt": WELL, "sentence": "not-an-id", "put": "listened_to"},
        {"prompt": WELL, "sentence": str(UUID(int=4)), "none": "1"},
        {},
    ],
)
def test_a_press_that_cannot_be_says_what_to_do(
    lead: Desk, database: Database, round_id: UUID, fields: dict[str, str]
) -> None:
    interview_id, _case = told(database, round_id)
    answer = lead.post(bench(interview_id), **fields)
    assert answer.status_code == 422
    assert "Something needs your help" in answer.text
    with database.sessions() as session:
        assert session.scalars(select(CodingCommand)).all() == []


def test_a_stale_page_changes_nothing_and_is_shown_again(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    answer = lead.client.post(
        bench(interview_id), data={"csrf_token": "old", "prompt": WELL, "put": "listened_to"}
    )
    assert answer.status_code == 422
    assert "quiet room" in answer.text
    assert coded(database, interview_id) == coding.Coded()


def test_a_key_is_one_request_and_gives_the_page_back(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    token = re.search(r'name="csrf_token" value="([^"]+)"', lead.get(bench(interview_id)).text)
    assert token
    answer = lead.client.post(
        bench(interview_id),
        data={"csrf_token": token[1], "prompt": WELL, "put": "listened_to"},
        headers={"X-Coding": "1"},
    )
    assert answer.status_code == 200
    assert "1 of 2 answers decided" in words(answer)
    with database.sessions() as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.resource == "coding")).all()
        assert [(row.action, row.fields) for row in rows] == [("change", ["put"])]


def test_minutes_are_counted_from_opening_and_kept(
    lead: Desk, database: Database, round_id: UUID, clock: Clock
) -> None:
    interview_id, case_id = told(database, round_id)
    page = bench(interview_id)
    assert 'name="done-took" type="text" value="1"' in lead.get(page).text
    clock.present += timedelta(minutes=4, seconds=10)
    shown = lead.get(page).text
    assert 'name="done-took" type="text" value="5"' in shown
    token = re.search(r'name="done-csrf_token" value="([^"]+)"', shown)
    assert token
    data = {"done-csrf_token": token[1], "done-took": "no idea"}
    assert lead.client.post(f"{page}/done", data=data).status_code == 422
    data["done-took"] = "5"
    for decided, said in ((WELL, "2 answers are not"), ("important.open", "1 answer is not")):
        refused = lead.client.post(f"{page}/done", data=data)
        assert refused.status_code == 422
        assert f"{said} decided yet. Put a code on" in words(refused)
        with database.sessions() as session:
            assert session.scalars(select(Minutes)).all() == []
        lead.post(page, prompt=decided, none="1")
    sent = lead.client.post(f"{page}/done", data=data)
    assert sent.headers["Location"] == f"/staff/accounts/to-code?round={round_id}"
    shown = lead.get(sent.headers["Location"]).text
    assert shown.index('name="round"') < shown.index(bench(interview_id))
    with database.sessions() as session:
        row = session.scalars(select(Minutes)).one()
        assert (row.case_id, row.step, row.minutes) == (case_id, "code", 5)


def test_after_a_no_nothing_can_be_read_or_coded(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, case_id = told(database, round_id)
    with database.sessions.begin() as session:
        record.decide(session, interview_id, Purpose.TALK, False, channel=Channel.VIDEO, now=NOW)
    for page in (bench(interview_id), f"/staff/accounts/{interview_id}/link"):
        answer = lead.get(page)
        assert answer.status_code == 403
        assert "quiet room" not in answer.text
        assert "Nadia" not in answer.text
    assert str(interview_id) not in lead.get("/staff/accounts/to-code").text
    assert "quiet room" not in lead.get(f"/staff/cases/{case_id}/pack").text


def test_what_was_looked_at_is_on_record(lead: Desk, database: Database, round_id: UUID) -> None:
    interview_id, _case = told(database, round_id)
    lead.get(bench(interview_id))
    with database.sessions() as session:
        row = session.scalars(select(TrailRow).where(TrailRow.resource_id == interview_id)).one()
        assert (row.action, row.fields) == ("view", ["answers", "codes"])


def test_nobody_else_comes_here(sign_in: SignIn, database: Database, round_id: UUID) -> None:
    interview_id, case_id = told(database, round_id)
    desk = sign_in(Role.PANEL)
    for page in (
        bench(interview_id),
        "/staff/accounts/to-code",
        "/staff/accounts/unlinked",
        f"/staff/cases/{case_id}/pack",
    ):
        assert desk.get(page).status_code == 403


def test_an_account_or_case_that_is_not_there(lead: Desk, round_id: UUID) -> None:
    nowhere = UUID(int=3)
    for page in (bench(nowhere), f"/staff/accounts/{nowhere}/link", f"/staff/cases/{nowhere}/pack"):
        assert lead.get(page).status_code == 404


def test_sentences_go_on_the_pack(lead: Desk, database: Database, round_id: UUID) -> None:
    interview_id, case_id = told(database, round_id)
    page = f"/staff/cases/{case_id}/pack"
    assert " selected" not in lead.get(page).text
    ids = sentence_ids(database, interview_id)
    assert lead.get(page).text.count("fv-worried") == lead.get(page).text.count("<select") > 0
    chosen = {f"place-{ids[0]}": "working_well", f"place-{ids[1]}": "next.service"}
    assert lead.client.post(page, data=chosen | token_of(lead, page)).status_code == 302
    shown = lead.get(page).text
    assert shown.count(" selected") == 2
    assert f"/panel/cases/{case_id}" in shown
    pack = lead.get(f"/panel/cases/{case_id}").text
    assert "She loves the quiet room." in pack
    lead.client.post(page, data=token_of(lead, page))
    assert " selected" not in lead.get(page).text


def test_two_who_choose_at_once_see_both_choices(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, case_id = told(database, round_id)
    page = f"/staff/cases/{case_id}/pack"
    first, second, third, _ = sentence_ids(database, interview_id)
    mine = token_of(lead, page) | {f"place-{first}": "worries", f"place-{third}": "working_well"}
    theirs = token_of(lead, page) | {f"place-{first}": "difference", f"place-{second}": "worries"}
    assert lead.client.post(page, data=theirs).status_code == 302
    both = lead.client.post(page, data=mine)
    assert both.status_code == 422
    assert "Somebody else moved some of these sentences" in both.text
    assert "It now stands under: " in both.text
    assert "You chose: " in both.text
    assert lead.get(page).text.count(" selected") == 2, "nothing was changed"
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', both.text)
    assert seen
    assert lead.client.post(page, data=mine | {"seen": seen[1]}).status_code == 302
    shown = lead.get(page).text
    # Theirs that this one never touched stays.
    for sentence, place in ((first, "worries"), (second, "worries"), (third, "working_well")):
        select = shown.partition(f'name="place-{sentence}"')[2].partition("</select>")[0]
        assert re.search(f'value="{place}" selected', select)


def test_four_under_one_question_is_one_too_many(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, case_id = told(database, round_id)
    page = f"/staff/cases/{case_id}/pack"
    chosen = {f"place-{each}": "worries" for each in sentence_ids(database, interview_id)}
    answer = lead.client.post(page, data=chosen | token_of(lead, page))
    assert answer.status_code == 422
    assert "There is room for 3 sentences" in answer.text
    assert answer.text.count(" selected") == 4, "what was chosen is still chosen"
    assert " selected" not in lead.get(page).text


def test_before_read_back_and_without_the_groups_yes(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    unread, case_id = told(database, round_id, read_back=False)
    page = f"/staff/cases/{case_id}/pack"
    assert "has not yet said that the account is right" in lead.get(page).text
    assert "quiet room" not in lead.get(page).text
    first = sentence_ids(database, unread)[0]
    told(database, round_id, check=False, reference="EX-001", said={WELL: "Keep this from them."})
    shown = lead.get(page).text
    assert "does not want the small group" in shown
    assert "Keep this from them" not in shown
    answer = lead.client.post(page, data={f"place-{first}": "worries"} | some_token(lead))
    assert answer.status_code == 422


def test_the_childs_sentences_come_first(lead: Desk, database: Database, round_id: UUID) -> None:
    told(database, round_id)
    _child, case_id = told(
        database, round_id, audience="young_person", said={WELL: "I like the fish tank."}
    )
    shown = lead.get(f"/staff/cases/{case_id}/pack").text
    assert shown.index("fish tank") < shown.index("quiet room")


def token_of(desk: Desk, page: str) -> dict[str, str]:
    text = desk.get(page).text
    found = re.findall(r'name="csrf_token" value="([^"]+)"', text)
    assert found
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', text)
    return {"csrf_token": found[-1]} | ({"seen": seen[1]} if seen else {})


def some_token(desk: Desk) -> dict[str, str]:
    """The token of the sign-out form, which fits every plain form of the session."""
    return token_of(desk, "/staff/accounts/to-code")

"""What a coder meets of the machine's suggestions, and the page that tells what became of them."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.security.models import TrailRow
from family_voice.themes.coding import coded
from tests.conftest import Database
from tests.themes.suggesting import (
    FIRST,
    WORRIES,
    Suggesting,
    account,
    learned,
    two_accounts,
)
from tests.web.staff.conftest import Desk

RATES = "/staff/coding/suggestions"
TONE = "/staff/coding/tone"


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def bench(interview_id: UUID) -> str:
    return f"/staff/accounts/{interview_id}/code"


def there(database: Database) -> Suggesting:
    with database.sessions.begin() as session:
        found = two_accounts(session)
        learned(session)
    return found


def waiting(page: TestResponse) -> str:
    found = re.findall(r'name="suggestion" value="([^"]+)"', page.text)
    assert len(found) == 1
    return str(found[0])


def test_a_coder_is_asked_after_deciding_and_answers_one_by_one(
    lead: Desk, database: Database
) -> None:
    found = there(database)
    page = bench(found.open)
    assert "Did you miss something here?" not in lead.get(page).text
    lead.post(page, prompt=WORRIES.prompt_id, sentence="", put="having_to_push")
    shown = lead.get(page)
    assert words(shown).count("Did you miss something here?") == 1
    assert "Nobody <mark>rings back</mark>." in shown.text
    assert "Getting an answer" in words(shown)
    assert "about 6 times" in words(shown)
    listed = lead.get(RATES)
    assert "Suggestions wait in 2 accounts" in words(listed)
    assert f'href="{page}"' in listed.text
    went = lead.post(page, f"{page}/suggestion", suggestion=waiting(shown), yes="1")
    assert went.status_code == 302
    assert re.search(r"answer=\d#answer-\d$", went.headers["Location"])
    shown = lead.get(page)
    assert "<mark>taxi</mark>" in shown.text  # the next one, after the first was answered
    lead.post(page, f"{page}/suggestion", suggestion=waiting(shown), no="1")
    assert "Did you miss something here?" not in lead.get(page).text
    assert "A suggestion waits in 1 account" in words(lead.get(RATES))
    with database.sessions() as session:
        assert coded(session, found.open).codes_on(WORRIES) == ("having_to_push", "answers")
        fields = [row.fields for row in session.scalars(select(TrailRow))]
    assert ["suggestion accepted"] in fields
    assert ["suggestion refused"] in fields
    told = words(lead.get(RATES))
    assert "1 of 2 accepted" in told
    assert "0 of 1 taken back later" in told
    assert "yes, " in told


def test_what_is_not_there_any_more_changes_nothing_and_says_so(
    lead: Desk, database: Database
) -> None:
    found = there(database)
    page = bench(found.open)
    lead.post(page, prompt=FIRST.prompt_id, none="1")
    gone, address = waiting(lead.get(page)), f"{page}/suggestion"
    lead.post(page, prompt=FIRST.prompt_id, sentence="", put="waiting")
    for each in (gone, str(UUID(int=4)), "no id", ""):
        assert lead.post(page, address, suggestion=each, yes="1").status_code == 302
        assert "That suggestion is not there any more. Nothing was changed." in words(
            lead.get(page)
        )
    assert lead.post(page, address, suggestion=gone).status_code == 302
    assert "Say yes or no to the suggestion" in words(lead.get(page))
    with database.sessions() as session:
        assert coded(session, found.open).by_people().codes_on(FIRST) == ("waiting",)


def test_the_page_says_what_comes_next_from_off_to_the_first_answer(
    lead: Desk, database: Database
) -> None:
    assert "Suggestions are off." in words(lead.get(RATES))
    lead.post("/staff/coding/choices", what="suggestions", is_on="on", reason="We try it.")
    assert "Nothing is suggested yet." in words(lead.get(RATES))
    with database.sessions.begin() as session:
        two_accounts(session)
    assert "The machine is learning" in words(lead.get(RATES))
    with database.sessions.begin() as session:
        learned(session)
    told = words(lead.get(RATES))
    assert "It learned from 3 coded answers in 1 account" in told
    assert "Nobody has answered a suggestion yet." in told
    assert "It suggests now" in told


def test_tone_is_told_in_sums_of_several_families_with_how_often_it_is_wrong(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        for number in range(1, 5):
            account(session, round_id, f"EX-00{number}")
    assert "too few families" in words(lead.get(TONE))
    with database.sessions.begin() as session:
        account(session, round_id, "EX-005")
    told = words(lead.get(TONE))
    assert "It is often wrong." in told
    assert "3,759 public comments" in told
    assert "What works well 5 0 0 5" in told
    assert "Worries 0 0 10 10" in told
    assert "EX-00" not in told


def test_sentences_are_found_by_their_sound_and_never_labelled(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions.begin() as session:
        account(session, round_id, "EX-001")
    found = lead.get(f"{TONE}/sentences?first=worry")
    said = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", found.text)
    assert said.index("Nobody rings back.") < said.index("Miss Ward is kind.")
    praise = lead.get(f"{TONE}/sentences?first=praise&round={round_id}")
    assert (
        re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", praise.text)[0] == "Miss Ward is kind."
    )
    assert "EX-001" in words(praise)
    assert len(re.findall(r"0\.\d|%", words(praise))) == 0

"""The coding page sentence by sentence: what is empty, in which language, and how it is named."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.conftest import Database
from tests.web.staff.conftest import Desk
from tests.web.staff.test_coding_pages import SAID, WELL, bench, sentence_ids, told, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_what_one_sentence_says_is_not_said_of_the_others(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    page, sentences = bench(interview_id), sentence_ids(database, interview_id)
    lead.post(page, prompt="important.open", none="1")
    lead.post(page, prompt=WELL, sentence=sentences[1], none="1")
    assert "1 of 2 answers decided" in words(lead.get(page))
    assert "Not decided yet 3 sentences have nothing on them" in words(lead.get(page))
    assert "1 of 2" in lead.get("/staff/accounts/to-code").text
    lead.post(page, prompt=WELL, sentence=sentences[0], put="listened_to")
    shown = lead.get(page)
    assert "Every answer has a decision" in words(shown)
    assert "2 sentences beside coded ones have nothing on them: see answer 2" in words(shown)
    assert f"sentence={sentences[2]}#line-2-3" in shown.text
    lead.post(page, prompt=WELL, take_off="listened_to", sentence=sentences[0])
    for each in sentences:
        assert "1 of 2 answers decided" in words(lead.get(page))
        lead.post(page, prompt=WELL, sentence=each, none="1")
    assert "2 of 2 answers decided" in words(lead.get(page))
    lead.post(page, prompt=WELL, put="listened_to")
    assert "nothing on them" not in words(lead.get(page)), "a code on the whole answer covers them"


def test_a_question_asked_in_another_language_stands_in_english_first(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id, language="ur")
    page = bench(interview_id)
    shown = lead.get(page).text
    english = shown.index("What is most important for us to know?")
    asked = shown.index('lang="ur" dir="auto">', english)
    assert asked < shown.index('lang="ur"', asked + 1)
    assert f'<a class="govuk-link" href="/staff/translations/{interview_id}">Not trans' in shown
    assert "6 sentences are not translated yet" in words(lead.get(page))
    for prompt in SAID:
        lead.post(page, prompt=prompt, none="1")
    token = re.search(r'name="done-csrf_token" value="([^"]+)"', shown)
    assert token
    data = {"done-csrf_token": token[1], "done-took": "2"}
    sent = lead.client.post(f"{page}/done", data=data)
    ended = words(lead.get(sent.headers["Location"]))
    assert "The coding of EX-001 is finished, and your minutes are kept" in ended
    assert "6 sentences of it are not translated yet" in ended


def test_every_key_is_said_and_every_sentence_named(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    shown = lead.get(bench(interview_id)).text
    keyed = re.findall(r"<button[^>]* data-key=[^>]*>", shown)
    assert len(keyed) == 2 * 13 + 2
    assert all("aria-keyshortcuts=" in each for each in keyed)
    assert "Key minus, or apostrophe to go on." in shown
    assert "Sentence 2 of 4" in words(lead.get(bench(interview_id)))
    worries = re.findall(r'class="govuk-link fv-worried".*?</a>', shown)
    assert len({re.sub(r"<[^>]+>", "", each) for each in worries}) == len(worries) == 6

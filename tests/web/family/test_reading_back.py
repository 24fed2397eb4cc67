"""What stands is put right sentence by sentence, added to, and nothing typed is lost."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.events import NOTES, Channel, Finished, Manner, Opened, Reopened
from family_voice.interviews.state import Stage
from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.family.conftest import Household
from tests.web.family.test_your_words import WORD, unlocked

TOLD = "The bus is late.  Nobody rings back. She likes her TA."


@pytest.fixture
def told(family: Household, database: Database, now: datetime) -> Household:
    """A family that was rung: three sentences in the lead's words, and one seen by the lead."""
    interview = family.invitation.interview_id
    with database.sessions.begin() as session:
        record.happen(session, interview, Opened(Channel.TELEPHONE), now)
        for purpose in (Purpose.TALK, Purpose.CHECK):
            record.decide(session, interview, purpose, True, channel=Channel.TELEPHONE, now=now)
        for prompt, text, manner in (
            ("worries.open", TOLD, Manner.SUMMARY),
            ("working_well.open", "He laughed twice.", Manner.OBSERVED),
        ):
            record.say(
                session, interview, text, channel=Channel.TELEPHONE, prompt_id=prompt,
                manner=manner, now=now,
            )  # fmt: skip
        doors.choose_return_word(session, interview, WORD)
        record.happen(session, interview, Finished(Channel.TELEPHONE), now)
    return family


def at_sentence(told: Household, text: str) -> Browser:
    """The page on which this sentence is changed."""
    [found] = [each for each in told.account.sentences if each.text == text]
    return unlocked(told).open(f"/your-words/sentence/{found.id}")


def test_one_sentence_is_put_right_and_what_stands_around_it_stays(told: Household) -> None:
    page = at_sentence(told, "Nobody rings back.")
    assert page.value("words") == "Nobody rings back."
    page.press("Save", words="They ring back after a week.")
    assert page.path == "/your-words?saved=1"
    assert told.words("worries.open") == (
        "The bus is late.  They ring back after a week. She likes her TA."
    )
    assert told.state.stage is Stage.SENT
    assert told.state.read_back_at is None
    page.press("Yes, this is right")
    assert told.state.read_back_at is not None


def test_what_was_seen_stays_what_was_seen(told: Household) -> None:
    at_sentence(told, "He laughed twice.").press("Save", words="He laughed three times.")
    answer = told.account.answer("working_well.open")
    assert answer is not None
    assert [(piece.text, piece.manner) for piece in answer.pieces] == [
        ("He laughed three times.", Manner.OBSERVED)
    ]


def test_a_sentence_is_taken_out(told: Household) -> None:
    page = at_sentence(told, "She likes her TA.")
    twin = page.twin()
    page.press("Take this sentence out")
    assert told.words("worries.open") == "The bus is late.  Nobody rings back."
    assert twin.press("Take this sentence out").path == "/your-words?saved=1"
    at_sentence(told, "He laughed twice.").press("Take this sentence out")
    assert told.account.answer("working_well.open") is None


def test_an_emptied_box_changes_nothing_and_says_what_to_do(told: Household) -> None:
    page = at_sentence(told, "Nobody rings back.").press("Save", words="  ")
    assert page.status == 422
    assert "To take the sentence out, press" in page.text
    assert 'href="#words"' in page.html
    assert told.words("worries.open") == TOLD


def test_pressed_twice_it_is_changed_once(told: Household) -> None:
    page = at_sentence(told, "Nobody rings back.")
    twin = page.twin()
    for each in (page, twin):
        assert each.press("Save", words="They ring.").path == "/your-words?saved=1"
    assert told.words("worries.open").count("They ring.") == 1


def test_changed_on_the_phone_meanwhile_both_are_kept(
    told: Household, database: Database, now: datetime
) -> None:
    page = at_sentence(told, "Nobody rings back.")
    interview = told.invitation.interview_id
    with database.sessions.begin() as session:
        record.happen(session, interview, Reopened(Channel.TELEPHONE), now)
        record.write(
            session, interview, "worries.open", "All is well.", channel=Channel.TELEPHONE, now=now
        )
        record.happen(session, interview, Finished(Channel.TELEPHONE), now)
    page.press("Save", words="They rang once.")
    assert page.status == 409
    assert "This sentence has changed" in page.text
    page.press("Keep my words as well", words="They rang once.")
    assert told.words("worries.open") == "All is well."
    assert told.words(NOTES) == "They rang once."


def test_adding_stands_beside_what_was_said(told: Household) -> None:
    page = unlocked(told).open("/your-words/add/worries.open")
    twin = page.twin()
    assert page.press("Save", words=" ").status == 422
    for each in (page, twin):
        assert each.press("Save", words="And the taxi.").path == "/your-words?saved=1"
    answer = told.account.answer("worries.open")
    assert answer is not None
    assert [(piece.text, piece.manner) for piece in answer.pieces] == [
        (TOLD, Manner.SUMMARY),
        ("And the taxi.", Manner.OWN_WORDS),
    ]
    twin.open("/your-words/add/worries.open")
    assert "And the taxi" not in twin.value("words")


def test_gone_back_to_and_sent_with_other_words_the_addition_is_corrected(told: Household) -> None:
    page = unlocked(told).open("/your-words/add/worries.open")
    before = page.twin()
    page.press("Save", words="And the taxi.")
    before.press("Save", words="And the late taxi.")
    assert told.words("worries.open") == f"{TOLD}\nAnd the late taxi."


@pytest.mark.parametrize("path", ["/your-words/add/worries.open", "/where-my-words-went"])
def test_nothing_opens_without_the_return_word(told: Household, path: str) -> None:
    page = told.arrived().open(path)
    assert "Type your return word" in page.text
    assert "rings back" not in page.text
    assert page.press(return_word=WORD).path == path


def test_a_sentence_that_is_not_theirs_is_not_there(told: Household) -> None:
    assert unlocked(told).open(f"/your-words/sentence/{uuid4()}").path == "/your-words"

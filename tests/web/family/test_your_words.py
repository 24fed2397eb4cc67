"""Behind the return word: reading back, putting right, adding, and changing one's mind."""

from __future__ import annotations

from datetime import datetime

import pytest

from family_voice.consent.decisions import Audience, permits
from family_voice.consent.statements import Purpose
from family_voice.interviews import about, doors, record
from family_voice.interviews.about import HearBack
from family_voice.interviews.events import Channel, Finished, Manner, Opened
from family_voice.interviews.state import Stage
from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.family.conftest import Household

WORD = "yellow boat"


@pytest.fixture
def rung(family: Household, database: Database, now: datetime) -> Household:
    """A family the lead has talked with on the phone, who chose a word at the end of the call."""
    interview = family.invitation.interview_id
    with database.sessions.begin() as session:
        record.happen(session, interview, Opened(Channel.TELEPHONE), now)
        for purpose in (Purpose.TALK, Purpose.CHECK):
            record.decide(session, interview, purpose, True, channel=Channel.TELEPHONE, now=now)
        record.say(
            session,
            interview,
            "She feels that nobody told her about the move.",
            channel=Channel.TELEPHONE,
            prompt_id="worries.open",
            manner=Manner.SUMMARY,
            now=now,
        )
        doors.choose_return_word(session, interview, WORD)
        record.happen(session, interview, Finished(Channel.TELEPHONE), now)
    return family


def unlocked(family: Household) -> Browser:
    page = family.arrived()
    page.follow("See what you told us").press(return_word=WORD)
    assert page.path == "/your-words"
    return page


def test_what_the_lead_wrote_down_is_read_back_and_said_to_be_right(rung: Household) -> None:
    page = unlocked(rung)
    assert "nobody told her about the move" in page.text
    assert "What you told us, in our words." in page.text
    assert rung.state.read_back_at is None
    page.press("Yes, this is right")
    assert "You said on" in page.text
    assert rung.state.read_back_at is not None


def test_putting_it_right_keeps_it_sent(rung: Household) -> None:
    page = unlocked(rung).follow("Change")
    page.press("Save", words="Nobody told me about the move.")
    assert page.path == "/your-words?saved=1"
    assert rung.words("worries.open") == "Nobody told me about the move."
    assert rung.state.stage is Stage.SENT
    assert rung.state.read_back_at is None


def test_adding_more_after_sending(rung: Household) -> None:
    page = unlocked(rung).follow("What would you like to happen next?")
    page.press("Save", words="A visit to the new school.")
    assert page.path == "/your-words"
    assert rung.words("next.open") == "A visit to the new school."
    assert rung.state.stage is Stage.SENT


def test_a_sentence_can_be_kept_from_workers_later(rung: Household) -> None:
    page = unlocked(rung)
    page.press("Save what I ticked", marks=page.boxes("marks"))
    assert all(sentence.not_for_workers for sentence in rung.account.sentences)
    assert page.chosen("marks") == page.boxes("marks")


def test_choices_stand_as_they_are_and_a_change_holds_at_once(
    rung: Household, database: Database, now: datetime
) -> None:
    page = unlocked(rung).follow("Change who may read it")
    assert page.chosen("check") == ["yes"]
    assert page.chosen("count") == []
    page.press("Save my choices", check="no", count="yes", hear_back="letter")
    # A yes that became a no brings a receipt first.
    page.open("/your-choices")
    assert page.chosen("check") == ["no"]
    assert page.chosen("hear_back") == ["letter"]
    interview = rung.invitation.interview_id
    with database.sessions() as session:
        assert not permits(session, interview, Purpose.CHECK, Audience.PANEL, now)
        assert permits(session, interview, Purpose.COUNT, Audience.FORUM, now)
        assert about.hear_back(session, interview) is HearBack.LETTER


def test_taking_it_all_back_and_changing_ones_mind(
    rung: Household, database: Database, now: datetime
) -> None:
    page = unlocked(rung).open("/your-choices").press("Save my choices", talk="no")
    assert page.path == "/no-thanks"
    interview = rung.invitation.interview_id
    with database.sessions() as session:
        assert not permits(session, interview, Purpose.CHECK, Audience.PANEL, now)
    assert "move" not in page.open("/your-words").text
    later = rung.arrived().follow("I have changed my mind")
    assert "Type your return word" in later.text
    later.press(return_word=WORD).press(answer="yes")
    assert rung.state.stage is Stage.SENT


def test_a_stale_token_changes_no_choice_and_keeps_the_ticks(rung: Household) -> None:
    page = unlocked(rung).open("/your-choices")
    page.press("Save my choices", check="no", csrf_token="stale")
    assert page.status == 422
    assert page.chosen("check") == ["no"]
    assert rung.state.decisions["check"] is True
    page.press("Save my choices")
    assert rung.state.decisions["check"] is False


def test_marks_of_hidden_words_stay_when_others_are_changed(rung: Household) -> None:
    page = unlocked(rung)
    page.press("Save what I ticked", marks=page.boxes("marks"))
    fresh = rung.arrived().open("/check-answers")
    assert fresh.path == "/sent"
    assert all(sentence.not_for_workers for sentence in rung.account.sentences)

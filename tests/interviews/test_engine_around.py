"""What happens around the questions: stops and fresh agreement, pauses, rest, a wrong number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from family_voice.interviews import events as e
from family_voice.interviews.agreed import as_known, leads_past
from family_voice.interviews.effects import (
    Alert,
    Ask,
    AskDecision,
    Discard,
    Ignored,
    Notice,
    Remark,
    Say,
)
from family_voice.interviews.events import CHECK, NOTES, TALK
from family_voice.interviews.state import Stage
from tests.interviews.talk import MINUTE, PHONE, TEXT, WEB, Talk, by

DAY = timedelta(days=1)


def test_after_start_nothing_is_asked_before_a_fresh_yes() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.Stopped(TEXT))
    again = (AskDecision(TALK, TEXT),)
    for each in (e.Restarted, e.Next, e.Skipped, e.WentBack, e.MoreWanted, e.GivenBack):
        assert talk.do(each(TEXT)) == again
    assert talk.do(e.ChangedLanguage(TEXT, "ur")) == again
    between = talk.say(TEXT)
    assert talk.effects == (Alert(Notice.UNPLACED_WORDS), *again)
    assert talk.state.notes() == (between,)
    assert talk.do(e.TimedOut(TEXT), after=DAY) == ()
    assert talk.do(e.Agreed(TEXT, TALK, True)) == (Ask("working_well.open", TEXT),)
    assert not talk.state.agree_again


def test_what_goes_on_elsewhere_waits_for_no_fresh_yes() -> None:
    talk = by(TEXT)
    talk.do(e.Stopped(TEXT), e.Restarted(TEXT))
    assert talk.do(e.Opened(WEB)) == (Ask("important.open", WEB, again=True),)
    talk.say(WEB, "important.open")
    talk.do(e.Agreed(PHONE, TALK, True))
    assert not talk.state.agree_again


def test_start_before_they_agreed_asks_what_was_asked() -> None:
    talk = Talk(e.Recognised(TEXT), e.Stopped(TEXT))
    assert talk.do(e.Restarted(TEXT)) == (AskDecision(TALK, TEXT),)
    assert not talk.state.agree_again
    talk = Talk(e.Stopped(TEXT))
    assert talk.do(e.Restarted(TEXT)) == (Say(Remark.CODE_WORD, TEXT),)


def test_a_fresh_yes_after_sending_asks_what_is_still_open() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.Finished(WEB), e.Stopped(TEXT), e.Restarted(TEXT))
    assert talk.do(e.Agreed(TEXT, TALK, True)) == (AskDecision("quote", TEXT),)


def test_a_pause_ends_when_they_speak_by_any_channel() -> None:
    for speaks in (e.Opened(WEB), e.Skipped(TEXT), e.Resumed(TEXT), e.ChangedChannel(TEXT, WEB)):
        talk = by(TEXT)
        assert talk.do(e.Paused(TEXT)) == (Say(Remark.PAUSED, TEXT),)
        talk.do(speaks)
        assert not talk.state.paused
    talk = by(TEXT)
    talk.do(e.Paused(TEXT))
    talk.do(e.HandedToPerson(TEXT), e.GivenBack(TEXT))
    assert talk.effects == ()
    assert talk.state.paused


def test_a_pause_keeps_the_answer_that_was_begun() -> None:
    talk = by(TEXT)
    one = talk.say(TEXT)
    talk.do(e.Paused(TEXT))
    assert talk.do(e.TimedOut(TEXT), after=DAY) == ()
    two = talk.say(TEXT)
    assert talk.state.answers == {"important.open": (one, two)}
    assert talk.do(e.TimedOut(TEXT), after=4 * MINUTE) == (Ask("working_well.open", TEXT),)


def test_next_after_a_pause_skips_nothing() -> None:
    talk = by(TEXT)
    talk.do(e.Paused(TEXT))
    assert talk.do(e.Next(TEXT)) == (Ask("important.open", TEXT, again=True),)
    assert talk.state.skipped == frozenset()


def test_a_question_that_waits_is_not_on_their_telephone() -> None:
    talk = by(TEXT)
    one = talk.say(TEXT)
    talk.do(e.Next(TEXT))
    assert talk.do(e.Rested(TEXT)) == ()
    assert (talk.state.on_phone, talk.state.waiting) == ("important.open", "working_well.open")
    two = talk.say(TEXT)
    assert Alert(Notice.LATE_WORDS) in talk.effects
    assert talk.state.answers == {"important.open": (one, two)}
    assert talk.state.flagged == {two}
    for unseen in (e.Next, e.Skipped):
        assert talk.do(unseen(TEXT)) == (Ask("working_well.open", TEXT),)
        talk.do(e.Rested(TEXT))
    assert talk.do(e.TimedOut(TEXT), after=12 * 60 * MINUTE) == (Ask("working_well.open", TEXT),)
    assert (talk.state.on_phone, talk.state.waiting) == ("working_well.open", None)
    assert talk.state.skipped == frozenset()


def test_before_the_first_question_came_words_are_kept_apart() -> None:
    talk = by(TEXT)
    talk.do(e.Rested(TEXT))
    words = talk.say(TEXT)
    assert talk.effects == (Alert(Notice.UNPLACED_WORDS),)
    assert talk.state.answers == {NOTES: (words,)}
    assert talk.do(e.TimedOut(TEXT), after=DAY) == (Ask("important.open", TEXT),)


def test_what_was_answered_elsewhere_meanwhile_is_not_asked() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.Next(TEXT), e.Rested(TEXT), e.Opened(WEB))
    talk.say(WEB, "working_well.open")
    talk.do(e.Next(WEB, "working_well.open"))
    assert talk.do(e.TimedOut(TEXT), after=DAY) == (Ask("difference.open", TEXT, again=True),)


def test_rest_without_a_question_changes_nothing() -> None:
    talk = Talk(e.Recognised(TEXT))
    before = talk.state
    talk.do(e.Rested(TEXT))
    assert talk.state == before


def test_a_wrong_number_is_told_once_and_knows_nobody_any_more() -> None:
    talk = by(TEXT)
    one = talk.say(TEXT)
    sorry = (Alert(Notice.WRONG_NUMBER), Say(Remark.WRONG_NUMBER, TEXT))
    assert talk.do(e.WrongNumber(TEXT)) == sorry
    assert talk.do(e.TimedOut(TEXT), after=DAY) == ()
    stranger = talk.say(TEXT)
    assert talk.effects == (Discard(stranger), Ignored())
    assert talk.do(e.Opened(WEB)) == (Ask("working_well.open", WEB),)
    assert talk.state.answers == {"important.open": (one,)}
    assert talk.do(e.Recognised(TEXT)) == (Ask("working_well.open", TEXT, again=True),)
    assert not talk.state.wrong_number


def test_a_wrong_number_that_had_stopped_hears_nothing() -> None:
    talk = by(TEXT)
    talk.do(e.Stopped(TEXT))
    assert talk.do(e.WrongNumber(TEXT)) == (Alert(Notice.WRONG_NUMBER),)


def test_another_language_may_be_asked_for_before_the_code_word() -> None:
    talk = Talk(e.ChangedLanguage(TEXT, "ur"))
    assert talk.effects == (Say(Remark.CODE_WORD, TEXT),)
    assert talk.state.language == "ur"


def test_after_thirty_quiet_days_nobody_is_known_by_text() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.Opened(WEB), after=20 * DAY)  # another channel says nothing about the telephone
    assert as_known(talk.state, talk.now + 9 * DAY) == talk.state
    quiet = as_known(talk.state, talk.now + 10 * DAY)
    assert quiet.recognised == frozenset()
    assert quiet.answers == talk.state.answers
    assert leads_past(e.TimedOut(TEXT), talk.state, quiet)
    assert not leads_past(e.Next(WEB), talk.state, quiet)


@pytest.mark.parametrize("event", [e.AskedForCall(TEXT), e.Stopped(TEXT), e.Restarted(TEXT)])
def test_whoever_holds_it_then_does_not_become_known_by_texting(event: e.Event) -> None:
    talk = by(TEXT)
    talk.do(event, after=31 * DAY)
    assert as_known(talk.state, talk.now).recognised == frozenset()
    talk.do(e.Recognised(TEXT))
    assert as_known(talk.state, talk.now) == talk.state


def test_after_taking_back_only_the_telephone_is_looked_after() -> None:
    talk = by(TEXT)
    talk.do(e.Withdrawn(WEB))
    assert talk.do(e.Stopped(TEXT), e.Restarted(TEXT), e.Rested(TEXT), e.WrongNumber(TEXT)) == ()
    assert talk.state.wrong_number
    assert talk.state.stage is Stage.WITHDRAWN


def test_after_a_no_start_says_how_to_say_yes() -> None:
    talk = Talk(e.Recognised(TEXT), e.Agreed(TEXT, TALK, False), e.Stopped(TEXT))
    assert talk.do(e.Restarted(TEXT)) == (Say(Remark.DECLINED, TEXT),)
    assert talk.do(e.Agreed(TEXT, TALK, True)) == (AskDecision(CHECK, TEXT),)

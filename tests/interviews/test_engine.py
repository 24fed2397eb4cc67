"""The conversation as families and leads meet it, one rule a test."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from family_voice.consent.statements import Purpose
from family_voice.interviews import events as e
from family_voice.interviews.effects import (
    Alert,
    Ask,
    AskDecision,
    Close,
    Discard,
    Ending,
    Ignored,
    Notice,
    Remark,
    Say,
    Schedule,
)
from family_voice.interviews.errors import (
    NotNow,
)
from family_voice.interviews.events import CHECK, NOTES, TALK, Channel, Event
from family_voice.interviews.state import Stage
from tests.interviews.talk import GUIDE, MINUTE, PHONE, TEXT, WEB, Talk, by


def test_the_engine_and_the_consent_room_name_the_same_decisions() -> None:
    assert {purpose.value for purpose in Purpose} == set(e.DECISIONS)


def test_two_decisions_come_before_the_first_question() -> None:
    talk = Talk()
    assert talk.do(e.Opened(WEB)) == (AskDecision(TALK, WEB),)
    assert talk.do(e.Agreed(WEB, TALK, True)) == (AskDecision(CHECK, WEB),)
    assert talk.do(e.Agreed(WEB, CHECK, False)) == (Ask("important.open", WEB),)
    assert talk.state.speaking_allowed
    assert not talk.state.check_allowed


def test_an_unanswered_second_decision_is_a_no_and_does_not_stop_them() -> None:
    talk = Talk(e.Opened(WEB), e.Agreed(WEB, TALK, True))
    assert talk.do(e.Next(WEB)) == (Ask("important.open", WEB),)
    assert not talk.state.check_allowed


@pytest.mark.parametrize("event", [e.Next, e.Skipped, e.WentBack, e.MoreWanted])
def test_by_text_only_a_yes_or_a_no_leads_on_from_the_second_decision(
    event: Callable[[Channel], Event],
) -> None:
    talk = Talk(e.Recognised(TEXT), e.Agreed(TEXT, TALK, True))
    before = talk.state
    assert talk.do(event(TEXT)) == (AskDecision(CHECK, TEXT),)
    assert talk.state == before
    assert talk.do(e.Agreed(TEXT, CHECK, True)) == (Ask("important.open", TEXT),)
    assert talk.state.check_allowed


@pytest.mark.parametrize("place", [None, "next.open"])
def test_words_by_text_at_the_second_decision_are_kept_and_it_is_put_again(
    place: str | None,
) -> None:
    talk = Talk(e.Recognised(TEXT), e.Agreed(TEXT, TALK, True))
    words = talk.say(TEXT, place)
    assert talk.effects[-1] == AskDecision(CHECK, TEXT)
    assert talk.state.place_of(words) == (place or NOTES)
    assert (words in talk.state.flagged) == (place is None)
    assert talk.state.stage is Stage.DECIDING
    assert talk.do(e.Agreed(TEXT, CHECK, False))[0] == Ask(talk.state.current or "", TEXT)


def test_a_no_stores_nothing_until_they_say_yes() -> None:
    talk = by(WEB)
    talk.say(WEB, "next.open")
    before = talk.do(e.Agreed(WEB, TALK, False))
    assert before == (Close(Ending.DECLINED), Alert(Notice.DECLINED))
    fragment = talk.say(WEB, "worries.open")
    assert talk.effects == (Discard(fragment), Ignored(), Say(Remark.DECLINED, WEB))
    talk.do(e.Agreed(WEB, TALK, True))
    assert talk.state.stage is Stage.ASKING
    assert talk.say(WEB, "worries.open") in talk.state.fragments


def test_words_before_permission_are_not_kept() -> None:
    talk = Talk(e.Opened(PHONE))
    fragment = talk.say(PHONE, NOTES)
    assert talk.effects == (Discard(fragment), Ignored(), AskDecision(TALK, PHONE))
    assert not talk.state.heard


def test_a_call_fills_any_prompt_in_any_order_and_the_notes() -> None:
    talk = by(PHONE)
    last, note, first = (talk.say(PHONE, p) for p in ("next.details", NOTES, "important.open"))
    assert talk.state.answers == {
        "next.details": (last,),
        NOTES: (note,),
        "important.open": (first,),
    }
    assert talk.state.left(GUIDE) == (
        "working_well.open",
        "difference.open",
        "worries.open",
        "next.open",
    )


def test_several_texts_are_one_answer_and_next_asks_on() -> None:
    talk = by(TEXT)
    one = talk.say(TEXT)
    two = talk.say(TEXT)
    assert talk.do(e.Next(TEXT)) == (Ask("working_well.open", TEXT),)
    assert talk.state.answers == {"important.open": (one, two)}


def test_silence_finishes_an_answer_but_never_an_empty_one() -> None:
    talk = by(TEXT)
    assert talk.do(e.TimedOut(TEXT), after=60 * MINUTE) == ()
    talk.say(TEXT)
    assert talk.effects == (Schedule("quiet", talk.now + 4 * MINUTE),)
    assert talk.do(e.TimedOut(TEXT), after=3 * MINUTE) == ()
    assert talk.do(e.TimedOut(TEXT), after=MINUTE) == (Ask("working_well.open", TEXT),)
    assert talk.do(e.TimedOut(TEXT), after=60 * MINUTE) == ()


def test_a_long_text_is_given_ten_minutes() -> None:
    talk = by(TEXT)
    talk.say(TEXT, segments=3)
    assert talk.effects == (Schedule("quiet", talk.now + 10 * MINUTE),)


def test_words_just_after_silence_closed_a_question_still_belong_to_it() -> None:
    talk = by(TEXT)
    first = talk.say(TEXT)
    talk.do(e.TimedOut(TEXT), after=4 * MINUTE)
    talk.now += 2 * MINUTE
    late = talk.say(TEXT)
    assert talk.effects == (Alert(Notice.LATE_WORDS),)
    assert talk.state.answers == {"important.open": (first, late)}
    assert talk.state.flagged == {late}
    talk.now += MINUTE
    answer = talk.say(TEXT)
    assert talk.state.answers["working_well.open"] == (answer,)
    talk.do(e.Moved(PHONE, late, "working_well.open"))
    assert talk.state.answers.get("working_well.open") == (answer, late)
    assert talk.state.flagged == frozenset()


def test_next_ends_the_time_for_late_words_and_a_correction_takes_the_flag_off() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.TimedOut(TEXT), after=4 * MINUTE)
    late = talk.say(TEXT)
    talk.do(e.Next(TEXT))
    answer = talk.say(TEXT)
    assert talk.state.place_of(answer) == "working_well.open"
    assert talk.state.flagged == {late}
    talk.do(e.Replaced(PHONE, "important.open", (late,), UUID(int=70)))
    assert talk.state.flagged == frozenset()


def test_words_just_after_next_belong_to_the_new_question() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.Next(TEXT))
    answer = talk.say(TEXT)
    assert talk.state.answers["working_well.open"] == (answer,)
    assert not talk.state.flagged


def test_skip_back_and_answer_after_all() -> None:
    talk = by(TEXT)
    assert talk.do(e.Skipped(TEXT)) == (Ask("working_well.open", TEXT),)
    assert talk.do(e.WentBack(TEXT)) == (Ask("important.open", TEXT, again=True),)
    assert talk.do(e.WentBack(TEXT)) == (Say(Remark.AT_START, TEXT),)
    talk.say(TEXT)
    assert talk.state.skipped == frozenset()
    assert talk.do(e.Next(TEXT)) == (Ask("working_well.open", TEXT),)


def test_more_questions_follow_the_one_they_are_at() -> None:
    talk = by(TEXT)
    assert talk.do(e.MoreWanted(TEXT)) == (Say(Remark.NO_MORE, TEXT),)
    talk.do(e.Skipped(TEXT))
    assert talk.do(e.MoreWanted(TEXT)) == (Say(Remark.MORE_ADDED, TEXT),)
    talk.say(TEXT)
    assert talk.do(e.Next(TEXT)) == (Ask("working_well.views", TEXT),)
    talk.do(e.Skipped(TEXT), e.Skipped(TEXT))
    assert talk.do(e.Skipped(TEXT)) == (Ask("difference.open", TEXT),)
    talk.say(TEXT)
    assert talk.do(e.MoreWanted(TEXT)) == (Ask("difference.daily_life", TEXT),)
    assert len(talk.state.path(GUIDE)) == 5 + 3 + 4


def test_a_whole_interview_by_text_closes_by_itself() -> None:
    talk = by(TEXT)
    for _ in range(5):
        talk.say(TEXT)
        talk.do(e.Next(TEXT))
    assert talk.effects == (
        Say(Remark.READ_BACK, TEXT),
        Schedule("quiet", talk.now + 60 * MINUTE),
    )
    assert talk.do(e.TimedOut(TEXT), after=60 * MINUTE) == (
        Close(Ending.SENT),
        Alert(Notice.SENT),
        AskDecision("quote", TEXT),
    )
    assert talk.do(e.Agreed(TEXT, "quote", False)) == (AskDecision("count", TEXT),)
    assert talk.do(e.Agreed(TEXT, "count", True)) == (AskDecision("contact", TEXT),)
    assert talk.do(e.Agreed(TEXT, "contact", True)) == (Say(Remark.THANKS, TEXT),)
    late = talk.say(TEXT)
    assert talk.state.answers[NOTES] == (late,)
    assert talk.state.flagged == {late}


def test_read_back_then_the_later_decisions_then_sent() -> None:
    talk = by(PHONE)
    talk.say(PHONE, "important.open")
    assert talk.do(e.ReadBack(PHONE, False)) == (Say(Remark.CORRECT_IT, PHONE),)
    talk.do(e.Replaced(PHONE, "important.open", (UUID(int=1),), UUID(int=9)))
    assert talk.do(e.ReadBack(PHONE, True)) == (AskDecision("quote", PHONE),)
    assert talk.state.read_back_at == talk.now
    talk.do(*(e.Agreed(PHONE, purpose, True) for purpose in e.LATER_DECISIONS))
    assert talk.effects == (Say(Remark.READY_TO_SEND, PHONE),)
    assert talk.do(e.Finished(PHONE)) == (Close(Ending.SENT), Alert(Notice.SENT))
    assert talk.state.sent_at == talk.now
    assert talk.do(e.Finished(PHONE)) == (Say(Remark.ALREADY_SENT, PHONE),)


def test_new_words_are_not_read_back_yet() -> None:
    talk = by(PHONE)
    talk.say(PHONE, "important.open")
    talk.do(e.ReadBack(PHONE, True))
    talk.say(PHONE, "next.open")
    assert talk.state.read_back_at is None


def test_a_later_decision_needs_something_to_judge_it_by() -> None:
    talk = by(WEB)
    with pytest.raises(NotNow):
        talk.do(e.Agreed(WEB, "quote", True))
    talk.do(e.Agreed(WEB, "quote", False))
    assert talk.state.decisions["quote"] is False

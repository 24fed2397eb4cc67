"""The conversation as families and leads meet it, one rule a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
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
    Effect,
    Ending,
    Ignored,
    Notice,
    Remark,
    Say,
    Schedule,
)
from family_voice.interviews.engine import begin, step
from family_voice.interviews.errors import (
    NotNow,
    RepeatedFragment,
    UnknownFragment,
    UnknownHeading,
    UnknownPrompt,
    UnknownPurpose,
)
from family_voice.interviews.events import CHECK, NOTES, TALK, Channel, Event
from family_voice.interviews.guide import load_guide
from family_voice.interviews.state import Stage, State

GUIDE = load_guide("parent_carer", "en")
WEB, TEXT, PHONE = Channel.WEB, Channel.TEXT, Channel.TELEPHONE
MINUTE = timedelta(minutes=1)


class Talk:
    """One conversation under way, with a clock that the test moves."""

    def __init__(self, *events: Event) -> None:
        self.state: State = begin()
        self.now = datetime(2026, 1, 12, 9, tzinfo=UTC)
        self.effects: tuple[Effect, ...] = ()
        self.words = 0
        self.do(*events)

    def do(self, *events: Event, after: timedelta = timedelta()) -> Sequence[Effect]:
        self.now += after
        for event in events:
            self.state, self.effects = step(self.state, event, GUIDE, self.now)
        return self.effects

    def say(self, channel: Channel, prompt: str | None = None, **more: object) -> UUID:
        self.words += 1
        fragment = UUID(int=self.words)
        self.do(e.Said(channel, fragment, prompt, **more))  # type: ignore[arg-type]
        return fragment


def by(channel: Channel) -> Talk:
    """A conversation that has come to its first question by this channel."""
    return Talk(
        e.Recognised(channel), e.Agreed(channel, TALK, True), e.Agreed(channel, CHECK, True)
    )


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
    assert talk.state.answers["working_well.open"] == (answer, late)
    assert talk.state.flagged == frozenset()


def test_next_ends_the_time_for_late_words_and_a_correction_takes_the_flag_off() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.TimedOut(TEXT), after=4 * MINUTE)
    late = talk.say(TEXT)
    talk.do(e.Next(TEXT))
    answer = talk.say(TEXT)
    assert talk.state.place_of(answer) == "difference.open"
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
    talk.do(e.TimedOut(TEXT), after=60 * MINUTE)
    assert talk.effects == (
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


def test_another_channel_goes_on_where_the_first_stopped() -> None:
    talk = by(WEB)
    talk.say(WEB, "important.open")
    talk.do(e.Next(WEB, "important.open"), e.Skipped(WEB, "working_well.open"))
    assert talk.do(e.Opened(PHONE)) == (Ask("difference.open", PHONE, again=True),)
    talk.say(PHONE, "worries.open")
    assert talk.do(e.Recognised(TEXT)) == (Ask("difference.open", TEXT, again=True),)
    talk.say(TEXT)
    assert talk.do(e.Next(TEXT)) == (Ask("next.open", TEXT),)


def test_a_text_answers_what_their_telephone_shows() -> None:
    talk = by(TEXT)
    talk.say(PHONE, "important.open")
    talk.do(e.Opened(WEB))
    talk.say(WEB, "working_well.open")
    talk.do(e.Next(WEB, "working_well.open"))
    answer = talk.say(TEXT)
    assert talk.state.place_of(answer) == "important.open"


def test_from_text_to_the_web() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    assert talk.do(e.ChangedChannel(TEXT, WEB)) == (
        Say(Remark.CARRY_ON, TEXT),
        Ask("working_well.open", WEB),
    )
    assert talk.state.quiet_until is None


def test_no_question_goes_to_a_telephone_we_do_not_know() -> None:
    talk = by(WEB)
    assert talk.do(e.ChangedChannel(WEB, TEXT)) == (
        Say(Remark.CARRY_ON, WEB),
        Say(Remark.CODE_WORD, TEXT),
    )
    fragment = talk.say(TEXT)
    assert talk.effects == (Discard(fragment), Ignored(), Say(Remark.CODE_WORD, TEXT))


def test_stop_only_stops_texts() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    assert talk.do(e.Stopped(TEXT)) == (Alert(Notice.TEXTS_STOPPED),)
    after = talk.say(TEXT)
    assert talk.effects == (Alert(Notice.UNPLACED_WORDS),)
    assert talk.state.notes() == (after,)
    assert talk.do(e.Opened(WEB)) == (Ask("working_well.open", WEB),)
    assert talk.do(e.Resumed(TEXT)) == (Ask("working_well.open", TEXT, again=True),)


def test_a_person_takes_over_and_gives_back() -> None:
    talk = by(TEXT)
    assert talk.do(e.HandedToPerson(TEXT)) == (Alert(Notice.WITH_PERSON),)
    word = talk.say(TEXT)
    assert talk.state.notes() == (word,)
    assert talk.do(e.TimedOut(TEXT), after=60 * MINUTE) == ()
    assert talk.do(e.GivenBack(TEXT)) == (Ask("important.open", TEXT, again=True),)


def test_asking_for_a_call_tells_the_team_and_holds_the_questions() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    told = talk.do(e.AskedForCall(TEXT))
    assert told == (Alert(Notice.CALL_WANTED), Say(Remark.CALL_COMING, TEXT))
    assert talk.do(e.TimedOut(TEXT), after=60 * MINUTE) == ()
    talk.do(e.Opened(PHONE))
    assert not talk.state.call_wanted


def test_another_language_puts_the_same_question() -> None:
    talk = by(TEXT)
    assert talk.do(e.ChangedLanguage(TEXT, "ur")) == (Ask("important.open", TEXT, again=True),)
    assert talk.state.language == "ur"


def test_correcting_keeps_the_place_and_taking_out_is_not_asked_again() -> None:
    talk = by(WEB)
    one, two, three = (talk.say(WEB, "important.open") for _ in range(3))
    new = UUID(int=99)
    talk.do(e.Replaced(WEB, "important.open", (two,), new))
    assert talk.state.answers["important.open"] == (one, new, three)
    talk.do(e.Replaced(WEB, "important.open", (one, new, three)))
    assert "important.open" not in talk.state.answers
    assert "important.open" not in talk.state.left(GUIDE)


def test_after_sending_it_is_opened_again_before_it_changes() -> None:
    talk = by(WEB)
    one = talk.say(WEB, "important.open")
    talk.do(e.Finished(WEB))
    for change in (
        e.Said(WEB, UUID(int=50), "next.open"),
        e.Replaced(WEB, "important.open", (one,), UUID(int=51)),
    ):
        with pytest.raises(NotNow):
            talk.do(change)
    assert talk.do(e.Reopened(WEB)) == (Ask("working_well.open", WEB),)
    talk.do(e.Said(WEB, UUID(int=50), "next.open"))
    assert talk.state.sent_at is None


def test_taking_everything_back_ends_it() -> None:
    talk = by(WEB)
    talk.say(WEB, "important.open")
    assert talk.do(e.Withdrawn(WEB)) == (Close(Ending.WITHDRAWN), Alert(Notice.WITHDRAWN))
    fragment = talk.say(WEB, "next.open")
    assert talk.effects == (Discard(fragment), Ignored())
    for event in (e.Agreed(WEB, TALK, True), e.Opened(WEB), e.Finished(WEB)):
        with pytest.raises(NotNow):
            talk.do(event)


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (e.Said(WEB, UUID(int=2), "nothing.like_it"), UnknownPrompt),
        (e.Said(WEB, UUID(int=1), "next.open"), RepeatedFragment),
        (e.Replaced(WEB, "next.open", (UUID(int=1),), UUID(int=2)), UnknownFragment),
        (e.Replaced(WEB, "important.open", (), UUID(int=2)), UnknownFragment),
        (e.Replaced(WEB, "important.open", (UUID(int=1),), UUID(int=1)), RepeatedFragment),
        (e.Moved(WEB, UUID(int=2), "next.open"), UnknownFragment),
        (e.Moved(WEB, UUID(int=1), "nothing.like_it"), UnknownPrompt),
        (e.Next(WEB, "nothing.like_it"), UnknownPrompt),
        (e.Skipped(WEB, NOTES), UnknownPrompt),
        (e.MoreWanted(WEB, "nothing"), UnknownHeading),
        (e.Agreed(WEB, "sell", True), UnknownPurpose),
        (e.Reopened(WEB), NotNow),
    ],
)
def test_what_makes_no_sense_is_named_and_changes_nothing(
    event: Event, error: type[Exception]
) -> None:
    talk = by(WEB)
    talk.say(WEB, "important.open")
    before = talk.state
    with pytest.raises(error):
        talk.do(event)
    assert talk.state == before


def test_a_stored_event_that_is_none_is_named() -> None:
    for data in (
        {"kind": "danced", "channel": "web"},
        {"channel": "web"},
        {"kind": "next", "channel": "pigeon"},
        {"kind": "said", "channel": "web"},
        {"kind": "said", "channel": "web", "fragment_id": "no-uuid"},
        {"kind": "agreed", "channel": "web", "purpose": "talk", "yes": "yes"},
    ):
        with pytest.raises(e.UnknownEvent):
            e.event_from_json(data)

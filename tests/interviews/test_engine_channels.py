"""One conversation over several channels and days, and what makes no sense in it."""

from __future__ import annotations

from uuid import UUID

import pytest

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
)
from family_voice.interviews.errors import (
    NotNow,
    RepeatedFragment,
    UnknownFragment,
    UnknownHeading,
    UnknownPrompt,
    UnknownPurpose,
)
from family_voice.interviews.events import NOTES, TALK, Event
from family_voice.interviews.state import Stage
from tests.interviews.talk import GUIDE, MINUTE, PHONE, TEXT, WEB, by


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
    assert talk.state.call_wanted, "pressing Start on the call pad reaches nobody"
    talk.say(PHONE)
    assert not talk.state.call_wanted


def test_who_was_rung_waits_no_longer() -> None:
    for rung in (e.Rung(PHONE), e.Agreed(PHONE, e.CHECK, False), e.Finished(PHONE)):
        talk = by(TEXT)
        talk.do(e.AskedForCall(TEXT), e.Opened(PHONE))
        assert talk.state.call_wanted
        talk.do(rung)
        assert not talk.state.call_wanted


def test_what_was_never_put_is_not_the_last_thing_put() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.Finished(TEXT))
    assert talk.state.put == "quote"
    for silence, sound in (
        (e.HandedToPerson(TEXT), e.GivenBack(TEXT)),
        (e.NumberChanged(TEXT), e.Recognised(TEXT)),
    ):
        talk.do(silence)
        assert talk.state.put is None
        assert AskDecision("quote", TEXT) in talk.do(sound)
        assert talk.state.put == "quote"


def test_giving_back_after_a_right_puts_the_open_decision() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(*[e.Next(TEXT)] * 5, e.ReadBack(TEXT, right=True))
    assert (talk.state.stage, talk.state.put) == (Stage.READING_BACK, "quote")
    talk.do(e.HandedToPerson(TEXT), e.Agreed(PHONE, "quote", True))
    assert AskDecision("count", TEXT) in talk.do(e.GivenBack(TEXT))
    assert talk.state.quiet_until is not None, "silence still sends it"


def test_words_at_an_open_later_decision_are_kept_and_it_is_put_again() -> None:
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(*[e.Next(TEXT)] * 5, e.ReadBack(TEXT, right=True))
    note = talk.say(TEXT)
    assert talk.effects == (Alert(Notice.UNPLACED_WORDS), AskDecision("quote", TEXT))
    assert talk.state.notes() == (note,)
    assert (talk.state.put, talk.state.open_decision) == ("quote", "quote")


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

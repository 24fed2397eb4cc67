"""One word for where a conversation by text stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from family_voice.interviews import events as e
from family_voice.interviews.agreed import as_known
from family_voice.interviews.events import CHECK, TALK
from family_voice.interviews.state import State
from family_voice.sms.standing import Standing, standing
from tests.interviews.talk import TEXT, WEB, Talk, by
from tests.interviews.test_engine_properties import Log, stories, tell

AROUND: dict[Standing, e.Event] = {
    Standing.PAUSED: e.Paused(TEXT),
    Standing.STOPPED: e.Stopped(TEXT),
    Standing.WITH_PERSON: e.HandedToPerson(TEXT),
    Standing.WRONG_NUMBER: e.WrongNumber(TEXT),
    Standing.MOVED_TO_WEB: e.ChangedChannel(TEXT, WEB),
    Standing.WITHDRAWN: e.Withdrawn(TEXT),
}


def at(talk: Talk) -> Standing:
    return standing(talk.state, expired=False)


def test_the_way_through_a_conversation() -> None:
    talk = Talk()
    way = [at(talk)]

    def then(*events: e.Event) -> None:
        talk.do(*events)
        way.append(at(talk))

    then(e.AskedForCall(TEXT))
    then(e.Recognised(TEXT))
    then(e.Agreed(TEXT, TALK, True))
    then(e.Agreed(TEXT, CHECK, True))
    talk.say(TEXT)
    way.append(at(talk))
    then(*[e.Next(TEXT)] * 4)
    then(e.Next(TEXT))
    then(e.ReadBack(TEXT, right=True))
    then(*(e.Agreed(TEXT, each, True) for each in e.LATER_DECISIONS))
    assert way == [
        Standing.INVITED,
        Standing.IDENTITY_CHECK,
        Standing.CONSENT,
        Standing.CONSENT,
        Standing.ASKING,
        Standing.COLLECTING,
        Standing.ASKING,
        Standing.READ_BACK,
        Standing.CLOSING,
        Standing.DONE,
    ]


def test_what_may_befall_it_from_anywhere_on_the_way() -> None:
    for reached in (Talk(e.Recognised(TEXT)), by(TEXT)):
        for where, event in AROUND.items():
            talk = Talk()
            talk.state = reached.state
            talk.do(event)
            assert at(talk) is where
        assert standing(reached.state, expired=True) is Standing.EXPIRED
    talk = by(TEXT)
    talk.say(TEXT)
    talk.do(e.Agreed(TEXT, TALK, False))
    assert at(talk) is Standing.DECLINED


def test_after_start_they_are_asked_for_agreement_and_after_thirty_days_who_they_are() -> None:
    talk = by(TEXT)
    talk.do(e.Stopped(TEXT), e.Restarted(TEXT))
    assert at(talk) is Standing.CONSENT
    talk.do(e.Agreed(TEXT, TALK, True))
    assert at(talk) is Standing.ASKING
    lapsed = as_known(talk.state, talk.now + timedelta(days=30))
    assert standing(lapsed, expired=False) is Standing.IDENTITY_CHECK


def test_what_is_finished_stays_finished() -> None:
    talk = by(TEXT)
    talk.do(*[e.Skipped(TEXT)] * 5, e.Finished(TEXT))
    assert standing(talk.state, expired=True) is Standing.DONE


@given(stories())
def test_while_nothing_may_be_asked_no_standing_says_that_something_is(story: Log) -> None:
    def asks(state: State) -> bool:
        return standing(state, expired=False) in (Standing.ASKING, Standing.COLLECTING)

    for _, _, _, after, _ in tell(story):
        assert not asks(after) or not (after.silent(TEXT) or after.agree_again or after.paused)
        assert not asks(replace(after, with_person=True))

"""WRONG, and texts that come when the time for a conversation is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from family_voice.cases import linking
from family_voice.cases.inviting import Refusal, Way, refusal
from family_voice.cases.ledger import Outcome
from family_voice.cases.models import Attempt
from family_voice.interviews.models import Interview, Invitation
from family_voice.interviews.state import Stage
from family_voice.messages import arriving, attention, thread
from family_voice.messages.attention import Need
from family_voice.messages.models import PhoneLine
from family_voice.people import facts, register
from family_voice.people.models import Participant
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from tests.sms.test_one_phone import two
from tests.sms.town import DEB, Town


def needs(town: Town) -> list[Need]:
    with reading(town.database.sessions) as session:
        return [each.need for each in attention.open_needs(session)]


def words_left(town: Town) -> list[str]:
    with reading(town.database.sessions) as session:
        return [each.body for each in arriving.unplaced(session, DEB)]


def contact(town: Town) -> facts.ContactFacts:
    with reading(town.database.sessions) as session:
        for participant_id in session.scalars(select(Participant.id)):
            person = register.person(session, participant_id)
            if person is not None and person.facts.contact.mobile == DEB:
                return person.facts.contact
    raise AssertionError("Nobody has that number.")


@pytest.mark.parametrize("known", [False, True])
def test_whoever_says_that_it_is_not_them_is_let_alone(town: Town, known: bool) -> None:
    invited = town.invite()
    town.turn()
    town.new()
    if known:
        for words in (invited.secrets.code_word or "", "AGREE", "AGREE"):
            town.text(words)
    [sorry] = town.text("Wrong number")
    assert "Sorry that we texted you" in sorry
    assert town.text("Who are you?") == []
    assert town.text("AGREE") == []
    assert town.text(invited.secrets.code_word or "") == []
    state = town.state(invited.interview_id)
    assert state.wrong_number
    assert state.stage is (Stage.ASKING if known else Stage.INVITED)
    assert contact(town).safe_to_contact == facts.NOT_CONFIRMED
    assert needs(town) == [Need.WRONG_NUMBER]
    assert "Who are you?" in words_left(town)
    with reading(town.database.sessions) as session:
        assert Outcome.WRONG_CONTACT in set(session.scalars(select(Attempt.outcome)))
        assert session.scalars(select(PhoneLine.interview_id)).all() == [None]


def test_nobody_is_invited_there_again_before_a_person_confirmed_it(town: Town) -> None:
    town.begin()
    town.text("WRONG")
    with reading(town.database.sessions) as session:
        case_id = linking.case_of(session, town.interview_id)
        who = fetch(session, Interview, town.interview_id).participant_id
        assert case_id is not None
        assert who is not None
        found = refusal(session, case_id, who, Way.TEXT, town.clock())
    assert found is Refusal.NOT_CONFIRMED


def test_a_wrong_number_lets_go_of_every_conversation_on_it(town: Town) -> None:
    second, _ = two(town)
    town.text("WRONG")
    assert town.state(second).wrong_number
    assert town.state(town.interview_id).wrong_number
    assert needs(town) == [Need.WRONG_NUMBER] * 2


def test_what_waited_to_go_does_not_go(town: Town) -> None:
    town.begin()
    town.deliver(town.twilio.text(DEB, "NEXT"))
    town.deliver(town.twilio.text(DEB, "WRONG"))
    town.turn()
    assert ["Sorry" in each for each in town.new()] == [True]


def test_a_stranger_may_say_it_too(town: Town) -> None:
    town.text("Hello?", "+447700900123")
    assert "Sorry" in town.text("WRONG", "+447700900123")[0]
    assert town.text("AGREE", "+447700900123") == []
    assert needs(town) == []


def the_end(town: Town) -> None:
    """It is the day after the last link and code word stopped working."""
    with reading(town.database.sessions) as session:
        last = session.scalars(select(Invitation.valid_until)).all()
    town.clock.now = max(last) + timedelta(hours=20)


def over(town: Town) -> None:
    town.begin()
    town.text("What we said in time")
    the_end(town)
    town.turn()
    town.new()


def test_a_text_after_the_end_is_kept_for_the_lead_and_answered_once_a_day(town: Town) -> None:
    over(town)
    [late] = town.text("One more thing about the bus")
    assert "The time for this talk by text is over" in late
    assert town.text("And another thing") == []
    assert needs(town) == [Need.EXPIRED_TEXT]
    said = [p.text for a in town.account(town.interview_id).answers for p in a.pieces]
    assert said == ["What we said in time"]
    with reading(town.database.sessions) as session:
        lines = [line.body for line in thread.by_interview(session, town.interview_id)]
    assert {"One more thing about the bus", "And another thing"} <= set(lines)
    town.clock.on(days=1)
    assert len(town.text("Hello?")) == 1


def test_after_the_end_one_can_still_be_rung_or_stop_or_be_somebody_else(town: Town) -> None:
    over(town)
    assert town.settings.phone in town.text("CALL")[0]
    assert town.state(town.interview_id).call_wanted
    assert "Sorry that we texted you" in town.text("WRONG")[0]
    town.text("STOP")
    town.clock.on(days=1)
    assert town.text("Hello?") == []


def test_after_the_end_nothing_of_somebody_who_never_agreed_stands_with_the_account(
    town: Town,
) -> None:
    invited = town.invite()
    town.turn()
    the_end(town)
    assert "is over" in town.text("I found your letter")[-1]
    with reading(town.database.sessions) as session:
        lines = thread.by_interview(session, invited.interview_id)
    assert not any("letter" in line.body for line in lines if not line.ours)
    assert words_left(town) == ["I found your letter"]
    town.text("No thanks")
    assert words_left(town) in (["", "No thanks"], ["", ""])


def test_a_question_does_not_follow_when_the_time_is_over(town: Town) -> None:
    town.begin()
    town.text("Half")
    the_end(town)
    town.turn()
    assert town.new() == []
    assert town.state(town.interview_id).on_phone == "important.open"


def test_whatever_is_said_to_be_looked_at_is(town: Town) -> None:
    over(town)
    assert town.text("HELP") == []  # their carrier answers that
    assert needs(town) == []
    [late] = town.text("AGREE")
    assert "somebody will look at it" in late
    assert needs(town) == [Need.EXPIRED_TEXT]


def test_help_from_a_number_nobody_knows_is_left_to_the_carrier(town: Town) -> None:
    assert town.text("HELP", "+447700900123") == []
    town.settings = replace(town.settings, twilio_help=False)
    town.__dict__.pop("client", None)
    assert "We do not know this number" in town.text("info", "+447700900123")[0]

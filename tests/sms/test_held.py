"""Whoever begins from a number nobody knows is rung before anything is asked by text."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.interviews.state import Stage
from family_voice.messages import arriving
from family_voice.security.trail import Actor
from family_voice.sms import by_hand, strangers
from family_voice.storage.engine import reading
from tests.sms.town import Town

STRANGER = "+447700900123"
SOMEBODY = Actor("staff")


def begun(town: Town) -> UUID:
    """They wrote, had our one answer, and agreed."""
    town.text("Nobody listens to us", STRANGER)
    coming, link = town.text("AGREE", STRANGER)
    assert town.settings.phone in coming
    assert "/i/" in link
    with reading(town.database.sessions) as session:
        interview_id = arriving.last_conversation(session, STRANGER)
        assert arriving.unplaced(session, STRANGER) == []
    assert interview_id is not None
    return interview_id


def give_code_word(town: Town, interview_id: UUID) -> str:
    with town.database.sessions.begin() as session:
        return strangers.give_code_word(session, interview_id, SOMEBODY, town.clock())


def said(town: Town, interview_id: UUID) -> list[str]:
    return [p.text for a in town.account(interview_id).answers for p in a.pieces]


def test_nothing_is_asked_by_text_before_a_code_word_was_given(town: Town) -> None:
    interview_id = begun(town)
    state = town.state(interview_id)
    assert state.call_wanted
    assert state.stage is Stage.DECIDING
    for words in ("AGREE", "NEXT", "RIGHT", "MORE", "START"):
        town.clock.on(minutes=5)
        assert town.text(words, STRANGER) == []  # what was said today is not said again
    assert town.text("His plan is out of date", STRANGER) == [
        "Thank you. We have passed that on to whoever rings you."
    ]
    assert town.text("NEXT", STRANGER) == []
    assert said(town, interview_id) == ["Nobody listens to us", "His plan is out of date"]
    town.clock.on(days=1)
    [coming] = town.text("And the school said no", STRANGER)
    assert "We will ring you" in coming
    assert "999" in coming
    assert town.state(interview_id).on_phone is None


def test_giving_back_asks_nothing_either(town: Town) -> None:
    interview_id = begun(town)
    with town.database.sessions.begin() as session:
        by_hand.take_over(session, interview_id, SOMEBODY, town.clock())
        by_hand.give_back(session, town.settings, interview_id, SOMEBODY, town.clock())
    town.turn()
    assert town.new() == []


def test_with_a_code_word_told_on_the_telephone_it_goes_on(town: Town) -> None:
    interview_id = begun(town)
    word = give_code_word(town, interview_id)
    [asked] = town.text("Something else", STRANGER)
    assert "code word" in asked
    [check] = town.text(word, STRANGER)
    assert "May the small group" in check
    [first] = town.text("AGREE", STRANGER)
    assert first.startswith("What is most important")
    town.text("His plan is out of date", STRANGER)
    assert {a.prompt_id: a.text for a in town.account(interview_id).answers} == {
        "important.open": "His plan is out of date",
        "notes": "Nobody listens to us\nSomething else",
    }


def test_the_link_goes_on_at_once(town: Town) -> None:
    interview_id = begun(town)
    [link] = town.text("WEB", STRANGER)
    token = link.split("/i/")[1].split()[0]
    with reading(town.database.sessions) as session:
        assert doors.by_token(session, token, town.clock()) == interview_id


def test_a_no_ends_it_and_a_code_word_cannot_be_guessed(town: Town) -> None:
    interview_id = begun(town)
    word = give_code_word(town, interview_id)
    for number in range(6):
        town.text(f"guess {number}", STRANGER)
    town.text(word, STRANGER)
    assert town.state(interview_id).on_phone is None
    [fine] = town.text("NO", STRANGER)
    assert "That is fine" in fine
    assert town.state(interview_id).stage is Stage.DECLINED


def test_who_was_invited_has_a_code_word_from_the_letter(town: Town) -> None:
    invited = town.invite()
    with pytest.raises(doors.NoSuchDoor):
        give_code_word(town, invited.interview_id)


def test_an_invited_talk_on_the_same_phone_is_not_held(town: Town) -> None:
    begun(town)
    with town.database.sessions.begin() as session:
        second = record.begin(session, audience="parent_carer", language="en", now=town.clock())
        until = town.clock() + timedelta(days=30)
        secrets = doors.open_doors(session, second, until, town.clock(), phone=STRANGER)
    town.clock.on(minutes=1)
    assert "short name" in town.text(secrets.code_word or "", STRANGER)[0]
    [_named, talk] = town.text("me", STRANGER)
    assert "Happy to talk by text?" in talk
    assert Channel.TEXT in town.state(second).recognised

"""A yes by text counts for what has gone to them, not for what is still in line."""

from __future__ import annotations

from family_voice.cases.inviting import Invited
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, GivenBack, HandedToPerson
from tests.sms.test_one_phone import another
from tests.sms.town import DEB, Town


def test_a_yes_texted_twice_is_no_yes_to_what_they_have_not_read(town: Town) -> None:
    invited = town.invite()
    town.turn()
    town.text(invited.secrets.code_word or "")
    for _ in range(2):
        town.deliver(town.twilio.text(DEB, "AGREE"))
    assert town.state(invited.interview_id).decisions == {"talk": True}
    town.turn()
    [check] = town.new()
    assert "small group" in check
    town.text("AGREE")
    assert town.state(invited.interview_id).decisions == {"talk": True, "check": True}


def test_a_yes_after_a_repeated_question_counts_before_the_copy_has_gone(town: Town) -> None:
    invited = town.invite()
    town.turn()
    town.text(invited.secrets.code_word or "")
    for words in ("NEXT", "AGREE"):
        town.clock.on(seconds=1)
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(invited.interview_id).decisions == {"talk": True}


def _known(town: Town) -> Invited:
    """Deb's code word has come, and the first decision was put, a minute ago."""
    invited = town.invite()
    town.turn()
    town.text(invited.secrets.code_word or "")
    town.clock.on(minutes=1)
    return invited


def _no_by_telephone(town: Town, invited: Invited) -> None:
    with town.database.sessions.begin() as session:
        record.decide(
            session, invited.interview_id, Purpose.TALK, False, channel=Channel.TELEPHONE,
            now=town.clock(),
        )  # fmt: skip


def test_a_yes_to_what_was_put_before_their_no_by_telephone_does_not_count(town: Town) -> None:
    invited = _known(town)
    _no_by_telephone(town, invited)
    for words in ("NEXT", "AGREE"):
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(invited.interview_id).decisions == {"talk": False}


def test_a_yes_after_all_counts_although_how_to_say_it_is_in_line_once_more(town: Town) -> None:
    invited = _known(town)
    town.text("NO")
    for words in ("NEXT", "AGREE"):
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(invited.interview_id).decisions == {"talk": True}


def test_a_yes_before_they_read_what_answered_their_no_is_asked_for_anew(town: Town) -> None:
    invited = _known(town)
    for words in ("NO", "AGREE"):
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(invited.interview_id).decisions == {"talk": False}


def test_after_a_no_by_telephone_a_yes_brings_the_whole_decision_once_more(town: Town) -> None:
    invited = _known(town)
    _no_by_telephone(town, invited)
    [declined] = town.text("NEXT")
    assert "AGREE" in declined
    [decision] = town.text("AGREE")
    assert town.state(invited.interview_id).decisions == {"talk": False}
    assert "AGREE" in decision
    assert decision != declined
    town.text("AGREE")
    assert town.state(invited.interview_id).decisions == {"talk": True}


def test_after_a_no_by_telephone_a_yes_counts_only_once_that_has_gone(town: Town) -> None:
    invited = _known(town)
    _no_by_telephone(town, invited)
    town.text("NEXT")
    for _ in range(2):
        town.deliver(town.twilio.text(DEB, "AGREE"))
    assert town.state(invited.interview_id).decisions == {"talk": False}
    town.turn()
    town.text("AGREE")
    assert town.state(invited.interview_id).decisions == {"talk": True}


def test_a_decision_that_answers_words_not_kept_was_put(town: Town) -> None:
    invited = town.invite()
    town.turn()
    town.text(invited.secrets.code_word or "")
    with town.database.sessions.begin() as session:
        for event in (HandedToPerson(Channel.TELEPHONE), GivenBack(Channel.TELEPHONE)):
            record.happen(session, invited.interview_id, event, town.clock())
    town.clock.on(minutes=1)
    [not_kept] = town.text("She is funny")
    assert "AGREE" in not_kept
    town.text("AGREE")
    assert town.state(invited.interview_id).decisions == {"talk": True}


def test_a_no_to_the_decision_put_again_after_their_no_by_telephone_is_an_answer(
    town: Town,
) -> None:
    invited = _known(town)
    _no_by_telephone(town, invited)
    town.text("AGREE")
    town.clock.on(minutes=1)
    for words in ("NO", "AGREE"):
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(invited.interview_id).decisions == {"talk": False}
    town.turn()
    assert "AGREE" in town.new()[-1]
    town.text("AGREE")
    assert town.state(invited.interview_id).decisions == {"talk": True}


def test_after_a_no_by_telephone_no_decision_goes_that_waited(town: Town) -> None:
    invited = town.invite()
    town.turn()
    town.text(invited.secrets.code_word or "")
    town.deliver(town.twilio.text(DEB, "NEXT"))
    town.clock.on(minutes=1)
    _no_by_telephone(town, invited)
    town.turn()
    assert town.new() == []


def test_a_second_no_by_telephone_answers_what_was_put_between_them(town: Town) -> None:
    invited = _known(town)
    _no_by_telephone(town, invited)
    assert "AGREE" in town.text("AGREE")[0]
    town.clock.on(minutes=1)
    _no_by_telephone(town, invited)
    assert "AGREE" in town.text("AGREE")[0]
    assert town.state(invited.interview_id).decisions == {"talk": False}
    town.text("AGREE")
    assert town.state(invited.interview_id).decisions == {"talk": True}


def test_a_no_after_stop_and_start_stops_although_the_question_is_in_line_once_more(
    town: Town,
) -> None:
    town.begin()
    town.text("STOP")
    [again] = town.text("START")
    assert again.startswith("You texted START")
    for words in ("NEXT", "NO"):
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(town.interview_id).texts_stopped
    town.turn()
    assert town.new() == []


def test_a_yes_after_stop_and_start_counts_only_once_that_was_asked_anew(town: Town) -> None:
    town.begin()
    town.clock.on(minutes=1)
    town.text("STOP")
    for words in ("START", "AGREE"):
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(town.interview_id).agree_again
    town.turn()
    town.text("AGREE")
    assert not town.state(town.interview_id).agree_again


def test_on_a_shared_telephone_a_yes_is_not_taken_for_the_other_talks_decision(
    town: Town,
) -> None:
    """Hers was put, then his; her code word puts hers again, and AGREE comes before that went."""
    hers = town.invite()
    town.turn()
    her_word = hers.secrets.code_word or ""
    town.text(her_word)
    his, his_word = another(town)
    town.text(his_word)
    town.text("my youngest")
    assert town.state(his).put == "talk"
    for words in (her_word, "my eldest", "AGREE"):
        town.deliver(town.twilio.text(DEB, words))
    assert town.state(hers.interview_id).decisions == {}
    assert town.state(his).decisions == {}
    town.turn()
    town.text("AGREE")
    assert town.state(his).decisions == {}

"""A no by text says what became of the words, and says only what is so."""

from __future__ import annotations

from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from tests.sms.town import Town

NOTHING = "We have kept nothing that you sent."
UNREAD = "Nobody reads any more what you told us."


def test_a_no_before_any_words_says_that_nothing_was_kept(town: Town) -> None:
    invited = town.invite()
    town.text(invited.secrets.code_word or "")
    for answer in (town.text("NO"), town.text("A thing or two"), town.text("NO")):
        [no] = answer
        assert NOTHING in no
        assert UNREAD not in no


def test_a_no_after_words_says_that_nobody_reads_them(town: Town) -> None:
    town.begin()
    town.text("She is funny.")
    with town.database.sessions.begin() as session:
        record.decide(
            session, town.interview_id, Purpose.TALK, False, channel=Channel.WEB, now=town.clock()
        )
    for answer in (town.text("A thing or two"), town.text("NO")):
        [no] = answer
        assert UNREAD in no
        assert NOTHING not in no
    assert [each.text for each in town.account(town.interview_id).answers] == ["She is funny."]

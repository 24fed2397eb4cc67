"""One telephone with two conversations, and one whose conversation is taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel, Withdrawn
from family_voice.messages import thread
from family_voice.messages.forgetting import forget
from family_voice.storage.engine import reading
from tests.sms.town import DEB, Town


def another(town: Town) -> tuple[UUID, str]:
    """A second conversation for the same phone, such as about a brother."""
    with town.database.sessions.begin() as session:
        interview_id = record.begin(
            session, audience="parent_carer", language="en", now=town.clock()
        )
        secrets = doors.open_doors(
            session,
            interview_id,
            town.clock() + timedelta(days=30),
            town.clock(),
            phone=DEB,
        )
    assert secrets.code_word is not None
    return interview_id, secrets.code_word


def said(town: Town, interview_id: UUID) -> list[str]:
    return [p.text for a in town.account(interview_id).answers for p in a.pieces]


def test_each_code_word_opens_its_own_conversation(town: Town) -> None:
    town.begin()
    second, word = another(town)
    town.clock.on(seconds=1)
    town.text("About the first")
    [talk] = town.text(word)
    assert "Happy to talk by text?" in talk
    town.clock.on(seconds=1)
    for words in ("AGREE", "AGREE", "About the second"):
        town.text(words)
    assert said(town, town.interview_id) == ["About the first"]
    assert said(town, second) == ["About the second"]


def test_when_one_is_done_the_other_is_asked_for_its_code_word(town: Town) -> None:
    town.begin()
    second, word = another(town)
    town.text("All of it")
    for words in (*["NEXT"] * 5, "RIGHT", "NO", "NO", "NO"):
        town.text(words)
    town.clock.on(seconds=1)
    [ask] = town.text("Hello again")
    assert "code word" in ask
    town.text(word)
    assert Channel.TEXT in town.state(second).recognised


def test_stop_stops_both(town: Town) -> None:
    town.begin()
    second, _ = another(town)
    assert town.text("STOP") == []
    assert town.state(town.interview_id).texts_stopped
    assert town.state(second).texts_stopped


def test_taken_back_leaves_no_words_in_the_texts(town: Town) -> None:
    town.begin()
    town.text("He is called Max")
    with town.database.sessions.begin() as session:
        record.happen(session, town.interview_id, Withdrawn(Channel.WEB), town.clock())
        forget(session, town.interview_id)
    assert town.text("Are you there?") == []
    with reading(town.database.sessions) as session:
        lines = thread.by_phone(session, DEB)
    assert {line.body for line in lines} <= {""}

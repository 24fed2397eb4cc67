"""One telephone with two conversations, and one whose conversation is taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from family_voice.interviews import doors, record
from family_voice.interviews.events import NOTES, Channel, Withdrawn
from family_voice.interviews.state import Stage
from family_voice.messages import arriving, outbox, phone_lines, thread
from family_voice.messages.forgetting import forget
from family_voice.messages.models import InboundMessage, PhoneLine, TalkName
from family_voice.sms.handling import Incoming, quiet_passed, take_in
from family_voice.storage.engine import reading
from tests.sms.town import DEB, Town

OTHER = "+447700900199"
NAME_IT = "short name"
WHICH = "is this text for?"
#: Whether anybody waits for what another transaction holds.
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


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


def two(town: Town) -> tuple[UUID, str]:
    """Two conversations; the second is live, is called my youngest, and has its first question."""
    town.begin()
    second, word = another(town)
    for words in (word, "My youngest", "AGREE", "AGREE"):
        town.clock.on(seconds=1)
        town.text(words)
    return second, word


def said(town: Town, interview_id: UUID) -> list[str]:
    return [p.text for a in town.account(interview_id).answers for p in a.pieces]


def live(town: Town) -> UUID | None:
    with reading(town.database.sessions) as session:
        return session.scalar(select(PhoneLine.interview_id))


def test_each_code_word_opens_its_own_conversation(town: Town) -> None:
    town.begin()
    second, word = another(town)
    town.clock.on(seconds=1)
    town.text("About the first")
    [name_it] = town.text(word)
    assert NAME_IT in name_it
    [named, talk] = town.text("My youngest")
    assert "text that name" in named
    assert "Happy to talk by text?" in talk
    for words in ("AGREE", "AGREE", "About the second"):
        town.clock.on(seconds=1)
        town.text(words)
    assert said(town, town.interview_id) == ["About the first"]
    assert said(town, second) == ["About the second"]
    assert live(town) == second


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_quiet_window_waits_for_who_is_just_taking_over(town: Town) -> None:
    """SQLite lets one write at a time; elsewhere the window has to wait for the code word."""
    town.begin()
    second, word = another(town)
    town.clock.on(seconds=1)
    town.text("About the first")
    town.clock.on(minutes=5)
    with reading(town.database.sessions) as session:
        [turn] = outbox.due_turns(session, town.clock())

    def pass_quietly() -> None:
        with town.database.sessions.begin() as session:
            quiet_passed(session, town.settings, turn, town.clock())

    with ThreadPoolExecutor(1) as window:
        with town.database.sessions.begin() as session:
            take_in(session, town.settings, Incoming("their word", DEB, word), town.clock())
            session.flush()
            passed = window.submit(pass_quietly)
            while not session.scalar(WAITING):
                assert not passed.done()
        passed.result()
    assert live(town) == second
    assert town.state(town.interview_id).on_phone == "important.open"


def test_what_a_conversation_is_called_stands_nowhere(town: Town) -> None:
    second, _ = two(town)
    with reading(town.database.sessions) as session:
        lines = thread.by_interview(session, second)
        rows = session.scalars(select(TalkName)).all()
    assert not any("youngest" in line.body for line in lines)
    assert [len(row.name_index or b"") for row in rows] == [32]


def test_each_gets_a_name_of_its_own_and_nobody_has_to_give_one(town: Town) -> None:
    two(town)
    third, word = another(town)
    assert NAME_IT in town.text(word)[0]
    assert NAME_IT in town.text("AGREE")[0]
    assert NAME_IT in town.text("my youngest!")[0]  # another one is called that
    assert NAME_IT in town.text("He is seven and his school will not listen to any of us")[0]
    assert town.settings.phone in town.text("CALL")[0]
    [talk] = town.text("SKIP")
    assert "Happy to talk by text?" in talk
    assert said(town, third) == []


def test_after_half_a_day_they_are_asked_who_is_answering(town: Town) -> None:
    second, _ = two(town)
    town.clock.on(hours=11)
    assert town.text("Still about the second") == []
    town.clock.on(hours=13)
    town.turn()
    town.new()
    [which] = town.text("He likes his new teacher")
    assert WHICH in which
    assert WHICH in town.text("NEXT")[0]
    assert town.text("And the bus comes on time") == []  # they have just been asked
    answers = town.text("my youngest")
    assert len(answers) == 1
    assert said(town, second) == [
        "Still about the second",
        "He likes his new teacher",
        "And the bus comes on time",
    ]
    state = town.state(second)
    assert len(state.notes()) == 2
    assert set(state.notes()) <= state.flagged
    with reading(town.database.sessions) as session:
        assert arriving.unplaced(session, DEB) == []
        assert not any(line.body == "my youngest" for line in thread.by_phone(session, DEB))
    town.text("Now under the question")
    assert said(town, second)[-2:] != []
    assert town.state(second).notes() == state.notes()


def test_a_code_word_says_who_is_answering_and_brings_the_other_back(town: Town) -> None:
    second, word = two(town)
    first_word = town_word(town)
    town.clock.on(hours=13)
    assert WHICH in town.text("About Maisie")[0]
    assert NAME_IT in town.text(first_word)[0]  # it never had a name
    [_named, question] = town.text("my eldest")
    assert question.startswith("What is most important")
    assert said(town, town.interview_id) == ["About Maisie"]
    assert live(town) == town.interview_id
    town.clock.on(minutes=1)
    [question] = town.text(word)
    assert question.startswith("What is most important")
    assert live(town) == second
    assert first_word not in str(said(town, town.interview_id))


def town_word(town: Town) -> str:
    """A new code word for the first conversation, as a letter would bring."""
    with town.database.sessions.begin() as session:
        until = town.clock() + timedelta(days=30)
        secrets = doors.open_doors(session, town.interview_id, until, town.clock(), phone=DEB)
    return secrets.code_word or ""


def test_anybody_may_ask_for_a_call_before_they_said_who_they_are(town: Town) -> None:
    second, _ = two(town)
    town.clock.on(hours=13)
    assert town.settings.phone in town.text("CALL")[0]
    assert WHICH in town.text("Is anybody there?")[0]
    town.text("STOP")
    assert town.state(second).texts_stopped


def test_what_waited_for_the_other_is_taken_out_of_line(town: Town) -> None:
    town.begin()
    second, word = another(town)
    town.text("Half an answer")
    town.deliver(town.twilio.text(DEB, "NEXT"))  # its question is in line, and not sent yet
    town.deliver(town.twilio.text(DEB, word))
    town.turn()
    assert [NAME_IT in each for each in town.new()] == [True]
    town.clock.on(hours=2)
    town.turn()
    assert town.new() == []
    assert town.state(second).stage is Stage.DECIDING


def test_what_was_read_back_is_sent_all_the_same(town: Town) -> None:
    town.begin()
    _, word = another(town)
    for words in ("All of it", *["NEXT"] * 5, word):
        town.clock.on(seconds=1)
        town.text(words)
    town.clock.on(hours=2)
    town.turn()
    assert town.state(town.interview_id).stage is Stage.SENT
    assert town.new() == []


def test_what_they_add_when_one_is_done_is_not_put_with_the_other(town: Town) -> None:
    second, _ = two(town)
    town.text(town_word(town))
    for words in ("me", "All of it", *["NEXT"] * 5, "RIGHT", "NO", "NO", "NO"):
        town.text(words)
    town.clock.on(seconds=1)
    [added] = town.text("And he likes his new bus")
    assert "kept that too" in added
    assert said(town, town.interview_id) == ["All of it", "And he likes his new bus"]
    assert said(town, second) == []
    town.clock.on(hours=13)
    town.turn()
    town.new()
    assert WHICH in town.text("One more thing")[0]


def test_when_one_is_done_the_other_begins_with_its_code_word(town: Town) -> None:
    town.begin()
    second, word = another(town)
    town.text("All of it")
    for words in (*["NEXT"] * 5, "RIGHT", "NO", "NO", "NO"):
        town.text(words)
    town.clock.on(hours=13)
    [ask] = town.text("Hello again")  # it has no name, so only a code word can say
    assert "code word" in ask
    assert "Happy to talk by text?" in town.text(word)[0]
    assert Channel.TEXT in town.state(second).recognised


def test_after_a_no_nothing_they_text_is_put_with_the_other(town: Town) -> None:
    second, _ = two(town)
    third, word = another(town)
    for words in (word, "mum", "NO"):
        town.text(words)
    [no] = town.text("Please leave us alone")
    assert "kept nothing" in no
    assert said(town, second) == said(town, third) == []


def test_yes_after_stop_is_start_also_when_nobody_knows_who_is_answering(town: Town) -> None:
    second, _ = two(town)
    town.text("STOP")
    town.clock.on(hours=13)
    [which] = town.text("YES")
    assert WHICH in which
    assert not town.state(second).texts_stopped
    assert town.text("my youngest")[0].startswith("You texted START")
    assert town.text("AGREE")[0].startswith("What is most important")


@pytest.mark.parametrize(
    ("word", "answer"), [("WRONG", "Sorry that we texted you"), ("DELETE", "To take back all")]
)
def test_what_anybody_may_say_is_not_answered_by_who_are_you(
    town: Town, word: str, answer: str
) -> None:
    two(town)
    town.clock.on(hours=13)
    assert answer in town.text(word)[0]


def test_a_dozen_texts_before_they_say_who_they_are_are_asked_once_and_kept(town: Town) -> None:
    second, _ = two(town)
    town.clock.on(hours=13)
    answers = []
    for number in range(12):
        town.clock.on(seconds=15)
        answers += town.text(f"This is what happened, part {number}")
    assert [WHICH in each for each in answers] == [True]
    assert town.text("my youngest")[0].startswith("What is most important")
    assert len(said(town, second)) == 12


def test_after_thirty_quiet_days_no_name_is_asked_for_but_the_code_word(town: Town) -> None:
    second, _ = two(town)
    town.clock.on(days=29, hours=23)
    with town.database.sessions.begin() as session:
        until = town.clock() + timedelta(days=30)
        secrets = doors.open_doors(session, second, until, town.clock(), phone=DEB)
    town.clock.on(days=1)
    for words in ("Is it still on?", "my youngest"):
        [ask] = town.text(words)
        assert "code word" in ask
        assert "name you gave" not in ask
    town.text(secrets.code_word or "")
    assert said(town, second) == ["Is it still on?", "my youngest"]


def test_the_code_word_sent_twice_is_no_answer(town: Town) -> None:
    town.begin()
    word = town_word(town)
    [question] = town.text(word)
    assert question.startswith("What is most important")
    assert said(town, town.interview_id) == []
    with reading(town.database.sessions) as session:
        lines = thread.by_interview(session, town.interview_id)
    assert not any(word in line.body for line in lines)


def test_talking_before_the_code_word_does_not_use_up_the_tries(town: Town) -> None:
    invited = town.invite()
    for words in ("hi", "it is Deb here", "hello?", "Deb", "you wrote to me", "yes it is me"):
        town.text(words)
    town.text(invited.secrets.code_word or "")
    assert Channel.TEXT in town.state(invited.interview_id).recognised


def test_one_live_conversation_a_number_is_the_databases_own_rule(town: Town) -> None:
    town.begin()
    for phone, interview_id in ((OTHER, town.interview_id), (DEB, None)):
        with town.database.sessions() as session:
            index = outbox.phone_index(session, phone)
            session.add(PhoneLine(phone_index=index, interview_id=interview_id, since=town.clock()))
            with pytest.raises(IntegrityError):
                session.flush()


def test_two_code_words_at_once_leave_one_live(town: Town) -> None:
    words = [another(town), another(town)]

    def text(number: int) -> bool:
        incoming = Incoming(f"SM{number:032}", DEB, words[number % 2][1])
        with town.database.sessions.begin() as session:
            return take_in(session, town.settings, incoming, town.clock())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(text, range(8)))
    with reading(town.database.sessions) as session:
        assert len(session.scalars(select(PhoneLine)).all()) == 1
        assert len(session.scalars(select(InboundMessage)).all()) == 8
    assert live(town) in {interview_id for interview_id, _ in words}
    assert all(Channel.TEXT in town.state(each).recognised for each, _ in words)


def test_first_texts_of_an_unknown_number_at_once_make_one_line(town: Town) -> None:
    def text(number: int) -> bool:
        incoming = Incoming(f"SM{number:032}", OTHER, f"Hello {number}")
        with town.database.sessions.begin() as session:
            return take_in(session, town.settings, incoming, town.clock())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(text, range(8)))
    with reading(town.database.sessions) as session:
        assert len(arriving.unplaced(session, OTHER)) == 8
        assert phone_lines.is_live(session, town.interview_id) is False


def test_stop_stops_both_and_start_both(town: Town) -> None:
    second, _ = two(town)
    assert town.text("STOP") == []
    assert town.state(town.interview_id).texts_stopped
    assert town.state(second).texts_stopped
    town.text("START")
    assert not town.state(town.interview_id).texts_stopped
    assert town.state(town.interview_id).agree_again
    assert town.state(second).agree_again


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


def test_taken_back_leaves_no_name(town: Town) -> None:
    second, _ = two(town)
    with town.database.sessions.begin() as session:
        forget(session, second)
        assert session.scalars(select(TalkName)).all() == []
        assert session.scalars(select(PhoneLine)).all() == []
    assert NOTES not in town.state(second).answers

"""DELETE by text: the code word, seven days, KEEP; and STOP stays what it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from family_voice.interviews import doors
from family_voice.interviews.models import Fragment, Invitation
from family_voice.interviews.state import Stage
from family_voice.messages import outbox
from family_voice.messages.models import InboundMessage, OutboundMessage
from family_voice.operations import receipts, waiting
from family_voice.sms import commands
from family_voice.sms.commands import Command
from family_voice.storage.engine import reading
from tests.conftest import NOW
from tests.sms.town import DEB, Town


def begin(town: Town) -> str:
    """Deb has said something; her code word."""
    invited = town.invite()
    town.turn()
    word = invited.secrets.code_word or ""
    for words in (word, "AGREE", "AGREE", "Marker, he is called Max"):
        town.text(words)
    town.interview_id = invited.interview_id
    return word


def waits(town: Town) -> waiting.Wait | None:
    with reading(town.database.sessions) as session:
        return waiting.of_interview(session, town.interview_id)


def words_left(town: Town) -> int:
    with reading(town.database.sessions) as session:
        return len(session.scalars(select(Fragment)).all())


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("DELETE", ""),
        ("delete amber river", "amber river"),
        ("Delete: Amber-River, please!", "amber river"),
        ("Delete that bit where I said he shouts", None),
        ("Do not delete", None),
        ("", None),
    ],
)
def test_what_asks_for_deleting(body: str, after: str | None) -> None:
    assert commands.after_delete(body) == after


def test_keep_and_delete_are_not_the_carriers_words() -> None:
    assert commands.read("Keep.") is Command.KEEP
    assert commands.read("DELETE") is Command.DELETE


def test_the_code_word_seven_days_and_it_is_gone(town: Town) -> None:
    word = begin(town)
    assert town.text("DELETE") == [
        "To take back all that you told us, text DELETE and then the code word from our letter or "
        "call, in one text. Cannot find it? Ring 01632 960000. STOP only stops texts."
    ]
    assert waits(town) is None
    [asked] = town.text(f"delete {word}")
    assert asked == (
        "We will delete what you told us on Wednesday, 25 November 2026. Until then nothing "
        "changes. Changed your mind, or was it not you? Text KEEP, or ring 01632 960000. STOP only "
        "stops texts."
    )
    assert words_left(town) == 1
    town.clock.on(days=6, hours=23)
    town.turn()
    assert words_left(town) == 1
    town.new()
    town.clock.on(hours=2)
    town.turn()
    assert words_left(town) == 0
    assert town.state(town.interview_id).stage is Stage.WITHDRAWN
    with reading(town.database.sessions) as session:
        [found] = receipts.every(session)
    [done] = town.new()
    assert done == (
        "We have deleted what you told us, as you asked. The number of your receipt is "
        f"{found.number}. To hear what is on it, ring 01632 960000. The law may require us to keep "
        "some records.\n"
        "This is the Family Voice team. We do not read texts straight away. In danger? Ring 999. "
        "Worried about a child now? Ring 01632 960999. Your texts may cost you."
    )
    assert found.how == "text"
    assert found.asked_on == NOW.date()
    town.turn()
    assert town.new() == []


def test_after_thirty_quiet_days_it_is_taken_back_all_the_same(town: Town) -> None:
    word = begin(town)
    town.text(f"delete {word}")
    town.clock.on(days=31)  # whoever ran the worker was away
    town.turn()
    assert words_left(town) == 0
    assert town.state(town.interview_id).stage is Stage.WITHDRAWN


def test_before_the_code_word_it_is_taken_back_all_the_same(town: Town) -> None:
    invited = town.invite()
    town.text(f"delete {invited.secrets.code_word}")
    town.clock.on(days=8)
    town.turn()
    assert town.state(invited.interview_id).stage is Stage.WITHDRAWN


def test_keep_calls_it_off(town: Town) -> None:
    word = begin(town)
    town.text(f"DELETE {word}")
    assert waits(town) is not None
    assert town.text("Keep") == [
        "We delete nothing. What you told us is kept, as it was. You can go on."
    ]
    assert waits(town) is None
    town.clock.on(days=8)
    town.turn()
    assert words_left(town) == 1


def doors_end(town: Town) -> datetime:
    """When the round's links and code words stop working."""
    with reading(town.database.sessions) as session:
        return session.scalars(select(Invitation.valid_until)).one()


def test_keep_calls_it_off_when_the_doors_ended_meanwhile(town: Town) -> None:
    word = begin(town)
    town.clock.now = doors_end(town) - timedelta(days=3)
    town.text(f"DELETE {word}")
    town.clock.on(days=4)
    assert town.text("KEEP")[0].startswith("We delete nothing.")
    assert waits(town) is None
    town.clock.on(days=4)
    town.turn()
    assert words_left(town) == 1


def test_delete_works_after_the_doors_ended(town: Town) -> None:
    word = begin(town)
    town.clock.now = doors_end(town) + timedelta(days=2, hours=12)
    assert town.text("DELETE")[0].startswith("To take back all that you told us")
    assert town.text(f"DELETE {word}")[0].startswith("We will delete what you told us on")
    town.clock.on(days=7, hours=1)
    town.turn()
    assert words_left(town) == 0
    # Nothing else of it is open: other words are a stranger's.
    town.new()
    assert "We do not know this number" in town.text("Hello again")[0]


def test_keep_is_a_word_like_others_when_nothing_waits(town: Town) -> None:
    begin(town)
    town.text("KEEP")
    assert words_left(town) == 2


def test_a_wrong_code_word_changes_nothing_and_is_counted(town: Town) -> None:
    word = begin(town)
    [answer] = town.text("DELETE wrong words")
    assert answer.startswith("To take back all that you told us, text DELETE")
    for _ in range(4):
        town.text("DELETE wrong words")
    # Too many tries: the right one does not open either until a day is over.
    town.text(f"DELETE {word}")
    assert waits(town) is None
    assert words_left(town) == 1


def test_asking_twice_does_not_begin_the_days_anew(town: Town) -> None:
    word = begin(town)
    town.text(f"DELETE {word}")
    first = waits(town)
    town.clock.on(days=3)
    town.text(f"DELETE {word}")
    assert waits(town) == first


def test_the_text_with_the_code_word_is_not_kept(town: Town) -> None:
    word = begin(town)
    town.text(f"DELETE {word}")
    with reading(town.database.sessions) as session:
        newest = session.scalars(
            select(InboundMessage).order_by(InboundMessage.number.desc()).limit(1)
        ).one()
        from family_voice.messages.arriving import body_of

        assert body_of(session, newest) == ""


def test_stop_only_stops_texts(town: Town) -> None:
    word = begin(town)
    town.text(f"DELETE {word}")
    assert town.text("STOP") == []
    assert waits(town) is not None
    town.clock.on(days=7, hours=1)
    town.turn()
    # It is done, and nothing is sent to a phone that wants no texts.
    assert words_left(town) == 0
    assert town.new() == []


def test_nobody_is_answered_by_name_afterwards(town: Town) -> None:
    word = begin(town)
    town.text(f"DELETE {word}")
    town.clock.on(days=7, hours=1)
    town.turn()
    town.new()
    [answer] = town.text("Hello?")
    assert "We do not know this number." in answer
    with reading(town.database.sessions) as session:
        assert doors.by_phone(session, DEB, town.clock()) == []
        index = outbox.phone_index(session, DEB)
        about = session.scalars(
            select(OutboundMessage.interview_id).where(OutboundMessage.phone_index == index)
        )
        assert set(about) == {None}


def test_a_number_nobody_knows_leaves_nothing_either(town: Town) -> None:
    stranger = "+447700900777"
    town.text("Marker from a new number", stranger)
    town.text("DELETE", stranger)
    with reading(town.database.sessions) as session:
        from family_voice.messages.arriving import unplaced

        assert {each.body for each in unplaced(session, stranger)} <= {"", "DELETE"}
    town.clock.on(days=61)
    town.turn()
    with reading(town.database.sessions) as session:
        rows = session.scalars(select(InboundMessage)).all()
        assert {row.phone for row in rows} == {b""}
        assert all(row.phone_index != outbox.phone_index(session, stranger) for row in rows)


def test_seven_days_is_what_it_says() -> None:
    assert timedelta(days=7) == waiting.DAYS

"""A number nobody knows that says no: nothing it said stands, before or after, until it agrees."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from family_voice.interviews import record
from family_voice.messages import arriving, thread
from family_voice.security.models import DataKey
from family_voice.settings import Settings
from family_voice.sms import strangers
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import reading
from tests.conftest import EXAMPLES, Database
from tests.sms.town import Clock, Town

STRANGER = "+447700900555"


def stands(town: Town, phone: str = STRANGER) -> list[str]:
    with reading(town.database.sessions) as session:
        return [each.body for each in arriving.unplaced(session, phone)]


def shown(town: Town) -> list[tuple[str, list[str]]]:
    with reading(town.database.sessions) as session:
        waiting = strangers.waiting(session, town.clock())
    return [(each.phone, [text.body for text in each.texts]) for each in waiting]


@pytest.mark.parametrize("first", ["Hi, my son Tom is at Hill School", "STOP", "NO"])
def test_after_a_no_nothing_that_comes_is_kept_until_they_agree(town: Town, first: str) -> None:
    town.text(first, STRANGER)
    assert town.text("No thanks", STRANGER) == []
    for words in ("Actually he was excluded", "STOP", "START", "He is nine", "no"):
        town.text(words, STRANGER)
    assert set(stands(town)) == {"", "no"}
    town.text("Again: he is nine", STRANGER)
    assert shown(town) == []
    town.text("AGREE", STRANGER)
    town.text("AGREE", STRANGER)
    with reading(town.database.sessions) as session:
        interview_id = arriving.last_conversation(session, STRANGER)
        lines = [line.body for line in thread.by_phone(session, STRANGER) if not line.ours]
    assert interview_id is not None
    assert town.account(interview_id).answers == ()
    assert set(lines) == {"", "AGREE"}


def test_a_key_is_said_to_be_destroyed_when_it_was(town: Town) -> None:
    """A backup from before it holds the key: the search of backups goes by this moment."""
    town.text("Hello", STRANGER)
    town.clock.on(days=2)
    agreed_at = town.clock()
    town.text("AGREE", STRANGER)
    with reading(town.database.sessions) as session:
        gone = session.scalars(select(DataKey).where(DataKey.destroyed_at.is_not(None))).all()
    assert {key.destroyed_at for key in gone} == {agreed_at}
    assert len(gone) == 2


def test_a_text_from_before_the_no_that_comes_late_is_not_kept(town: Town) -> None:
    town.text("Hello", STRANGER)
    town.twilio.text(STRANGER, "My son is called Tom")
    town.text("NO", STRANGER)
    assert town.poll() == 1
    assert set(stands(town)) == {"", "NO"}


def test_a_no_from_abroad_counts_as_well(town: Town) -> None:
    for words in ("My son is called Tom", "NO", "He is nine"):
        assert town.text(words, "+15005550006") == []
    assert stands(town, "+15005550006") == ["", "NO", ""]


def test_the_lead_sees_words_and_calls_of_every_number_for_a_while(town: Town) -> None:
    town.text("This is Ali's mum, I have a new number", STRANGER)
    town.clock.on(minutes=1)
    for number in range(12):
        town.text(f"You have won {number}", "+15005550006")
    town.clock.on(minutes=1)
    town.text("Call me", "+447700900556")
    town.text("HELP", "+447700900557")
    assert shown(town) == [
        ("+447700900556", ["Call me"]),
        ("+15005550006", [f"You have won {number}" for number in range(11, 1, -1)]),
        (STRANGER, ["This is Ali's mum, I have a new number"]),
    ]
    town.clock.on(days=61)
    assert shown(town) == []


TEXTS = st.lists(
    st.one_of(
        st.just("words"),
        st.just("again"),
        st.sampled_from(["NO", "No thank you", "AGREE", "STOP", "START", "CALL", "RIGHT", "yes"]),
    ),
    max_size=12,
)


@examples(max_examples=20 * EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS)
def test_whatever_they_text_nothing_stands_after_a_no(
    database: Database, settings: Settings, texts: list[str]
) -> None:
    clock, settings = Clock(), replace(settings, sms="console")
    phone = f"+4477{uuid4().int % 10**8:08}"
    said_no, standing = False, list[str]()
    last: Incoming | None = None
    for number, body in enumerate([*texts, "AGREE", "AGREE"]):
        clock.on(seconds=7)
        if body == "again" and last is None:
            continue
        again = body == "again" and last is not None
        if last is None or not again:
            words = f"said {number}" if body == "words" else body
            last = Incoming(f"SM{uuid4().hex}", phone, words)
        with database.sessions.begin() as session:
            asked = strangers.were_asked(session, phone)
            assert take_in(session, settings, last, clock()) is not again
            interview_id = arriving.last_conversation(session, phone)
            kept = [each.body for each in arriving.unplaced(session, phone)]
        if again:
            continue
        if body.startswith(("NO", "No")):
            said_no, standing = True, []
        elif body == "words" and not said_no:
            standing.append(last.body)
        if interview_id is not None:
            assert asked
            assert body == "AGREE"
            assert said_in(database, interview_id) == standing
            return
        assert [each for each in kept if each.startswith("said")] == standing
        if said_no:
            assert {each.lower()[:2] for each in kept} <= {"", "no"}


def said_in(database: Database, interview_id: UUID) -> list[str]:
    with reading(database.sessions) as session:
        account = record.account(session, interview_id)
    return [piece.text for answer in account.answers for piece in answer.pieces]

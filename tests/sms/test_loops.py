"""A phone that answers by itself: the program falls silent, keeps the words and tells a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.interviews.events import NOTES, Channel
from family_voice.interviews.state import Late, Stage, State
from family_voice.messages import attention
from family_voice.messages.attention import Need
from family_voice.security.trail import Actor
from family_voice.sms import by_hand
from family_voice.sms.loops import (
    MOST_UNMOVED,
    SAME,
    WITHIN,
    goes_round,
    heard,
    moved_on,
    same_again,
)
from family_voice.storage.engine import reading
from tests.conftest import NOW
from tests.sms.town import Town

DRIVING = "I am driving right now and will get back to you as soon as I can. Sent automatically."
STRANGER = "+447700900555"
SOMEBODY = Actor("staff")


def needs(town: Town) -> set[Need]:
    with reading(town.database.sessions) as session:
        return {each.need for each in attention.open_needs(session)}


def give_back(town: Town, interview_id: UUID) -> None:
    with town.database.sessions.begin() as session:
        by_hand.give_back(session, town.settings, interview_id, SOMEBODY, town.clock())


@pytest.mark.parametrize("where", ["door", "decision", "question", "done"])
def test_the_same_words_three_times_in_an_hour_end_it_until_a_person_says_so(
    town: Town, where: str
) -> None:
    invited = town.invite()
    town.turn()
    code_word = invited.secrets.code_word or ""
    steps = {
        "door": [],
        "decision": [code_word],
        "question": [code_word, "AGREE", "AGREE"],
        "done": [code_word, "AGREE", "AGREE", *["SKIP"] * 5, "RIGHT"],
    }[where]
    for words in steps:
        town.text(words)
    town.text(DRIVING)
    town.text(DRIVING)
    assert needs(town) == set()
    [last] = town.text(DRIVING)
    assert "Somebody from our team will read this" in last
    assert needs(town) == {Need.SAME_AGAIN}
    assert town.state(invited.interview_id).with_person
    town.clock.on(hours=5)
    town.turn()
    assert town.new() == []
    assert town.text("And now it is me") == []
    if where != "door":
        give_back(town, invited.interview_id)
        town.turn()
        assert len(town.new()) == 1
    assert (
        len(town.text(code_word if where == "door" else "CALL")) == 1
    )  # the letter's is a person's
    assert needs(town) == set()


def test_what_the_machine_says_is_kept_all_the_same(town: Town) -> None:
    town.begin()
    for _ in range(5):
        town.text(DRIVING)
    said = [p.text for a in town.account(town.interview_id).answers for p in a.pieces]
    assert said == [DRIVING] * 5


def test_six_texts_that_move_nothing_on_are_enough(town: Town) -> None:
    town.begin()
    for words in (*["SKIP"] * 5, "RIGHT"):
        town.text(words)
    answers = [town.text("LANG") for _ in range(9)]
    # What answered RIGHT is the first of them; the last says that a person will answer.
    assert [len(each) for each in answers] == [1] * MOST_UNMOVED + [0] * 3
    assert "Somebody from our team" in answers[MOST_UNMOVED - 1][0]
    assert needs(town) == {Need.GOING_ROUND}
    give_back(town, town.interview_id)
    assert needs(town) == set()


def test_who_falls_under_the_guard_is_still_rung(town: Town) -> None:
    town.begin()
    for _ in range(4):
        town.text(DRIVING)
    [coming] = town.text("CALL")
    assert "We will ring you" in coming
    assert town.state(town.interview_id).call_wanted
    assert town.text("CALL") == []
    town.clock.on(minutes=61)
    assert len(town.text("CALL")) == 1


def test_thanks_after_the_end_are_kept_and_answered_once(town: Town) -> None:
    town.begin()
    for words in ("He likes the bus.", *["NEXT"] * 5, "RIGHT", "NO", "NO", "NO"):
        town.text(words)
    thanks = ["thanks a lot", "you are so kind", "bye then", "see you", "and thanks", "cheers all",
              "a good day", "really"]  # fmt: skip
    answers = []
    for words in thanks:
        town.clock.on(minutes=5)
        answers += town.text(words)
    [once] = answers
    assert "kept that too" in once
    assert "RIGHT" not in once
    assert needs(town) == set()


def test_an_agree_after_a_silence_answers_only_what_was_put(town: Town) -> None:
    town.begin()
    for words in ("He likes the bus.", *["NEXT"] * 5, "RIGHT", "AGREE"):
        town.text(words)
    assert town.state(town.interview_id).put == "count"
    with town.database.sessions.begin() as session:
        by_hand.take_over(session, town.interview_id, SOMEBODY, town.clock())
    assert town.text("AGREE") == []
    assert "count" not in town.state(town.interview_id).decisions
    give_back(town, town.interview_id)
    town.turn()
    [put] = town.new()
    assert "RIGHT" in put, "what they said to the person was not read back"
    town.text("RIGHT")
    assert "count" not in town.state(town.interview_id).decisions
    town.text("AGREE")
    assert town.state(town.interview_id).decisions["count"]


def test_who_adds_something_in_twelve_texts_is_told_once_and_is_no_machine(town: Town) -> None:
    town.begin()
    for words in ("He likes the bus.", *["NEXT"] * 5):
        town.text(words)
    said = [f"And number {number}" for number in range(12)]
    answers = []
    for words in said:
        town.clock.on(seconds=15)
        answers += town.text(words)
    assert answers == ["We have added that. If that is all, text RIGHT."]
    assert needs(town) == set()
    assert set(said) < {p.text for a in town.account(town.interview_id).answers for p in a.pieces}
    assert "short pieces" in town.text("RIGHT")[0]


def test_a_person_who_says_little_is_no_machine(town: Town) -> None:
    town.begin()
    for _ in range(4):
        assert town.text("No") == []
        assert town.text("Nothing") == []
        assert len(town.text("NEXT")) == 1
    assert needs(town) == set()


def test_a_stranger_who_repeats_themselves_is_for_a_person(town: Town) -> None:
    for _ in range(3):
        town.text("You have won a prize", STRANGER)
    assert needs(town) == {Need.SAME_AGAIN}
    assert town.text("AGREE", STRANGER) == []


def test_a_conversation_that_costs_too_much_is_for_a_person(town: Town) -> None:
    town.settings = replace(town.settings, segment_budget=12)
    town.begin()
    asked = 0
    while Need.FAR_OVER_BUDGET not in needs(town):
        assert asked < 30
        town.text(f"Words {asked}")
        town.text("BACK" if asked % 2 else "NEXT")
        asked += 1
    assert needs(town) == {Need.OVER_BUDGET, Need.FAR_OVER_BUDGET}
    assert town.text("NEXT") == []
    give_back(town, town.interview_id)
    town.turn()
    assert len(town.new()) == 1
    assert len(town.text("BACK")) == 1
    assert needs(town) == {Need.OVER_BUDGET}


MARKS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=12)


@given(MARKS)
def test_only_the_same_words_within_the_hour_count(said: list[tuple[str, int]]) -> None:
    now, kept, all_of_it = NOW, list[str](), []
    for mark, minutes in said:
        now += timedelta(minutes=minutes)
        kept = heard(kept, mark, now)
        all_of_it.append((mark, now))
        within = [m for m, at in all_of_it if now - at < WITHIN]
        assert len(kept) == len(within)
        assert same_again(kept) == (within.count(mark) >= SAME)


@given(st.integers(0, 20), st.integers(0, 3))
def test_no_more_than_so_many_go_unmoved(unmoved: int, answers: int) -> None:
    assert goes_round(unmoved, answers) == (answers > 0 and unmoved + answers > MOST_UNMOVED)


def test_what_moves_a_conversation_on() -> None:
    one, two = UUID(int=1), UUID(int=2)
    before = State(stage=Stage.ASKING, on_phone="important.open", current="important.open")
    stays = replace(
        before,
        answers={NOTES: (one,)},
        flagged=frozenset({one}),
        late=Late("important.open", NOW),
        quiet_until=NOW,
        text_at=NOW,
    )
    assert not moved_on(before, stays, ())
    changes: tuple[dict[str, Any], ...] = (
        {"answers": {"important.open": (two,)}},
        {"stage": Stage.READING_BACK},
        {"on_phone": "help.open"},
        {"recognised": frozenset({Channel.TEXT})},
        {"decisions": {"talk": True}},
        {"call_wanted": True},
    )
    for change in changes:
        assert moved_on(before, replace(before, **change), ())

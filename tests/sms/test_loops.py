"""A phone that answers by itself gets no endless conversation, and a person always an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.messages.wording import Template
from family_voice.sms.loops import IN_A_ROW, WITHIN, goes_round
from tests.conftest import NOW
from tests.sms.town import Town

DRIVING = "I am driving right now and will get back to you as soon as I can. Sent automatically."


@pytest.mark.parametrize("where", ["door", "check", "done"])
def test_an_answering_machine_is_answered_six_times_and_a_person_again(
    town: Town, where: str
) -> None:
    invited = town.invite()
    town.turn()
    town.new()
    code_word = invited.secrets.code_word or ""
    if where != "door":
        town.text(code_word)
        town.text("AGREE")
    if where == "done":
        for words in ("AGREE", *["SKIP"] * 5, "RIGHT"):
            town.text(words)
    answered = [len(town.text(DRIVING)) for _ in range(8)]
    assert 4 <= sum(answered) <= 6  # what had been asked already counts among the six
    assert answered == sorted(answered, reverse=True)
    town.clock.on(hours=5)
    assert town.text(DRIVING) == []
    moves = {"door": code_word, "done": "CALL"}.get(where, "AGREE")
    assert len(town.text(moves)) == 1
    assert len(town.text("HELP")) == 1
    assert len(town.text("And one more thing that I wanted to say")) == (where != "check")


def test_what_the_machine_says_is_kept_all_the_same(town: Town) -> None:
    town.begin()
    for words in (*["SKIP"] * 5, "RIGHT"):
        town.text(words)
    said = [f"And number {number}" for number in range(9)]
    for words in said:
        town.text(words)
    assert [p.text for a in town.account(town.interview_id).answers for p in a.pieces] == said


TEMPLATES = st.sampled_from([Template.CODE_WORD, Template.ADDED, Template.QUESTION])
MINUTES = st.lists(st.integers(0, 30), min_size=0, max_size=12)


@given(TEMPLATES, st.lists(TEMPLATES, max_size=12), MINUTES)
def test_only_the_same_answer_six_times_within_an_hour(
    answer: Template, templates: list[Template], gaps: list[int]
) -> None:
    moments = [NOW - timedelta(minutes=sum(gaps[:number])) for number in range(len(templates))]
    sent = list(zip(templates, moments, strict=True))
    recent = [(t, at) for t, at in sent[:IN_A_ROW] if t is answer and moments[0] - at <= WITHIN]
    assert goes_round([answer], sent) == (len(recent) == IN_A_ROW)
    assert not goes_round([], sent)


@given(st.integers(0, 20))
def test_it_does_fall_silent(times: int) -> None:
    sent = [(Template.ADDED, NOW - timedelta(minutes=number)) for number in range(times)]
    assert goes_round([Template.ADDED], sent) == (times >= IN_A_ROW)

"""Memos as they are kept: on anything, through any recoding, and gone with the words."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.events import Channel
from family_voice.interviews.record import write
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing
from family_voice.themes import coding, forgetting
from family_voice.themes.coding import NoSuchCode, NotInAccount, Unit
from family_voice.themes.memo_models import MemoRow
from family_voice.themes.memos import (
    LONGEST_MEMO,
    MemoTooLong,
    NothingNoted,
    memos_on,
    note,
    take_away,
)
from family_voice.themes.second_models import SecondCoding, SecondDraw
from tests.cases.households import a_full_round
from tests.conftest import NOW
from tests.themes.test_coding import ANSWER, OTHER, lead, sentence, told

on_one = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@on_one
def test_a_memo_hangs_on_anything_and_stays_through_recoding(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    second = sentence(session, interview_id, ANSWER.prompt_id, 1)
    coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    about = [(None, None), (ANSWER, None), (second, None), (ANSWER, "waiting")]
    for number, (unit, code) in enumerate(about):
        note(session, interview_id, unit, code, f" memo {number}\n", amina, NOW)
    coding.take_off(session, interview_id, ANSWER, "waiting", amina, NOW)
    coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    found = memos_on(session, interview_id)
    assert {(each.unit, each.code): each.text for each in found} == {
        each: f"memo {number}" for number, each in enumerate(about)
    }
    assert {(each.by, each.at) for each in found} == {(amina, NOW)}
    for row in session.scalars(select(MemoRow)):
        assert b"memo" not in row.text, "what is noted is sealed"


@on_one
def test_a_memo_on_words_that_were_reworded_is_shown_no_more(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    note(session, interview_id, sentence(session, interview_id, OTHER.prompt_id, 0), None, "Who?",
         amina, NOW)  # fmt: skip
    note(session, interview_id, OTHER, None, "The whole of it", amina, NOW)
    write(session, interview_id, OTHER.prompt_id, "They rang.", channel=Channel.WEB, now=NOW)
    assert [each.text for each in memos_on(session, interview_id)] == ["The whole of it"]


@on_one
def test_what_cannot_be_noted_changes_nothing(session: Session) -> None:
    interview_id, amina, bob = told(session), lead(session), lead(session, "bob@council.example")
    kept = note(session, interview_id, ANSWER, None, "Ask her", amina, NOW)
    for unit, code, text, wrong in (
        (ANSWER, None, " \n ", NothingNoted),
        (ANSWER, None, "x" * (LONGEST_MEMO + 1), MemoTooLong),
        (ANSWER, "no_such_code", "x", NoSuchCode),
        (None, "waiting", "x", NotInAccount),
        (Unit("next.open"), None, "x", NotInAccount),
        (Unit(ANSWER.prompt_id, new_id()), None, "x", NotInAccount),
    ):
        with pytest.raises(wrong):
            note(session, interview_id, unit, code, text, amina, NOW)
    for whose, by in ((interview_id, bob), (told(session), amina)):
        with pytest.raises(Missing):
            take_away(session, whose, kept, by)
    assert [each.text for each in memos_on(session, interview_id)] == ["Ask her"]
    take_away(session, interview_id, kept, amina)
    assert memos_on(session, interview_id) == ()


@on_one
def test_who_codes_blind_reads_their_own_memos_alone(session: Session) -> None:
    interview_id, amina, bob = told(session), lead(session), lead(session, "bob@council.example")
    draw = SecondDraw(round_id=a_full_round(session), seed=1, percent=25, by=amina, at=NOW)
    session.add(draw)
    session.flush()
    session.add(SecondCoding(interview_id=interview_id, draw_id=draw.id, drawn=True, coder=bob))
    session.flush()
    note(session, interview_id, ANSWER, None, "Amina's", amina, NOW)
    note(session, interview_id, ANSWER, None, "Bob's", bob, NOW)
    assert [each.text for each in memos_on(session, interview_id, reader=bob)] == ["Bob's"]
    assert len(memos_on(session, interview_id, reader=amina)) == 2


@on_one
def test_memos_go_with_the_words(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    note(session, interview_id, sentence(session, interview_id, OTHER.prompt_id, 0), None, "Why?",
         amina, NOW)  # fmt: skip
    forgetting.forget(session, interview_id)
    assert session.scalars(select(MemoRow)).all() == []

"""Counts of codes, notes, requests and differences: what pages of the codebook rest on."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.storage.locking import Missing
from family_voice.themes import codebook_changing, codebook_notes, codebook_requests, coding
from family_voice.themes.code_use import Again, Use, to_look_at_again, uses
from family_voice.themes.codebook import load_codebook
from family_voice.themes.codebook_changes import Add, Merge, NameGroup, Retire, Reword
from family_voice.themes.codebook_differences import PartChanged, differences
from family_voice.themes.codebook_requests import AlreadyAnswered, NothingSaid, Outcome
from family_voice.themes.coding import NoSuchCode
from family_voice.themes.second_models import SecondCoding, SecondDraw
from family_voice.themes.workbench import bench
from tests.cases.households import a_round
from tests.conftest import NOW
from tests.themes.test_codebook_changes import wording
from tests.themes.test_coding import ANSWER, OTHER, lead, sentence, told

STARTER = load_codebook()


def test_counts_follow_merges_and_leave_out_what_is_to_be_coded_blind(session: Session) -> None:
    amina, bo = lead(session), lead(session, "bo@council.example")
    one, two = told(session), told(session)
    for interview_id in (one, two):
        coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    coding.put(session, one, OTHER, "answers", amina, NOW)
    coding.put(session, two, ANSWER, "answers", amina, NOW)
    assert uses(session, amina, NOW) == {"waiting": Use(2, 2), "answers": Use(2, 2)}
    codebook_changing.change(session, Merge("answers", "waiting"), 1, "The same", amina, NOW)
    assert uses(session, amina, NOW) == {"waiting": Use(3, 2)}
    draw = SecondDraw(round_id=a_round(session), seed=1, percent=25, by=amina, at=NOW)
    session.add(draw)
    session.flush()
    session.add(SecondCoding(interview_id=two, draw_id=draw.id, drawn=True, coder=bo))
    session.flush()
    assert uses(session, bo, NOW) == {"waiting": Use(2, 1)}


def test_what_stands_under_a_retired_code_is_listed_where_it_stands_first(session: Session) -> None:
    amina, interview_id = lead(session), told(session)
    second = sentence(session, interview_id, ANSWER.prompt_id, 1)
    for unit in (OTHER, second):
        coding.put(session, interview_id, unit, "waiting", amina, NOW)
    assert to_look_at_again(session, amina, NOW) == ()
    codebook_changing.change(session, Retire("waiting"), 1, "Too wide", amina, NOW)
    again = Again(interview_id, "waiting", 2, 1, second.sentence_id)
    assert to_look_at_again(session, amina, NOW) == (again,)
    opened = bench(session, interview_id, amina, NOW).answers[again.answer - 1]
    assert opened.line(again.sentence_id) is not None
    for unit in (OTHER, second):
        coding.take_off(session, interview_id, unit, "waiting", amina, NOW)
    assert to_look_at_again(session, amina, NOW) == ()


def test_notes_of_a_merged_code_stand_with_what_it_became(session: Session) -> None:
    amina = lead(session)
    codebook_notes.note(session, "answers", " Only of calls. ", amina, NOW)
    with pytest.raises(NoSuchCode):
        codebook_notes.note(session, "nothing", "A note", amina, NOW)
    with pytest.raises(codebook_notes.NothingNoted):
        codebook_notes.note(session, "answers", " ", amina, NOW)
    codebook_changing.change(session, Merge("answers", "waiting"), 1, "The same", amina, NOW)
    for code in ("answers", "waiting"):
        (note,) = codebook_notes.notes_of(session, code)
        assert (note.code, note.text) == ("answers", "Only of calls.")


def test_a_request_waits_until_it_has_its_one_answer(session: Session) -> None:
    amina = lead(session)
    zara = add_staff(
        session, email="zara@forum.example", roles=[Role.FORUM], now=NOW, password="x" * 12
    ).staff_id
    with pytest.raises(NoSuchCode):
        codebook_requests.ask(session, "nothing", "Why?", zara, NOW)
    with pytest.raises(NothingSaid):
        codebook_requests.ask(session, None, "  ", zara, NOW)
    asked = codebook_requests.ask(session, None, "There is no code for sleep.", zara, NOW)
    assert codebook_requests.how_many_wait(session) == 1
    with pytest.raises(Missing):
        codebook_requests.answer(session, asked, Outcome.CHANGED, "Yes.", amina, NOW, version=9)
    codebook_requests.answer(session, asked, Outcome.CHANGED, "Now there is.", amina, NOW)
    with pytest.raises(AlreadyAnswered):
        codebook_requests.answer(session, asked, Outcome.NOT_CHANGED, "No.", amina, NOW)
    assert codebook_requests.waiting(session) == ()
    (done,) = codebook_requests.answered(session)
    assert (done.answer, done.outcome, done.by) == ("Now there is.", Outcome.CHANGED, zara)


def test_differences_tell_part_by_part_what_was_and_what_is() -> None:
    added = Add(wording("Buses"), "life_now").apply(STARTER)
    (new,) = differences(STARTER, added)
    assert (new.id, new.new) == ("buses", True)
    assert PartChanged("group", (), ("Life now",)) in new.parts
    merged = Merge("buses", "waiting").apply(added)
    (gone,) = differences(added, merged)
    assert gone.parts == (PartChanged("standing", (), ("merged", "Waiting")),)
    renamed = Reword("buses", wording("Trams")).apply(added)
    (changed,) = differences(added, renamed)
    assert changed.parts[0] == PartChanged("name", ("Buses",), ("Trams",))
    (group,) = differences(STARTER, NameGroup("life_now", "Life today").apply(STARTER))
    assert group.is_group
    assert group.parts == (PartChanged("name", ("Life now",), ("Life today",)),)

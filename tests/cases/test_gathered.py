"""Accounts told elsewhere come by the same doors: permission first, then words, and once only."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases import candidates, gathered, linking
from family_voice.cases.gathered import GatheredRefused, NotAgreed, NothingSaid
from family_voice.cases.gathered_file import (
    FOLDER,
    BadMapping,
    Told,
    mappings,
    read_gathered,
    read_mapping,
)
from family_voice.cases.permission import account_for, lead_may_read, panel_may_read
from family_voice.consent.decisions import How
from family_voice.consent.evidence import asked
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.errors import AlreadyBegun
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.interviews.words import Speaker
from tests.cases.households import NOW, a_full_round
from tests.cases.test_linking import lead

FORMS = mappings()["ms_forms"]
TODAY = NOW.date()
LINE = {
    "ID": "7", "Completion time": "11/17/26 9:30:00", "Your first name": "Nadia",
    "Your last name": "Example", "Your phone number": "07700 900101",
    "Your child's first name": "Aaliyah", "Your child's last name": "Example",
    "Your child's date of birth": "14/03/2016", "May we keep what you tell us?": "Yes",
    "May the small group read it?": "Yes", "May we count it?": "No",
    "What is most important for us to know?": "- She reads.\n\n=And she sings.",
    "Anything else?": "Thank you.",
}  # fmt: skip


def file(*lines: dict[str, str], without: str = "", delimiter: str = ",") -> bytes:
    names = [each for each in sorted(FORMS.columns) if each != without]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(names)
    writer.writerows([[line.get(name, "") for name in names] for line in lines])
    return text.getvalue().encode("utf-8-sig")


def accounts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Interview)) or 0


def test_a_line_is_an_account_with_its_permission_and_words_as_they_came(session: Session) -> None:
    a_full_round(session)
    by = lead(session)
    assert by.id is not None
    brought = gathered.bring_in(session, file(LINE), FORMS, by, NOW)
    [account] = brought.made
    words = account_for(session, account, by.id, NOW)
    assert [each.text for each in words.answers] == [
        "- She reads.\n\n=And she sings.", "Thank you.",
    ]  # fmt: skip
    assert {each.channel for answer in words.answers for each in answer.pieces} == {Channel.FORM}
    assert {(each.statement.purpose, each.yes, each.how) for each in asked(session, account, NOW)} \
        == {
            (Purpose.TALK, True, How.FORM), (Purpose.CHECK, True, How.FORM),
            (Purpose.COUNT, False, How.FORM),
        }  # fmt: skip
    assert record.state_of(session, account).stage is Stage.SENT
    assert record.state_of(session, account).sent_at == datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
    assert panel_may_read(session, account, NOW)
    assert linking.unlinked(session) == [account]
    assert candidates.offers(session, account, NOW)[0].case.child.reference == "EX-001"


def test_who_did_not_say_yes_leaves_no_trace(session: Session) -> None:
    by = lead(session)
    for answer in ("No", ""):
        told = LINE | {"May we keep what you tell us?": answer}
        brought = gathered.bring_in(session, file(told), FORMS, by, NOW)
        assert (brought.made, brought.without_permission) == ((), 1)
    assert accounts(session) == 0


def test_the_same_line_comes_in_once(session: Session) -> None:
    by = lead(session)
    gathered.bring_in(session, file(LINE), FORMS, by, NOW)
    other = LINE | {"ID": "8"}
    brought = gathered.bring_in(session, file(LINE, other), FORMS, by, NOW)
    assert (len(brought.made), brought.here_already) == (1, 1)
    assert accounts(session) == 2


def test_every_problem_is_named_and_nothing_comes_in(session: Session) -> None:
    by = lead(session)
    wrong = [
        LINE | {"ID": "1", "May the small group read it?": "perhaps"},
        LINE | {"ID": "2", "Completion time": "31/31/26 9:30"},
        LINE | {"ID": "3", "Completion time": "12/24/26 9:30:00"},
        LINE | {"ID": "4", "Your last name": "x" * 300},
    ]
    with pytest.raises(GatheredRefused) as refused:
        gathered.bring_in(session, file(LINE, *wrong), FORMS, by, NOW)
    found = [(each.line, each.column) for each in refused.value.problems]
    assert sorted(column for _line, column in found) == [
        "Completion time", "Completion time", "May the small group read it?", "Your last name",
    ]  # fmt: skip
    # A quoted answer of three lines moves all that come after it on.
    assert [line for line, _column in found] == [5, 8, 11, 14]
    assert accounts(session) == 0
    missing = read_gathered(file(LINE, without="Anything else?"), FORMS, TODAY).problems
    assert [(each.line, each.column) for each in missing] == [(1, "Anything else?")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rest", b"a,b\n", b"\x00\x01", file()])
def test_what_is_no_file_of_answers_is_refused(data: bytes) -> None:
    assert read_gathered(data, FORMS, TODAY).problems


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    found = read_gathered(data, FORMS, TODAY)
    assert found.problems
    assert found.told == []


def test_semicolons_and_another_day_first() -> None:
    there = read_gathered(file(LINE, delimiter=";"), FORMS, TODAY)
    assert [each.speaker.first_name for each in there.told] == ["Nadia"]
    day_first = replace(FORMS, days="day_first")
    line = LINE | {"Completion time": "17/11/2026 09:30"}
    [told] = read_gathered(file(line), day_first, TODAY).told
    assert told.at == datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a: [", "Line"),
        ("- a", "mapping"),
        ("answers: {important.open: A}", "permission"),
        ("permission: {talk: {column: A, agree: [yes]}}", "answers"),
        (
            "permission: {talk: {column: A, agree: [yes]}}\nanswers: {nothing.there: A}",
            "nothing.there",
        ),
        ("permission: {talk: {column: A}}", "talk"),
        ("permission: {sell: {column: A, agree: [yes]}}", "permission"),
        ("audience: dog", "audience"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(text: str, named: str) -> None:
    with pytest.raises(BadMapping) as refused:
        read_mapping(text)
    assert named in str(refused.value)


def test_our_mappings_can_be_used_and_a_bare_yes_is_one() -> None:
    assert set(mappings()) == {"ms_forms", "poet"}
    read = read_mapping(
        "permission: {talk: {column: A, agree: [yes, Y], refuse: [no]}}\nanswers: {notes: B}"
    )
    assert read.permission[Purpose.TALK].yes == {"yes", "y"}
    assert read.permission[Purpose.TALK].no == {"no"}


def paper(**changes: Any) -> Told:
    told = Told(
        key="", at=NOW, audience="young_person", language="pl",
        speaker=Speaker(first_name="Tomasz", child_date_of_birth="07/2010"),
        decisions={Purpose.TALK: True, Purpose.CHECK: False},
        answers={"important.open": "Lubię szkołę.", "worries.open": " "},
    )  # fmt: skip
    return replace(told, **changes)


def test_a_paper_form_is_theirs_in_their_language_and_typed_by_somebody(session: Session) -> None:
    by, name = lead(session), uuid4()
    account = gathered.type_in(session, paper(), name, by, NOW)
    assert by.id is not None
    [answer] = account_for(session, account, by.id, NOW).answers
    [piece] = answer.pieces
    assert (piece.text, piece.language, piece.recorded_by) == ("Lubię szkołę.", "pl", by.id)
    assert not panel_may_read(session, account, NOW)
    with pytest.raises(AlreadyBegun):
        gathered.type_in(session, paper(), name, by, NOW)


def test_a_paper_form_without_a_yes_or_without_words_is_not_kept(session: Session) -> None:
    by = lead(session)
    for decisions in ({}, {Purpose.TALK: False}):
        with pytest.raises(NotAgreed):
            gathered.type_in(session, paper(decisions=decisions), uuid4(), by, NOW)
    with pytest.raises(NothingSaid):
        gathered.type_in(session, paper(answers={"notes": "\n "}), uuid4(), by, NOW)
    assert accounts(session) == 0


def test_nobody_else_reads_a_form_before_permission(session: Session) -> None:
    by = lead(session)
    brought = gathered.bring_in(session, file(LINE), FORMS, by, NOW)
    record.decide(session, brought.made[0], Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    assert not lead_may_read(session, brought.made[0], NOW)
    assert date(2026, 11, 18) == TODAY


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Completion time", "9999-12-31T23:59:59-10:00"),
        ("Completion time", "0001-01-01T00:00:00+00:00"),
        ("Completion time", "11/17/16 9:30:00"),
        ("Anything else?", "y" * 140_000),
    ],
)
def test_what_no_form_says_is_a_sentence(column: str, cell: str) -> None:
    assert len(read_gathered(file(LINE | {column: cell}), FORMS, TODAY).problems) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"language: en": "language: xx"},
        {'agree: ["Yes"]': "agree: [[1]]"},
        {'agree: ["Yes"]': "agree: [{a: b}]"},
        {"language: en": "language: 2020-13-45"},
    ],
)
def test_a_mapping_that_cannot_be_is_refused_in_words(changed: dict[str, str]) -> None:
    text = (FOLDER / "ms_forms.yaml").read_text("utf-8")
    for before, after in changed.items():
        text = text.replace(before, after, 1)
    with pytest.raises(BadMapping):
        read_mapping(text)


def test_two_forms_that_count_from_one_are_not_taken_for_the_same() -> None:
    without_time = replace(FORMS, id="own", at="")
    lines = [LINE, LINE | {"Anything else?": "Another form altogether."}]
    keys = {read_gathered(file(each), without_time, TODAY).told[0].key for each in lines}
    assert len(keys) == 2

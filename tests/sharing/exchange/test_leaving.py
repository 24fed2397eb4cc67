"""A round as it leaves: only what may, without names, every place right; and coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import all_rounds
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Sentence
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.models import DataKey
from family_voice.security.trail import OPERATOR
from family_voice.sharing import replacements
from family_voice.sharing.exchange import codebook_in, codes, coming_back, keeping
from family_voice.sharing.exchange.leaving import Leaving, round_project
from family_voice.sharing.exchange.models import ImportedProject
from family_voice.sharing.exchange.project import CodeEntry, guid
from family_voice.sharing.exchange.reading import read_qdpx
from family_voice.sharing.exchange.writing import qdc, qdpx
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing
from family_voice.themes import coding, memos
from family_voice.themes.codebook import load_codebook
from family_voice.themes.codebook_changes import Add
from family_voice.themes.codebook_changing import change
from family_voice.themes.codebook_wording import Wording
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Unit
from family_voice.themes.second_models import SecondCoding, SecondDraw
from tests.conftest import NOW
from tests.sharing.exchange.projects import project, unpacked
from tests.themes.suggesting import FIRST, WELL, WORRIES, Suggesting, two_accounts

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


# --- A round ------------------------------------------------------------------------------------


def a_round(session: Session) -> Suggesting:
    two = two_accounts(session, on=False)
    coding.put(session, two.coded, sentence(session, two.coded, WORRIES, 1), "waiting", two.ben,
               NOW)  # fmt: skip
    return two


def sentence(session: Session, interview_id: UUID, unit: Unit, number: int) -> Unit:
    answer = record.account(session, interview_id).answer(unit.prompt_id)
    assert answer is not None
    return Unit(unit.prompt_id, answer.pieces[0].sentences[number].id)


def leaves(session: Session, by: UUID | None = None, *, names: bool = False) -> Leaving:
    (held,) = all_rounds(session)
    return round_project(session, held.id, by, NOW, names=names)


def passages(left: Leaving) -> dict[str, list[str]]:
    """The words of every passage, and its codes' names."""
    return {
        source.text[each.start : each.end]: [
            left.project.every_code[put.code].name for put in each.codings
        ]
        for source in left.project.sources
        for each in source.passages
    }


def test_codes_memos_cases_and_variables_leave_with_the_words(session: Session) -> None:
    two = a_round(session)
    memos.note(session, two.coded, WORRIES, "answers", "Ask Miss Ward why.", two.ben, NOW)
    memos.note(session, two.coded, FIRST, None, "Heard before.", two.amina, NOW)
    memos.note(session, two.coded, None, None, "A long call.", two.amina, NOW)
    left = leaves(session, names=True)
    assert passages(left) == {
        "He is six. We wait and wait for speech therapy.": ["Waiting"],
        "Nobody rings back. The taxi is always late.": ["Getting an answer"],
        "The taxi is always late.": ["Waiting"],
        "Miss Ward is kind.": ["Believed and not blamed"],
    }
    said = left.project
    assert {each.text for each in said.notes} == {
        "Ask Miss Ward why.", "Heard before.", "A long call.",
    }  # fmt: skip
    assert len(said.cases) == 2
    assert {len(case.sources) for case in said.cases} == {3}
    values = {each.name: each.id for each in said.variables}
    first = {each.variable: each.value for each in said.sources[0].values}
    assert first[values["Channel"]] == "web"
    assert first[values["Audience"]] == "parent carer"
    assert first[values["Heading"]]
    assert {each.value for case in said.cases for each in case.values} == {"Autumn 2026"}
    by = {put.by for s in said.sources for each in s.passages for put in each.codings}
    assert by == {each.id for each in said.coders}
    assert qdpx(read_qdpx(qdpx(said)).project) == qdpx(said)


def test_without_names_nobody_is_named_and_the_places_are_still_right(session: Session) -> None:
    two = a_round(session)
    memos.note(session, two.coded, WELL, None, "Miss Ward again.", two.amina, NOW)
    replacements.take(session, two.coded, "Miss Ward", "", OPERATOR, NOW)
    replacements.take(session, two.coded, "speech therapy", "", OPERATOR, NOW)
    left = leaves(session)
    ours = left.accounts[two.coded].sources
    text = "\n".join([*(s.text for s in ours), *(n.text for n in left.project.notes)])
    for name in ("Ward", "speech therapy"):
        assert name not in text
    xml = unpacked(qdpx(left.project))["project.qde"].decode()
    for name in ("Ward", "EX-001", "Amina", "amina", "ben@"):
        assert name not in xml
    found = passages(left)
    assert "The taxi is always late." in found
    assert [each for each in found if each.startswith("He is six. We wait and wait for [")]
    assert not any(each.words for s in left.project.sources for each in s.passages)
    named = leaves(session, names=True).project
    assert [each.id for each in named.sources] == [each.id for each in left.project.sources]


def test_it_is_the_same_each_time_and_after_a_round_trip(session: Session) -> None:
    a_round(session)
    first = qdpx(leaves(session).project)
    assert qdpx(leaves(session).project) == first
    number = keeping.keep(session, read_qdpx(first).project, None, NOW)
    assert qdpx(keeping.kept(session, number)) == first
    assert keeping.keep(session, read_qdpx(first).project, None, NOW) == number


@ONE_DATABASE
def test_no_child_of_the_round_is_named_in_a_code_a_memo_or_a_text_of_another(
    session: Session,
) -> None:
    two = a_round(session)
    (held,) = all_rounds(session)
    names = {case.reference: case.child.facts.name for case in round_ledger(session, held.id,
             NOW).cases}  # fmt: skip
    other = names["EX-002"]
    first, *_rest = other.split()
    book = current(session)
    wording = replace(
        Wording.of(book.code("waiting")), name=f"Taxi for {first}",
        definition=f"What was told of {other} and the taxi that never came.",
    )  # fmt: skip
    change(session, Add(wording, book.groups[0].id), book.version, "Asked for.", two.amina, NOW)
    (mine,) = (each.id for each in current(session).codes.values() if each.name == wording.name)
    coding.put(session, two.coded, WELL, mine, two.amina, NOW)
    memos.note(session, two.coded, WELL, None, f"As with {first} and with {other.lower()}.",
               two.amina, NOW)  # fmt: skip
    plain = leaves(session).project
    for every in (*names.values(), *(name.split()[0] for name in names.values())):
        for data in (unpacked(qdpx(plain))["project.qde"], qdc(plain.codes, "x")):
            assert every.casefold() not in data.decode().casefold()
    assert any(each.name.startswith("Taxi for [") for each in plain.every_code.values())
    ours = codes.entries(load_codebook())
    assert all(each in plain.codes for each in ours[1:])
    named = leaves(session, names=True).project
    assert wording.name in {each.name for each in named.every_code.values()}
    # Brought in again it does not write over what our codebook says.
    assert codebook_in.look(session, codes.words_of(plain.codes)).reworded == ()


@ONE_DATABASE
def test_what_a_family_keeps_back_is_in_no_file(session: Session) -> None:
    two = a_round(session)
    kept = sentence(session, two.coded, WORRIES, 1).sentence_id
    session.get_one(Sentence, kept).not_for_workers = True
    session.flush()
    for names in (True, False):
        left = leaves(session, names=names)
        coded_texts = [s.text for s in left.project.sources if s.passages]
        assert "Nobody rings back." in coded_texts
        assert not any("taxi" in text for text in coded_texts)
        assert ["Getting an answer"] in passages(left).values()


@ONE_DATABASE
def test_whoever_took_it_back_is_in_no_file(session: Session) -> None:
    two = a_round(session)
    kept = keeping.keep(session, leaves(session).project, None, NOW)
    other = keeping.keep(session, project({"Others.": []}), None, NOW)
    row = session.scalar(select(ImportedProject).where(ImportedProject.number == kept))
    assert row is not None
    key = session.get_one(DataKey, row.key_id)
    withdraw(session, two.coded, Asked(Way.WEB, NOW.date()), NOW)
    left = leaves(session)
    assert set(left.accounts) == {two.open}
    assert left.project.codings == 0
    with pytest.raises(Missing):
        keeping.kept(session, kept)
    assert key.wrapped is None
    assert keeping.kept(session, other).name == "A round"


@ONE_DATABASE
def test_whoever_codes_blind_gets_no_codes_in_a_file(session: Session) -> None:
    two = a_round(session)
    (held,) = all_rounds(session)
    draw = SecondDraw(id=new_id(), round_id=held.id, seed=1, percent=20, by=two.amina, at=NOW)
    session.add(draw)
    session.flush()
    session.add(
        SecondCoding(id=new_id(), interview_id=two.coded, draw_id=draw.id, drawn=True,
                     coder=two.ben)
    )  # fmt: skip
    session.flush()
    blind = leaves(session, two.ben)
    assert (set(blind.accounts), blind.blind) == ({two.open}, 1)
    whole = leaves(session, two.amina)
    assert set(whole.accounts) == {two.coded, two.open}
    assert not coming_back.look(session, whole.project, two.ben, NOW).there


@ONE_DATABASE
def test_an_account_without_a_yes_is_in_no_file(session: Session) -> None:
    two = a_round(session)
    record.decide(session, two.coded, Purpose.TALK, False, channel=Channel.WEB,
                  now=NOW + timedelta(minutes=1))  # fmt: skip
    (held,) = all_rounds(session)
    left = round_project(session, held.id, None, NOW + timedelta(minutes=2))
    assert set(left.accounts) == {two.open}


# --- Coming back ---------------------------------------------------------------------------------


@ONE_DATABASE
def test_codes_come_back_once_and_can_be_undone(session: Session) -> None:
    two = a_round(session)
    for names in (True, False):
        sent = leaves(session, names=names).project
        found = coming_back.look(session, sent, two.ben, NOW)
        assert (found.new, found.there, found.texts, found.changed) == ((), 4, 6, 0)
    sent = leaves(session).project
    for _undone in range(2):
        coding.undo(session, two.coded, two.amina, NOW)
    found = coming_back.look(session, sent, two.ben, NOW)
    assert {each.code for each in found.new} == {"answers", "believed"}
    assert coming_back.put_on(session, found, two.ben, NOW) == (two.coded,)
    assert coming_back.look(session, sent, two.ben, NOW).new == ()
    coding.undo(session, two.coded, two.ben, NOW)
    assert len(coding.coded(session, two.coded).codings) == 3


@ONE_DATABASE
def test_nothing_is_put_on_an_answer_that_has_changed(session: Session) -> None:
    two = a_round(session)
    sent = leaves(session).project
    coding.take_off(session, two.coded, WORRIES, "answers", two.amina, NOW)
    kept = sentence(session, two.coded, WORRIES, 1).sentence_id
    session.get_one(Sentence, kept).not_for_workers = True
    session.flush()
    found = coming_back.look(session, sent, two.ben, NOW)
    assert (found.new, found.changed) == ((), 1)


# --- The codebook --------------------------------------------------------------------------------


@ONE_DATABASE
def test_our_own_codebook_brings_nothing_new_and_leaves_the_same(session: Session) -> None:
    two = a_round(session)
    file = qdc(codes.entries(current(session)), "Family Voice")
    came = codebook_in.bring_in(
        session, codes.words_of(codes.entries(current(session))), "Again.", two.amina, NOW
    )
    assert (came.new, came.reworded, current(session).version) == ((), (), 1)
    assert qdc(codes.entries(current(session)), "Family Voice") == file


@ONE_DATABASE
def test_a_codebook_changed_elsewhere_changes_ours_in_one_step(session: Session) -> None:
    words = list(codes.words_of(codes.entries(current(session))))
    first = words[0]
    words[0] = codes.CodeWords(
        name="Really listened to", id=first.id, group=first.group, definition=first.definition
    )
    words.append(codes.CodeWords(name="Sensory needs", group=first.group))
    came = codebook_in.bring_in(session, words, "From the county.", None, NOW)
    assert (came.new, came.reworded[0], came.drafts) == (
        ("Sensory needs",),
        "Really listened to",
        1,
    )
    book = current(session)
    assert book.version == 2
    (changed,) = (each for each in book.codes.values() if guid("code", each.id) == first.id)
    assert (changed.name, changed.use_when) == ("Really listened to", first.use_when)
    assert book.group_of("sensory_needs").name == first.group


@ONE_DATABASE
def test_codes_under_codes_and_names_of_our_groups_come_in_too(session: Session) -> None:
    ours = current(session).groups[0].name
    file = (
        CodeEntry(new_id(), "Transport", parts=(CodeEntry(new_id(), "Taxis"),)),
        CodeEntry(new_id(), ours.upper()),
        CodeEntry(new_id(), "TAXIS", codable=False, parts=(CodeEntry(new_id(), "Late ones"),)),
    )
    came = codebook_in.bring_in(session, codes.words_of(file), "Tried.", None, NOW)
    assert (len(came.new), came.drafts) == (4, 4)
    book = current(session)
    groups = {code.name: book.group_of(code.id).name for code in book.codes.values()}
    assert groups["Transport"] == groups["Taxis"] == "Transport (group)"
    assert groups["Late ones"] == "TAXIS (group)"
    assert groups[f"{ours.upper()} (code)"] == codebook_in.NO_GROUP

"""Coding as it is kept, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Opened
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.themes import coding
from family_voice.themes.codebook import load_codebook
from family_voice.themes.coding import Coded, NoSuchCode, NotInAccount, Unit
from family_voice.themes.models import CodingCommand
from tests.conftest import NOW, Database

ANSWER = Unit("important.open")
OTHER = Unit("worries.open")


def told(session: Session) -> UUID:
    """An account with two answers, of two sentences and of one."""
    interview_id = record.begin(session, audience="parent_carer", language="en", now=NOW)
    record.happen(session, interview_id, Opened(Channel.WEB), NOW)
    record.decide(session, interview_id, Purpose.TALK, True, channel=Channel.WEB, now=NOW)
    say(session, interview_id, ANSWER, "We wait and wait. The taxi is always late.")
    say(session, interview_id, OTHER, "Nobody rings back.")
    return interview_id


def say(session: Session, interview_id: UUID, unit: Unit, text: str) -> None:
    record.write(session, interview_id, unit.prompt_id, text, channel=Channel.WEB, now=NOW)


def sentence(session: Session, interview_id: UUID, prompt_id: str, number: int) -> Unit:
    answer = record.account(session, interview_id).answer(prompt_id)
    assert answer is not None
    return Unit(prompt_id, answer.pieces[0].sentences[number].id)


def lead(session: Session, email: str = "amina@council.example") -> UUID:
    return add_staff(session, email=email, roles=[Role.LEAD], now=NOW, password="x" * 12).staff_id


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(CodingCommand)) or 0


def test_codes_stand_and_go_and_the_log_only_grows(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    second = sentence(session, interview_id, ANSWER.prompt_id, 1)
    coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    coding.put(session, interview_id, second, "promised_happens", amina, NOW)
    coding.none_apply(session, interview_id, OTHER, amina, NOW)
    now = coding.coded(session, interview_id)
    assert now.codes_on(ANSWER) == ("waiting",)
    assert now.codes_on(second) == ("promised_happens",)
    assert now.is_decided(OTHER)
    coding.take_off(session, interview_id, ANSWER, "waiting", amina, NOW)
    assert coding.coded(session, interview_id).codes == {"promised_happens"}
    assert coding.can_undo_and_redo(session, interview_id, amina) == (True, False)
    assert coding.undo(session, interview_id, amina, NOW).codes == {"waiting", "promised_happens"}
    assert coding.can_undo_and_redo(session, interview_id, amina) == (True, True)
    assert coding.redo(session, interview_id, amina, NOW).codes == {"promised_happens"}
    assert rows(session) == 6


def test_what_changes_nothing_is_not_written_down(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    assert coding.undo(session, interview_id, amina, NOW) == Coded()
    assert coding.redo(session, interview_id, amina, NOW) == Coded()
    coding.take_off(session, interview_id, ANSWER, "waiting", amina, NOW)
    assert rows(session) == 0
    for _twice in range(2):
        coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    assert rows(session) == 1
    assert coding.undo(session, interview_id, amina, NOW) == Coded()


def test_undo_holds_across_sessions(database: Database) -> None:
    with database.sessions.begin() as session:
        interview_id, amina = told(session), lead(session)
        coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    with database.sessions.begin() as session:
        coding.undo(session, interview_id, amina, NOW)
    with database.sessions.begin() as session:
        assert coding.redo(session, interview_id, amina, NOW).codes == {"waiting"}


def test_only_what_there_is_can_be_coded(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    other = told(session)
    with pytest.raises(NoSuchCode):
        coding.put(session, interview_id, ANSWER, "no_such_code", amina, NOW)
    elsewhere = sentence(session, other, ANSWER.prompt_id, 0)
    strays = (
        Unit("next.open"),
        elsewhere,
        Unit(OTHER.prompt_id, sentence(session, interview_id, ANSWER.prompt_id, 0).sentence_id),
    )
    for stray in strays:
        with pytest.raises(NotInAccount):
            coding.put(session, interview_id, stray, "waiting", amina, NOW)
        with pytest.raises(NotInAccount):
            coding.none_apply(session, interview_id, stray, amina, NOW)
    assert rows(session) == 0


def test_codes_go_with_the_words_they_stood_on(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    second = sentence(session, interview_id, ANSWER.prompt_id, 1)
    coding.put(session, interview_id, second, "promised_happens", amina, NOW)
    coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    coding.put(session, interview_id, OTHER, "answers", amina, NOW)
    say(session, interview_id, ANSWER, "We wait and wait.")
    say(session, interview_id, OTHER, "")
    now = coding.coded_in(session, [interview_id])[interview_id]
    assert now.codes == {"waiting"}, "the answer still stands, the sentence and the other do not"
    with pytest.raises(NotInAccount):
        coding.take_off(session, interview_id, second, "promised_happens", amina, NOW)


def test_eight_presses_at_once_are_all_kept(database: Database) -> None:
    with database.sessions.begin() as session:
        interview_id, amina = told(session), lead(session)
    codes = list(load_codebook().codes)[:8]

    def press(code: str) -> None:
        with database.sessions.begin() as session:
            coding.put(session, interview_id, ANSWER, code, amina, NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, codes))
    with database.sessions() as session:
        assert coding.coded(session, interview_id).codes == set(codes)
        numbers = session.scalars(select(CodingCommand.number).order_by(CodingCommand.number))
        assert list(numbers) == list(range(1, 9))

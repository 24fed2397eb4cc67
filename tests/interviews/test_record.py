"""The record on both databases: what was said is kept sealed, and what was not allowed is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.consent.decisions import standing
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Opened, ReadBack
from family_voice.interviews.models import Event, Fragment, Interview
from family_voice.security.sealing import Erased, destroy_key
from family_voice.storage.locking import fetch
from tests.conftest import Database

OPEN = "important.open"


def begun(session: Session, now: datetime) -> UUID:
    interview = record.begin(session, audience="parent_carer", language="en", now=now)
    record.happen(session, interview, Opened(Channel.WEB), now)
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, interview, purpose, True, channel=Channel.WEB, now=now)
    return interview


def written(session: Session, interview: UUID, text: str, now: datetime) -> record.Outcome:
    return record.write(session, interview, OPEN, text, channel=Channel.WEB, now=now)


def events(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(Event))


def test_an_answer_is_kept_exactly_and_sealed(session: Session, now: datetime) -> None:
    interview = begun(session, now)
    words = "Sam likes trains. \U0001f682 Nobody asked.\x00 تین"
    assert written(session, interview, words, now).stored
    answer = record.account(session, interview).answer(OPEN)
    assert answer is not None
    assert answer.text == words
    assert all(words[s.start : s.end] == s.text for p in answer.pieces for s in p.sentences)
    assert b"trains" not in session.scalars(select(Fragment.words)).one()


def test_nothing_is_stored_after_a_no(session: Session, now: datetime) -> None:
    interview = record.begin(session, audience="parent_carer", language="en", now=now)
    record.happen(session, interview, Opened(Channel.WEB), now)
    record.decide(session, interview, Purpose.TALK, False, channel=Channel.WEB, now=now)
    before = events(session)
    assert not written(session, interview, "please keep this", now).stored
    assert not record.say(
        session, interview, "and this", channel=Channel.TELEPHONE, prompt_id=OPEN, now=now
    ).stored
    assert session.scalar(select(func.count()).select_from(Fragment)) == 0
    assert events(session) == before


def test_a_correction_stands_and_the_same_words_again_change_nothing(
    session: Session, now: datetime
) -> None:
    interview = begun(session, now)
    written(session, interview, "He hates it.", now)
    written(session, interview, "He dislikes it.", now)
    before = events(session)
    written(session, interview, "He dislikes it.  ", now)
    assert events(session) == before
    answer = record.account(session, interview).answer(OPEN)
    assert answer is not None
    assert answer.text == "He dislikes it."
    written(session, interview, " ", now)
    assert record.account(session, interview).answer(OPEN) is None


def test_a_mark_survives_a_correction(session: Session, now: datetime) -> None:
    interview = begun(session, now)
    written(session, interview, "Ms B shouts. He likes maths.", now)
    first, _ = record.account(session, interview).sentences
    record.mark_for_workers(session, interview, {first.id})
    for words, marked in (
        ("Ms B shouts. He loves maths.", ["Ms B shouts."]),
        ("Ms B shouts at him. He loves maths.", ["Ms B shouts at him."]),
    ):
        written(session, interview, words, now)
        standing_now = record.account(session, interview).sentences
        assert [s.text for s in standing_now if s.not_for_workers] == marked


def test_consent_and_the_log_are_written_together(session: Session, now: datetime) -> None:
    interview = begun(session, now)
    decided = standing(session, interview, now)
    assert decided[Purpose.CHECK].yes
    assert decided[Purpose.CHECK].statement_version == 1
    assert record.state_of(session, interview).check_allowed


def test_sending_and_reading_back_are_dated(session: Session, now: datetime) -> None:
    interview = begun(session, now)
    written(session, interview, "All good.", now)
    record.happen(session, interview, ReadBack(Channel.WEB, right=True), now)
    record.happen(session, interview, Finished(Channel.WEB), now)
    row = fetch(session, Interview, interview)
    assert (row.read_back_at, row.sent_at) == (now, now)


def test_erased_words_leave_a_log_that_still_replays(session: Session, now: datetime) -> None:
    interview = begun(session, now)
    written(session, interview, "Gone soon.", now)
    before = record.state_of(session, interview)
    destroy_key(session, fetch(session, Interview, interview).key_id, now)
    assert record.state_of(session, interview) == before
    with pytest.raises(Erased):
        record.account(session, interview)


def test_eight_people_at_once_lose_no_word(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        interview = begun(session, now)

    def speak(number: int) -> None:
        for turn in range(5):
            with database.sessions.begin() as session:
                record.say(
                    session,
                    interview,
                    f"{number}-{turn}",
                    channel=Channel.TELEPHONE,
                    prompt_id=OPEN,
                    now=now,
                )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(speak, range(8)))
    with database.sessions() as session:
        answer = record.account(session, interview).answer(OPEN)
        assert answer is not None
        said = [f"{number}-{turn}" for number in range(8) for turn in range(5)]
        assert sorted(piece.text for piece in answer.pieces) == sorted(said)
        seqs = session.scalars(select(Event.seq).order_by(Event.seq)).all()
        assert list(seqs) == list(range(1, len(seqs) + 1))


def test_what_came_to_nothing_is_not_remembered(database: Database, now: datetime) -> None:
    """A process goes on from where it last read a log: not from what was rolled back."""
    with database.sessions.begin() as session:
        interview = begun(session, now)
        before = record.state_of(session, interview)
    with database.sessions() as session:
        written(session, interview, "Never kept.", now)
        session.expire_all()
        assert record.state_of(session, interview) != before
        session.rollback()
    with database.sessions.begin() as session:
        assert record.state_of(session, interview) == before
        kept = written(session, interview, "Kept.", now)
    with database.sessions.begin() as session:
        after = record.state_of(session, interview)
        assert after == kept.state
        assert len(after.fragments) == 1

"""The machine's turn: beside everything else, and without what a family has taken back."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from family_voice.operations import holds
from family_voice.operations.clearing import clear_account
from family_voice.operations.learning import LOOK, REST, Apart, Learner, LearningFailed
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.models import DataKey
from family_voice.themes import coding, standing_model
from family_voice.themes.learning_apart import ModelRefused
from family_voice.themes.learning_turn import Outcome, Work
from family_voice.themes.models import CodingCommand
from family_voice.themes.standing_model import Gone
from family_voice.themes.suggestion_models import ModelReading, Suggestion, ThemeModel
from family_voice.themes.suggestions import accept, offers
from tests.cases.households import NOW
from tests.conftest import Database
from tests.themes.suggesting import FIRST, WELL, WORRIES, Suggesting, stand_in, two_accounts

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ASKED = Asked(Way.WEB, date(2026, 11, 18))


def there(database: Database) -> Suggesting:
    with database.sessions.begin() as session:
        return two_accounts(session)


def models(database: Database) -> list[tuple[int, Gone | None]]:
    with database.sessions() as session:
        return [(each.number, each.why_gone) for each in standing_model.every_model(session)]


def test_what_it_learned_from_an_account_goes_with_the_account(database: Database) -> None:
    found, learner = there(database), Learner(stand_in)
    assert learner.turn(database.sessions, NOW, wait=True)
    with database.sessions.begin() as session:
        coding.put(session, found.coded, WORRIES, "proud", found.amina, NOW)
        for unit in (FIRST, WORRIES, WELL):
            coding.put(session, found.open, unit, "proud", found.ben, NOW)
        (offer, *_more) = offers(session, found.coded, found.amina, NOW).values()
        accept(session, found.coded, offer.id, found.amina, NOW)
        assert standing_model.weights(session)
    with database.sessions.begin() as session:
        withdraw(session, found.coded, ASKED, NOW)
    with database.sessions() as session:
        model = session.scalars(select(ThemeModel)).one()
        assert (model.weights, model.learned_from, model.why_gone) == (b"", [], "account")
        assert model.data_hash  # where it came from stays
        assert session.get_one(DataKey, model.key_id).wrapped is None
        for table in (Suggestion, ModelReading):
            assert session.scalars(select(table)).all() == []
        mine = CodingCommand.interview_id == found.coded
        assert session.scalars(select(CodingCommand).where(mine)).all() == []
    assert learner.turn(database.sessions, NOW + LOOK, wait=True)
    with database.sessions() as session:
        assert standing_model.learned_from(session) == {found.open}
    assert models(database) == [(2, None), (1, Gone.ACCOUNT)]


@one_database
def test_a_hold_keeps_the_account_and_not_what_was_learned_from_it(database: Database) -> None:
    found, learner = there(database), Learner(stand_in)
    assert learner.turn(database.sessions, NOW, wait=True)
    with database.sessions.begin() as session:
        holds.set_hold(session, reason="Court", by=found.amina, now=NOW, interview_id=found.coded)
        withdraw(session, found.coded, ASKED, NOW)
    assert learner.turn(database.sessions, NOW + LOOK, wait=True)
    assert models(database) == [(1, Gone.ACCOUNT)]


@one_database
def test_it_goes_too_when_an_account_is_kept_no_longer(database: Database) -> None:
    found = there(database)
    assert Learner(stand_in).turn(database.sessions, NOW, wait=True)
    with database.sessions.begin() as session:
        clear_account(session, found.coded, NOW)
    assert models(database) == [(1, Gone.ACCOUNT)]


@one_database
def test_nothing_waits_for_it_and_nothing_is_due_twice(database: Database) -> None:
    there(database)
    go, asked = threading.Event(), list[Work]()

    def slowly(work: Work) -> Outcome:
        asked.append(work)
        go.wait()
        return stand_in(work)

    learner = Learner(slowly)
    assert not learner.turn(database.sessions, NOW)
    assert not learner.turn(database.sessions, NOW + LOOK)
    assert models(database) == []
    go.set()
    assert learner.turn(database.sessions, NOW + LOOK, wait=True)
    assert models(database) == [(1, None)]
    assert not learner.turn(database.sessions, NOW + 3 * LOOK, wait=True)
    assert len(asked) == 1


def breaking(trouble: Exception) -> Apart:
    def apart(_work: Work) -> Outcome:
        raise trouble

    return apart


@one_database
def test_when_it_breaks_it_rests_and_says_no_words(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    there(database)
    learner = Learner(breaking(LearningFailed("We wait and wait")))
    assert not learner.turn(database.sessions, NOW, wait=True)
    assert [record.getMessage() for record in caplog.records] == [
        "Learning from codes failed: LearningFailed"
    ]
    assert not learner.turn(database.sessions, NOW + REST - timedelta(seconds=1), wait=True)
    assert len(caplog.records) == 1
    assert models(database) == []


@one_database
def test_a_model_that_cannot_be_read_any_more_goes_and_is_learned_anew(database: Database) -> None:
    found = there(database)
    assert Learner(stand_in).turn(database.sessions, NOW, wait=True)
    with database.sessions.begin() as session:
        session.query(ModelReading).filter_by(interview_id=found.open).delete()
    later = NOW + LOOK
    assert Learner(breaking(ModelRefused())).turn(database.sessions, later, wait=True)
    assert models(database) == [(1, Gone.UNUSABLE)]
    assert Learner(stand_in).turn(database.sessions, later, wait=True)
    assert models(database) == [(2, None), (1, Gone.UNUSABLE)]

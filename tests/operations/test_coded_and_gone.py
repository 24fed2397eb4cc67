"""What came of an account in coding and sharing: gone with it after a restore, kept by a hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from family_voice.cases.rounds import all_rounds
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, ReadBack
from family_voice.interviews.models import Interview
from family_voice.operations import holds
from family_voice.operations.clearing import clear_account
from family_voice.operations.learning import Learner
from family_voice.operations.reconcile import search
from family_voice.operations.retention import ACCOUNTS_KEPT
from family_voice.operations.withdrawal import Asked, Way, finish_held, to_finish, withdraw
from family_voice.security.erasures import write_down
from family_voice.security.models import DataKey
from family_voice.security.trail import OPERATOR
from family_voice.sharing import quoting, replacements
from family_voice.sharing.exchange import keeping
from family_voice.sharing.exchange.leaving import round_project
from family_voice.sharing.exchange.models import ImportedProject
from family_voice.sharing.models import Quote, Replacement
from family_voice.sharing.recognising import NOBODY
from family_voice.themes import (
    choices,
    coding,
    consensus,
    disagreements,
    memos,
    second_sample,
    standing_model,
    suggestions,
)
from family_voice.themes.choices import What
from family_voice.themes.consensus import Verdict
from family_voice.themes.memo_models import MemoRow
from family_voice.themes.models import CodingCommand
from family_voice.themes.second_models import ConsensusDecision, SecondCoding
from family_voice.themes.suggestion_models import ModelReading, Suggestion, ThemeModel
from tests.conftest import NOW
from tests.operations.conftest import Empty
from tests.operations.towns import LATER, Town, sessions_of
from tests.sharing.exchange.projects import project
from tests.themes.suggesting import FIRST, WELL, WORRIES, Suggesting, stand_in, two_accounts

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

#: Every table that says something of one account, by coding and by sharing.
OF_AN_ACCOUNT = (
    CodingCommand, SecondCoding, MemoRow, ConsensusDecision, Suggestion, Quote, Replacement,
)  # fmt: skip
WHY = "We read it again: it is about the bus."


@dataclass
class Coded:
    """A town in which one account was coded twice, talked about, quoted, and brought in again."""

    town: Town
    two: Suggesting

    @property
    def gone(self) -> UUID:
        return self.two.coded

    def withdraw(self) -> None:
        self.town.takes_back(self.gone)

    def left(self, session: Session) -> dict[str, int]:
        """How many rows of the account there are, table by table; none are not named."""
        found = {
            table.__tablename__: len(
                session.scalars(select(table).where(table.interview_id == self.gone)).all()
            )
            for table in OF_AN_ACCOUNT
        }
        return {name: count for name, count in found.items() if count}


@pytest.fixture
def coded(town: Town) -> Coded:
    with town.database.sessions.begin() as session:
        two = two_accounts(session)
        (held,) = all_rounds(session)
        account, amina, ben = two.coded, two.amina, two.ben
        choices.choose(session, What.SECOND_CODING, True, reason="Two.", by=amina, now=NOW)
        second_sample.draw(session, held.id, 10, amina, NOW)
        second_sample.give(session, account, ben)
        for unit, code in ((FIRST, "waiting"), (WORRIES, "listened_to"), (WELL, "believed")):
            coding.put(session, account, unit, code, ben, NOW)
        second_sample.finish(session, account, ben, NOW)
        (pair,) = disagreements.pairs(session, NOW)
        meeting = consensus.hold(session, NOW.date(), [amina, ben], amina, NOW)
        (differs,) = (
            each
            for each in disagreements.beside(session, pair, amina, NOW)
            if each.prompt_id == WORRIES.prompt_id
        )
        verdicts = {each.code.id: Verdict.FIRST for each in differs.differences}
        consensus.decide(
            session, meeting, account, WORRIES.prompt_id, verdicts, why=WHY, by=amina, now=NOW
        )
        memos.note(session, account, WELL, None, "The one with the red bus.", amina, NOW)
        record.happen(session, account, ReadBack(Channel.WEB, right=True), NOW)
        record.decide(session, account, Purpose.QUOTE, True, channel=Channel.WEB, now=NOW)
        (sentence, *_others) = record.account(session, account).sentences
        quoting.propose(session, account, [sentence.id], "We wait.", OPERATOR, NOW, answers=NOBODY)
        replacements.take(session, account, "Tin Tin", "child", OPERATOR, NOW)
        left = round_project(session, held.id, None, NOW, names=True)
        keeping.keep(session, left.project, amina, NOW)
    assert Learner(stand_in).turn(town.database.sessions, NOW, wait=True)
    with town.database.sessions.begin() as session:
        (offer, *_more) = suggestions.offers(session, account, amina, NOW).values()
        suggestions.accept(session, account, offer.id, amina, NOW)
    return Coded(town, two)


def restored(coded: Coded, empty: Empty) -> Engine:
    into = empty("sqlite")
    coded.town.restore(into)
    return into


def test_after_an_older_backup_nothing_of_an_account_that_was_taken_back_is_there(
    coded: Coded, empty: Empty
) -> None:
    with coded.town.database.sessions.begin() as session:
        assert coded.left(session).keys() == {each.__tablename__ for each in OF_AN_ACCOUNT}
        assert standing_model.learned_from(session) == {coded.gone}
        assert keeping.keep(session, project({"We wait.": []}), None, NOW) == 2
        key_ids = set(session.scalars(select(ImportedProject.key_id)))
    coded.town.back_up()
    with coded.town.database.sessions.begin() as session:
        keeping.take_away(session, 2, LATER)  # what is of nobody here, and was deleted
    coded.withdraw()
    with sessions_of(restored(coded, empty))() as session:
        assert coded.left(session) == {}
        for table in (ModelReading, ImportedProject):
            assert session.scalars(select(table)).all() == []
        model = session.scalars(select(ThemeModel)).one()
        assert (model.weights, model.learned_from) == (b"", [])
        keys = {*key_ids, model.key_id, session.get_one(Interview, coded.gone).key_id}
        assert {session.get_one(DataKey, each).wrapped for each in keys} == {None}
        # The meeting was held; what it decided of this account is no part of it any more.
        assert [each.decided for each in consensus.meetings(session, LATER)] == [0]
        assert replacements.remembered(session, coded.two.open) == ()
        assert suggestions.rates(session, LATER).overall.answered == 0
        assert search(session, now=LATER).found == ()


def test_after_an_older_backup_an_account_whose_time_was_over_says_nothing(
    coded: Coded, empty: Empty
) -> None:
    with coded.town.database.sessions.begin() as session:
        session.get_one(Interview, coded.gone).made_at = NOW - ACCOUNTS_KEPT
    coded.town.back_up()
    with coded.town.database.sessions.begin() as session:
        clear_account(session, coded.gone, LATER)
        write_down(session, coded.town.evidence, LATER)
    with sessions_of(restored(coded, empty))() as session:
        # Which codes were put, and how far two people agreed, is no word of theirs.
        standing = {each.__tablename__ for each in (CodingCommand, SecondCoding, ConsensusDecision)}
        assert coded.left(session).keys() - {"suggestion"} == standing
        (decision, *_rest) = consensus.decisions(session, [coded.gone]).values()
        assert decision.why == ""
        assert [each.decided for each in consensus.meetings(session, LATER)] == [0]
        assert session.scalars(select(ImportedProject)).all() == []
        assert standing_model.weights(session) == b""


def test_a_hold_keeps_all_of_it_and_shows_none(coded: Coded) -> None:
    sessions = coded.town.database.sessions
    with sessions.begin() as session:
        before = coded.left(session)
        hold = holds.set_hold(
            session, reason="Court", by=coded.two.amina, now=NOW, interview_id=coded.gone
        )
        withdraw(session, coded.gone, Asked(Way.WEB, LATER.date()), LATER)
    with sessions.begin() as session:
        assert coded.left(session) == before
        (decision, *_rest) = consensus.decisions(session, [coded.gone]).values()
        assert decision.why == WHY
        (memo,) = memos.memos_on(session, coded.gone)
        assert memo.text == "The one with the red bus."
        assert [each.words for each in replacements.remembered(session, coded.gone)] == ["Tin Tin"]
        assert keeping.kept(session, 1).sources
        # Nobody sees any of it meanwhile.
        assert [each.decided for each in consensus.meetings(session, LATER)] == [0]
        assert disagreements.pairs(session, LATER) == []
        assert suggestions.rates(session, LATER).overall.answered == 0
        with pytest.raises(keeping.Withheld):
            keeping.shown(session, 1, coded.two.amina, LATER)
        holds.lift(session, hold, coded.two.amina, LATER)
        assert to_finish(session) == [coded.gone]
        finish_held(session, coded.gone, LATER)
    with sessions() as session:
        assert coded.left(session) == {}
        assert keeping.every(session) == ()

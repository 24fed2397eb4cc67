"""A sentence kept from the people who work with a family: its codes are kept from them too."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.linking import case_of
from family_voice.cases.rounds import all_rounds
from family_voice.cases.seats import record_works_with
from family_voice.interviews import record
from family_voice.interviews.models import Sentence
from family_voice.operations.clearing import clear_account
from family_voice.sharing.exchange import coming_back
from family_voice.sharing.exchange.leaving import round_project
from family_voice.themes import coding
from family_voice.themes.code_use import to_look_at_again, uses
from family_voice.themes.codebook_changes import Retire
from family_voice.themes.codebook_changing import change
from family_voice.themes.coding import Unit
from family_voice.themes.coding_log import Coded, Coding
from family_voice.themes.disagreements import Pair, beside
from family_voice.themes.overview import overview, words_on
from tests.conftest import NOW
from tests.themes.suggesting import WORRIES, Suggesting, two_accounts

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def two(session: Session) -> Suggesting:
    return two_accounts(session, on=False)


def kept_back(session: Session, two: Suggesting) -> Unit:
    """The second sentence of an answer is coded, then kept from Ben, who works with the child."""
    answer = record.account(session, two.coded).answer(WORRIES.prompt_id)
    case_id = case_of(session, two.coded)
    assert answer is not None
    assert case_id is not None
    unit = Unit(WORRIES.prompt_id, answer.pieces[0].sentences[1].id)
    coding.put(session, two.coded, unit, "friends", two.amina, NOW)
    assert unit.sentence_id is not None
    session.get_one(Sentence, unit.sentence_id).not_for_workers = True
    record_works_with(session, two.ben, case_id, True)
    session.flush()
    return unit


def test_nobody_who_works_with_them_sees_or_counts_its_codes(
    session: Session, two: Suggesting
) -> None:
    kept_back(session, two)
    (held,) = all_rounds(session)
    for reader, sees in ((two.amina, True), (two.ben, False)):
        found = overview(session, [held.id], reader, NOW)
        assert any("friends" in each.codes for each in found.accounts) is sees
        assert bool(words_on(session, found, "friends", reader, NOW)) is sees
        assert ("friends" in uses(session, reader, NOW)) is sees
        assert "answers" in uses(session, reader, NOW)
    change(session, Retire("friends"), 1, "Too wide.", two.amina, NOW)
    assert to_look_at_again(session, two.amina, NOW)
    assert not to_look_at_again(session, two.ben, NOW)


def test_nor_where_two_coders_differ_about_it(session: Session, two: Suggesting) -> None:
    unit = kept_back(session, two)
    first = coding.coded(session, two.coded)
    second = Coded((Coding(Unit(WORRIES.prompt_id), "waiting", two.ben),))
    pair = Pair(two.coded, (two.amina,), two.ben, NOW, first, second)
    for reader, sees in ((two.amina, True), (two.ben, False)):
        (shown,) = (
            each for each in beside(session, pair, reader, NOW)
            if each.prompt_id == unit.prompt_id
        )  # fmt: skip
        assert ("friends" in {each.code.id for each in shown.differences}) is sees
        assert "waiting" in {each.code.id for each in shown.differences}


def test_after_their_time_the_words_are_gone_and_every_page_stands(
    session: Session, two: Suggesting
) -> None:
    (held,) = all_rounds(session)
    sent = round_project(session, held.id, two.amina, NOW, names=True).project
    clear_account(session, two.coded, NOW)
    found = overview(session, [held.id], two.amina, NOW)
    (gone,) = words_on(session, found, "waiting", two.amina, NOW)
    assert (gone.words, gone.deleted) == ((), True)
    assert uses(session, two.amina, NOW)["waiting"].accounts == 1
    assert set(round_project(session, held.id, two.amina, NOW).accounts) == {two.open}
    assert coming_back.look(session, sent, two.ben, NOW).texts == 3

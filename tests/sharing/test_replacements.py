"""What somebody decided about a name holds for every account of the case, and goes with words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.permission import NotForUs
from family_voice.operations.clearing import clear_words
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.models import TrailRow
from family_voice.security.trail import Actor
from family_voice.sharing import replacements
from family_voice.sharing.models import Replacement
from family_voice.sharing.replacements import Decided, cleared
from tests.cases.households import NOW
from tests.reports.panel_round import PanelRound, a_panel_round

LATER = NOW + timedelta(hours=1)
WORDS = "bubs likes the old stables and his red tin."


@pytest.fixture
def panel(session: Session) -> PanelRound:
    return a_panel_round(session, NOW)


def lead(panel: PanelRound) -> Actor:
    return Actor("staff", panel.lead)


def test_what_is_added_never_leaves_any_account_of_the_case(
    session: Session, panel: PanelRound
) -> None:
    replacements.take(session, panel.child, " Bubs ", "child", lead(panel), NOW)
    replacements.take(session, panel.child, "the old stables", "", lead(panel), NOW)
    for account in (panel.mother, panel.child):
        text, spans = cleared(session, account, WORDS)
        assert "bubs" not in text.casefold()
        assert "stables" not in text
        assert text.endswith("his red tin.")
        assert [WORDS[each.start : each.end] for each in spans] == ["bubs", "the old stables"]
        assert spans[0].known
    found = replacements.remembered(session, panel.mother)
    assert [(each.words, each.decided, each.whose) for each in found] == [
        ("Bubs", Decided.TAKEN, "child"), ("the old stables", Decided.TAKEN, ""),
    ]  # fmt: skip
    assert {each.by for each in found} == {panel.lead}


def test_the_newest_decision_about_the_same_words_stands(
    session: Session, panel: PanelRound
) -> None:
    replacements.take(session, panel.mother, "red tin", "", lead(panel), NOW)
    assert "red tin" not in cleared(session, panel.mother, WORDS).text
    replacements.leave(session, panel.child, "Red Tin", lead(panel), LATER)
    [one] = replacements.remembered(session, panel.mother)
    assert one.decided is Decided.LEFT
    assert "red tin" in cleared(session, panel.mother, WORDS).text
    for _press in range(2):
        replacements.take_back(session, panel.mother, "red tin", lead(panel), LATER)
        assert replacements.remembered(session, panel.mother) == ()


@pytest.mark.parametrize(("words", "whose"), [(" ", ""), ("x" * 121, ""), ("Bubs", "grandmother")])
def test_what_is_no_name_is_refused(
    session: Session, panel: PanelRound, words: str, whose: str
) -> None:
    with pytest.raises(replacements.NoWords):
        replacements.take(session, panel.mother, words, whose, lead(panel), NOW)
    assert replacements.remembered(session, panel.mother) == ()


def test_nothing_of_it_is_readable_in_the_database_or_the_trail(
    session: Session, panel: PanelRound
) -> None:
    replacements.take(session, panel.mother, "Bubs", "child", lead(panel), NOW)
    [row] = session.scalars(select(Replacement))
    assert b"Bubs" not in row.words
    trail = session.scalars(select(TrailRow).where(TrailRow.resource == "replacement")).all()
    assert [(each.action, each.fields, each.resource_id) for each in trail] == [
        ("add", ["taken"], row.id)
    ]


def test_it_goes_with_the_words_in_which_it_was_met(session: Session, panel: PanelRound) -> None:
    replacements.take(session, panel.mother, "Bubs", "child", lead(panel), NOW)
    replacements.take(session, panel.child, "Tin Tin", "others", lead(panel), NOW)
    withdraw(session, panel.mother, Asked(Way.WEB, LATER.date()), LATER)
    assert [each.words for each in replacements.remembered(session, panel.child)] == ["Tin Tin"]
    with pytest.raises(NotForUs):
        replacements.leave(session, panel.mother, "Bubs", lead(panel), LATER)
    clear_words(session, panel.child, LATER)
    assert session.scalars(select(Replacement)).all() == []

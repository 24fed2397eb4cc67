"""What came of it is told to whom it is written, and goes with their account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.permission import NotForUs
from family_voice.consent.statements import Purpose
from family_voice.improvement import outcomes
from family_voice.improvement.outcomes import Kind
from family_voice.operations.clearing import clear_account, clear_words
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.trail import Actor
from tests.cases.households import NOW
from tests.reports.panel_round import PanelRound, a_panel_round, say_no

LEAD, LATER = Actor("operator"), NOW + timedelta(days=1)


@pytest.fixture
def panel(session: Session) -> PanelRound:
    return a_panel_round(session, NOW)


def words(session: Session, interview_id: UUID) -> list[tuple[Kind, str, str]]:
    found = outcomes.of_account(session, interview_id, LATER)
    return [(each.kind, each.words, each.why) for each in found]


def test_each_reads_only_what_is_written_to_them(session: Session, panel: PanelRound) -> None:
    both, page = {panel.mother, panel.child}, UUID(int=3)
    for _press in range(2):
        outcomes.tell(session, both, Kind.DONE, "A ramp.", "", LEAD, NOW, page=page)
    outcomes.tell(session, [panel.mother], Kind.CANNOT, "A taxi.", "No money.", LEAD, LATER)
    assert words(session, panel.child) == [(Kind.DONE, "A ramp.", "")]
    assert words(session, panel.mother) == [
        (Kind.CANNOT, "A taxi.", "No money."),
        (Kind.DONE, "A ramp.", ""),
    ]


def test_a_bare_no_is_no_answer(session: Session, panel: PanelRound) -> None:
    with pytest.raises(outcomes.NoReason):
        outcomes.tell(session, [panel.mother], Kind.CANNOT, "A taxi.", " ", LEAD, NOW)
    with pytest.raises(outcomes.NothingPut):
        outcomes.tell(session, [panel.mother], Kind.DONE, " ", "", LEAD, NOW)
    assert words(session, panel.mother) == []


def test_two_who_change_it_at_once_both_see_it(session: Session, panel: PanelRound) -> None:
    [one] = outcomes.tell(session, [panel.mother], Kind.DECIDED, "A ramp.", "", LEAD, NOW)
    [read] = outcomes.of_account(session, panel.mother, NOW)
    outcomes.change(session, one, read.version, Kind.DONE, "The ramp is there.", "", LEAD, LATER)
    with pytest.raises(outcomes.Changed) as meanwhile:
        outcomes.change(session, one, read.version, Kind.DECIDED, "Soon.", "", LEAD, LATER)
    assert meanwhile.value.standing.words == "The ramp is there."
    assert words(session, panel.mother) == [(Kind.DONE, "The ramp is there.", "")]
    outcomes.take_away(session, one, LEAD, LATER)
    assert words(session, panel.mother) == []


def test_after_a_no_nobody_reads_or_writes_any(session: Session, panel: PanelRound) -> None:
    [one] = outcomes.tell(session, [panel.mother], Kind.DONE, "A ramp.", "", LEAD, NOW)
    say_no(session, panel.mother, NOW, Purpose.TALK)
    assert words(session, panel.mother) == []
    with pytest.raises(NotForUs):
        outcomes.tell(session, [panel.mother], Kind.DONE, "More.", "", LEAD, NOW)
    acts: tuple[Callable[[], object], ...] = (
        lambda: outcomes.change(session, one, 1, Kind.DONE, "Other.", "", LEAD, NOW),
        lambda: outcomes.take_away(session, one, LEAD, NOW),
    )
    for act in acts:
        with pytest.raises(NotForUs):
            act()


@pytest.mark.parametrize("way", ["withdrawn", "retention", "after a no"])
def test_it_goes_with_the_account(session: Session, panel: PanelRound, way: str) -> None:
    [one] = outcomes.tell(session, [panel.mother], Kind.DONE, "A ramp.", "", LEAD, NOW)
    [other] = outcomes.tell(session, [panel.child], Kind.DONE, "A ramp.", "", LEAD, NOW)
    if way == "withdrawn":
        withdraw(session, panel.mother, Asked(Way.WEB, LATER.date()), LATER)
    else:
        clear = clear_account if way == "retention" else clear_words
        clear(session, panel.mother, LATER)
    with pytest.raises(LookupError):
        outcomes.whose(session, one)
    assert outcomes.whose(session, other) == panel.child

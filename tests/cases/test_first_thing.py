"""What is most worth doing first on a ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from family_voice.cases.first_thing import First, FirstThing, first_thing
from family_voice.cases.ledger import Lack, Level3
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reading import CallWanted, CaseView
from family_voice.cases.still_open import StillOpen
from family_voice.storage.base import new_id
from tests.cases.households import MEETINGS, NOW, a_full_round, case

NOTHING_ELSE: dict[str, Any] = {
    "waiting": (), "later": (), "ringing_time": True, "still_open": {}, "texts": 0, "overdue": 0,
    "is_final": False, "frozen": False, "today": NOW.date(),
}  # fmt: skip


def first(*cases: CaseView, **others: Any) -> FirstThing:
    return first_thing(cases, **NOTHING_ELSE | others)


@pytest.fixture
def one(session: Session) -> CaseView:
    return case(session, a_full_round(session), "EX-001")


def at(view: CaseView, step: NextStep, state: Level3, lack: Lack | None = None) -> CaseView:
    return replace(view, next_step=step, line=replace(view.line, state=state, lack=lack))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_case_whose_day_is_nearest_and_who_is_not_heard_goes_first(one: CaseView) -> None:
    later = replace(one.session, number=2, held_on=MEETINGS[1], heard_by=MEETINGS[1])
    heard = at(one, NextStep.CODE, Level3.HEARD)
    trying = at(replace(one, session=later), NextStep.TRY_AGAIN, Level3.INVITED, Lack.STILL_TIME)
    waits = at(one, NextStep.WAIT, Level3.INVITED, Lack.STILL_TIME)
    assert first(heard, waits, trying) == FirstThing(First.STEP, 2, trying)
    assert first(heard, waits) == FirstThing(First.STEP, 1, heard)
    assert first(waits).kind is First.NOTHING
    done = at(one, NextStep.NOTHING, Level3.HEARD)
    assert first(done).kind is First.MAKE_FINAL
    assert first(done, waits).kind is First.NOTHING
    assert first(done, is_final=True).kind is First.AFTER_FINAL


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_asked_to_be_rung_goes_before_all_and_only_where_it_is_safe(one: CaseView) -> None:
    safe, unsafe = (CallWanted(new_id(), one.people[0].person, NOW, each) for each in (True, False))
    assert first(one, waiting=[(one, unsafe), (one, safe)], texts=3) == FirstThing(
        First.RING, 1, one
    )
    assert first(one, waiting=[(one, unsafe)], texts=3) == FirstThing(First.TEXTS, 3)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_is_to_be_rung_first_at_an_hour_when_nobody_rings(one: CaseView) -> None:
    person = one.people[0].person
    asks = CallWanted(new_id(), person, NOW, True)
    to_ring = at(one, NextStep.RING_THEM, Level3.INVITED, Lack.STILL_TIME)
    later: dict[str, Any] = {"later": {person.id}, "ringing_time": False}
    assert first(to_ring, waiting=[(to_ring, asks)]).kind is First.RING
    assert first(to_ring, waiting=[(to_ring, asks)], **later) == FirstThing(First.RING_LATER, 1)
    stranger = replace(asks, person=None)
    assert first(to_ring, waiting=[(to_ring, stranger)]).kind is First.RING
    assert first(to_ring, waiting=[(to_ring, stranger)], **later).kind is First.RING_LATER
    back = at(one, NextStep.CALL_BACK, Level3.INVITED, Lack.STILL_TIME)
    assert first(back).kind is First.STEP
    assert first(back, **later).kind is First.NOTHING
    on_no_case = {StillOpen.CALLS_ON_NO_CASE: 2}
    assert first(back, still_open=on_no_case).kind is First.CALLS_ON_NO_CASE
    assert first(back, still_open=on_no_case, **later) == FirstThing(First.RING_LATER, 2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_its_meeting_and_after_links_have_ended_less_is_left_to_do(one: CaseView) -> None:
    chosen = at(one, NextStep.CHOOSE, Level3.HEARD)
    assert first(chosen, today=MEETINGS[0]).kind is First.STEP
    assert first(chosen, today=MEETINGS[1]).kind is First.MAKE_FINAL
    reading = at(one, NextStep.READ_BACK, Level3.HEARD)
    assert first(reading).kind is First.STEP
    assert first(reading, frozen=True, is_final=True).kind is First.AFTER_FINAL


COUNTED = (StillOpen.CALLS_ON_NO_CASE, StillOpen.NAMES, StillOpen.ON_NO_CASE)
COUNTS = st.integers(0, 3)


@given(
    st.fixed_dictionaries(dict.fromkeys(COUNTED, COUNTS)),
    COUNTS,
    COUNTS,
    st.booleans(),
    st.booleans(),
)
def test_of_all_that_is_open_the_first_kind_is_named_with_its_count(
    still_open: dict[StillOpen, int], texts: int, overdue: int, is_final: bool, frozen: bool
) -> None:
    grows = not (is_final or frozen)
    there = {
        First.CALLS_ON_NO_CASE: still_open[StillOpen.CALLS_ON_NO_CASE],
        First.TEXTS: texts,
        First.OVERDUE: overdue,
        First.DRAW: int(grows and not still_open[StillOpen.NAMES]),
        First.NAMES: still_open[StillOpen.NAMES] if grows else 0,
        First.ON_NO_CASE: still_open[StillOpen.ON_NO_CASE],
        First.AFTER_FINAL: int(is_final),
        First.NOTHING: 1,
    }
    kind = next(each for each in First if there.get(each))
    found = first(
        still_open=still_open, texts=texts, overdue=overdue, is_final=is_final, frozen=frozen
    )
    assert (found.kind, found.count) == (kind, 0 if kind is First.NOTHING else there[kind])

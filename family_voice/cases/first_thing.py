"""The one thing on a round's ledger that is most worth doing first. Pure.

Who waits for us goes first, then what only we can begin, then the case whose day is nearest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from family_voice.cases.next_steps import NextStep
from family_voice.cases.reading import CallWanted, CaseView
from family_voice.cases.still_open import StillOpen

#: Nothing that anybody does now.
IDLE = frozenset({NextStep.NOTHING, NextStep.WAIT})


class First(StrEnum):
    """What kind of thing it is, in the order in which they go before each other."""

    RING = "ring"
    CALLS_ON_NO_CASE = "calls_on_no_case"
    TEXTS = "texts"
    OVERDUE = "overdue"
    DRAW = "draw"
    NAMES = "names"
    ON_NO_CASE = "on_no_case"
    STEP = "step"
    MAKE_FINAL = "make_final"
    RING_LATER = "ring_later"
    AFTER_FINAL = "after_final"
    NOTHING = "nothing"


@dataclass(frozen=True)
class FirstThing:
    """One thing: how many of it there are, and the case that it is about, if it is one's."""

    kind: First
    count: int = 1
    case: CaseView | None = None


def first_thing(
    cases: Sequence[CaseView],
    *,
    waiting: Sequence[tuple[CaseView, CallWanted]],
    later: Collection[UUID],
    ringing_time: bool,
    still_open: Mapping[StillOpen, int],
    texts: int,
    overdue: int,
    is_final: bool,
    frozen: bool,
    today: date,
) -> FirstThing:
    """What to do first.

    Args:
        cases: the round's.
        waiting: who asked to be rung, the one who has waited longest first.
        later: participants who may be rung, and not yet (`contact_plan.ContactPlan.later`).
        ringing_time: whether somebody whose safe hours nobody knows may be rung now.
        still_open: what is open besides the cases' own steps.
        texts: how many conversations by text need a person.
        overdue: how many things somebody owes an answer to after their day.
        is_final: Level 3 of the round is final.
        frozen: its links have ended, so nobody can tell us more and nobody joins.
        today: the day in London.
    """
    safe = [(case, _may_ring(call, later, ringing_time)) for case, call in waiting if call.safe]
    now = [case for case, may in safe if may]
    on_no_case = still_open.get(StillOpen.CALLS_ON_NO_CASE, 0)
    grows = not (is_final or frozen)
    names = still_open.get(StillOpen.NAMES, 0) if grows else 0
    pressing = _pressing(cases, frozen, today, later, now)
    missing = any(case.line.lack is not None for case in cases)
    found = (
        FirstThing(First.RING, len(now), now[0] if now else None),
        FirstThing(First.CALLS_ON_NO_CASE, on_no_case if ringing_time else 0),
        FirstThing(First.TEXTS, texts),
        FirstThing(First.OVERDUE, overdue),
        FirstThing(First.DRAW, int(grows and not cases and not names)),
        FirstThing(First.NAMES, names),
        FirstThing(First.ON_NO_CASE, still_open.get(StillOpen.ON_NO_CASE, 0)),
        FirstThing(First.STEP, len(pressing), pressing[0] if pressing else None),
        FirstThing(First.MAKE_FINAL, int(bool(cases) and not missing and not is_final)),
        FirstThing(First.RING_LATER, len(safe) - len(now) + on_no_case),
        FirstThing(First.AFTER_FINAL, int(is_final)),
    )
    return next((each for each in found if each.count), FirstThing(First.NOTHING, 0))


def _may_ring(call: CallWanted, later: Collection[UUID], ringing_time: bool) -> bool:
    return ringing_time if call.person is None else call.person.id not in later


def _pressing(
    cases: Sequence[CaseView],
    frozen: bool,
    today: date,
    later: Collection[UUID],
    ringable: Sequence[CaseView],
) -> list[CaseView]:
    """The cases somebody can do something about: not heard yet first, then by their day."""

    def is_not_now(case: CaseView) -> bool:
        # A pack is of no use after its meeting; and nobody reads back once the links have ended.
        if case.next_step is NextStep.CHOOSE:
            return case.session.held_on < today
        if case.next_step is NextStep.RING_THEM:
            return case not in ringable
        if case.next_step is NextStep.CALL_BACK:
            return any(each.person.id in later for each in case.people)
        return frozen and case.next_step is NextStep.READ_BACK

    left = [case for case in cases if case.next_step not in IDLE and not is_not_now(case)]
    return sorted(left, key=lambda case: (case.line.final, case.session.heard_by, case.number))

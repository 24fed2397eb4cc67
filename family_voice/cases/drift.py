"""How who was drawn, reached and heard differs from the caseload they were drawn from.

Exact families and counts; what of them may be shown is worked out in `sharing.who_was_drawn`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.caseload_reading import make_up, size
from family_voice.cases.deadlines import london_date
from family_voice.cases.gathering import Gathered, cases_of_rounds
from family_voice.cases.ledger import Level3, Outcome, ledger_line
from family_voice.cases.not_heard import Families, Kind, families
from family_voice.cases.sample_models import SampleDraw

#: What the make-up of a caseload calls each kind.
COLUMN_OF: Final = {
    Kind.PLAN: "plan_type",
    Kind.NEED: "area_of_need",
    Kind.PLACEMENT: "placement",
    Kind.GROUP: "vulnerable_groups",
    Kind.LANGUAGE: "language",
    Kind.AREA: "area",
}
_SPOKE = frozenset({Outcome.SPOKE, Outcome.CALL_BACK, Outcome.DECLINED})
_ANSWERED = frozenset({Level3.HEARD, Level3.IN_PROGRESS, Level3.DECLINED})


@dataclass(frozen=True)
class Drift:
    """The families of some rounds beside the caseload.

    `drawn` says who was drawn and heard, by kind and value; `reached` who answered in any way, a
    no included. `caseload` counts children by kind and value, of `children` in all: on the days of
    the rounds' draws taken together or, without any draw, today.
    """

    drawn: Families
    reached: frozenset[Hashable]
    caseload: Mapping[Kind, Mapping[str, int]]
    children: int


def drift(session: Session, round_ids: Collection[UUID], now: datetime) -> Drift:
    """The families of these rounds beside the caseload; cases stood down are left out."""
    reached = {
        each.family_id
        for each in cases_of_rounds(session, round_ids, now)
        if each.facts.stood_down is None and _was_reached(each, now)
    }
    counts, children = _of_draws(session, round_ids)
    if not children:
        counts, children = _of_today(session, london_date(now))
    return Drift(families(session, round_ids, now), frozenset(reached), counts, children)


def _was_reached(each: Gathered, now: datetime) -> bool:
    return ledger_line(each.facts, now).state in _ANSWERED or any(
        attempt.outcome in _SPOKE for attempt in each.facts.attempts
    )


Counts = dict[Kind, Counter[str]]


def _of_draws(session: Session, round_ids: Collection[UUID]) -> tuple[Counts, int]:
    counts: Counts = {kind: Counter() for kind in Kind}
    children = 0
    for drawn in session.scalars(select(SampleDraw).where(SampleDraw.round_id.in_(round_ids))):
        children += drawn.in_caseload
        for kind, column in COLUMN_OF.items():
            counts[kind].update(drawn.made_of.get(column, {}))
    return counts, children


def _of_today(session: Session, today: date) -> tuple[Counts, int]:
    counted = make_up(session, today)
    return {kind: counted[column] for kind, column in COLUMN_OF.items()}, size(session)

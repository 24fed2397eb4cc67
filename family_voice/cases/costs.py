"""What hearing families costs: minutes by step, round by round, beyond the talk itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from family_voice.cases.gathering import Gathered, cases_of_rounds
from family_voice.cases.ledger import Level3, level_3_state
from family_voice.cases.reaching import Step
from family_voice.cases.rounds import RoundView


@dataclass(frozen=True)
class RoundCosts:
    """One round's minutes for each case that was heard and has its codes, on average by step.

    One that is heard and not coded yet would make the average look better than it will be.

    `heard` counts those cases.
    """

    round: RoundView
    heard: int
    by_step: Mapping[Step, int]

    @property
    def talk(self) -> int:
        """The talk itself."""
        return self.by_step.get(Step.TALK, 0)

    @property
    def beyond(self) -> int:
        """All that was not the talk."""
        return sum(self.by_step.values()) - self.talk


def round_costs(
    session: Session, rounds: Sequence[RoundView], now: datetime
) -> tuple[RoundCosts, ...]:
    """What each of these rounds cost, in their order; rounds without any such are left out."""
    found: dict[object, list[Gathered]] = {}
    for each in cases_of_rounds(session, [one.id for one in rounds], now):
        coded = any(row.step == Step.CODE.value and row.minutes for row in each.minutes)
        if coded and level_3_state(each.facts, now) is Level3.HEARD:
            found.setdefault(each.session.round_id, []).append(each)
    return tuple(_costs(each, found[each.id]) for each in rounds if each.id in found)


def _costs(of_round: RoundView, cases: Sequence[Gathered]) -> RoundCosts:
    total: Counter[Step] = Counter()
    for each in cases:
        for row in each.minutes:
            total[Step(row.step)] += row.minutes
    return RoundCosts(
        of_round, len(cases), {step: round(total[step] / len(cases)) for step in Step}
    )

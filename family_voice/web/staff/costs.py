"""What Level 3 costs: minutes beyond the talk, by step, by round and by this term's cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response

from family_voice.cases.costs import round_costs
from family_voice.cases.deadlines import london_date
from family_voice.cases.reaching import Step
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import all_rounds, current_round
from family_voice.web.access import seen
from family_voice.web.services import db, now
from family_voice.web.staff.desk import page
from family_voice.web.staff.drawing import MINUTES_TODAY, MINUTES_WANTED, draw

blueprint = Blueprint("costs", __name__, url_prefix="/staff")

BEYOND: Final = [step for step in Step if step is not Step.TALK]


@blueprint.get("/what-it-costs")
def minutes() -> Response:
    """Round by round, and case by case in this term's."""
    rounds = round_costs(db(), all_rounds(db()), now())
    current = current_round(db(), london_date(now()))
    ledger = round_ledger(db(), current.id, now()) if current else None
    cases = [each for each in ledger.cases if each.minutes_by_step] if ledger else []
    if ledger:
        seen("round", ledger.round.id, ["reference", "minutes"])
    return page(
        "costs/minutes.html",
        rounds=rounds,
        cases=cases,
        term=ledger.round.term if ledger else "",
        of_rounds=draw([(each.round.term, _beyond(each.by_step)) for each in rounds]),
        of_cases=draw(
            [
                (each.reference, _beyond({Step(s): n for s, n in each.minutes_by_step.items()}))
                for each in cases
            ],
        ),
        steps=BEYOND,
        talk=Step.TALK,
        minutes_today=MINUTES_TODAY,
        minutes_wanted=MINUTES_WANTED,
    )


def _beyond(by_step: Mapping[Step, int]) -> list[int]:
    return [by_step.get(step, 0) for step in BEYOND]

"""How families were reached: what was tried, what worked, and how long it took."""

from __future__ import annotations

from flask import Blueprint, Response

from family_voice.cases.ledger import Outcome
from family_voice.cases.reached import reached
from family_voice.cases.response import by_channel, by_hour, times
from family_voice.cases.rounds import all_rounds
from family_voice.language.texts import lazy
from family_voice.web.access import seen
from family_voice.web.services import db, now
from family_voice.web.staff.desk import page
from family_voice.web.staff.heard_drawing import draw_days, draw_hours, draw_ways
from family_voice.web.staff.labels import CHANNELS

blueprint = Blueprint("response", __name__, url_prefix="/staff")

#: So many rounds are looked at together: three school years of termly ones.
ROUNDS = 9
WAYS = {each.value: words for each, words in CHANNELS.items()} | {"web": lazy("Web form")}


@blueprint.get("/how-families-were-reached")
def every() -> Response:
    """Channels, hours and days over the last rounds together."""
    rounds = all_rounds(db())[:ROUNDS]
    of_round = reached(db(), [each.id for each in rounds], now())
    cases = [case for each in rounds for case in of_round[each.id]]
    ways, hours, took = by_channel(cases), by_hour(cases), times(cases)
    for each in rounds:
        seen("round", each.id, ("attempts",))
    return page(
        "heard/response.html",
        rounds=[(each, times(of_round[each.id]), len(of_round[each.id])) for each in rounds],
        cases=len(cases),
        ways=ways,
        of_ways=draw_ways(ways),
        hours=hours,
        of_hours=draw_hours(hours),
        took=took,
        of_days=draw_days(took),
        outcomes=list(Outcome),
        WAYS=WAYS,
    )

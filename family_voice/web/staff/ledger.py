"""The Level 3 ledger: every case of a round, where it stands and what is next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask import Response

from family_voice.cases.agreements import lapses
from family_voice.cases.deadlines import london_date
from family_voice.cases.ledger import Level3
from family_voice.cases.reaching import Step, calls_without_case
from family_voice.cases.reading import CaseView, RoundLedger, round_ledger
from family_voice.cases.rounds import current_round
from family_voice.web.access import seen
from family_voice.web.services import db, now
from family_voice.web.staff.desk import blueprint, page
from family_voice.web.staff.drawing import MINUTES_TODAY, MINUTES_WANTED, MinutesDrawing, draw

LEDGER_FIELDS = ("reference", "name", "participants", "attempts", "minutes", "state")


@dataclass(frozen=True)
class MinutesSums:
    """Minutes beyond the talk, for each case that was heard."""

    cases: int
    beyond_talk: int

    @property
    def each(self) -> int | None:
        """On average, to the whole minute; None before anybody was heard."""
        return round(self.beyond_talk / self.cases) if self.cases else None


@blueprint.get("/ledger")
def this_term() -> Response:
    """The ledger of the round that work goes on in: where a lead's day begins."""
    current = current_round(db(), london_date(now()))
    if current is None:
        return page("no_round.html")
    return _ledger(current.id)


@blueprint.get("/rounds/<uuid:round_id>")
def ledger(round_id: UUID) -> Response:
    """The ledger of one round."""
    return _ledger(round_id)


def _ledger(round_id: UUID) -> Response:
    found = round_ledger(db(), round_id, now())
    seen("round", round_id, LEDGER_FIELDS)
    return page(
        "ledger.html",
        ledger=found,
        sessions=[
            (session, list(cases))
            for session, cases in groupby(found.cases, key=lambda case: case.session)
        ],
        drawing=_drawing(found),
        steps=[step for step in Step if step is not Step.TALK],
        talk=Step.TALK,
        sums=_sums(found.cases),
        minutes_today=MINUTES_TODAY,
        minutes_wanted=MINUTES_WANTED,
        today=london_date(now()),
        lapses=lapses(db(), found.round, london_date(now())),
        agencies={each.id: each.name for each in found.round.framework.agencies},
        calls_without_case=len(calls_without_case(db())),
        frozen=found.round.frozen(now()),
    )


def _sums(cases: tuple[CaseView, ...]) -> MinutesSums:
    heard = [each for each in cases if each.state is Level3.HEARD and each.minutes_by_step]
    return MinutesSums(len(heard), sum(each.line.minutes_other for each in heard))


def _drawing(found: RoundLedger) -> MinutesDrawing | None:
    beyond = [step.value for step in Step if step is not Step.TALK]
    rows = [
        (each.reference, [each.minutes_by_step.get(step, 0) for step in beyond])
        for each in found.cases
    ]
    return draw(rows) if any(sum(minutes) for _reference, minutes in rows) else None

"""The borough's whole caseload, and the seed by which the current round's families are drawn.

The families of the demo are written beforehand, so here the draw is made to find them: of many
seeds the one is taken that puts them furthest ahead, and whoever could be drawn and would still
come before one of them is left out of the made-up caseload. The draw itself is the real one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.caseload_examples import AREAS, Cell, example_rows, write_example
from family_voice.cases.caseload_findings import Findings
from family_voice.cases.caseload_keeping import check, take_in
from family_voice.cases.caseload_lines import lines_of
from family_voice.cases.caseload_mapping import CaseloadMapping, known_mappings
from family_voice.cases.caseload_reading import Strata
from family_voice.cases.caseload_sheets import rows_of
from family_voice.cases.drawing import draw_sample
from family_voice.cases.ledger import Level3
from family_voice.cases.sampled import order_of
from family_voice.cases.sampling import (
    MONTHS_OF,
    Candidate,
    left_out,
    months_before,
    period_before,
    rank,
)
from family_voice.demo.areas import Area
from family_voice.demo.handout import chance
from family_voice.demo.shapes import DemoCase, DemoRound

OTHERS, SEEDS = 420, 400
FIRST_NUMBER, YEARS = 200, 8
MAPPING: Final = "family_voice"
REFERENCE: Final = "Case reference"


@dataclass(frozen=True)
class WholeCaseload:
    """An export of everybody who could be drawn, and the seed that draws the current round."""

    rows: tuple[tuple[Cell, ...], ...]
    seed: int

    def as_csv(self) -> bytes:
        """The export as a file."""
        return _as_csv(self.rows)


def whole_caseload(rounds: Sequence[DemoRound], area: Area, seed: int) -> WholeCaseload:
    """Everybody whose family is written, and some hundred others. Pure.

    Args:
        rounds: the made-up rounds, the current one last.
        area: whose words the export is in, and by whose rule is drawn.
        seed: the same gives the same caseload.
    """
    mapping, current = known_mappings()[MAPPING], rounds[-1]
    on, rng = current.opened_on, chance(seed, "caseload")
    headings, *others = example_rows(mapping, area.framework, OTHERS, on, rng.randrange(10**6))
    place = headings.index(REFERENCE)
    for number, row in enumerate(others):
        year = on.year - rng.randrange(YEARS)
        row[place] = f"FV-{year % 100:02}-{FIRST_NUMBER + number}"
    audited = {
        case.reference: made.sessions[case.session - 1].held_on
        for made in rounds[:-1]
        for case in made.cases
        if case.outcome != Level3.STOOD_DOWN
    }
    earlier = [_row(headings, case, area, on, rng) for made in rounds[:-1] for case in made.cases]
    drawn = [_row(headings, case, area, on, rng, drawn=True) for case in current.cases]
    wanted = [order_of(case.reference) for case in current.cases]
    rivals = list(_may_be_drawn([headings, *earlier, *others], mapping, area, current, audited))
    found = rng.randrange(10**6)
    best = min(range(found, found + SEEDS), key=lambda each: max(rank(each, one) for one in wanted))
    last = max(rank(best, one) for one in wanted)
    ahead = {each for each in rivals if rank(best, each) < last}
    rows = [row for row in (*earlier, *others) if order_of(str(row[place])) not in ahead]
    return WholeCaseload(tuple(map(tuple, (headings, *drawn, *rows))), best)


def bring_in_and_draw(
    session: Session, made: WholeCaseload, area: Area, round_id: UUID, by: UUID, now: datetime
) -> None:
    """Take the caseload in by the front door, and draw the current round from it.

    Args:
        session: a writing session.
        made: the caseload.
        area: whose framework.
        round_id: the current round.
        by: who does it.
        now: when.
    """
    mapping = known_mappings()[MAPPING]
    file = check(session, BytesIO(made.as_csv()), mapping, area.framework, now, by=by)
    take_in(session, file.id, now)
    draw_sample(session, round_id, by, now, seed=made.seed, short=True)


def _as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = BytesIO()
    write_example(out, iter(rows), workbook=False)
    return out.getvalue()


def _row(
    headings: Sequence[Cell], case: DemoCase, area: Area, on: date, rng: Random, drawn: bool = False
) -> list[Cell]:
    """A line of a case that is written, as the export has it."""
    final, reviewed = _dates(area, on, rng, drawn) if case.plan_type == "ehcp" else (None, None)
    cells: dict[str, Cell] = {
        REFERENCE: case.reference,
        "Plan type": case.plan_type,
        "Date of birth": case.date_of_birth,
        # Of the round's own school year, where its families are first asked in the summer before.
        "Year group": str(case.year_group or "") if drawn else "",
        "Area of need": case.area_of_need,
        "Placement": case.placement,
        "Vulnerable groups": "; ".join(case.vulnerable_groups),
        "Language": case.participants[0].language,
        "Area": rng.choice(AREAS),
        "Plan finalised on": final,
        "Review finalised on": reviewed,
        "First name": case.first_name,
        "Last name": case.last_name,
    }
    return [cells.get(str(heading)) for heading in headings]


def _dates(area: Area, on: date, rng: Random, drawn: bool) -> tuple[date, date | None]:
    """When a plan and its review were made final: for a case that is drawn, when the rule asks."""
    audit = area.audit
    final = months_before(on, rng.randint(14, 40))
    reviewed = months_before(on, rng.randint(1, 12))
    if not drawn or audit.period not in MONTHS_OF:
        return final, reviewed
    first, last = period_before(on, audit.period)
    day = first + timedelta(days=rng.randrange((last - first).days))
    return (day, None) if audit.event == "plan_finalised" else (final, day)


def _may_be_drawn(
    rows: Iterable[Sequence[Cell]],
    mapping: CaseloadMapping,
    area: Area,
    current: DemoRound,
    audited: dict[str, date],
) -> Iterator[str]:
    """The references of those whom the rule leaves in, besides the families of the round."""
    on = current.opened_on
    with rows_of(BytesIO(_as_csv(rows))) as sheet:
        lines = list(lines_of(sheet, mapping, area.framework, on, Findings()))
    for line in lines:
        strata, reference = line.strata, order_of(line.reference)
        last = max(
            filter(None, (strata.last_audited_on, audited.get(line.reference))), default=None
        )
        candidate = Candidate(
            reference, strata.plan_type, strata.phase_on(on),
            strata.plan_finalised_on, strata.review_finalised_on, last,
            themes=_themes(strata, on),
        )  # fmt: skip
        if left_out(candidate, area.audit, on, current.themes) is None:
            yield reference


def _themes(strata: Strata, on: date) -> dict[str, frozenset[str]]:
    return {
        "area_of_need": frozenset([strata.area_of_need]),
        "placement": frozenset([strata.placement]),
        "vulnerable_group": frozenset(strata.vulnerable_groups),
        "transition_year": frozenset([f"year_{strata.year_group_on(on)}"]),
    }

"""The year around the current round: what is planned, why, and how cases were judged before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.audit_plan import Reason, became, keep
from family_voice.cases.periods import next_period, period_at
from family_voice.demo.areas import DEFAULT, Area
from family_voice.demo.handout import chance
from family_voice.demo.shapes import DemoRound
from family_voice.frameworks.framework import Audit
from family_voice.improvement.past_judgements import EXAMPLE, bring_in
from family_voice.security.trail import Actor

AHEAD: Final = 2
#: Why the rounds ahead are about what they are about, in turn.
WHY: Final = (
    (Reason.COMPLAINTS, Reason.DATA),
    (Reason.INSPECTION,),
    (Reason.COMPLIMENTS, Reason.DATA),
)
#: The area's own table is of Blackburn with Darwen; another area has one that is made up.
PUBLISHED, MADE_UP = NAMES = (
    "Judgements until December 2024, as published",
    "Judged before Family Voice",
)
MEETINGS: Final = (
    ("October", "Moving to another school"),
    ("February", "Plans that were changed at a review"),
    ("June", "Children whom several services know"),
)


def plan_the_year(
    session: Session, area: Area, made: DemoRound, round_id: UUID, seed: int, today: date
) -> None:
    """Plan the current round, the next of its kind, and the next of every other audit.

    Args:
        session: a writing session.
        area: whose framework.
        made: the current round.
        round_id: the same, stored.
        seed: the same gives the same plan.
        today: what is planned lies after the period that this day is in.
    """
    rng, framework = chance(seed, "plan"), area.framework
    held_on = [each.held_on for each in made.sessions]
    now = period_at(area.audit.frequency, held_on[0])
    planned = keep(
        session, framework, area.audit.id, now.first,
        themes=made.themes, reasons=WHY[0] if area.audit.themed else (), held_on=held_on,
    )  # fmt: skip
    became(session, planned, round_id)
    for audit in framework.audits:
        period = now if audit == area.audit else period_at(audit.frequency, today)
        for turn in range(AHEAD if audit == area.audit else 1):
            period = next_period(period)
            _keep_ahead(session, area, audit, period.first, WHY[(turn + 1) % len(WHY)], rng)


def remember_judgements(session: Session, area: Area, by: UUID, now: datetime, before: int) -> None:
    """Bring in how cases were judged before: the table that an area has, by the front door.

    Args:
        session: a writing session.
        area: whose table.
        by: who brings it in.
        now: when; the published table runs to December 2024.
        before: a made-up table ends in the year before this one.
    """
    data, name = _made_up_table(area, before), MADE_UP
    if area.framework.id == DEFAULT:
        data, name = EXAMPLE.read_bytes(), PUBLISHED
    bring_in(session, data, name, area.framework.id, Actor("staff", by), now)


def _keep_ahead(
    session: Session, area: Area, audit: Audit, begins: date, why: tuple[Reason, ...], rng: Random
) -> None:
    themes: Mapping[str, tuple[str, ...]] = {}
    if audit.themed:
        theme = rng.choice(area.framework.themes)
        themes = {theme.id: (rng.choice(theme.values).id,)}
    keep(
        session, area.framework, audit.id, begins,
        themes=themes, reasons=why if audit.themed else (), held_on=(),
    )  # fmt: skip


def _made_up_table(area: Area, year: int) -> bytes:
    """Three meetings on the framework's own scale; most cases in the middle of it."""
    scale = area.framework.judgement
    points = [point.value for point in scale.points]
    lines = [f"meeting,focus,scale,{','.join(map(str, points))},cases"]
    cases = area.audit.cases
    for place, (month, focus) in enumerate(MEETINGS):
        counts = dict.fromkeys(points, 0)
        for number in range(cases):
            counts[points[(1, 2, 1, 0, 2, 1)[(number + place) % 6] % len(points)]] += 1
        when = year - 1 if place else year - 2
        row = ",".join(str(counts[point]) for point in points)
        lines.append(f"{month} {when},{focus},{scale.id},{row},{cases}")
    return "\n".join(lines).encode()

"""What falls due on which day of an audit, by the framework's calendar. Pure.

A framework gives days in two ways: steps in weeks of the audit's period, and working days before
and after its meetings. What it is silent on is ours, and said so here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from family_voice.cases import deadlines
from family_voice.cases.periods import Period, end_of_week
from family_voice.frameworks.framework import Audit, Deadlines, Step

#: Ours: how long it takes to reach families by several ways, so long before they are to be heard
#: the round is open.
TO_REACH_FAMILIES: Final = 20
#: Ours: how long auditors have with the papers where no family is heard.
TO_READ_PAPERS: Final = 10
#: Ours: by the end of this week of a period its theme and days are chosen.
WEEK_TO_DECIDE: Final = 2


class What(StrEnum):
    """What falls due, in the order in which a round goes."""

    DECIDE = "decide"
    OPEN = "open"
    STEP = "step"
    HEARD_BY = "heard_by"
    MEET = "meet"
    FREEZE = "freeze"
    DESTROY = "destroy"


_ORDER: Final = {each: place for place, each in enumerate(What)}


@dataclass(frozen=True)
class Deadline:
    """Something that is due by a day: of which meeting, or which of the framework's steps."""

    day: date
    what: What
    number: int = 0
    step: Step | None = None

    @property
    def name(self) -> str:
        """What tells it from everything else of the same round."""
        return f"{self.what}/{self.step.id if self.step else self.number}/{self.day.isoformat()}"


@dataclass(frozen=True)
class Meeting:
    """One meeting of a round and the day by which its families are heard."""

    number: int
    held_on: date
    heard_by: date


def in_order(found: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """By day, and on one day as a round goes."""
    return tuple(sorted(found, key=lambda each: (each.day, _ORDER[each.what], each.number)))


def of_steps(audit: Audit, period: Period) -> tuple[Deadline, ...]:
    """The framework's own steps in one period.

    A step is due at the end of its week. One that somebody may take some working days for is due
    so long after that, or, if it names no week, after the step before it. A step with neither has
    no day.
    """
    found: list[Deadline] = []
    before: date | None = None
    for step in audit.steps:
        day = end_of_week(period, step.week) if step.week else before
        if day is None or (step.week is None and step.working_days is None):
            continue
        before = deadlines.working_days_after(day, step.working_days or 0)
        found.append(Deadline(before, What.STEP, step=step))
    return in_order(found)


def meetings(held_on: Sequence[date], rule: Deadlines) -> tuple[Meeting, ...]:
    """The meetings of a round that is still only planned."""
    days = rule.heard_by_working_days_before_session
    return tuple(
        Meeting(number, day, deadlines.heard_by(day, days)) for number, day in enumerate(held_on, 1)
    )


def of_plan(
    audit: Audit, period: Period, held_on: Sequence[date], rule: Deadlines
) -> tuple[Deadline, ...]:
    """What is due for a round that is not open yet.

    Args:
        audit: which.
        period: its month, half term, term or year.
        held_on: the days of its meetings in order; none while nobody has chosen them.
        rule: the framework's working days.
    """
    steps = of_steps(audit, period)
    if not held_on:
        if steps and not audit.themed:
            return steps  # the framework gives the days, and there is no theme to choose
        by = end_of_week(period, WEEK_TO_DECIDE)
        return in_order([*steps, Deadline(by, What.DECIDE)])
    planned = meetings(held_on, rule)
    freezes = deadlines.freezes_on(held_on[-1], rule.freeze_working_days_after_last_session)
    # Where the framework has a calendar of its own, it says when to draw.
    opens = () if steps else (Deadline(_open_by(audit, planned[0]), What.OPEN),)
    return in_order([*steps, *opens, *of_meetings(audit, planned, freezes, rule)])


def _open_by(audit: Audit, first: Meeting) -> date:
    if audit.hears_families:
        return deadlines.working_days_before(first.heard_by, TO_REACH_FAMILIES)
    return deadlines.working_days_before(first.held_on, TO_READ_PAPERS)


def of_meetings(
    audit: Audit, held: Sequence[Meeting], freezes_on: date, rule: Deadlines
) -> tuple[Deadline, ...]:
    """What is due before and after the meetings of a round.

    Args:
        audit: which; where no family is heard, nothing waits for them and no link is open.
        held: its meetings.
        freezes_on: the day the round freezes.
        rule: the framework's working days.
    """
    found = []
    for each in held:
        after = deadlines.destroy_by(each.held_on, rule.destroy_copies_working_days_after_session)
        found.append(Deadline(each.held_on, What.MEET, each.number))
        found.append(Deadline(after, What.DESTROY, each.number))
        if audit.hears_families:
            found.append(Deadline(each.heard_by, What.HEARD_BY, each.number))
    if audit.hears_families:
        found.append(Deadline(freezes_on, What.FREEZE))
    return in_order(found)

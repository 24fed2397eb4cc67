"""How a concern's ladder and its age are shown: who was told when, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from family_voice.language.texts import lazy, ngettext
from family_voice.safeguarding.concerns import ConcernView
from family_voice.safeguarding.ladder import AT_ONCE, LADDERS

RUNGS = {
    AT_ONCE: lazy("First on the rota"),
    "again": lazy("All on the rota now"),
    "everybody": lazy("The whole rota and the SEND leads"),
    "duty_team": lazy("Ring the emergency duty team"),
}


class State(StrEnum):
    """How far a rung is."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True)
class Step:
    """One rung as it is drawn. `at` is when it was taken or is due; None if nobody can say yet."""

    name: object
    state: State
    at: datetime | None
    names: tuple[str, ...]


def steps(it: ConcernView) -> list[Step]:
    """The ladder of a concern: what was done, and, until somebody takes it, what comes."""
    told = {each.rung: each for each in it.told}
    began = told[AT_ONCE].at if AT_ONCE in told else None
    found = []
    for rung in LADDERS[it.kind]:
        name = RUNGS[rung.name]
        if rung.name in told:
            found.append(Step(name, State.DONE, told[rung.name].at, told[rung.name].names))
        elif it.acknowledged_at is None and rung.name == it.next_rung:
            found.append(Step(name, State.NEXT, it.next_at, ()))
        elif it.acknowledged_at is None and it.next_rung is not None:
            found.append(Step(name, State.LATER, began + rung.after if began else None, ()))
    # The duty team may have come first: what was done stands in the order it was done.
    done = [step for step in found if step.state is State.DONE]
    return sorted(done, key=_when) + [step for step in found if step.state is not State.DONE]


def _when(step: Step) -> datetime:
    return step.at or datetime.max.replace(tzinfo=UTC)


def how_long(since: datetime, now: datetime) -> str:
    """How long something has waited, in its largest unit."""
    waited = max(now - since, timedelta(0))
    if waited < timedelta(hours=2):
        minutes = int(waited.total_seconds() // 60)
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if waited < timedelta(days=2):
        hours = int(waited.total_seconds() // 3600)
        return ngettext("%(num)d hour", "%(num)d hours", hours)
    return ngettext("%(num)d day", "%(num)d days", waited.days)

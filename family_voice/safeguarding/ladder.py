"""Who is told of a concern when nobody takes it: the ladder as data, and the rung to take. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What waits for a person."""

    RAISED = "raised"
    PLEASE_LOOK = "please_look"


class Whom(StrEnum):
    """Who is told. The first two need somebody to be on the rota at that moment."""

    FIRST = "first on the rota now"
    ON_ROTA = "everybody on the rota now"
    EVERYBODY = "everybody of the rota, and the SEND leads"


@dataclass(frozen=True)
class Rung:
    """One step: so long after the first, these people. `rings` names the emergency duty team."""

    name: str
    after: timedelta
    whom: Whom
    rings: bool = False

    @property
    def needs_rota(self) -> bool:
        """Whether it can only be taken while somebody is on the rota."""
        return self.whom is not Whom.EVERYBODY


AT_ONCE: Final = "at_once"

#: A person raised it: it ends with the emergency duty team, and a banner until somebody takes it.
#: A phrase list found it: no machine rings anybody; a day later everybody is told, and no more.
LADDERS: Final[Mapping[Kind, tuple[Rung, ...]]] = {
    Kind.RAISED: (
        Rung(AT_ONCE, timedelta(0), Whom.FIRST),
        Rung("again", timedelta(minutes=30), Whom.ON_ROTA),
        Rung("everybody", timedelta(minutes=60), Whom.EVERYBODY),
        Rung("duty_team", timedelta(hours=2), Whom.EVERYBODY, rings=True),
    ),
    Kind.PLEASE_LOOK: (
        Rung(AT_ONCE, timedelta(0), Whom.FIRST),
        Rung("everybody", timedelta(days=1), Whom.EVERYBODY),
    ),
}


@dataclass(frozen=True)
class Take:
    """Take this rung now."""

    rung: Rung


@dataclass(frozen=True)
class WaitFor:
    """This rung comes next, not before then."""

    rung: Rung
    until: datetime


def what_now(
    kind: Kind,
    taken: Mapping[str, datetime],
    raised_at: datetime,
    now: datetime,
    *,
    on_rota: bool,
    next_on: datetime | None,
) -> Take | WaitFor | None:
    """What to do about something that nobody has taken.

    Times count from the first rung. A rung for the rota that falls due while nobody is on it hands
    over to the last one, which names the emergency duty team, and waits for the next shift.

    Args:
        kind: a concern or a flag.
        taken: the rungs taken already, and when.
        raised_at: when it was raised.
        now: the present.
        on_rota: whether somebody is on the rota now.
        next_on: when somebody next is; None if nobody ever is.

    Returns:
        The rung to take, the one to wait for, or None when all are taken.
    """
    ladder = LADDERS[kind]
    base = taken.get(AT_ONCE, raised_at)
    for rung in ladder:
        if rung.name in taken:
            continue
        due = base + rung.after
        if due > now:
            return WaitFor(rung, due)
        if not rung.needs_rota or on_rota:
            return Take(rung)
        last = ladder[-1]
        if last.rings and last.name not in taken:
            return Take(last)
        if next_on is not None:
            return WaitFor(rung, next_on)
    return None

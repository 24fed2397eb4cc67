"""What was tried to reach families, by channel and hour; what worked; and how long it took. Pure.

What worked is the last try before a family told us what they had to say. That the earlier ones
helped as well cannot be known from six families, and is not claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from family_voice.cases.deadlines import LONDON, london_date
from family_voice.cases.ledger import AttemptFacts, Outcome

#: The outcomes that say somebody answered.
ANSWERED = frozenset({Outcome.SPOKE, Outcome.CALL_BACK, Outcome.DECLINED})
#: What is rung, so that the hour at which it was tried says something.
RUNG = frozenset({"telephone", "video", "relay", "signed"})


@dataclass(frozen=True)
class Reached:
    """One case: what was tried, and when its family first told us, if it has.

    `drawn_at` is when it came into the sample; `told_by` the channels by which accounts came.
    """

    case_id: Hashable
    drawn_at: datetime
    tries: tuple[AttemptFacts, ...] = ()
    told_at: datetime | None = None
    told_by: frozenset[str] = frozenset()

    @property
    def worked(self) -> AttemptFacts | None:
        """The last try before they told us; None where nobody had been tried, or told."""
        if self.told_at is None:
            return None
        before = [each for each in self.tries if each.at <= self.told_at]
        return max(before, key=lambda each: each.at, default=None)

    @property
    def days(self) -> int | None:
        """Days in London from the draw until they told us."""
        if self.told_at is None:
            return None
        return max(0, (london_date(self.told_at) - london_date(self.drawn_at)).days)


@dataclass(frozen=True)
class Way:
    """One channel: how many tries, what came of them, and how many families it reached.

    `families` were tried this way, `answered` of them answered a try made so, and for `worked` it
    was the last before they told us. `accounts` came in by this channel.
    """

    channel: str
    tries: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    families: int = 0
    answered: int = 0
    worked: int = 0
    accounts: int = 0


@dataclass(frozen=True)
class Hour:
    """Calls begun within one hour of the London day, and how many somebody answered."""

    hour: int
    calls: int
    answered: int


@dataclass(frozen=True)
class Times:
    """Days from draw to heard, the shortest first."""

    days: tuple[int, ...]

    @property
    def middle(self) -> float | None:
        """Half took less, half more; None before anybody was heard."""
        return median(self.days) if self.days else None


def by_channel(cases: Sequence[Reached]) -> tuple[Way, ...]:
    """One line for each channel that was tried or by which somebody told us, the most tries first.

    Args:
        cases: of one round or many; those stood down are left out by the caller.
    """
    tries: dict[str, Counter[Outcome]] = {}
    families: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    worked: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for case in cases:
        for each in case.tries:
            tries.setdefault(each.channel, Counter())[each.outcome] += 1
        families.update({each.channel for each in case.tries})
        answered.update({each.channel for each in case.tries if each.outcome in ANSWERED})
        accounts.update(case.told_by)
        if case.worked is not None:
            worked[case.worked.channel] += 1
    ways = [
        Way(
            channel,
            sum(tries.get(channel, Counter()).values()),
            dict(tries.get(channel, Counter())),
            families[channel],
            answered[channel],
            worked[channel],
            accounts[channel],
        )
        for channel in tries.keys() | accounts.keys()
    ]
    return tuple(sorted(ways, key=lambda way: (-way.tries, way.channel)))


def by_hour(cases: Iterable[Reached]) -> tuple[Hour, ...]:
    """Calls by the hour they were begun in, every hour from the first to the last that has any."""
    calls: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for case in cases:
        for each in case.tries:
            if each.channel in RUNG:
                hour = each.at.astimezone(LONDON).hour
                calls[hour] += 1
                answered[hour] += each.outcome in ANSWERED
    if not calls:
        return ()
    return tuple(
        Hour(hour, calls[hour], answered[hour]) for hour in range(min(calls), max(calls) + 1)
    )


def times(cases: Iterable[Reached]) -> Times:
    """How long it took from the draw until each family that was heard told us."""
    return Times(tuple(sorted(each.days for each in cases if each.days is not None)))

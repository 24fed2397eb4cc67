"""Drawing a stratified random sample by a framework's rule. Pure, and the same everywhere.

Every child has a place in one long order: the hash of the seed and the child's reference. The draw
goes down that order and takes each child who still fits beside those taken already, and stops when
the sample is full. So the same seed and caseload give the same cases on every machine and in every
order of reading; two children whom the rule treats alike have the same chance; and if one case is
stood down, the next in the same order takes its place and nobody else's changes.

"Fits" is exact where strata overlap (a child in Year 8 is "secondary or post-16" and "school age"):
each case fills one place of the rule, and those taken move between places to make room. Samples
that fit a rule form a transversal matroid, for which going down an order and taking whatever still
fits finds a full sample if there is one. (Edmonds and Fulkerson, Transversals and matroid
partition, 1965.)
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from family_voice.frameworks.framework import Audit, Stratum

Themes = Mapping[str, Collection[str]]
#: Periods in months, counted from September. Ours: councils' terms differ by days, and a plan that
#: is finalised in a holiday has to belong to one of them.
MONTHS_OF = {"month": 1, "half_term": 2, "term": 4}


@dataclass(frozen=True)
class Candidate:
    """A child who could be drawn: what the rule looks at, and nothing that says who it is.

    `id` is the reference, which every copy of a caseload has. `drawn_by`: audits whose draws took
    this child since the period before the draw began. `themes`: what holds of the child, by theme.
    """

    id: Hashable
    plan_type: str
    phase: str
    plan_finalised_on: date | None = None
    review_finalised_on: date | None = None
    last_audited_on: date | None = None
    drawn_by: frozenset[str] = frozenset()
    themes: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)


class LeftOut(StrEnum):
    """Why a child may not be drawn."""

    PLAN_TYPE = "plan_type"
    THEME = "theme"
    EVENT = "event"
    YEARS = "years"
    AUDITED = "audited"
    DRAWN = "drawn"


@dataclass(frozen=True)
class Chosen:
    """A case of the sample and the stratum it fills; "" for a place that is open to everybody."""

    candidate: Candidate
    stratum: str


@dataclass(frozen=True)
class Lacking:
    """How many cases a stratum still needs; `stratum` is "" for places open to everybody."""

    stratum: str
    count: int


@dataclass(frozen=True)
class Drawn:
    """A sample: those kept first, then those drawn, in the order of the draw."""

    chosen: tuple[Chosen, ...]
    may_be_drawn: int
    left_out: Mapping[LeftOut, int]
    lacking: tuple[Lacking, ...] = ()


class NotEnough(ValueError):
    """The caseload does not hold the sample. `lacking` says how many of which stratum."""

    def __init__(self, lacking: Sequence[Lacking], found: Drawn) -> None:
        super().__init__(", ".join(f"{each.stratum or 'any'}: {each.count}" for each in lacking))
        self.lacking = tuple(lacking)
        self.found = found


class NoRoom(ValueError):
    """A case that somebody wants kept fits no place that is left; `candidate` is that case."""

    def __init__(self, candidate: Candidate) -> None:
        super().__init__("no place of the rule is left for this case")
        self.candidate = candidate


def draw(
    candidates: Iterable[Candidate],
    audit: Audit,
    *,
    on: date,
    seed: int,
    themes: Themes,
    kept: Sequence[Candidate] = (),
    never: Collection[Hashable] = (),
    short: bool = False,
) -> Drawn:
    """Draw a sample, or the rest of one.

    Args:
        candidates: the caseload, in any order.
        audit: the framework's rule.
        on: the day of the draw, which the periods lie before.
        seed: what makes it repeatable.
        themes: the values a themed audit looks at, by theme; of each theme one has to hold.
        kept: cases that are in it whatever the rule leaves out: picked by hand, or drawn before.
        never: ids of cases that were in it and are not to come back.
        short: take what there is where there is too little, and say what is lacking.

    Returns:
        The sample.

    Raises:
        NotEnough: if it cannot be filled.
        NoRoom: if one that is kept fits no place that is left.
    """
    places = _Places(audit)
    for each in kept:
        if not places.take(each):
            raise NoRoom(each)
    out = {each.id for each in kept} | set(never)
    reasons: Counter[LeftOut] = Counter()
    open_to_draw = []
    for each in candidates:
        if each.id in out:
            continue
        reason = left_out(each, audit, on, themes)
        if reason is None:
            open_to_draw.append(each)
        else:
            reasons[reason] += 1
    for each in sorted(open_to_draw, key=lambda one: rank(seed, one.id)):
        if places.full:
            break
        places.take(each)
    lacking = places.lacking()
    found = Drawn(places.chosen(), len(open_to_draw), dict(reasons), lacking)
    if lacking and not short:
        raise NotEnough(lacking, found)
    return found


def rank(seed: int, reference: Hashable) -> bytes:
    """Where a child stands in the order of a seed."""
    return hashlib.sha256(f"{seed}\n{reference}".encode()).digest()


def left_out(candidate: Candidate, audit: Audit, on: date, themes: Themes) -> LeftOut | None:
    """The first reason for which the rule leaves a child out, or None if it may be drawn."""
    if audit.plan_types and candidate.plan_type not in audit.plan_types:
        return LeftOut.PLAN_TYPE
    if audit.themed and not _on_theme(candidate, themes):
        return LeftOut.THEME
    if not _had_event(candidate, audit, on):
        return LeftOut.EVENT
    if audit.years_with_plan_at_least:
        since = months_before(on, 12 * audit.years_with_plan_at_least)
        if candidate.plan_finalised_on is None or candidate.plan_finalised_on > since:
            return LeftOut.YEARS
    last = candidate.last_audited_on
    if last and last > months_before(on, audit.not_audited_within_months):
        return LeftOut.AUDITED
    if candidate.drawn_by & set(audit.not_drawn_by):
        return LeftOut.DRAWN
    return None


def period_before(on: date, period: str) -> tuple[date, date]:
    """The first and last day of the whole month, half term or term before a day.

    Half terms are two months each from September, terms four. Raises KeyError for another period.
    """
    months = MONTHS_OF[period]
    start = first_of(months, on)
    return months_before(start, months), start - timedelta(days=1)


def first_of(months: int, day: date) -> date:
    """The first day of the stretch of so many months, counted from September, that a day is in."""
    return months_before(day.replace(day=1), (day.month - 9) % 12 % months)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def fits(stratum: Stratum, candidate: Candidate) -> bool:
    """Whether a child is of the kind that a stratum asks for."""
    return (not stratum.plan_types or candidate.plan_type in stratum.plan_types) and (
        not stratum.phases or candidate.phase in stratum.phases
    )


def seats(
    candidates: Sequence[Candidate],
    room: Mapping[int, int],
    seated: Sequence[tuple[Candidate, int]] = (),
) -> dict[Hashable, int]:
    """Deal cases out to sessions, so that each session has a mix of plans and of ages.

    Args:
        candidates: whom to seat, in the order of the draw.
        room: how many cases each session still takes, by its number.
        seated: who sits where already.

    Returns:
        The session's number by candidate's id; whoever finds no room is not in it.
    """
    left = dict(room)
    there = {number: [one for one, its in seated if its == number] for number in room}
    found: dict[Hashable, int] = {}
    for each in sorted(candidates, key=lambda one: (one.plan_type, one.phase)):
        open_sessions = [number for number in sorted(left) if left[number] > 0]
        if not open_sessions:
            break

        def crowded(number: int, each: Candidate = each) -> tuple[int, int, int]:
            others = there[number]
            return (
                sum(one.plan_type == each.plan_type for one in others),
                sum(one.phase == each.phase for one in others),
                len(others),
            )

        number = min(open_sessions, key=crowded)
        there[number].append(each)
        left[number] -= 1
        found[each.id] = number
    return found


class _Places:
    """The places of a rule and who fills them."""

    def __init__(self, audit: Audit) -> None:
        open_to_all = audit.cases - sum(each.at_least for each in audit.strata)
        self._wants: list[Stratum | None] = [
            each for each in audit.strata for _ in range(each.at_least)
        ]
        self._wants += [None] * open_to_all
        self._held: list[Candidate | None] = [None] * len(self._wants)
        self._order: list[Candidate] = []

    @property
    def full(self) -> bool:
        return len(self._order) == len(self._held)

    def take(self, candidate: Candidate) -> bool:
        """Give somebody a place, moving others between places if need be."""
        if not self._give(candidate, set()):
            return False
        self._order.append(candidate)
        return True

    def chosen(self) -> tuple[Chosen, ...]:
        stratum_of = {
            held.id: want.id if want else ""
            for want, held in zip(self._wants, self._held, strict=True)
            if held
        }
        return tuple(Chosen(each, stratum_of[each.id]) for each in self._order)

    def lacking(self) -> tuple[Lacking, ...]:
        empty = Counter(
            want.id if want else ""
            for want, held in zip(self._wants, self._held, strict=True)
            if held is None
        )
        return tuple(Lacking(stratum, count) for stratum, count in empty.items())

    def _give(self, candidate: Candidate, tried: set[int]) -> bool:
        for place, want in enumerate(self._wants):
            if place in tried or (want is not None and not fits(want, candidate)):
                continue
            tried.add(place)
            holder = self._held[place]
            if holder is None or self._give(holder, tried):
                self._held[place] = candidate
                return True
        return False


def _on_theme(candidate: Candidate, themes: Themes) -> bool:
    return all(
        candidate.themes.get(theme, frozenset()) & set(values)
        for theme, values in themes.items()
        if values
    )


def _had_event(candidate: Candidate, audit: Audit, on: date) -> bool:
    days = {
        "any": (candidate.plan_finalised_on, candidate.review_finalised_on),
        "plan_finalised": (candidate.plan_finalised_on,),
        "review_finalised": (candidate.review_finalised_on,),
    }[audit.event]
    if audit.event == audit.period == "any":
        return True
    first, last = (date.min, on) if audit.period == "any" else period_before(on, audit.period)
    return any(day is not None and first <= day <= last for day in days)

"""When somebody may be rung, whom to ring first, and what to try when nobody answers. Pure.

A safe window binds every call. Without one we ring on working days between nine and eight. Nobody
is rung twice within half a day, and what was posted is given its days to arrive and be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from family_voice.cases.deadlines import LONDON, is_working_day, london_date
from family_voice.cases.ledger import AttemptFacts, Outcome
from family_voice.cases.next_steps import A_FEW_DAYS, MANY_TRIES
from family_voice.messages.hours import DAYTIME
from family_voice.people.facts import Hours

#: After a call that nobody took.
BREATH = timedelta(hours=4)
#: Windows further off than this are not looked for.
HORIZON = 14
CALLS = frozenset({"telephone", "video"})
BY_NUMBER = CALLS | {"text"}
UNANSWERED = frozenset({Outcome.NO_ANSWER, Outcome.MESSAGE_LEFT})


class Why(StrEnum):
    """Why somebody is on the list; the first goes before the others."""

    ASKED = "asked"
    CALL_BACK = "call_back"
    BEGUN = "begun"
    NOT_HEARD = "not_heard"
    READ_BACK = "read_back"


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be rung, as far as the time and the order of calls hang on it.

    `tries` are those of this person, oldest first. `asked_at` is since when they have waited to be
    rung; `begun` that they have begun to tell us; `to_read_back` that only that is left.
    """

    heard_by: date
    safe_hours: Hours | None = None
    asked_at: datetime | None = None
    begun: bool = False
    to_read_back: bool = False
    tries: tuple[AttemptFacts, ...] = ()

    @property
    def last(self) -> AttemptFacts | None:
        """The last try."""
        return self.tries[-1] if self.tries else None

    @property
    def call_back_at(self) -> datetime | None:
        """From when they asked to be rung back, unless somebody has tried since."""
        return self.last.call_back_at if self.last else None

    @property
    def wrong_number(self) -> bool:
        """The number we have is known to be wrong."""
        heard = [each for each in self.tries if each.channel in BY_NUMBER]
        came = [each for each in heard if each.outcome is not Outcome.SENT]
        return bool(came) and came[-1].outcome is Outcome.WRONG_CONTACT and not came[-1].put_right

    @property
    def unanswered(self) -> int:
        """How many calls in a row nobody took."""
        count = 0
        for each in reversed(self.tries):
            if each.channel in CALLS:
                if each.outcome not in UNANSWERED:
                    break
                count += 1
        return count

    @property
    def another_way(self) -> bool:
        """Whether something else than one more call is worth more now."""
        return self.unanswered >= MANY_TRIES and self.asked_at is None

    @property
    def why(self) -> Why:
        """Why they are rung."""
        if self.asked_at is not None:
            return Why.ASKED
        if self.last is not None and self.last.outcome is Outcome.CALL_BACK:
            return Why.CALL_BACK
        if self.begun:
            return Why.BEGUN
        return Why.READ_BACK if self.to_read_back else Why.NOT_HEARD


def may_ring_from(who: Candidate, now: datetime) -> datetime | None:
    """The first moment to ring somebody: `now`, or a later one.

    Args:
        who: the person.
        now: the present.

    Returns:
        That moment; None if their window does not open within `HORIZON` days.
    """
    earliest, promised = now, who.call_back_at
    last = who.last
    if promised is not None:
        earliest = max(now, promised)
    elif who.asked_at is None and last is not None:
        if last.outcome is Outcome.SENT:
            earliest = max(now, last.at + A_FEW_DAYS)
        elif last.outcome in UNANSWERED:
            earliest = max(now, last.at + BREATH)
    if promised is not None and promised > now and who.safe_hours is None:
        return promised  # they named the time themselves
    return _opens(earliest, who.safe_hours or DAYTIME, promised)


def is_ringing_time(now: datetime) -> bool:
    """Whether somebody may be rung now of whom we know no safe hours."""
    return _opens(now, DAYTIME, None) == now


def another_part(who: Candidate) -> Part | None:
    """A part of the day in which they may be rung and nobody has tried yet, once two calls in a
    row went unanswered; the evening first, when most people are at home."""
    if who.unanswered < 2:
        return None
    tried = {part_of(each.at) for each in who.tries if each.channel in CALLS}
    return next((part for part in parts_within(who.safe_hours) if part not in tried), None)


def parts_within(safe_hours: Hours | None) -> list[Part]:
    """The parts of the day in which somebody may be rung, the evening first."""
    hours = safe_hours or DAYTIME
    return [
        part
        for part, (begins, ends) in _PARTS.items()
        if hours.begins < ends and begins < hours.ends
    ]


def part_of(moment: datetime) -> Part:
    """The part of the London day a moment is in."""
    at = moment.astimezone(LONDON).time()
    if at < _PARTS[Part.AFTERNOON][0]:
        return Part.MORNING
    return Part.AFTERNOON if at < _PARTS[Part.EVENING][0] else Part.EVENING


def order(who: Candidate) -> tuple[object, ...]:
    """What candidates are sorted by: why, who has waited, whose day comes first, who was least
    tried."""
    places = list(Why)
    waited = who.asked_at or who.call_back_at or datetime.max.replace(tzinfo=LONDON)
    last = who.last.at if who.last else datetime.min.replace(tzinfo=LONDON)
    return (places.index(who.why), waited, who.heard_by, len(who.tries), last)


def _opens(earliest: datetime, hours: Hours, promised: datetime | None) -> datetime | None:
    """The first moment from `earliest` within the hours, on a day when we ring."""
    local = earliest.astimezone(LONDON)
    for ahead in range(HORIZON + 1):
        day = local.date() + timedelta(days=ahead)
        named = promised is not None and day == london_date(promised)
        if not is_working_day(day) and not named:
            continue
        begins = datetime.combine(day, hours.begins, LONDON)
        ends = datetime.combine(day, hours.ends, LONDON)
        found = max(local, begins)
        if found < ends:
            return found.astimezone(earliest.tzinfo)
    return None


_PARTS = {
    Part.EVENING: (time(17), time(23)),
    Part.MORNING: (time(0), time(12)),
    Part.AFTERNOON: (time(12), time(17)),
}

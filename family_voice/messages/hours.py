"""When a text may go out. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from family_voice.people.facts import Hours

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
CLOSES = time(20)
#: An answer this soon after their own text may go at any hour: they are awake and waiting.
REPLY_WINDOW = timedelta(minutes=10)


DAYTIME = Hours(OPENS, CLOSES)


def shared(windows: Collection[Hours]) -> Hours | None:
    """The hours that lie within all of these; None if there are none."""
    begins = max(each.begins for each in windows)
    ends = min(each.ends for each in windows)
    return Hours(begins, ends) if begins < ends else None


def may_go_from(
    now: datetime, their_last_text: datetime | None, safe: Collection[Hours] = ()
) -> datetime | None:
    """The first moment a text may go.

    Between nine and eight; an answer soon after their own text at any hour. Where a family has said
    at what times of day texts are safe, none goes at any other time, an answer neither.

    Args:
        now: the present.
        their_last_text: when they last texted us, if this answers them; None for a text of ours.
        safe: the hours that are safe; none for any.

    Returns:
        `now`, or a later moment; None if no time of day suits everybody.
    """
    answers = their_last_text is not None and now - their_last_text <= REPLY_WINDOW
    if answers and (not safe or _within(shared(safe), now)):
        return now
    hours = shared((DAYTIME, *safe))
    if hours is None:
        return None
    if _within(hours, now):
        return now
    local = now.astimezone(LONDON)
    day = local.date() if local.time() < hours.begins else local.date() + timedelta(days=1)
    return datetime.combine(day, hours.begins, LONDON).astimezone(now.tzinfo)


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The London day a moment is in: its midnight and the next one."""
    day = moment.astimezone(LONDON).date()
    return (
        datetime.combine(day, time(), LONDON),
        datetime.combine(day + timedelta(days=1), time(), LONDON),
    )


def _within(hours: Hours | None, moment: datetime) -> bool:
    return hours is not None and hours.begins <= moment.astimezone(LONDON).time() < hours.ends

"""When a text may go out. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
CLOSES = time(20)
#: An answer this soon after their own text may go at any hour: they are awake and waiting.
REPLY_WINDOW = timedelta(minutes=10)


def may_go_from(now: datetime, their_last_text: datetime | None) -> datetime:
    """The first moment a text may go.

    Args:
        now: the present.
        their_last_text: when they last texted us, if this answers them; None for a text of ours.

    Returns:
        `now`, or the next nine o'clock in the morning.
    """
    if their_last_text is not None and now - their_last_text <= REPLY_WINDOW:
        return now
    local = now.astimezone(LONDON)
    if OPENS <= local.time() < CLOSES:
        return now
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, LONDON).astimezone(now.tzinfo)


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The London day a moment is in: its midnight and the next one."""
    day = moment.astimezone(LONDON).date()
    return (
        datetime.combine(day, time(), LONDON),
        datetime.combine(day + timedelta(days=1), time(), LONDON),
    )

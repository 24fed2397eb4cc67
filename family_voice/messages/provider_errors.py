"""What a provider's error code means for a text, and what happens next. Pure.

Twilio's are in its error dictionary, https://www.twilio.com/docs/api/errors; GOV.UK Notify's three
words are in https://docs.notifications.service.gov.uk/python.html under "Error codes" of a status.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """What follows, the gentlest first: where several codes come, the last of these counts."""

    RETRY = "retry"  # their phone is off or away: once more later
    ALERT = "alert"  # it is about us or our words, so that other families may be concerned
    STAFF = "staff"  # no text will ever reach this phone: a person finds another way
    STOPPED = "stopped"  # they told their carrier STOP


@dataclass(frozen=True)
class Next:
    """The step, and the need (`attention.Need`) that a person hears of; for RETRY at the end."""

    step: Step
    need: str | None


OUR_LANDLINE: Final = "landline"
_UNKNOWN: Final = Next(Step.ALERT, "given_up")
_LATER: Final = Next(Step.RETRY, "given_up")
_DEAD: Final = Next(Step.STAFF, "number_dead")
_LANDLINE: Final = Next(Step.STAFF, "landline")
_NOT_THERE: Final = Next(Step.ALERT, "not_allowed_there")

CODES: Final = {
    "21610": Next(Step.STOPPED, None),  # the phone has told the carrier STOP
    "30003": _LATER,  # switched off, or out of reach
    "30008": _LATER,  # the carrier says no more than that it failed
    "30410": _LATER,  # the carrier did not answer in time
    "temporary-failure": _LATER,
    "technical-failure": _LATER,
    "30005": _DEAD,  # nobody has this number, or nobody has it any more
    "21211": _DEAD,  # not a telephone number
    "permanent-failure": _DEAD,
    "ValidationError": _DEAD,  # Notify's, of a number that is none
    "30006": _LANDLINE,  # a landline, or a carrier that takes no texts
    "21614": _LANDLINE,  # not a mobile
    OUR_LANDLINE: _LANDLINE,  # what we found out ourselves before sending
    "30007": Next(Step.ALERT, "filtered"),  # taken for spam
    "21408": _NOT_THERE,  # the account may not send to that country
    "21612": _NOT_THERE,  # nothing goes from our number to theirs
}
#: How long after a failure it is tried anew; after the last of these it is given up.
WAITS: Final = (timedelta(minutes=30), timedelta(hours=2))


def next_step(code: str | None) -> Next:
    """What follows from a code; of one that nobody foresaw a person is told."""
    return CODES.get(code or "", _UNKNOWN)


def gravest(codes: Iterable[str | None]) -> str | None:
    """The one that counts among several, whatever their order. None if none says why."""
    steps = list(Step)
    named = [code for code in codes if code]
    return max(named, key=lambda code: (steps.index(next_step(code).step), code), default=None)


def wait_after(attempt: int) -> timedelta | None:
    """How long to wait after this attempt, counted from 1, has failed; None to give it up."""
    return WAITS[attempt - 1] if attempt <= len(WAITS) else None

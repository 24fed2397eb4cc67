"""What came of ringing somebody who asked for it, as the log of their conversation tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.interviews.events import CallTakenBack, Channel, NotReached, Rung
from family_voice.interviews.log import steps
from family_voice.interviews.models import Interview
from family_voice.storage.locking import lock


class NotTheLast(Exception):
    """Something else was noted meanwhile; nothing is changed."""


@dataclass(frozen=True)
class CallTry:
    """One call: what came of it, and who noted it.

    `outcome` is one of `cases.ledger.Outcome`, or empty where nobody said. `ended`: nobody waited
    any more, and `asked_at` is since when they had. `call_back_at`: from when they asked to be rung
    another time. One that was taken back is still here, and counts no more.
    """

    seq: int
    at: datetime
    by: UUID | None
    outcome: str
    ended: bool
    asked_at: datetime | None
    call_back_at: datetime | None = None
    taken_back: bool = False


def call_tries(session: Session, interview_id: UUID) -> tuple[CallTry, ...]:
    """Every call that was noted on an account, the oldest first. Raises Missing."""
    found: list[CallTry] = []
    since: datetime | None = None
    for step in steps(session, interview_id):
        was = since
        match step.event:
            case Rung(outcome=outcome) if was is not None:
                by, at = step.recorded_by, step.at
                found.append(CallTry(step.seq, at, by, outcome, ended=True, asked_at=was))
            case NotReached(outcome=outcome, call_back_at=back):
                when = datetime.fromisoformat(back) if back else None
                by, at = step.recorded_by, step.at
                found.append(CallTry(step.seq, at, by, outcome, False, was, when))
            case CallTakenBack():
                last = _last(found)
                if last is not None:
                    found[found.index(last)] = replace(last, taken_back=True)
                    was = was or (last.asked_at if last.ended else None)
        since = (was or step.at) if step.after.call_wanted else None
    return tuple(found)


def note_call(
    session: Session,
    interview_id: UUID,
    outcome: str,
    now: datetime,
    *,
    reached: bool,
    call_back_at: datetime | None = None,
    recorded_by: UUID | None = None,
) -> None:
    """Note that somebody was rung.

    Args:
        session: a writing session.
        interview_id: whose account.
        outcome: what came of it, one of `cases.ledger.Outcome`; empty where nobody said.
        now: when.
        reached: they were spoken with, or need no call: they wait no more.
        call_back_at: from when they asked to be rung another time.
        recorded_by: the member of staff.

    Raises:
        Missing: if there is no such account.
    """
    back = call_back_at.isoformat() if call_back_at is not None else ""
    happened = (
        Rung(Channel.TELEPHONE, outcome)
        if reached
        else NotReached(Channel.TELEPHONE, outcome, back)
    )
    record.happen(session, interview_id, happened, now, recorded_by=recorded_by)


def take_back_call(
    session: Session, interview_id: UUID, seq: int, now: datetime, recorded_by: UUID | None
) -> None:
    """Say that what was noted last of a call was a slip: who waited before waits again, since then.

    Raises:
        NotTheLast: if it is not what was noted last, or was taken back.
        Missing: if there is no such account.
    """
    interview = lock(session, Interview, interview_id)
    last = _last(call_tries(session, interview_id))
    if last is None or last.seq != seq:
        raise NotTheLast
    happened = CallTakenBack(Channel.TELEPHONE, waits=last.ended)
    record.happen(session, interview_id, happened, now, recorded_by=recorded_by)
    if last.ended and last.asked_at is not None and interview.call_wanted_at is not None:
        interview.call_wanted_at = min(interview.call_wanted_at, last.asked_at)
        session.flush()


def wait_again(
    session: Session, interview_id: UUID, at: datetime, now: datetime, recorded_by: UUID | None
) -> None:
    """They were not spoken to at that moment after all: who waited until then waits again.

    Only where nothing else was noted of a call since, and nobody said what came of it.
    """
    last = _last(call_tries(session, interview_id))
    if last is None or not last.ended or last.outcome or last.asked_at is None:
        return
    # An attempt is written down to the minute.
    if last.asked_at.replace(second=0, microsecond=0) <= at <= last.at:
        take_back_call(session, interview_id, last.seq, now, recorded_by)


def _last(tries: list[CallTry] | tuple[CallTry, ...]) -> CallTry | None:
    return next((each for each in reversed(tries) if not each.taken_back), None)

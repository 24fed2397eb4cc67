"""Ringing somebody whose account the call pad cannot open: what came of it, and the way back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.ledger import Outcome
from family_voice.cases.reaching import CallBackPassed, staff_id
from family_voice.interviews import calls
from family_voice.interviews.calls import CallTry, NotTheLast
from family_voice.interviews.models import Event, Interview
from family_voice.messages.outbox import cancel_queued
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import lock

#: What may come of such a call; after the first two of these nobody waits any more.
REACHED: Final = (Outcome.SPOKE, Outcome.DECLINED)
OUTCOMES: Final = (*REACHED, Outcome.NO_ANSWER, Outcome.MESSAGE_LEFT, Outcome.WRONG_CONTACT,
                   Outcome.CALL_BACK)  # fmt: skip
#: So long a call that ended their waiting is shown, for it to be taken back.
SHOWN_FOR: Final = timedelta(days=7)


def note(
    session: Session,
    interview_id: UUID,
    outcome: Outcome | None,
    *,
    last: int,
    by: Actor,
    now: datetime,
    call_back_at: datetime | None = None,
) -> None:
    """Write down what came of a call.

    To who said no, nothing that waits is sent any more. Where nobody waits, nothing is written.

    Args:
        session: a writing session.
        interview_id: whose account.
        outcome: one of `OUTCOMES`; None where no call is needed any more.
        last: the number of the last call that whoever presses has seen; 0 for none. Pressed twice
            it is one call.
        by: who rang.
        now: when.
        call_back_at: from when they asked to be rung another time; for that outcome alone.

    Raises:
        CallBackPassed: if that moment is over already.
        NotTheLast: if something was noted since; nothing is changed.
        Missing: if there is no such account.
    """
    if lock(session, Interview, interview_id).call_wanted_at is None:
        return  # somebody else has just said so, or they said no
    if call_back_at is not None and call_back_at <= now:
        raise CallBackPassed
    tries = calls.call_tries(session, interview_id)
    if (tries[-1].seq if tries else 0) != last:
        raise NotTheLast
    calls.note_call(
        session,
        interview_id,
        outcome.value if outcome is not None else "",
        now,
        reached=outcome is None or outcome in REACHED,
        call_back_at=call_back_at if outcome is Outcome.CALL_BACK else None,
        recorded_by=staff_id(by),
    )
    if outcome is Outcome.DECLINED:
        cancel_queued(session, [interview_id])
    record(session, by, "change", "interview", interview_id, now, ["call_wanted_at"])


def take_back(session: Session, interview_id: UUID, seq: int, by: Actor, now: datetime) -> None:
    """Say that what was written down last of a call was a slip.

    Raises:
        NotTheLast: if it is not the last, or was taken back already.
        Missing: if there is no such account.
    """
    calls.take_back_call(session, interview_id, seq, now, staff_id(by))
    record(session, by, "take_back", "interview", interview_id, now, ["call_wanted_at"])


def tries_of(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[CallTry, ...]]:
    """The calls noted on each of these accounts, the oldest first."""
    return {each: calls.call_tries(session, each) for each in ids}


def rung_lately(session: Session, ids: Collection[UUID], now: datetime) -> list[UUID]:
    """Which of these accounts were rung lately, and wait no more."""
    rows = session.scalars(
        select(Event.interview_id)
        .join(Interview, Interview.id == Event.interview_id)
        .where(Event.kind == "rung", Event.at > now - SHOWN_FOR, Event.interview_id.in_(ids))
        .where(Interview.call_wanted_at.is_(None))
        .order_by(Event.at.desc())
    )
    return list(dict.fromkeys(rows))

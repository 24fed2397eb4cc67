"""Slowing down guesses: counts live in the database, so restarts and workers share them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.security.blind import blind_index
from family_voice.security.models import FailedAttempt
from family_voice.storage.base import new_id


@dataclass(frozen=True)
class Limit:
    """At most `count` failures in `window`."""

    count: int
    window: timedelta


LIMITS = {
    "code_by_code": Limit(5, timedelta(hours=1)),
    "code_by_address": Limit(20, timedelta(hours=1)),
    "code_overall": Limit(500, timedelta(hours=1)),
    "code_word": Limit(5, timedelta(hours=24)),
    "share_by_address": Limit(30, timedelta(hours=1)),
    "calendar_by_address": Limit(30, timedelta(hours=1)),
    "calendar_reads": Limit(30, timedelta(hours=1)),
    "return_word": Limit(5, timedelta(hours=1)),
    "sign_in_by_account": Limit(10, timedelta(hours=1)),
    "sign_in_by_address": Limit(50, timedelta(hours=1)),
    "passkey_by_address": Limit(50, timedelta(hours=1)),
    "second_factor": Limit(5, timedelta(minutes=15)),
    "second_factor_by_day": Limit(20, timedelta(hours=24)),
}


def allowed(
    session: Session, scope: str, subject: str, now: datetime, *, counted: bool = False
) -> bool:
    """Whether another try may be made.

    To be safe against many tries at once, count a try and commit it first, ask with `counted`,
    and `take_back` the try if it turns out right: each then sees all that were made before it.

    Args:
        session: any session.
        scope: a key of `LIMITS`.
        subject: what is being guessed at or from (stored only as a keyed hash).
        now: the present.
        counted: whether the try that is asked about has itself been counted already.
    """
    limit = LIMITS[scope]
    count = session.scalar(
        select(func.count())
        .select_from(FailedAttempt)
        .where(
            FailedAttempt.scope == scope,
            FailedAttempt.subject == _subject(session, scope, subject),
            FailedAttempt.at > now - limit.window,
        )
    )
    return (count or 0) - int(counted) < limit.count


def count_failure(session: Session, scope: str, subject: str, now: datetime) -> UUID:
    """Note one failed try. The caller commits it by itself, after what failed was rolled back.

    Returns:
        The try's id, for `take_back`.
    """
    row = FailedAttempt(id=new_id(), scope=scope, subject=_subject(session, scope, subject), at=now)
    session.add(row)
    session.execute(
        delete(FailedAttempt).where(
            FailedAttempt.scope == scope, FailedAttempt.at < now - LIMITS[scope].window
        )
    )
    session.flush()
    return row.id


def take_back(session: Session, tries: Collection[UUID]) -> None:
    """Forget tries that were counted before it was known that they were right."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.id.in_(tries)))


def _subject(session: Session, scope: str, subject: str) -> bytes:
    return blind_index(session, f"throttle/{scope}", subject)

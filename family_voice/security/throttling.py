"""Slowing down guesses: counts live in the database, so restarts and workers share them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.security.blind import blind_index
from family_voice.security.models import FailedAttempt


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
    "return_word": Limit(5, timedelta(hours=1)),
    "sign_in_by_account": Limit(10, timedelta(hours=1)),
    "sign_in_by_address": Limit(50, timedelta(hours=1)),
    "second_factor": Limit(5, timedelta(minutes=15)),
}


def allowed(session: Session, scope: str, subject: str, now: datetime) -> bool:
    """Whether another try may be made.

    Args:
        session: any session.
        scope: a key of `LIMITS`.
        subject: what is being guessed at or from (stored only as a keyed hash).
        now: the present.
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
    return (count or 0) < limit.count


def count_failure(session: Session, scope: str, subject: str, now: datetime) -> None:
    """Note one failed try. The caller commits it by itself, after what failed was rolled back."""
    session.add(FailedAttempt(scope=scope, subject=_subject(session, scope, subject), at=now))
    session.execute(
        delete(FailedAttempt).where(
            FailedAttempt.scope == scope, FailedAttempt.at < now - LIMITS[scope].window
        )
    )
    session.flush()


def _subject(session: Session, scope: str, subject: str) -> bytes:
    return blind_index(session, f"throttle/{scope}", subject)

"""What a council chose about coding: a blind second coding, and suggestions by the machine.

Both cost people's time, and figures of agreement on a handful of accounts say little: a second
coding is on by itself only from thirty accounts a year. Suggestions are off until somebody says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview
from family_voice.security.sealing import KeyKind, Place, new_key, seal, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import one_at_a_time
from family_voice.themes.second_models import CodingChoice

#: Accounts in the last year from which a second coding is on unless somebody chose otherwise.
ENOUGH_A_YEAR = 30
_YEAR = timedelta(days=365)


class What(StrEnum):
    """What can be put on or off."""

    SECOND_CODING = "second_coding"
    SUGGESTIONS = "suggestions"


class NoReason(ValueError):
    """A choice needs the reason for it."""


@dataclass(frozen=True)
class Chosen:
    """One choice that somebody made."""

    what: What
    is_on: bool
    reason: str
    by: UUID
    at: datetime


def second_coding_on(session: Session, now: datetime) -> bool:
    """Whether a second person codes some accounts blind: as chosen, else from 30 a year."""
    newest = _newest(session, What.SECOND_CODING)
    return newest.is_on if newest else accounts_in_a_year(session, now) >= ENOUGH_A_YEAR


def suggestions_on(session: Session, now: datetime) -> bool:
    """Whether the machine may ask "did you miss…?": only where somebody chose it."""
    newest = _newest(session, What.SUGGESTIONS)
    return newest.is_on if newest else False


def all_on(session: Session, now: datetime) -> Mapping[What, bool]:
    """Each of them, as it holds now."""
    return {
        What.SECOND_CODING: second_coding_on(session, now),
        What.SUGGESTIONS: suggestions_on(session, now),
    }


def choose(
    session: Session, what: What, is_on: bool, *, reason: str, by: UUID, now: datetime
) -> None:
    """Put one of them on or off, from now on.

    Args:
        session: a writing session.
        what: which of the two.
        is_on: whether it is to be on.
        reason: why; kept sealed.
        by: who chose.
        now: when.

    Raises:
        NoReason: without a reason.
    """
    if not reason.strip():
        raise NoReason
    one_at_a_time(session, "coding choices")
    row_id = new_id()
    key_id = new_key(session, KeyKind.CHOICE, row_id, now)
    session.add(
        CodingChoice(
            id=row_id,
            what=what.value,
            is_on=is_on,
            key_id=key_id,
            reason=seal(session, key_id, _place(row_id), reason.strip()),
            by=by,
            at=now,
        )
    )
    session.flush()


def choices(session: Session) -> tuple[Chosen, ...]:
    """Every choice that was made, the newest first."""
    rows = session.scalars(select(CodingChoice).order_by(CodingChoice.at.desc(), CodingChoice.id))
    return tuple(
        Chosen(
            What(row.what),
            row.is_on,
            unseal(session, row.key_id, _place(row.id), row.reason),
            row.by,
            row.at,
        )
        for row in rows
    )


def accounts_in_a_year(session: Session, now: datetime) -> int:
    """How many accounts were sent in the year before."""
    sent = select(func.count()).where(Interview.sent_at > now - _YEAR, Interview.sent_at <= now)
    return session.scalar(sent) or 0


def _newest(session: Session, what: What) -> CodingChoice | None:
    return session.scalars(
        select(CodingChoice)
        .where(CodingChoice.what == what.value)
        .order_by(CodingChoice.at.desc(), CodingChoice.id)
        .limit(1)
    ).first()


def _place(row_id: UUID) -> Place:
    return Place("coding_choices", "reason", row_id)

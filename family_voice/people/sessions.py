"""Where somebody is signed in: one row a browser, so that signing out ends copies of a cookie too.

A session ends after half an hour unused and after eight hours in any case; both are kept here, on
the server, and hold for a copy of the cookie as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from family_voice.people.sign_in_models import SpentChallenge, StaffSession
from family_voice.security.keyring import keyring_of
from family_voice.security.tokens import new_token
from family_voice.storage.base import new_id

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
# How long an ended session stays, for "where was I signed in" after something odd.
KEPT = timedelta(days=90)
# A person who signed in this lately need not sign in again to change how they sign in.
FRESH = timedelta(minutes=10)
CHALLENGE_LASTS = timedelta(minutes=10)

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


class How(StrEnum):
    """What somebody signed in with."""

    PASSWORD = "password"  # noqa: S105
    PASSKEY = "passkey"
    COUNCIL = "council"


@dataclass(frozen=True)
class SignedIn:
    """One browser in which somebody is signed in."""

    id: UUID
    staff_id: UUID
    how: How
    browser: str
    system: str
    made_at: datetime
    seen_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether they signed in a moment ago."""
        return now - self.made_at <= FRESH


def begin_session(
    session: Session, staff_id: UUID, how: How, user_agent: str, now: datetime
) -> str:
    """Note that somebody signed in.

    Args:
        session: a writing session.
        staff_id: who.
        how: by what.
        user_agent: what the browser says of itself; two words of it are kept.
        now: when.

    Returns:
        The secret for the browser's cookie, which is kept nowhere.
    """
    secret = new_token()
    session.execute(
        delete(StaffSession).where(
            StaffSession.staff_id == staff_id, StaffSession.made_at < now - KEPT
        )
    )
    session.add(
        StaffSession(
            id=new_id(),
            staff_id=staff_id,
            secret=_hash(session, secret),
            how=how.value,
            browser=_word(user_agent, _BROWSERS),
            system=_word(user_agent, _SYSTEMS),
            made_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return secret


def standing_session(session: Session, secret: str, now: datetime) -> SignedIn | None:
    """The session of a cookie's secret, unless it has ended or ran out."""
    row = session.scalar(select(StaffSession).where(StaffSession.secret == _hash(session, secret)))
    return _view(row) if row is not None and _stands(row, now) else None


def standing_sessions(session: Session, staff_id: UUID, now: datetime) -> list[SignedIn]:
    """Everywhere somebody is signed in now, the latest used first."""
    rows = session.scalars(
        select(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
        .order_by(StaffSession.seen_at.desc())
    )
    return [_view(row) for row in rows if _stands(row, now)]


def last_seen(session: Session, staff_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each of these people was last here, as far as that is still known."""
    found: dict[UUID, datetime] = {}
    for staff_id, seen_at in session.execute(
        select(StaffSession.staff_id, StaffSession.seen_at).where(
            StaffSession.staff_id.in_(staff_ids)
        )
    ):
        found[staff_id] = max(seen_at, found.get(staff_id, seen_at))
    return found


def still_here(session: Session, session_id: UUID, now: datetime) -> None:
    """Note that a session is in use; one that has ended stays ended."""
    session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_at=now))


def end_session(session: Session, staff_id: UUID, session_id: UUID, now: datetime) -> None:
    """Sign somebody out of one browser; without effect on anybody else's."""
    _end(session, now, StaffSession.staff_id == staff_id, StaffSession.id == session_id)


def end_sessions(session: Session, staff_id: UUID, now: datetime) -> None:
    """Sign somebody out of every browser."""
    _end(session, now, StaffSession.staff_id == staff_id)


def spend(session: Session, challenge: bytes, now: datetime) -> bool:
    """Take a challenge as answered, once.

    Args:
        session: a writing session.
        challenge: what was asked, or any other value that may open a door a single time.
        now: the present.

    Returns:
        False if it was answered before.
    """
    value = keyring_of(session).mac("spent_challenge", challenge)
    session.execute(delete(SpentChallenge).where(SpentChallenge.at < now - 2 * CHALLENGE_LASTS))
    if session.get(SpentChallenge, value) is not None:
        return False
    session.add(SpentChallenge(challenge=value, at=now))
    session.flush()
    return True


def _end(session: Session, now: datetime, *which: object) -> None:
    session.execute(
        update(StaffSession)
        .where(StaffSession.ended_at.is_(None), *which)  # type: ignore[arg-type]
        .values(ended_at=now)
    )


def _stands(row: StaffSession, now: datetime) -> bool:
    return row.ended_at is None and now - row.seen_at <= IDLE and now - row.made_at <= LONGEST


def _hash(session: Session, secret: str) -> bytes:
    return keyring_of(session).mac("staff_session", secret.encode())


def _word(user_agent: str, words: tuple[tuple[str, str], ...]) -> str:
    return next((word for sign, word in words if sign in user_agent), "")


def _view(row: StaffSession) -> SignedIn:
    return SignedIn(
        row.id, row.staff_id, How(row.how), row.browser, row.system, row.made_at, row.seen_at
    )

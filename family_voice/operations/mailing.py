"""Handing lines of emails over to the mail server, one at a time.

Nothing is held while the mail server answers: each step is a short transaction of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from family_voice.messages.emailing import Claimed
from family_voice.messages.mailer import Later, Mailer, Refused
from family_voice.storage.engine import reading

#: At most so many before the rest of what is due gets its turn.
AT_ONCE: Final = 20

Clock = Callable[[], datetime]
Sessions = sessionmaker[Session]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Posted:
    """How many emails the mail server took, and how many not."""

    sent: int = 0
    not_sent: int = 0


class Line(Protocol):
    """Emails that wait in one line. Every step gets a session of its own."""

    def anything_due(self, session: Session, now: datetime, /) -> bool:
        """Whether there is one to send now."""

    def claim(self, session: Session, now: datetime, /) -> Claimed | None:
        """Take the next that may go now; None if nothing may."""

    def sent(self, session: Session, email_id: UUID, now: datetime, /) -> None:
        """The mail server has taken it."""

    def refused(self, session: Session, email_id: UUID, code: str, now: datetime, /) -> None:
        """The mail server never will."""

    def again(self, session: Session, email_id: UUID, now: datetime, /, *, about_us: bool) -> None:
        """It was not taken, or nobody knows; `about_us`: we are refused, or cannot reach it."""


def hand_over(sessions: Sessions, line: Line, mailer: Mailer, clock: Clock) -> Posted:
    """Send what may go now of a line.

    Args:
        sessions: makes sessions.
        line: what waits.
        mailer: the mail server.
        clock: the present; asked again for every email, since a mail server may be slow.

    Returns:
        What was done.
    """
    sent = not_sent = 0
    with reading(sessions) as session:
        if not line.anything_due(session, clock()):
            return Posted()
    for _ in range(AT_ONCE):
        with sessions.begin() as session:
            claimed = line.claim(session, clock())
        if claimed is None:
            break
        try:
            mailer.send(claimed)
        except Refused as refusal:
            not_sent += 1
            with sessions.begin() as session:
                line.refused(session, claimed.id, refusal.code, clock())
        except Later as later:
            not_sent += 1
            with sessions.begin() as session:
                line.again(session, claimed.id, clock(), about_us=later.about_us)
            if later.about_us:
                _log.error("Emails wait: the mail server cannot be reached, or refuses us.")
                break
        else:
            sent += 1
            with sessions.begin() as session:
                line.sent(session, claimed.id, clock())
    return Posted(sent, not_sent)

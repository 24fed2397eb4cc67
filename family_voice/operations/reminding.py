"""Sending the plan's reminders to staff, one at a time, beside the web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import reminders
from family_voice.cases.deadlines import london_date
from family_voice.frameworks.loader import version_in_force
from family_voice.messages.emailing import Claimed
from family_voice.messages.mailer import Mailer
from family_voice.operations.mailing import Clock, Posted, Sessions, hand_over
from family_voice.settings import Settings


def put_in_line(sessions: Sessions, settings: Settings, now: datetime) -> int:
    """Put the day's reminders in line; without a mail server there are none.

    Returns:
        How many emails will go.
    """
    if settings.email == "off":
        return 0
    with sessions.begin() as session:
        framework = version_in_force(settings.framework, london_date(now))
        return reminders.put_in_line(session, framework, now)


def remind(sessions: Sessions, settings: Settings, mailer: Mailer, clock: Clock) -> Posted:
    """Send the reminders that may go now.

    Args:
        sessions: makes sessions.
        settings: who we are.
        mailer: the mail server.
        clock: the present; asked again for every email, since a mail server may be slow.

    Returns:
        What was done.
    """
    return hand_over(sessions, _Reminders(settings), mailer, clock)


@dataclass(frozen=True)
class _Reminders:
    """What waits for staff."""

    settings: Settings

    anything_due = staticmethod(reminders.anything_due)
    sent = staticmethod(reminders.sent)
    again = staticmethod(reminders.again)

    def claim(self, session: Session, now: datetime) -> Claimed | None:
        framework = version_in_force(self.settings.framework, london_date(now))
        return reminders.claim(session, self.settings, framework, now)

    def refused(self, session: Session, email_id: UUID, code: str, _now: datetime) -> None:
        reminders.refused(session, email_id, code)

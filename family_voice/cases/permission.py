"""Whose words the lead may read, and whose the panel: asked every time something is shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent.decisions import Audience, permits
from family_voice.consent.statements import Purpose
from family_voice.interviews.record import state_of


class NotForUs(Exception):
    """They have not agreed to talk with us, or have taken it back: there is nothing to read."""


def lead_may_read(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether they agreed to talk and have taken nothing back. Raises Missing."""
    standing = state_of(session, interview_id).speaking_allowed
    return standing and permits(session, interview_id, Purpose.TALK, Audience.LEAD, now)


def panel_may_read(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether they agreed that the small group may read it as well. Raises Missing."""
    for_us = lead_may_read(session, interview_id, now)
    return for_us and permits(session, interview_id, Purpose.CHECK, Audience.PANEL, now)

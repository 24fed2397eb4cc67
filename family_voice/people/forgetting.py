"""Letting go of who a child and the people around them are, when the time for knowing is over."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.people.models import Child, Participant
from family_voice.security.sealing import destroy_key
from family_voice.storage.locking import lock

#: As long as a blind index, and found by no reference.
INDEX_LENGTH = 32


def forget_child(session: Session, child_id: UUID, now: datetime) -> None:
    """Destroy the keys of a child and of who may speak about them, and what they are found by.

    Args:
        session: a writing session.
        child_id: which child.
        now: when.
    """
    child = lock(session, Child, child_id)
    child.reference_index = secrets.token_bytes(INDEX_LENGTH)
    child.reference = child.first_name = child.last_name = child.date_of_birth = b""
    child.school = None
    destroy_key(session, child.key_id, now)
    for person in session.scalars(
        select(Participant).where(Participant.child_id == child_id).with_for_update()
    ):
        person.first_name = person.last_name = b""
        person.mobile = person.email = person.mobile_index = person.email_index = None
        person.safe_from = person.safe_until = None
        person.safe_how = person.safe_confirmed_by = person.introduced_by = None
        destroy_key(session, person.key_id, now)
    session.flush()

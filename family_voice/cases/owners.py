"""Who sees to what needs doing or to a complaint, and by when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.following_up import Replied, one, place_of
from family_voice.cases.models import FollowUp
from family_voice.cases.reaching import staff_id
from family_voice.security.sealing import seal, seal_optional
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import lock


class NoOwner(ValueError):
    """Nobody is named to see to it."""


def assign(
    session: Session,
    follow_up_id: UUID,
    version: int,
    *,
    worker: str,
    manager: str,
    due_on: date,
    by: Actor,
    now: datetime,
) -> None:
    """Say who sees to it, whose job it is that it happens, and by when.

    Raises:
        NoOwner: if nobody is named.
        Replied: if somebody else wrote since `version`; nothing is changed.
        Missing: if there is no such follow-up.
    """
    if not worker.strip():
        raise NoOwner
    row = lock(session, FollowUp, follow_up_id)
    if row.version != version:
        raise Replied(one(session, follow_up_id, staff_id(by), now))
    row.worker = seal(session, row.key_id, place_of(row.id, "worker"), worker.strip())
    row.manager = seal_optional(session, row.key_id, place_of(row.id, "manager"), manager.strip())
    row.due_on = due_on
    session.flush()
    record(session, by, "change", "follow_up", row.id, now, ["worker", "due_on"])

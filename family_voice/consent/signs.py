"""How a child without speech says no, and yes, as somebody who knows them told us.

Whoever is with the child has to know it first: a no that nobody would see could not be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.consent.authority_models import OwnSign
from family_voice.consent.judging import NotWritten
from family_voice.people import register
from family_voice.people.facts import ChildView
from family_voice.security.sealing import Place
from family_voice.security.trail import Actor
from family_voice.storage.base import new_id


@dataclass(frozen=True)
class Signs:
    """How a child says no and yes, in clear; `yes` may be empty."""

    no: str
    yes: str
    told_by: str
    at: datetime


def keep_signs(
    session: Session,
    child_id: UUID,
    *,
    no: str,
    yes: str,
    told_by: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write down how a child says no and yes; it stands over what was written before.

    Args:
        session: a writing session.
        child_id: which child.
        no: what they do when they do not want to, or want to stop.
        yes: what they do when they like something; may be empty.
        told_by: who told us, and what they are to the child.
        by: who writes it down.
        now: when.

    Raises:
        NotWritten: without the sign for no, or without who told us.
    """
    for name, text in (("no", no), ("told_by", told_by)):
        if not text.strip():
            raise NotWritten(name)
    row_id = new_id()

    def sealed(column: str, text: str) -> bytes | None:
        place = Place(OwnSign.__tablename__, column, row_id)
        return register.seal_for_child(session, child_id, place, text.strip())

    last = session.scalar(select(func.max(OwnSign.number)).where(OwnSign.child_id == child_id))
    session.add(
        OwnSign(
            id=row_id,
            child_id=child_id,
            number=(last or 0) + 1,
            no=sealed("no", no),
            yes=sealed("yes", yes),
            told_by=sealed("told_by", told_by),
            recorded_by=by.id if by.kind == "staff" else None,
            at=now,
        )
    )
    session.flush()


def signs_of(session: Session, child: ChildView) -> Signs | None:
    """How a child says no and yes, in clear; None if nobody has told us, or it was erased."""
    row = session.scalar(
        select(OwnSign).where(OwnSign.child_id == child.id).order_by(OwnSign.number.desc()).limit(1)
    )
    if row is None:
        return None

    def text(column: str) -> str:
        place = Place(OwnSign.__tablename__, column, row.id)
        return register.unseal_for_child(session, child, place, getattr(row, column))

    found = Signs(text("no"), text("yes"), text("told_by"), row.at)
    return found if found.no else None

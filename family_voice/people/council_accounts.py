"""Whose council account is whose: found by tenant and object id, never by an email address.

An email address is given to somebody else when a person leaves; an object id is not. Which account
is whose is said once, by the person, from a session that they opened with our own two factors.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.people.accounts import StaffMember
from family_voice.people.sign_in_models import CouncilAccount
from family_voice.security.keyring import keyring_of
from family_voice.storage.locking import lock


class SomebodyElses(ValueError):
    """This council account is another person's here."""


@dataclass(frozen=True)
class Identity:
    """Somebody at the council's own sign-in: the tenant (or issuer) and their object id there."""

    tenant: str
    subject: str


def connect(session: Session, staff_id: UUID, identity: Identity, now: datetime) -> None:
    """Note that this council account is this person's, in place of any earlier one.

    Raises:
        SomebodyElses: if it is somebody else's.
    """
    lock(session, StaffMember, staff_id)
    hashed = _hash(session, identity)
    row = session.scalar(select(CouncilAccount).where(CouncilAccount.identity == hashed))
    if row is not None:
        if row.staff_id != staff_id:
            raise SomebodyElses
        return
    disconnect(session, staff_id)
    session.add(CouncilAccount(staff_id=staff_id, identity=hashed, made_at=now))
    session.flush()


def disconnect(session: Session, staff_id: UUID) -> None:
    """Let no council account sign this person in; without effect if none does."""
    session.execute(delete(CouncilAccount).where(CouncilAccount.staff_id == staff_id))
    session.flush()


def is_connected(session: Session, staff_id: UUID) -> bool:
    """Whether somebody can sign in with a council account."""
    return session.get(CouncilAccount, staff_id) is not None


def owner_of(session: Session, identity: Identity, now: datetime) -> StaffMember | None:
    """Whose council account this is, if their account here is in use."""
    row = session.scalar(
        select(CouncilAccount).where(CouncilAccount.identity == _hash(session, identity))
    )
    if row is None:
        return None
    staff = session.get(StaffMember, row.staff_id)
    if staff is None or not staff.active:
        return None
    row.used_at = now
    return staff


def _hash(session: Session, identity: Identity) -> bytes:
    text = json.dumps([identity.tenant, identity.subject])
    return keyring_of(session).mac("council_account", text.encode())

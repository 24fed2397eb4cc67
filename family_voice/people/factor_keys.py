"""Second-factor secrets and the master keys that seal them: how many by version, and re-sealing."""

from __future__ import annotations

import json
from collections import Counter

from passlib.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.people.accounts import StaffMember, totp_secrets
from family_voice.security.keyring import keyring_of
from family_voice.storage.locking import lock


def by_version(session: Session) -> Counter[int]:
    """How many second-factor secrets each master key seals."""
    stored = session.scalars(
        select(StaffMember.tf_totp_secret).where(StaffMember.tf_totp_secret.is_not(None))
    )
    return Counter(version_of(secret) for secret in stored if secret)


def reseal(session: Session) -> int:
    """Seal every second-factor secret under the newest master key.

    Args:
        session: a writing session; the caller commits.

    Returns:
        How many were under an older one.
    """
    keyring = keyring_of(session)
    factory = TOTP.using(secrets=totp_secrets(keyring))
    done = 0
    for staff_id in session.scalars(select(StaffMember.id).order_by(StaffMember.id)).all():
        # One at a time and fresh: somebody may be signing in.
        staff = lock(session, StaffMember, staff_id)
        secret = staff.tf_totp_secret
        if secret and version_of(secret) != keyring.current:
            staff.tf_totp_secret = str(factory.from_source(secret).to_json(encrypt=True))
            done += 1
    session.flush()
    return done


def version_of(secret: str) -> int:
    """The master key that seals a stored secret."""
    return int(json.loads(secret)["enckey"]["t"])

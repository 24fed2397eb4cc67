"""Which master keys this database has been used with, so that none is lost or mistaken unnoticed.

The database keeps a check value of each version, from which the key cannot be worked out.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from family_voice.security.keyring import keyring_of
from family_voice.security.models import DataKey, MasterKey

SETTING = "FAMILY_VOICE_MASTER_KEYS"


def problems(session: Session) -> list[str]:
    """What is wrong between the master keys that were given and this database.

    Args:
        session: any session.

    Returns:
        A sentence for each problem, saying what to do; empty if all is well.
    """
    keyring = keyring_of(session)
    given = set(keyring.versions)
    known = {row.version: row.check for row in session.scalars(select(MasterKey))}
    wrapping = session.scalars(
        select(DataKey.master_version).where(DataKey.wrapped.is_not(None)).distinct()
    )
    missing = set(wrapping) - given
    found = [
        f"Some words are sealed under master key {version}, which is not in {SETTING}. Put it "
        "back, run `family-voice keys rotate`, and look at `family-voice keys status` before you "
        "take it out."
        for version in sorted(missing)
    ]
    first = min(known, default=keyring.first)
    if first not in given | missing:
        found.append(
            f"Links, codes and telephone numbers are found by master key {first}, which is not in "
            f"{SETTING}. Put it back. It can never be taken out."
        )
    elif keyring.first < first:
        found.append(
            f"Links, codes and telephone numbers are found by master key {first}, so {SETTING} "
            f"must not have one with a lower number. Call the new key {max(known) + 1}."
        )
    found.extend(
        f"Master key {version} in {SETTING} is not the one this database was used with. Put the "
        "right one back, and give a new key a number of its own."
        for version in sorted(given & known.keys())
        if not hmac.compare_digest(_check(session, version), known[version])
    )
    return found


def note(session: Session, now: datetime) -> int:
    """Keep the check value of each master key that is new here. Ask `problems` first.

    Args:
        session: a writing session; the caller commits.
        now: when.

    Returns:
        How many were new.
    """
    known = set(session.scalars(select(MasterKey.version)))
    new = 0
    for version in set(keyring_of(session).versions) - known:
        row = MasterKey(version=version, check=_check(session, version), first_used_at=now)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            # Another process that started at the same moment noted it.
            continue
        new += 1
    return new


def all_noted(session: Session) -> bool:
    """Whether there is nothing to note; asked before a write is begun."""
    return set(keyring_of(session).versions) <= set(session.scalars(select(MasterKey.version)))


def _check(session: Session, version: int) -> bytes:
    return keyring_of(session).mac("check", b"family-voice", version)

"""After a backup came back: what went with each destroyed key goes again.

The ledger says which keys were destroyed since. Without the key the words are unreadable already;
here the ways to find a person, the codings, the quotes and the permission go too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.interviews.models import Interview
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.people.models import Participant
from family_voice.security.models import DataKey
from family_voice.security.sealing import KeyKind


def clear(session: Session, erased: Iterable[DataKey], now: datetime) -> int:
    """Remove again what came from destroyed keys.

    Args:
        session: a writing session on a restored database.
        erased: the keys that the erasure ledger names.
        now: when.

    Returns:
        How many accounts and people something was removed of.
    """
    cleared = 0
    for key in erased:
        if key.kind == KeyKind.INTERVIEW and session.get(Interview, key.owner_id) is not None:
            # Why it was destroyed is not known any more: it is treated as taken back whole.
            asked = Asked(Way.LETTER, london_date(key.destroyed_at or now))
            withdraw(session, key.owner_id, asked, now)
            cleared += 1
        elif key.kind == KeyKind.PERSON:
            cleared += len(
                session.execute(
                    update(Participant)
                    .where(Participant.key_id == key.id)
                    .values(mobile_index=None, email_index=None)
                    .returning(Participant.id)
                ).all()
            )
    session.flush()
    return cleared

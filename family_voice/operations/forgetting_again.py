"""After a backup came back: what went with each key that was destroyed since goes again.

The ledger says which keys those are. Without its key a word is unreadable already; here the ways
to find a person, the codings, the quotes and the permission go too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import match_keys
from family_voice.cases.deadlines import london_date
from family_voice.consent import parts
from family_voice.interviews.models import Interview
from family_voice.messages.models import InboundMessage, OutboundMessage
from family_voice.operations import clearing, waiting
from family_voice.operations.retention import ACCOUNTS_KEPT
from family_voice.operations.withdrawal import Asked, Way, withdraw_one
from family_voice.people.forgetting import forget_child
from family_voice.people.models import Child, Participant
from family_voice.security.models import DataKey
from family_voice.security.sealing import KeyKind
from family_voice.sharing.exchange import keeping
from family_voice.storage.locking import fetch


def clear(session: Session, key_ids: Iterable[UUID], now: datetime) -> int:
    """Remove again what came from destroyed keys.

    Args:
        session: a writing session on a restored database.
        key_ids: the keys that were destroyed after the backup.
        now: when.

    Returns:
        How many accounts, people, texts and projects something was removed of.
    """
    cleared = 0
    for key_id in sorted(key_ids):
        key = fetch(session, DataKey, key_id)
        at = key.destroyed_at or now
        if key.kind == KeyKind.INTERVIEW:
            cleared += _account(session, key.owner_id, at)
        elif key.kind == KeyKind.PERSON:
            cleared += _person(session, key, at) + _texts(session, key_id, at)
        elif key.kind == KeyKind.EXCHANGE:
            cleared += keeping.forget_sealed_under(session, key_id)
    return cleared


def _account(session: Session, interview_id: UUID, at: datetime) -> int:
    """The ledger does not say why; one that went before its time was taken back."""
    interview = session.get(Interview, interview_id)
    if interview is None:
        return 0
    origin_id = parts.origin_of(session, interview_id)
    if origin_id is not None and not _is_destroyed(session, origin_id):
        # A part alone goes where a parting was undone: the account it was cut out of stays.
        parts.end_part(session, interview_id, at)
        clearing.clear_account(session, interview_id, at)
    elif at - interview.made_at >= ACCOUNTS_KEPT:
        clearing.clear_account(session, interview_id, at)
    else:
        # Of the same account again the ledger has a line of its own, if it went too.
        withdraw_one(session, interview_id, Asked(Way.LETTER, london_date(at)), at)
    return 1


def _is_destroyed(session: Session, interview_id: UUID) -> bool:
    key_id = fetch(session, Interview, interview_id).key_id
    return fetch(session, DataKey, key_id).destroyed_at is not None


def _person(session: Session, key: DataKey, at: datetime) -> int:
    for child_id in session.scalars(select(Child.id).where(Child.key_id == key.id)).all():
        match_keys.forget(session, [child_id])
        forget_child(session, child_id, at)
        return 1
    for person in session.scalars(select(Participant).where(Participant.key_id == key.id)):
        person.mobile_index = person.email_index = None
        return 1
    return int(waiting.forget(session, key.owner_id, at))


def _texts(session: Session, key_id: UUID, at: datetime) -> int:
    """A text from or to a number that nobody knew has a key of its own."""
    found = list(
        chain.from_iterable(
            session.scalars(select(table.id).where(table.key_id == key_id))
            for table in (InboundMessage, OutboundMessage)
        )
    )
    for message_id in found:
        clearing.clear_unknown_text(session, message_id, at)
    return len(found)

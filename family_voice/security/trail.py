"""The audit trail: who did what, to which thing, when. Names of fields, never their values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.security.keyring import keyring_of
from family_voice.security.models import TrailRow
from family_voice.storage.base import new_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff, a family, the worker, or an operator at the command line."""

    kind: str
    id: UUID | None = None


WORKER = Actor("worker")
OPERATOR = Actor("operator")


def record(
    session: Session,
    actor: Actor,
    action: str,
    resource: str,
    resource_id: UUID | None,
    now: datetime,
    fields: Sequence[str] = (),
) -> UUID:
    """Write one line of the trail, with its own HMAC.

    Args:
        session: a writing session; the caller commits.
        actor: who.
        action: `view`, `change`, `export`, `sign_in`, `refuse`, …
        resource: what kind of thing.
        resource_id: which one.
        now: when.
        fields: names of the fields seen or changed.

    Returns:
        The line's id.
    """
    keyring = keyring_of(session)
    row = TrailRow(
        id=new_id(),
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        resource=resource,
        resource_id=resource_id,
        fields=list(fields),
        key_version=keyring.current,
    )
    row.mac = keyring.mac("trail", line(row), keyring.current)
    session.add(row)
    session.flush()
    return row.id


def line(row: TrailRow) -> bytes:
    """What a row's HMAC covers."""
    return json.dumps(
        [
            str(row.id),
            (row.at - EPOCH) // timedelta(microseconds=1),
            row.actor_kind,
            str(row.actor_id),
            row.action,
            row.resource,
            str(row.resource_id),
            list(row.fields),
        ],
        ensure_ascii=True,
    ).encode()

"""Whether a database is the demo's, so that made-up and real families never meet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.operations.models import Installation
from family_voice.operations.tables import METADATA

THE_ONE = 1


class NotEmpty(Exception):
    """This database holds something that is not the demo's."""


def is_demo(session: Session) -> bool:
    """Whether the database is marked as the demo's."""
    row = session.get(Installation, THE_ONE)
    return row is not None and row.is_demo


def is_empty(session: Session) -> bool:
    """Whether no table holds a row."""
    return not any(
        session.execute(select(table).limit(1)).first() for table in METADATA.sorted_tables
    )


def mark_as_demo(session: Session, now: datetime) -> None:
    """Mark a database as the demo's, for ever.

    Raises:
        NotEmpty: if it holds anything and is not the demo's already.
    """
    if is_demo(session):
        return
    if not is_empty(session):
        raise NotEmpty
    session.add(Installation(id=THE_ONE, is_demo=True, made_at=now))
    session.flush()

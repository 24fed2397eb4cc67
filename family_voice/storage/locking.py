"""Holding a row while deciding what to do with it."""

from __future__ import annotations

from typing import Any, TypeVar, cast
from uuid import UUID
from zlib import crc32

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from family_voice.storage.base import Base

Row = TypeVar("Row", bound=Base)
_KNOWN = "known_until_it_ends"


class Missing(LookupError):
    """There is no such row; the message names the table only."""


def lock(session: Session, model: type[Row], row_id: UUID | bytes) -> Row:
    """Fetch a row fresh and hold it until the transaction ends.

    PostgreSQL locks the row (`FOR NO KEY UPDATE`: another row may go on pointing to it, as a text
    does to its interview; whoever writes such a row twice would otherwise wait for us, while we
    wait for that row). On SQLite `BEGIN IMMEDIATE` already holds the file.

    Args:
        session: a writing session.
        model: the table's class.
        row_id: its key.

    Returns:
        The row as it is now in the database. One that this transaction holds already is not read
        again: nobody else can have changed it.

    Raises:
        Missing: if there is no such row.
    """
    if (held := _held(session, model, row_id)) is not None:
        return held
    # Not session.get: for a row with a version that this session has read before, it would raise
    # StaleDataError instead of giving the row as it is now.
    key = inspect(model).primary_key[0]
    row = session.scalar(
        select(model)
        .where(key == row_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise Missing(model.__tablename__)
    until_it_ends(session)[model, row_id] = row
    return row


def is_held(session: Session, model: type[Base], row_id: UUID | bytes) -> bool:
    """Whether `lock` holds this row in the transaction that is going on."""
    return _held(session, model, row_id) is not None


def _held(session: Session, model: type[Row], row_id: UUID | bytes) -> Row | None:
    row = until_it_ends(session).get((model, row_id))
    return cast(Row, row) if row is not None and row in session else None


def until_it_ends(session: Session) -> dict[Any, Any]:
    """What is known for as long as the session's transaction lasts, and no longer.

    A savepoint knows nothing of what was known before it, nor the transaction of what was known in
    the savepoint: a row is held no more when the savepoint in which it was locked is undone.
    """
    now = session.get_nested_transaction() or session.get_transaction()
    transaction, known = session.info.get(_KNOWN, (None, {}))
    if transaction is not now:
        transaction, known = session.info[_KNOWN] = now, {}
    return cast(dict[Any, Any], known) if now is not None else {}


def fetch(session: Session, model: type[Row], row_id: UUID) -> Row:
    """Fetch a row without holding it.

    Raises:
        Missing: if there is no such row.
    """
    row = session.get(model, row_id)
    if row is None:
        raise Missing(model.__tablename__)
    return row


def one_at_a_time(session: Session, work: str) -> None:
    """Let only one transaction do a kind of work; the others wait here until it has ended.

    For what no single row stands for. On SQLite a writing transaction is alone already.

    Args:
        session: a writing session.
        work: what is done, in a word.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(crc32(work.encode()))))

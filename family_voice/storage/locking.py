"""Holding a row while deciding what to do with it."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID
from zlib import crc32

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from family_voice.storage.base import Base

Row = TypeVar("Row", bound=Base)


class Missing(LookupError):
    """There is no such row; the message names the table only."""


def lock(session: Session, model: type[Row], row_id: UUID) -> Row:
    """Fetch a row fresh and hold it until the transaction ends.

    PostgreSQL locks the row (`FOR UPDATE`); on SQLite `BEGIN IMMEDIATE` already holds the file.

    Args:
        session: a writing session.
        model: the table's class.
        row_id: its key.

    Returns:
        The row as it is now in the database.

    Raises:
        Missing: if there is no such row.
    """
    # Not session.get: for a row with a version that this session has read before, it would raise
    # StaleDataError instead of giving the row as it is now.
    key = inspect(model).primary_key[0]
    row = session.scalar(
        select(model)
        .where(key == row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise Missing(model.__tablename__)
    return row


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

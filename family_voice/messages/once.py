"""Inserting a row that may be there already: the first writer wins, the others find out."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from family_voice.storage.base import Base

Row = TypeVar("Row", bound=Base)


def insert_once(
    session: Session, model: type[Row], unique: str | None, values: dict[str, Any]
) -> Row | None:
    """Insert a row unless one with the same unique value is there.

    On PostgreSQL a second writer waits for the first to commit or give up, so exactly one of any
    number of concurrent writers is told that the row is theirs.

    Args:
        session: a writing session.
        model: the table's class.
        unique: the name of its unique column; None where any of several constraints may say no.
        values: the row, by attribute name.

    Returns:
        The row, if this call inserted it.
    """
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        insert(model)
        .values(**values)
        .on_conflict_do_nothing(index_elements=[unique] if unique else None)
        .returning(model)
    )
    return session.scalars(statement).first()

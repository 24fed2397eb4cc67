"""Rows of any table as lines of text and back, the same from SQLite and from PostgreSQL.

What a table holds is summed up by adding the hashes of its rows: the sum does not depend on their
order, so a restored table can be compared with the one that was backed up.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    Connection,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Time,
    Uuid,
    cast,
    column,
    insert,
    select,
    table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from family_voice.storage.base import UtcDateTime

BATCH = 1000
Decode = Callable[[Any], Any]


@dataclass(frozen=True)
class Kind:
    """How one kind of column is read, written as text and read back."""

    type: TypeEngine[Any]
    encode: Callable[[Any], Any]
    decode: Decode


def _same(value: Any) -> Any:
    return value


KINDS: dict[str, Kind] = {
    "id": Kind(Uuid(), lambda value: value.hex, UUID),
    "bytes": Kind(LargeBinary(), lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "time": Kind(UtcDateTime(), datetime.isoformat, datetime.fromisoformat),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "hour": Kind(Time(), time.isoformat, time.fromisoformat),
    "bool": Kind(Boolean(), _same, _same),
    "number": Kind(BigInteger(), _same, _same),
    # JSON is carried as the text it is stored as, so that nothing is written differently.
    "json": Kind(Text(), _same, _same),
    "text": Kind(Text(), _same, _same),
}


@dataclass
class Sum:
    """How many rows, and the sum of their hashes."""

    rows: int = 0
    _total: int = 0

    @classmethod
    def of(cls, rows: int, digest: str) -> Sum:
        """A sum that was written down."""
        return cls(rows, int(digest, 16))

    def add(self, line: bytes) -> None:
        """Count one row."""
        self.rows += 1
        self._total = (self._total + int.from_bytes(sha256(line).digest(), "big")) % 2**256

    @property
    def digest(self) -> str:
        """The sum, in hexadecimal."""
        return f"{self._total:064x}"


@dataclass(frozen=True)
class Shape:
    """A table's name and its columns with their kinds, as a backup keeps them."""

    name: str
    columns: tuple[tuple[str, str], ...]
    kinds: tuple[Kind, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", tuple(KINDS[kind] for _, kind in self.columns))

    @classmethod
    def of(cls, found: Table) -> Shape:
        """The shape of a table in the code."""
        return cls(found.name, tuple((each.name, _kind(each)) for each in found.columns))

    def lines(self, connection: Connection) -> Iterator[bytes]:
        """Every row, as text; streamed."""
        source = table(self.name, *(column(name) for name, _ in self.columns))
        rows = connection.execute(
            select(*(self._read(source.c[name], kind) for name, kind in self.columns)),
            execution_options={"yield_per": BATCH},
        )
        for row in rows:
            yield json.dumps(
                [
                    None if value is None else kind.encode(value)
                    for value, kind in zip(row, self.kinds, strict=True)
                ],
                ensure_ascii=False,
                separators=(",", ":"),
            ).encode()

    def load(self, connection: Connection, lines: Iterable[bytes]) -> None:
        """Put rows into the empty table, as they were."""
        rows = (self._values(line) for line in lines)
        if connection.dialect.name == "postgresql":
            self._copy(connection, rows)
            return
        names = [name for name, _ in self.columns]
        target = table(
            self.name,
            *(column(name, KINDS[kind].type) for name, kind in self.columns),
        )
        while some := list(islice(rows, BATCH)):
            connection.execute(insert(target), [dict(zip(names, row, strict=True)) for row in some])

    def _copy(self, connection: Connection, rows: Iterator[Sequence[Any]]) -> None:
        # One statement a table: a row may refer to another of the same table.
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(name) for name, _ in self.columns)
        driver: Any = connection.connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {quote(self.name)} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def _values(self, line: bytes) -> list[Any]:
        return [
            None if value is None else kind.decode(value)
            for value, kind in zip(json.loads(line), self.kinds, strict=True)
        ]

    @staticmethod
    def _read(source: ColumnClause[Any], kind: str) -> ColumnClause[Any]:
        if kind == "json":
            return cast(source, Text()).label(source.name)  # type: ignore[return-value]
        source.type = KINDS[kind].type
        return source


def _kind(found: Column[Any]) -> str:
    type_: TypeEngine[Any] = found.type
    if isinstance(type_, UtcDateTime):
        return "time"
    if isinstance(type_, TypeDecorator):
        type_ = type_.impl_instance
    for kinds, name in (
        (Uuid, "id"),
        (LargeBinary, "bytes"),
        (Date, "date"),
        (Time, "hour"),
        (Boolean, "bool"),
        (Integer, "number"),
        (JSON, "json"),
        (String, "text"),
    ):
        if isinstance(type_, kinds):
            return name
    raise TypeError(f"A backup does not know the type of {found.table.name}.{found.name}.")

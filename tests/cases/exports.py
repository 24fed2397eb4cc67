"""Exports of children who do not exist, as tests bring them in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.caseload_examples import example_rows, write_example
from family_voice.cases.caseload_keeping import check
from family_voice.cases.caseload_mapping import known_mappings
from family_voice.frameworks.loader import version_in_force
from tests.conftest import NOW

ON = date(2026, 11, 18)
FRAMEWORK = version_in_force("blackburn_with_darwen", ON)
PLAIN = known_mappings()["family_voice"]
Row = Sequence[str | date | None]


def children(count: int, seed: int = 1) -> list[Row]:
    """The headings and some children, in the plain mapping's columns."""
    return list(example_rows(PLAIN, FRAMEWORK, count, ON, seed))


def as_file(rows: Sequence[Row]) -> io.BytesIO:
    """The rows as a CSV file."""
    out = io.BytesIO()
    write_example(out, iter(rows), workbook=False)
    out.seek(0)
    return out


def a_checked_file(session: Session) -> UUID:
    """An export of two children that waits to be taken in."""
    return check(session, as_file(children(2)), PLAIN, FRAMEWORK, NOW, whole=False).id

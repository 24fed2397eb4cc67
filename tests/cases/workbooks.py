"""Workbooks as a spreadsheet program saves them, for the tests of files."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook


def workbook(table: Sequence[Sequence[object]]) -> bytes:
    """One sheet with these rows."""
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for cells in table:
        sheet.append(list(cells))
    book.save(out)
    return out.getvalue()

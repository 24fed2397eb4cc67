"""The file of names, however it was saved: CSV or XLSX, its columns named in the first line."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection

from family_voice.cases.caseload_file import (
    LARGEST_FILE,
    Problem,
    Sheet,
    empty,
    read_sheet,
    sheet_of,
    too_large,
)
from family_voice.cases.caseload_sheets import NotASheet, rows_of

_PACKED = b"PK\x03\x04"


def read_table(
    data: bytes,
    required: Collection[str],
    optional: Collection[str],
    label: Callable[[str], str],
) -> Sheet:
    """Read a CSV file or a workbook; of a workbook the first sheet that is shown.

    Arguments: as `caseload_file.read_sheet`.
    """
    if not data.startswith(_PACKED) or len(data) > LARGEST_FILE:
        return read_sheet(data, required, optional, label)
    lines, size = [], 0
    try:
        with rows_of(io.BytesIO(data)) as rows:
            for line, cells in rows:
                lines.append((line, cells))
                # What is packed small may be large: the limit of a CSV file holds for the words.
                size += sum(map(len, cells))
                if size > LARGEST_FILE:
                    raise NotASheet(line, too_large())
    except NotASheet as refused:
        return Sheet(problems=[refused.problem])
    if not lines:
        return Sheet(problems=[Problem(1, "", empty())])
    return sheet_of(lines, required, optional, label)

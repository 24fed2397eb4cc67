"""The file to fill in for a sample: a line for each case whose names have still to come in."""

from __future__ import annotations

import csv
from io import StringIO

from family_voice.cases.caseload import CASE_COLUMNS, PARTICIPANT_COLUMNS, label
from family_voice.cases.caseload_file import trouble
from family_voice.cases.sampled import SampleLine, SampleView

_YEARS = {-1: "N", 0: "R"}


def file_to_fill_in(sample: SampleView) -> bytes:
    """The columns of `caseload import`, with what the caseload says of each case that waits.

    With a byte order mark, so that Excel reads its letters. What the import would
    refuse, as a reference that reads as a formula, is left for a person to type.
    """
    text = StringIO()
    columns = (*CASE_COLUMNS, *PARTICIPANT_COLUMNS)
    lines = csv.DictWriter(text, columns, restval="")
    lines.writerow({column: label(column) for column in columns})
    for line in sample.waiting:
        lines.writerow(_cells(line, sample))
    return text.getvalue().encode("utf-8-sig")


def _cells(line: SampleLine, sample: SampleView) -> dict[str, str]:
    names = sample.round.framework.names
    year = line.year_group
    cells = {
        "case_reference": line.reference,
        "plan_type": names.get(line.plan_type, ""),
        "year_group": "" if year is None or not -1 <= year <= 14 else _YEARS.get(year, str(year)),
        "area_of_need": names.get(line.area_of_need, ""),
        "placement": names.get(line.placement, ""),
        "vulnerable_groups": "; ".join(
            names[each] for each in line.vulnerable_groups if each in names
        ),
        "session": str(line.session_number),
    }
    return {column: "" if trouble(cell) else cell for column, cell in cells.items()}

"""Made-up exports: files of a mapping's shape, with children that do not exist.

For trying a mapping, for the demo and for measuring. The same seed makes the same file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import BinaryIO, Final

from family_voice.cases.caseload_identifiers import nhs_digit, upn_letter
from family_voice.cases.caseload_mapping import CaseloadMapping, Column
from family_voice.cases.school_years import phase, year_group
from family_voice.frameworks.framework import Framework

Cell = str | date | None

FIRST: Final = (
    "Aaliyah Adam Aisha Alfie Amelia Archie Ayaan Ben Callum Chloe Daisy Daniel Elsie Ethan Fatima "
    "Finley Freya George Grace Hana Harun Ibrahim Isla Jack Jakub Kayla Leo Lily Maisie Maryam "
    "Mason Musa Nadia Noah Ola Oscar Poppy Reuben Rosie Sami Tomasz Willow Yusuf Zara"
)
LAST: Final = (
    "Ainscough Akhtar Aspden Bashir Bibby Catlow Chaudhry Duckworth Eccles Entwistle Farooq "
    "Greenhalgh Haworth Hussain Iqbal Kay Kenyon Kowalski Livesey Mahmood Marsden Nowak Nuttall "
    "Ogden Patel Pickup Pilkington Popescu Ramsden Riley Shorrock Sidat Tattersall Walmsley Yates"
)
AREAS: Final = ("North", "South", "East", "West", "Town centre", "Riverside")
OUTWARD: Final = ("ZZ1", "ZZ2", "ZZ3", "ZZ4", "ZZ5")  # no such postcode area
PLACES: Final = {
    "pre_5": ("early_years", "mainstream_in_borough", "mainstream"),
    "post_16": ("college", "special_maintained_in_borough", "special", "mainstream_in_borough"),
}
LANGUAGES: Final = ("English",) * 16 + ("Urdu", "Urdu", "Gujarati", "Polish", "Romanian")


def example_rows(
    mapping: CaseloadMapping, framework: Framework, count: int, on: date, seed: int = 1
) -> Iterator[list[Cell]]:
    """The headings, then a line for each made-up child.

    Args:
        mapping: whose columns and words are written.
        framework: whose plan types and themes the children have.
        count: how many children.
        on: the day of the export.
        seed: the same gives the same children.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret hangs on it
    headings = list(mapping.headings())
    yield list(headings)
    for number in range(1, count + 1):
        child = _child(chance, framework, number, on)
        cells: dict[str, Cell] = {}
        for name, columns in mapping.columns.items():
            for column in columns:
                if not column.outward:  # the whole postcode is another field
                    cells[column.heading] = _written(name, column, child[name])
        yield [cells.get(heading) for heading in headings]


def write_example(
    out: BinaryIO,
    rows: Iterator[Sequence[Cell]],
    *,
    workbook: bool,
    sheet: str = "",
) -> None:
    """Write rows as an XLSX workbook or a CSV file (with a byte order mark, for Excel)."""
    if not workbook:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        for row in rows:
            writer.writerow([_day(cell) if isinstance(cell, date) else cell for cell in row])
        text.flush()
        text.detach()
        return
    from openpyxl import Workbook  # it brings numpy along, and pages are served without that
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet or "Export")
    for row in rows:
        line = []
        for value in row:
            cell = WriteOnlyCell(page, value=value)  # type: ignore[arg-type]
            if isinstance(value, date):
                cell.number_format = "dd/mm/yyyy"
            elif isinstance(value, str):
                cell.data_type = "s"  # text that begins with = is no formula
            line.append(cell)
        page.append(line)
    book.save(out)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _child(chance: Random, framework: Framework, number: int, on: date) -> dict[str, Cell]:
    """A child by the fields of a mapping, in ids of the framework."""
    themes = {theme.id: [one.id for one in theme.values] for theme in framework.themes}
    born = on - timedelta(days=chance.randint(3 * 365, 19 * 365 + 120))
    group = year_group(born, on)
    plan = framework.plan_types[0 if chance.random() < 0.6 or group > 13 else -1].id
    places = themes.get("placement", [""])
    likely = [one for one in PLACES.get(phase(group), ()) if one in places]
    place = chance.choice(likely) if likely else chance.choice(places[:3] * 4 + places)
    groups = chance.choice(themes.get("vulnerable_group") or [""])
    finalised = on - timedelta(days=chance.randint(10, min(1500, (on - born).days - 400)))
    first, last = chance.choice(FIRST.split()), chance.choice(LAST.split())
    shown = {-1: "N", 0: "R"}.get(group, str(group) if 1 <= group <= 14 else "")
    inward = f"{chance.randint(0, 9)}{chance.choice('ABDEFGH')}{chance.choice('JLNPQR')}"
    return {
        "reference": f"{framework.id[:2].upper()}{100000 + number}",
        "plan_type": plan,
        "date_of_birth": born,
        "year_group": shown,
        "area_of_need": chance.choice(themes.get("area_of_need", [""])),
        "placement": place,
        "vulnerable_groups": groups if chance.random() < 0.15 else "",
        "language": chance.choice(LANGUAGES),
        "area": chance.choice(AREAS),
        "plan_finalised_on": finalised if plan == "ehcp" else None,
        "review_finalised_on": (
            on - timedelta(days=chance.randint(1, 360))
            if plan == "ehcp" and (on - finalised).days > 365
            else None
        ),
        "last_audited_on": (
            on - timedelta(days=chance.randint(30, 900)) if chance.random() < 0.02 else None
        ),
        "upn": _upn(chance, number) if group >= 0 else "",
        "nhs_number": _nhs_number(number),
        "first_name": first,
        "last_name": last,
        "postcode": f"{chance.choice(OUTWARD)} {inward}",
        "phone": f"07700 900{chance.randint(0, 999):03d}",
        "email": f"{first}.{last}{number}@example.org".lower(),
    }


def _upn(chance: Random, number: int) -> str:
    rest = f"8{chance.randint(0, 99):02d}{number:09d}"
    return upn_letter(rest) + rest


def _nhs_number(number: int) -> str:
    """In a range that the NHS keeps for tests, which begins with 999."""
    start = 0
    while True:
        first_nine = f"999{(number * 7 + start) % 1_000_000:06d}"
        digit = nhs_digit(first_nine)
        if digit < 10:
            return f"{first_nine}{digit}"
        start += 1


def _written(name: str, column: Column, value: Cell) -> Cell:
    """A value in the words of a column."""
    if not isinstance(value, str) or not column.values:
        return value
    nothing = ""
    for theirs, ours in column.values.items():
        shown = theirs.upper() if len(theirs) < 5 else theirs.capitalize()
        if value in ours:
            return shown
        nothing = nothing or ("" if ours else shown)
    # A column of flags says yes or no to a group of its own; others may take a word as it stands.
    return nothing if name == "vulnerable_groups" or not value else value

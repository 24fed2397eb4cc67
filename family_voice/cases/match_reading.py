"""The two files of `cases match`: surveyed once for what is wrong with them, then read row by row.

Neither file is ever in memory whole; only its ids are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from family_voice.cases.pairing import Person
from family_voice.language.texts import _

COLUMNS = (
    "id",
    "reference",
    "first_name",
    "last_name",
    "date_of_birth",
    "postcode",
    "address",
    "school",
    "phone",
    "email",
)
Row = list[str]


class BadMatchingFile(ValueError):
    """A file cannot be matched. The message says which, where, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A file that can be read: where each column is, and the id of each row, in their order."""

    path: Path
    places: dict[str, int]
    ids: list[str]

    def rows(self) -> Iterator[Row]:
        """The rows as they stand, without empty ones. Raises BadMatchingFile."""
        for _number, row in _rows(self.path, headings=False):
            yield row


def survey(path: Path) -> Sheet:
    """Read a file through and say what is wrong with it. Raises BadMatchingFile."""
    lines = _rows(path, headings=True)
    header = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in next(lines, (1, []))[1]]
    places = {name: place for place, name in enumerate(header) if name in COLUMNS}
    if "id" not in places:
        raise BadMatchingFile(
            _(
                "%(file)s has no column “id”. Its first line must name the columns: %(columns)s.",
                file=path.name,
                columns=", ".join(COLUMNS),
            )
        )
    seen: dict[str, None] = {}
    for number, row in lines:
        own = _cell(row, places["id"])
        if not own:
            raise BadMatchingFile(
                _("%(file)s, row %(row)d: fill in “id”.", file=path.name, row=number)
            )
        if own in seen:
            raise BadMatchingFile(
                _(
                    "%(file)s, row %(row)d: another row has this id. Give each row its own.",
                    file=path.name,
                    row=number,
                )
            )
        seen[own] = None
    return Sheet(path, places, list(seen))


def person(row: Row, places: dict[str, int]) -> Person:
    """What one row says. A date that is none counts as what is left of it, or as missing."""

    def cell(column: str) -> str:
        place = places.get(column)
        return "" if place is None else _cell(row, place)

    phone, email = cell("phone"), cell("email")
    digits = _digits(cell("date_of_birth"))
    born = _day(digits)
    return Person(
        id=cell("id"),
        reference=cell("reference"),
        first_name=cell("first_name"),
        last_name=cell("last_name"),
        date_of_birth=born,
        birth_as_written="" if born else digits,
        postcode=cell("postcode"),
        address=cell("address"),
        school=cell("school"),
        phones=(phone,) if phone else (),
        emails=(email,) if email else (),
    )


def _rows(path: Path, *, headings: bool) -> Iterator[tuple[int, Row]]:
    """Every line that says something, with its number; without the headings unless asked for."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for number, row in enumerate(csv.reader(file, strict=True), start=1):
                if number == 1:
                    if headings:
                        yield number, row
                elif any(map(str.strip, row)):
                    yield number, row
    except OSError:
        raise BadMatchingFile(
            _("%(file)s cannot be opened. Check its name.", file=path.name)
        ) from None
    except UnicodeDecodeError:
        raise BadMatchingFile(
            _("%(file)s is not UTF-8. Save it again as CSV UTF-8.", file=path.name)
        ) from None
    except csv.Error:
        raise BadMatchingFile(
            _(
                "%(file)s is not a CSV file that can be read. Save it again as CSV UTF-8.",
                file=path.name,
            )
        ) from None


def _cell(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""


_ISO = re.compile(r"(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:\.0|[T ]00:00(?::00)?)?")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def _digits(text: str) -> str:
    """yyyymmdd of yyyy-mm-dd, yyyymmdd or dd/mm/yyyy, whether or not there is such a day."""
    if iso := _ISO.fullmatch(text):
        return "".join(iso.groups())
    if british := _BRITISH.fullmatch(text):
        return f"{british[3]}{int(british[2]):02}{int(british[1]):02}"
    return ""


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if digits else None
    except ValueError:
        return None

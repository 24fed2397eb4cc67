"""Matching two CSV files: what `cases match` does. The command line itself is in cli."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from family_voice.cases.matching import Matcher, Person, reason_text
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
OUT_COLUMNS = ("case", "account", "score", "decision", "reasons")


class BadMatchingFile(ValueError):
    """A file cannot be matched. The message says which, where, and what to do."""


@dataclass(frozen=True)
class Matched:
    """What a run did."""

    cases: int
    accounts: int
    pairs: int
    certain: int


def match_files(caseload: Path, accounts: Path, out: Path) -> Matched:
    """Match every row of `accounts` to the rows of `caseload` and write the pairs to `out`.

    Only `id` has to be there and filled in; a date that is none counts as missing. `out` appears
    when it is complete and not before. Raises BadMatchingFile.
    """
    cases = list(read_people(caseload))
    matcher, told, pairs, certain = Matcher(cases), 0, 0, 0
    partial = out.with_name(f"{out.name}.part")
    try:
        with partial.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(OUT_COLUMNS)
            for account in read_people(accounts):
                told += 1
                for each in matcher.candidates(account):
                    pairs += 1
                    certain += each.decision.value == "certain"
                    rows.writerow(
                        [
                            each.case_id,
                            account.id,
                            each.score,
                            each.decision.value,
                            "; ".join(map(reason_text, each.reasons)),
                        ]
                    )
        os.replace(partial, out)
    except OSError:
        raise BadMatchingFile(
            _("%(file)s cannot be written. Choose another place.", file=out.name)
        ) from None
    finally:
        partial.unlink(missing_ok=True)
    return Matched(len(cases), told, pairs, certain)


def read_people(path: Path) -> Iterator[Person]:
    """The rows of one file. Raises BadMatchingFile."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield from _people(csv.reader(file, strict=True), path.name)
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


def _people(rows: Iterator[list[str]], file: str) -> Iterator[Person]:
    header = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in next(rows, [])]
    if "id" not in header:
        raise BadMatchingFile(
            _(
                "%(file)s has no column “id”. Its first line must name the columns: %(columns)s.",
                file=file,
                columns=", ".join(COLUMNS),
            )
        )
    seen: set[str] = set()
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict.fromkeys(COLUMNS, "") | {
            name: cell.strip() for name, cell in zip(header, cells, strict=False)
        }
        if not row["id"]:
            raise BadMatchingFile(_("%(file)s, row %(row)d: fill in “id”.", file=file, row=number))
        if row["id"] in seen:
            raise BadMatchingFile(
                _(
                    "%(file)s, row %(row)d: another row has this id. Give each row its own.",
                    file=file,
                    row=number,
                )
            )
        seen.add(row["id"])
        yield Person(
            id=row["id"],
            reference=row["reference"],
            first_name=row["first_name"],
            last_name=row["last_name"],
            date_of_birth=_date(row["date_of_birth"]),
            postcode=row["postcode"],
            address=row["address"],
            school=row["school"],
            phones=(row["phone"],) if row["phone"] else (),
            emails=(row["email"],) if row["email"] else (),
        )


def _date(text: str) -> date | None:
    """yyyy-mm-dd, yyyymmdd or dd/mm/yyyy; anything else is nothing."""
    iso = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    british = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    try:
        if iso:
            return date(*map(int, iso.groups()))
        if british:
            day, month, year = map(int, british.groups())
            return date(year, month, day)
    except ValueError:
        return None
    return None

"""From the bytes of a CSV file to rows of cells, each with its line.

Spreadsheets save CSV in many ways: with a byte order mark, in Windows' encoding or UTF-16, with
semicolons or tabs. All of these are read. What cannot be read is refused with a sentence.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from family_voice.language.texts import _

LARGEST_FILE = 5_000_000
LONGEST_CELL = 10_000
DELIMITERS = ",;\t|"
# What a spreadsheet may run as a formula; a telephone number such as +44 (0)7700 900123 is none.
# Source: OWASP, CSV Injection.
_FORMULA = re.compile(r"[\t\r]|\s*[=@]|\s*[+-](?![\d\s().-]*$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, where, and what to do. Never holds what the cell said.

    `line` is the line in the file (the header's is 1); `column` is the column's name, or empty
    when the whole line is meant.
    """

    line: int
    column: str
    message: str


@dataclass
class Sheet:
    """The file as rows: `rows` holds (line, column name -> text), or there are problems."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_sheet(
    data: bytes,
    required: Collection[str],
    optional: Collection[str],
    label: Callable[[str], str],
) -> Sheet:
    """Read a CSV file whose first line names its columns.

    Arguments: `required` and `optional` are column names; a header counts as one of them whatever
    its capitals, spaces, hyphens or underscores. `label` gives the name as people write it.
    """
    text, problem = _decoded(data)
    if problem is not None:
        return Sheet(problems=[problem])
    delimiter = _delimiter(text, _by_heading(required, optional, label))
    lines, problem = _lines(text, delimiter)
    if problem is not None:
        return Sheet(problems=[problem])
    return sheet_of(lines, required, optional, label)


def sheet_of(
    lines: Sequence[tuple[int, list[str]]],
    required: Collection[str],
    optional: Collection[str],
    label: Callable[[str], str],
) -> Sheet:
    """Rows of cells, of which the first names the columns, as a sheet.

    Arguments: at least one row, each with its line; the others are `read_sheet`'s.
    """
    known = _by_heading(required, optional, label)
    sheet = Sheet()
    (first, header), body = lines[0], lines[1:]
    names = [known.get(plain(cell)) for cell in header]
    _check_header(sheet, first, header, names, required, label)
    if sheet.problems:
        return sheet
    for line, cells in body:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            sheet.problems.append(
                Problem(
                    line,
                    "",
                    _(
                        "This line has more cells than there are columns. Put text that holds "
                        "a comma or "
                        "semicolon in quotation marks, or save the file again from the spreadsheet."
                    ),
                )
            )
            continue
        row: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            if name is None:
                continue
            wrong = trouble(cell)
            if wrong:
                sheet.problems.append(Problem(line, label(name), wrong))
            else:
                row[name] = " ".join(cell.split())
        filled = dict.fromkeys((*required, *optional), "") | row
        sheet.rows.append((line, filled))
    if not sheet.rows and not sheet.problems:
        sheet.problems.append(
            Problem(
                first + 1,
                "",
                _("There are no cases under the column names. Add one line for each person."),
            )
        )
    return sheet


def too_large() -> str:
    """What is said of more than `LARGEST_FILE`."""
    return _("The file is larger than 5 MB. Send this round's cases only.")


def empty() -> str:
    """What is said of a file that holds nothing."""
    return _("The file is empty. Start from the example file and add one line for each person.")


def _by_heading(
    required: Collection[str], optional: Collection[str], label: Callable[[str], str]
) -> dict[str, str]:
    return {plain(label(name)): name for name in (*required, *optional)}


def _decoded(data: bytes) -> tuple[str, Problem | None]:
    if len(data) > LARGEST_FILE:
        return "", Problem(1, "", too_large())
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "", Problem(
            1,
            "",
            _(
                "This is a spreadsheet, not a CSV file. Open it, choose Save as, and pick CSV "
                "UTF-8."
            ),
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif data.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    text = None
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None:
        return "", Problem(
            1, "", _("The letters in this file cannot be read. Save it again as CSV UTF-8.")
        )
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        return "", Problem(
            line,
            "",
            _("This line holds bytes that are not text. Save the file again as CSV UTF-8."),
        )
    if not text.strip():
        return "", Problem(1, "", empty())
    return text, None


def _delimiter(text: str, known: Collection[str]) -> str:
    """The character under which the first lines hold the most column names that we know.

    Guessing by counting characters goes wrong when a school's name holds a comma.
    """

    def names_found(delimiter: str) -> int:
        start = _without_sep_line(text)[0]
        try:
            header = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(plain(cell) in known for cell in header)

    return max(DELIMITERS, key=names_found)


def _without_sep_line(text: str) -> tuple[str, int]:
    """Leave out Excel's first line "sep=;" and blank lines; returns how many lines went."""
    skipped = 0
    while True:
        first, mark, rest = text.partition("\n")
        if not mark or (first.strip() and not re.fullmatch(r'"?sep=.?"?\s*', first, re.I)):
            return text, skipped
        text, skipped = rest, skipped + 1


def _lines(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], Problem | None]:
    """Every record with the line it begins on: a quoted cell may hold line breaks."""
    text, skipped = _without_sep_line(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    while True:
        begins = reader.line_num + 1 + skipped
        try:
            lines.append((begins, next(reader)))
        except StopIteration:
            return lines, None
        except csv.Error:
            return [], Problem(
                begins,
                "",
                _(
                    "A quotation mark is opened or closed in the wrong place from this line on. "
                    "Save the file again from the spreadsheet."
                ),
            )


def _check_header(
    sheet: Sheet,
    line: int,
    header: list[str],
    names: list[str | None],
    required: Collection[str],
    label: Callable[[str], str],
) -> None:
    if not any(names):
        sheet.problems.append(
            Problem(
                line,
                "",
                _(
                    "The first line must hold the names of the columns. Start from the example "
                    "file."
                ),
            )
        )
        return
    for name in required:
        if name not in names:
            sheet.problems.append(
                Problem(
                    line,
                    label(name),
                    _("This column is missing. Add it, spelled as in the example file."),
                )
            )
    for twice in {name for name in names if name is not None and names.count(name) > 1}:
        sheet.problems.append(
            Problem(line, label(twice), _("This column is there more than once. Keep one."))
        )
    for place, column in enumerate(names):
        if column is None and header[place].strip():
            # The heading's own text is not shown: a file without headings has names here.
            sheet.notices.append(
                _("Column %(number)d is not one that is used and was left out.", number=place + 1)
            )


def trouble(cell: str) -> str:
    """Why a cell may not be taken as it is, or nothing."""
    if len(cell) > LONGEST_CELL:
        return _("This cell is too long. Check that a quotation mark is not missing.")
    if _FORMULA.match(cell):
        return _(
            "This cell looks like a formula. Type the plain text and do not begin with "
            "=, @, +, - or a tab."
        )
    if _CONTROL.search(cell):
        return _("This cell holds a character that cannot be read. Type it again.")
    return ""


def plain(name: str) -> str:
    """A column's name without capitals, spaces, hyphens and the like."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())

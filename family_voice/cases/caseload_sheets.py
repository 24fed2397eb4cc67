"""An export as rows of cells, some at a time: CSV in any of the ways spreadsheets save it, or XLSX.

Nothing holds the whole file: a county's 20,000 lines take the memory of one. What cannot be read
is refused with a sentence.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import BinaryIO, Final
from xml.etree.ElementTree import ParseError

from family_voice.cases.caseload_file import DELIMITERS, LONGEST_CELL, Problem
from family_voice.language.texts import _

#: A line of a large export has about 500 bytes: room for three counties.
LARGEST_EXPORT: Final = 30_000_000
MOST_LINES: Final = 60_000
MOST_COLUMNS: Final = 300
#: What a workbook may unpack to; its size is told by its own index and kept to when unpacking.
LARGEST_UNPACKED: Final = 400_000_000
LARGEST_WORDS: Final = 60_000_000
#: A title and a few lines of what the report is may stand above the columns' names.
LINES_ABOVE: Final = 20

Row = tuple[int, list[str]]


class NotASheet(ValueError):
    """The file cannot be read as a table at all; `problem` says what to do."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, "", message)


@contextmanager
def rows_of(file: BinaryIO, sheet: str = "") -> Iterator[Iterator[Row]]:
    """The rows of a file, each with the line it stands on.

    Dates come as year-month-day, whole numbers without a point, nothing as an empty text.

    Args:
        file: opened for reading, at its beginning; it has to be seekable.
        sheet: the name of a workbook's sheet; the first one that is shown if empty.

    Raises:
        NotASheet: if it is no table that can be read, here or while the rows are taken.
    """
    start = file.read(8)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > LARGEST_EXPORT:
        raise NotASheet(1, _("The file is larger than 30 MB. Leave out columns that are not used."))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotASheet(
            1,
            _(
                "This is an old workbook, or one with a password. Open it, take the password off, "
                "and save it as an Excel workbook (.xlsx) or as CSV UTF-8."
            ),
        )
    if start.startswith(b"PK\x03\x04"):
        with _workbook(file, sheet) as rows:
            yield _limited(rows)
        return
    yield _limited(_csv_rows(file))


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    filled = 0
    for line, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        filled += 1
        if filled > MOST_LINES:
            raise NotASheet(
                line, _("There are more than 60,000 lines. Send children with plans or support.")
            )
        if len(cells) > MOST_COLUMNS:
            raise NotASheet(line, _("This line has more than 300 columns. Leave out some."))
        yield line, cells


# --- CSV ----------------------------------------------------------------------------------------


def _csv_rows(file: BinaryIO) -> Iterator[Row]:
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        delimiter = _delimiter(text.read(65536))
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise NotASheet(
                    begins,
                    _(
                        "A quotation mark is opened or closed in the wrong place from this line "
                        "on. Save the file again from the spreadsheet."
                    ),
                ) from None
            yield begins, [_tidy(cell) for cell in cells]
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 if all of it is, else what its byte order mark says, else Windows' own."""
    start = file.read(4)
    file.seek(0)
    utf_16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    tried = ("utf-16",) if utf_16 else ("utf-8-sig", "cp1252")
    found = next((each for each in tried if _fits(file, each)), None)
    if found is None:
        raise NotASheet(
            1, _("The letters in this file cannot be read. Save it again as CSV UTF-8.")
        )
    return found


def _fits(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, empty = 1, True
    try:
        while chunk := file.read(65536):
            text = decoder.decode(chunk)
            if "\x00" in text:
                line += text[: text.index("\x00")].count("\n")
                raise NotASheet(
                    line,
                    _("This line holds bytes that are not text. Save the file again as CSV UTF-8."),
                )
            line += text.count("\n")
            empty = empty and not text.strip()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    if empty:
        raise NotASheet(1, _("The file is empty. Choose the export of your case system."))
    return True


def _delimiter(start: str) -> str:
    """The character that parts the first lines into the most cells; more lines that agree win."""

    def widest(delimiter: str) -> int:
        counts: list[int] = []
        try:
            for cells in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter):
                counts.append(len(cells))
                if len(counts) == LINES_ABOVE:
                    break
        except csv.Error:
            pass
        return max((counts.count(each) * (each - 1) for each in set(counts)), default=0)

    return max(DELIMITERS, key=widest)


# --- XLSX ---------------------------------------------------------------------------------------


@contextmanager
def _workbook(file: BinaryIO, sheet: str) -> Iterator[Iterator[Row]]:
    # Not at the top: it brings numpy along, and what serves pages is to start without that.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_packing(file)
    try:
        # Read only: rows come as they are asked for. Formulas give the value they had when saved.
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (*_BROKEN, InvalidFileException):
        raise NotASheet(1, _broken()) from None
    try:
        shown = [each for each in book.worksheets if each.sheet_state == "visible"]
        found = [each for each in shown if not sheet or each.title.casefold() == sheet.casefold()]
        if not found:
            raise NotASheet(
                1, _("The workbook has no sheet of the name that the mapping file gives.")
            )
        yield _xlsx_rows(found[0])
    finally:
        book.close()


def _check_packing(file: BinaryIO) -> None:
    """No workbook that unpacks to something enormous, and nothing else that is packed."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise NotASheet(1, _broken()) from None
    file.seek(0)
    names = {part.filename for part in parts}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise NotASheet(1, _broken())
    words = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or words > LARGEST_WORDS:
        raise NotASheet(
            1, _("This workbook unpacks to too much. Copy the sheet alone into a new workbook.")
        )


def _xlsx_rows(sheet: object) -> Iterator[Row]:
    # Some exports write a wrong size of the sheet at its beginning; without it every row is read.
    sheet.reset_dimensions()  # type: ignore[attr-defined]
    rows = sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]
    line = 0
    while True:
        line += 1
        try:
            values = next(rows)
        except StopIteration:
            return
        except _BROKEN:
            raise NotASheet(line, _broken()) from None
        if any(value is not None for value in values):
            yield line, [_written(value) for value in values]


def _written(value: object) -> str:
    """A workbook's cell as a person would read it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return _tidy(str(value))


def _tidy(cell: str) -> str:
    # Two more than are allowed, so that one too long is still told from one that fits.
    return " ".join(cell[: LONGEST_CELL + 2].split(" ")).strip() if cell else ""


#: What the reader of workbooks meets in files that are broken or meant to harm.
_BROKEN = (
    zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    OverflowError, EOFError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip


def _broken() -> str:
    return _(
        "This workbook cannot be read. Open it, save it again as an Excel workbook (.xlsx), or as "
        "CSV UTF-8."
    )

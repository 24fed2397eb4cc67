"""The codings of a project as a table: a line for each code on each passage. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from family_voice.sharing.exchange.codes import unformula
from family_voice.sharing.exchange.project import IN_ENGLISH, Project, Put, Source

FIRST: Final = ("case", "text")
LAST: Final = (
    "question",
    "group",
    "code",
    "words",
    "in_english",
    "start",
    "end",
    "coder",
    "coded_at",
    "memo",
)
#: What a spreadsheet can hold in one cell.
LONGEST: Final = 32_000
_WIDE: Final = {
    "words": 60,
    "in_english": 60,
    "question": 40,
    "memo": 40,
    "text": 30,
    "code": 26,
    "group": 22,
}


def columns(project: Project) -> tuple[str, ...]:
    """The names of the columns; every variable of the project has one."""
    return (*FIRST, *(each.name.lower() for each in project.variables), *LAST)


def lines(project: Project) -> Iterator[tuple[str | int, ...]]:
    """The table's lines, in the order of the texts; start and end are code points of the text."""
    groups = {part.id: top.name for top in project.codes for part in top.parts}
    coders = {each.id: each.name for each in project.coders}
    notes = {each.id: each.text for each in project.notes}
    of_case = {source: case for case in project.cases for source in case.sources}
    for source in project.sources:
        case = of_case.get(source.id)
        said = {each.variable: each.value for each in (case.values if case else ())}
        said |= {each.variable: each.value for each in source.values}
        question, english = _parted(source.description)
        for put, start, end, also, about in _codings(source):
            memos = [notes[each] for each in (*put.notes, *also) if each in notes]
            yield (
                case.name if case else "",
                source.name,
                *(said.get(each.id, "") for each in project.variables),
                question,
                groups.get(put.code, ""),
                project.every_code[put.code].name,
                source.text[start:end],
                english if about is None else _parted(about)[1],
                start,
                end,
                coders.get(put.by, "") if put.by else "",
                put.at,
                " / ".join(memos),
            )


def _parted(description: str) -> tuple[str, str]:
    """What is said of some words, and what somebody put them into English as."""
    said, _mark, english = f"\n{description}".partition(f"\n{IN_ENGLISH}")
    return said.removeprefix("\n"), english


def _codings(source: Source) -> Iterator[tuple[Put, int, int, tuple[UUID, ...], str | None]]:
    """Each code that was put, where, the notes there, and what is said of a passage."""
    for passage in source.passages:
        for put in passage.codings:
            yield put, passage.start, passage.end, passage.notes, passage.description
    for put in source.codings:
        yield put, 0, len(source.text), source.notes, None


def as_csv(project: Project) -> bytes:
    """The table as CSV, with a byte order mark so that Excel reads its letters."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(columns(project))
    for line in lines(project):
        rows.writerow([unformula(each) if isinstance(each, str) else each for each in line])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(project: Project) -> bytes:
    """The table as a workbook. Words are words, whatever they begin with."""
    from openpyxl import Workbook  # it brings numpy along, and pages are served without that

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Codings")
    sheet.freeze_panes = "A2"
    names = columns(project)
    for number, name in enumerate(names):
        sheet.column_dimensions[_letter(number)].width = _WIDE.get(name, 16)
    sheet.append([_cell(sheet, name, bold=True) for name in names])
    for line in lines(project):
        sheet.append([_cell(sheet, each) for each in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, said: str | int, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    if isinstance(said, int):
        return WriteOnlyCell(sheet, said)
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", said)[:LONGEST])
    made.data_type = "s"
    made.font = Font(bold=bold)
    made.alignment = Alignment(wrap_text=True, vertical="top")
    return made


def _letter(number: int) -> str:
    """A column's name; there are never more than 26."""
    return chr(ord("A") + number % 26)

"""The kinds of file that leave: a project, a codebook, or a table of either. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from family_voice.sharing.exchange import codes, tables
from family_voice.sharing.exchange.project import Project
from family_voice.sharing.exchange.writing import qdc, qdpx


class Form(StrEnum):
    """What a file is, and what an operator calls it."""

    PROJECT = "qdpx"
    CODEBOOK = "qdc"
    TABLE = "csv"
    WORKBOOK = "xlsx"
    CODEBOOK_TABLE = "codebook"

    @property
    def of_codebook(self) -> bool:
        """Whether it holds codes alone, and no words of anybody."""
        return self in (Form.CODEBOOK, Form.CODEBOOK_TABLE)

    @property
    def ending(self) -> str:
        """How a file of this kind ends."""
        return "csv" if self is Form.CODEBOOK_TABLE else self.value

    @property
    def media_type(self) -> str:
        """What the web calls it."""
        return _TYPES[self.ending]


_TYPES: Final = {
    "qdpx": "application/octet-stream",
    "qdc": "application/xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: What the ending of a file says that is to be written.
BY_ENDING: Final = {f".{each.value}": each for each in Form if each is not Form.CODEBOOK_TABLE}


def written(project: Project, form: Form) -> bytes:
    """A project, or a part of it, as a file."""
    match form:
        case Form.PROJECT:
            return qdpx(project)
        case Form.CODEBOOK:
            return qdc(project.codes, project.origin)
        case Form.TABLE:
            return tables.as_csv(project)
        case Form.WORKBOOK:
            return tables.as_xlsx(project)
        case Form.CODEBOOK_TABLE:
            return codes.as_csv(codes.words_of(project.codes))

"""The codebook as other programs know it: folders with codes, and a table. Pure.

All that our codebook says of a code stands in its description, a line a part, so that a person can
read it in any program and we can read it back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from family_voice.language.texts import _, ngettext
from family_voice.sharing.exchange.opening import ExchangeRefused, too_large
from family_voice.sharing.exchange.project import CodeEntry, guid
from family_voice.themes.codebook import Code, Codebook

#: One for each group in turn: they can be told apart by people who do not see all colours.
COLOURS: Final = ("#1D70B8", "#D4351C", "#00703C", "#F47738", "#4C2C92", "#B58840", "#28A197")
COLUMNS: Final = (
    "group",
    "name",
    "description",
    "use_when",
    "not_when",
    "examples",
    "headings",
    "source",
    "guid",
)
BETWEEN: Final = " | "
#: What tells a group from the code of the same name.
A_GROUP: Final = " (group)"
MOST_CODES: Final = 2_000
_PARTS: Final = {
    "Use when": "use_when",
    "Not when": "not_when",
    "Example": "examples",
    "Headings": "headings",
    "Source": "source",
}
#: What is no letter in any text and may stand in no XML.
_NO_LETTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINE = re.compile(r"^(Use when|Not when|Example|Headings|Source): (.*)$")


@dataclass(frozen=True)
class CodeWords:
    """What a file says of one code; all but the name may be empty."""

    name: str
    id: UUID | None = None
    group: str = ""
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    examples: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    source: str = ""


def entries(book: Codebook, used: Iterable[str] = ()) -> tuple[CodeEntry, ...]:
    """The codebook as folders that are not codable, with the codes below.

    Args:
        book: the codebook.
        used: codes that have to be there although they are offered no more.
    """
    wanted = {*book.offered, *used}
    found = []
    for number, group in enumerate(book.groups):
        colour = COLOURS[number % len(COLOURS)]
        codes = tuple(
            CodeEntry(guid("code", code.id), code.name, described(code), True, colour)
            for code in group.codes
            if code.id in wanted
        )
        if codes:
            folder = guid("group", group.id)
            found.append(CodeEntry(folder, group.name, "", False, colour, codes))
    return tuple(found)


def described(code: Code) -> str:
    """All that the codebook says of a code, a line a part."""
    lines = [code.definition, f"Use when: {code.use_when}", f"Not when: {code.not_when}"]
    lines += [f"Example: {each}" for each in code.examples]
    lines += [f"Headings: {', '.join(code.headings)}", f"Source: {code.source}"]
    return "\n".join(" ".join(each.split()) for each in lines)


def words_of(codes: Iterable[CodeEntry], group: str = "") -> tuple[CodeWords, ...]:
    """What a file's codes say, with what stands in `described`'s lines taken apart again.

    A code's group is the folder right above it. Codes under a code are in a group with it.
    """
    found: list[CodeWords] = []
    for entry in codes:
        below = f"{entry.name}{A_GROUP}" if entry.codable else entry.name
        if entry.codable:
            found.append(_words(entry, below if entry.parts else group))
        found += words_of(entry.parts, below)
    return tuple(found)


def _words(entry: CodeEntry, group: str) -> CodeWords:
    parts: dict[str, list[str]] = {name: [] for name in _PARTS.values()}
    said = []
    for line in entry.description.splitlines():
        match = _LINE.match(line.strip())
        if match:
            parts[_PARTS[match[1]]].append(match[2])
        elif line.strip():
            said.append(line.strip())
    return CodeWords(
        name=entry.name,
        id=entry.id,
        group=group,
        definition=" ".join(said),
        use_when=" ".join(parts["use_when"]),
        not_when=" ".join(parts["not_when"]),
        examples=tuple(parts["examples"]),
        headings=_split(", ".join(parts["headings"]), ","),
        source=" ".join(parts["source"]),
    )


def as_csv(words: Iterable[CodeWords]) -> bytes:
    """Codes as a table, with a byte order mark so that Excel reads its letters."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for each in words:
        cells = (
            each.group,
            each.name,
            each.definition,
            each.use_when,
            each.not_when,
            BETWEEN.join(each.examples),
            ", ".join(each.headings),
            each.source,
            str(each.id or ""),
        )
        rows.writerow([unformula(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def unformula(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def read_csv(data: bytes) -> tuple[CodeWords, ...]:
    """The codes of a codebook table: a line a code, with a column `name` and any of the others.

    Raises:
        ExchangeRefused: if it cannot be taken in whole; the message says what to do.
    """
    too_large(data)
    try:
        text = data.decode("utf-8-sig")
        if _NO_LETTER.search(text):
            raise ValueError("what no file of ours could hold")
    except ValueError as wrong:
        raise ExchangeRefused(
            _("The letters in this table cannot be read. Save it again as CSV UTF-8.")
        ) from wrong
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as broken:
        raise ExchangeRefused(
            _("A quotation mark in this table is in the wrong place. Save it again as CSV UTF-8.")
        ) from broken
    columns = [each.strip().lower().replace(" ", "_") for each in rows[0]] if rows else []
    if "name" not in columns:
        raise ExchangeRefused(
            _(
                "This is no project (.qdpx) and no codebook (.qdc). In a codebook table (.csv) the "
                "first line has to name the columns, and one of them has to be “name”."
            )
        )
    if len(rows) > MOST_CODES:
        raise ExchangeRefused(_("There are more codes in this table than we take in."))
    found = []
    for line, row in enumerate(rows[1:], start=2):
        if any(each.strip() for each in row):
            found.append(_row(dict(zip(columns, row, strict=False)), line))
    if not found:
        raise ExchangeRefused(_("There are no codes in this table."))
    insist_on_names(found)
    return tuple(found)


def insist_on_names(codes: Sequence[CodeWords]) -> None:
    """Raises `ExchangeRefused` where a name stands twice: programs know a code by its name."""
    names = [each.name.casefold() for each in codes]
    twice = {each for each in names if names.count(each) > 1}
    if twice:
        raise ExchangeRefused(
            ngettext(
                "%(num)d code is there more than once. Give each code a name of its own.",
                "%(num)d codes are there more than once. Give each code a name of its own.",
                len(twice),
            )
        )


def _row(cells: dict[str, str], line: int) -> CodeWords:
    def cell(*names: str) -> str:
        said = next((cells[each] for each in names if cells.get(each)), "")
        said = " ".join(said.split())
        return said[1:] if said[:1] == "'" and said[1:2] in ("=", "+", "-", "@") else said

    if not cell("name"):
        raise ExchangeRefused(
            _("Line %(line)d has no name. Give the code a name or take the line out.", line=line)
        )
    return CodeWords(
        name=cell("name"),
        id=_guid(cell("guid")),
        group=cell("group"),
        definition=cell("description", "definition"),
        use_when=cell("use_when"),
        not_when=cell("not_when"),
        examples=_split(cell("examples"), "|"),
        headings=_split(cell("headings"), ","),
        source=cell("source"),
    )


def _guid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _split(text: str, by: str) -> tuple[str, ...]:
    return tuple(part for each in text.split(by) if (part := each.strip()))

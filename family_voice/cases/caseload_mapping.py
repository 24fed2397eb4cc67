"""Mapping files: which column of an export is what, as data.

One YAML file an export; those in `mappings/` are shaped after the usual case systems' reports and
are meant to be copied and edited. docs/caseload.md describes every key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from family_voice.frameworks.reading import Document, NotYaml, Problem, read_yaml

FOLDER: Final = Path(__file__).parent / "mappings"
LARGEST: Final = 100_000

#: What is kept of a child who is not drawn.
KEPT: Final = (
    "reference", "plan_type", "year_group", "area_of_need", "placement", "vulnerable_groups",
    "language", "area", "plan_finalised_on", "review_finalised_on", "last_audited_on",
)  # fmt: skip
#: What is read to check the line and the year group, and then let go of.
CHECKED: Final = (
    "date_of_birth", "upn", "nhs_number", "first_name", "last_name", "postcode", "phone", "email",
)  # fmt: skip
FIELDS: Final = (*KEPT, *CHECKED)
#: Whose cells hold one of a framework's or this program's words, and may be translated.
WITH_VALUES: Final = frozenset(
    {
        "plan_type",
        "year_group",
        "area_of_need",
        "placement",
        "vulnerable_groups",
        "language",
        "area",
    }
)
DATES: Final = ("day_first", "month_first")
Steps = tuple[str | int, ...]


class BadMapping(ValueError):
    """A mapping file has to be put right; `problems` names each mistake by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Column:
    """One column of an export: its heading, and what its cells mean.

    `values` translates a cell (capitals do not matter) into ids or names that are known here: the
    first that the framework in force has counts, none means nothing. `outward` keeps the first half
    of a postcode only. What is wrong in a column with `tell_only` is said and stops nothing.
    """

    heading: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outward: bool = False
    tell_only: bool = False


@dataclass(frozen=True)
class LeftOut:
    """Lines that are not of the caseload: those whose cell under a heading is one of `values`."""

    heading: str
    values: frozenset[str]


@dataclass(frozen=True)
class CaseloadMapping:
    """How one kind of export is read. A field may come from several columns: groups do."""

    name: str
    about: str
    columns: Mapping[str, tuple[Column, ...]]
    sheet: str = ""
    month_first: bool = False
    nothing: frozenset[str] = frozenset()
    leave_out: tuple[LeftOut, ...] = ()

    def headings(self) -> Iterator[str]:
        """Every heading that the export has to have, once each."""
        seen = {column.heading: None for columns in self.columns.values() for column in columns} | {
            each.heading: None for each in self.leave_out
        }
        yield from seen


def known_mappings() -> dict[str, CaseloadMapping]:
    """The mappings that come with the program, by their file's name, the plain one first."""
    paths = sorted(FOLDER.glob("*.yaml"), key=lambda path: (path.stem != "family_voice", path.stem))
    return {path.stem: read_mapping(path.read_text(encoding="utf-8"), path.name) for path in paths}


def read_mapping(text: str, file: str) -> CaseloadMapping:
    """Read a mapping file.

    Args:
        text: what it holds.
        file: its name, for problems.

    Raises:
        BadMapping: with every mistake and its line.
    """
    if len(text) > LARGEST:
        raise BadMapping((Problem(file, 1, "The file is too large for a mapping. Copy one."),))
    try:
        document = read_yaml(text, file)
    except NotYaml as broken:
        raise BadMapping(broken.problems) from None
    reading = _Reading(document)
    mapping = reading.mapping()
    if reading.problems:
        raise BadMapping(tuple(sorted(reading.problems)))
    return mapping


class _Reading:
    """Goes through a document and gathers what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def mapping(self) -> CaseloadMapping:
        top = self._keys(
            self._document.content,
            (),
            {"name", "about", "sheet", "dates", "nothing", "columns", "leave_out"},
        )
        dates = self._text(top, "dates", default="day_first")
        if dates not in DATES:
            self._say(("dates",), f"Write one of: {', '.join(DATES)}.")
        return CaseloadMapping(
            name=self._text(top, "name", longest=80),
            about=self._text(top, "about", default="", longest=500),
            columns=self._columns(top),
            sheet=self._text(top, "sheet", default=""),
            month_first=dates == "month_first",
            nothing=frozenset(self._words(top.get("nothing", []), ("nothing",))),
            leave_out=tuple(self._left_out(top)),
        )

    def _columns(self, top: dict[str, Any]) -> dict[str, tuple[Column, ...]]:
        given = self._keys(top.get("columns"), ("columns",), set(FIELDS))
        for needed in ("reference", "plan_type"):
            if needed not in given:
                self._say(("columns",), f"“{needed}” is missing. Say which column it is.")
        if not {"date_of_birth", "year_group"} & given.keys():
            self._say(("columns",), "Give “date_of_birth” or “year_group”, or both.")
        found: dict[str, tuple[Column, ...]] = {}
        for name, value in given.items():
            path = ("columns", name)
            several = value if isinstance(value, list) else [value]
            if len(several) != 1 and name != "vulnerable_groups":
                self._say(path, "Only vulnerable_groups may come from several columns.")
            found[name] = tuple(
                self._column(name, each, (*path, place) if isinstance(value, list) else path)
                for place, each in enumerate(several)
            )
        return found

    def _column(self, name: str, value: Any, path: Steps) -> Column:
        if isinstance(value, str | int) and not isinstance(value, bool):
            return Column(str(value))
        given = self._keys(value, path, {"from", "values", "take", "tell_only"})
        heading = given.get("from")
        if not isinstance(heading, str | int) or not str(heading).strip():
            self._say((*path, "from"), "Write the heading of the column after “from:”.")
        take, tell_only = given.get("take"), given.get("tell_only", False)
        if take is not None and (take != "outward" or name != "area"):
            self._say((*path, "take"), "Only “area” may say “take: outward” (half a postcode).")
        if not isinstance(tell_only, bool):
            self._say((*path, "tell_only"), "Write true or false.")
        elif tell_only and name not in CHECKED:
            self._say((*path, "tell_only"), f"“{name}” is kept, so it has to be right.")
        values = given.get("values", {})
        if values and name not in WITH_VALUES:
            self._say((*path, "values"), f"“{name}” is taken as it stands and has no values.")
        if not isinstance(values, dict):
            self._say((*path, "values"), "Write each value as “theirs: ours”, one a line.")
            values = {}
        return Column(
            str(heading),
            {
                folded(str(theirs)): self._ours(ours, (*path, "values", str(theirs)))
                for theirs, ours in values.items()
            },
            outward=take is not None,
            tell_only=tell_only is True,
        )

    def _ours(self, ours: Any, path: Steps) -> tuple[str, ...]:
        several = ours if isinstance(ours, list) else [ours]
        if not all(one is None or isinstance(one, str | int) for one in several):
            self._say(path, "Write one word after the colon, or several in square brackets.")
            return ()
        return tuple(str(one) for one in several if one not in {None, ""})

    def _left_out(self, top: dict[str, Any]) -> Iterator[LeftOut]:
        given = top.get("leave_out", [])
        if not isinstance(given, list):
            self._say(("leave_out",), "Write a list, each with “column” and “values”.")
            return
        for place, each in enumerate(given):
            path = ("leave_out", place)
            one = self._keys(each, path, {"column", "values"})
            values = self._words(one.get("values"), (*path, "values"))
            if not isinstance(one.get("column"), str) or not values:
                self._say(path, "Write the heading after “column:” and a list after “values:”.")
                continue
            yield LeftOut(one["column"], frozenset(values))

    def _keys(self, value: Any, path: Steps, known: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._say(path, "Something is missing here. Compare with the file you copied.")
            return {}
        for key in value:
            if key not in known:
                said = f"“{key}” is not known. Use any of: {', '.join(sorted(known))}."
                self._say((*path, str(key)), said)
        return {str(key): each for key, each in value.items() if key in known}

    def _text(
        self, top: dict[str, Any], key: str, default: str | None = None, longest: int = 120
    ) -> str:
        value = top.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self._say((key,), f"Write some words after “{key}:”.")
            return ""
        if len(value) > longest:
            self._say((key,), f"Use at most {longest} letters.")
        return " ".join(value.split())

    def _words(self, value: Any, path: Steps) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(one, str | int) for one in value):
            self._say(path, "Write a list of words in square brackets.")
            return []
        return [folded(str(one)) for one in value]

    def _say(self, path: Steps, message: str) -> None:
        self.problems.append(self._document.problem(path, message))


def folded(cell: str) -> str:
    """A cell as `values` compares it: capitals and spaces do not matter."""
    return " ".join(cell.casefold().split())

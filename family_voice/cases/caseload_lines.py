"""From an export's rows to lines of the caseload: everything is checked, little is kept. Pure.

Names, dates of birth, numbers and addresses are looked at here and go no further than this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from family_voice.cases import caseload_cells as cells
from family_voice.cases import caseload_identifiers as identifiers
from family_voice.cases.caseload import OLDEST
from family_voice.cases.caseload_file import plain, trouble
from family_voice.cases.caseload_findings import Findings
from family_voice.cases.caseload_mapping import (
    CHECKED,
    WITH_VALUES,
    CaseloadMapping,
    Column,
    folded,
)
from family_voice.cases.caseload_readers import readers
from family_voice.cases.caseload_reading import Strata
from family_voice.cases.caseload_sheets import LINES_ABOVE, Row
from family_voice.cases.school_years import school_year, year_group
from family_voice.consent.school_age import age
from family_voice.frameworks.framework import Framework
from family_voice.language.texts import _, ngettext

_SHEET_ERROR = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")


@dataclass(frozen=True)
class Line:
    """One good line: what is kept of it, and where it stood."""

    line: int
    reference: str
    strata: Strata


def lines_of(
    rows: Iterator[Row],
    mapping: CaseloadMapping,
    framework: Framework,
    on: date,
    findings: Findings,
) -> Iterator[Line]:
    """The good lines of an export; what is wrong with the others goes into `findings`.

    Args:
        rows: from `caseload_sheets.rows_of`.
        mapping: which column is what.
        framework: whose plan types and themes the words have to be.
        on: the day for which year groups and ages are worked out.
        findings: is filled while the lines are taken.

    Raises:
        NotASheet: if the rows cannot be read on.
    """
    where = _find_header(rows, mapping, findings)
    if where is None:
        return
    checking = _Checking(mapping, framework, on, findings, where)
    some = False
    for line, values in rows:
        some = True
        findings.lines += 1
        found = checking.line(line, values)
        if found is not None:
            yield found
    if not some:
        findings.add(1, "", _("There are no lines under the columns' names."))


Where = Mapping[str, int]


def _find_header(rows: Iterator[Row], mapping: CaseloadMapping, findings: Findings) -> Where | None:
    """The place of each heading. Lines above the headings are passed over."""
    wanted = {_key(heading): heading for heading in mapping.headings()}
    for count, (line, values) in enumerate(rows, 1):
        places: dict[str, int] = {}
        twice = []
        for place, cell in enumerate(values):
            heading = wanted.get(_key(cell))
            if heading is not None and heading in places:
                twice.append(heading)
            elif heading is not None:
                places[heading] = place
        if 2 * len(places) >= len(wanted):
            for heading in twice:
                findings.add(line, heading, _("This column is there more than once. Keep one."))
            _check_missing(line, places, mapping, findings)
            unused = sum(bool(cell) for cell in values) - len(places) - len(twice)
            if unused:
                findings.add(
                    line,
                    "",
                    ngettext(
                        "%(num)d column is not used and was not read.",
                        "%(num)d columns are not used and were not read.",
                        unused,
                    ),
                    stops=False,
                )
            findings.unfit = findings.count > len(twice)
            return None if findings.count else places
        if count == LINES_ABOVE:
            break
    findings.unfit = True
    findings.add(
        1,
        "",
        _(
            "The file may be good, but the mapping “%(mapping)s” does not fit it: fewer than half "
            "of the columns that it looks for are there. Choose another mapping, or change it. It "
            "looks for: %(names)s.",
            mapping=mapping.name,
            names=", ".join(wanted.values()),
        ),
    )
    return None


def _check_missing(line: int, places: Where, mapping: CaseloadMapping, findings: Findings) -> None:
    """A column that is kept has to be there: without it everybody's would be emptied."""
    for name, columns in mapping.columns.items():
        # Without a year group everything hangs on the date of birth.
        spare = name in CHECKED and (name != "date_of_birth" or "year_group" in mapping.columns)
        for column in columns:
            if column.heading not in places:
                said = (
                    _("This column is not in the file, so it was not checked.")
                    if spare
                    else _missing(mapping)
                )
                findings.add(line, column.heading, said, stops=not spare)
    for each in mapping.leave_out:
        if each.heading not in places:
            said = _missing(mapping)
            findings.add(line, each.heading, said)


def _missing(mapping: CaseloadMapping) -> str:
    return _(
        "The mapping “%(mapping)s” looks for a column of this name, and the file has none. Is it "
        "called something else in your file? Then change the name in the mapping.",
        mapping=mapping.name,
    )


_NO_WORD: Final = object()


@dataclass(frozen=True)
class _Word:
    """What a cell means; `no_word` if it means something that the framework in force lacks."""

    value: Any
    no_word: bool


class _LeftOut(Exception):
    """A line that is not of this caseload."""


class _Checking:
    """One file's lines, checked one by one; remembers what has to be there once only."""

    def __init__(
        self,
        mapping: CaseloadMapping,
        framework: Framework,
        on: date,
        findings: Findings,
        where: Where,
    ) -> None:
        self._mapping, self._on, self._findings, self._where = mapping, on, findings, where
        self._readers = readers(framework, mapping.month_first)
        # The few words of a framework come again and again in thousands of lines.
        self._word = lru_cache(maxsize=4096)(self._read_word)
        self._seen: dict[bytes, int] = {}

    def line(self, line: int, values: list[str]) -> Line | None:
        """A good line, or None: it is left out, or something is wrong with it."""
        for out in self._mapping.leave_out:
            if folded(self._cell(values, out.heading)) in out.values:
                self._findings.left_out += 1
                return None
        before = self._findings.count
        try:
            # First of all the plan type, which may say that the line is not of the caseload.
            read = {
                name: self._field(line, name, self._mapping.columns[name], values)
                for name in sorted(self._mapping.columns, key=lambda name: name != "plan_type")
            }
        except _LeftOut:
            self._findings.left_out += 1
            return None
        self._together(line, read)
        if self._findings.count > before:
            return None
        return Line(line, read["reference"], self._strata(read))

    def _cell(self, values: list[str], heading: str) -> str:
        place = self._where.get(heading)
        cell = values[place] if place is not None and place < len(values) else ""
        return "" if folded(cell) in self._mapping.nothing else cell

    def _field(self, line: int, name: str, columns: tuple[Column, ...], values: list[str]) -> Any:
        found = []
        for column in columns:
            cell = self._cell(values, column.heading)
            try:
                wrong = trouble(cell) if cell else ""
                if wrong or _SHEET_ERROR.fullmatch(cell):
                    raise cells.Refused(
                        wrong or _("A formula went wrong in this cell. Type what belongs here.")
                    )
                found.append(self._value(line, name, column, cell))
            except cells.Refused as refused:
                self._findings.add(line, column.heading, str(refused), stops=not column.tell_only)
        if name == "vulnerable_groups":
            return tuple(sorted({each for groups in found for each in groups}))
        return found[0] if found else None

    def _value(self, line: int, name: str, column: Column, cell: str) -> Any:
        if name not in WITH_VALUES:
            return self._readers[name](cell)
        word = self._word(name, column.heading, cell)
        if name == "plan_type" and (word.no_word or word.value is None):
            raise _LeftOut
        if word.no_word:
            said = _("The framework has no word for this, so nothing is kept of it.")
            self._findings.add(line, column.heading, said, stops=False)
        return word.value

    def _read_word(self, name: str, heading: str, cell: str) -> _Word:
        """A cell whose words the mapping may translate."""
        [column] = [one for one in self._mapping.columns[name] if one.heading == heading]
        if column.outward:
            return _Word(identifiers.outward(cell), False)
        if name == "vulnerable_groups":
            pieces = [self._meaning(name, column, one) for one in re.split(r"[;|]", cell)]
            groups = [each for each in pieces if each is not _NO_WORD]
            return _Word(sum(groups, ()), len(groups) < len(pieces))
        found = self._meaning(name, column, cell)
        return _Word(None, True) if found is _NO_WORD else _Word(found, False)

    def _meaning(self, name: str, column: Column, cell: str) -> Any:
        """What a word means here: the first of its translations that the framework has."""
        read, meant = self._readers[name], column.values.get(folded(cell))
        if meant == ():
            return None if name == "plan_type" else read("")
        for one in meant or (cell,):
            try:
                return read(one)
            except cells.Refused as refused:
                why = str(refused)
        if meant is None:
            raise cells.Refused(why + " " + _("Or say in the mapping file what it means."))
        return _NO_WORD

    def _together(self, line: int, read: dict[str, Any]) -> None:
        """What several cells say together, and what may be there only once."""
        born, on = read.get("date_of_birth"), self._on
        if born is not None and born > on:
            self._say(line, "date_of_birth", _("This day has not come yet. Check the year."))
        elif born is not None and age(born, on) > OLDEST:
            self._say(line, "date_of_birth", _("This is somebody older than 25. Check the year."))
        elif (
            born is not None
            and read.get("year_group") is not None
            # A year above or below one's age group happens; further away is nearly always a slip.
            and abs(read["year_group"] - year_group(born, on)) > 1
        ):
            said = _("This does not fit the date of birth within one year. Check both.")
            self._say(line, "year_group", said)
        for name in ("plan_finalised_on", "review_finalised_on", "last_audited_on"):
            day = read.get(name)
            if day is not None and day > on:
                self._say(line, name, _("This day has not come yet. Check the year."))
            elif day is not None and born is not None and day < born:
                self._say(line, name, _("This is before the date of birth. Check both."))
        once = _("Line %(line)d has the same. Each child stands on one line only.")
        for name in ("reference", "upn", "nhs_number"):
            if read.get(name):
                earlier = self._met(line, name, read[name])
                if earlier is not None:
                    self._say(line, name, once % {"line": earlier})
        first, last = read.get("first_name"), read.get("last_name")
        if born is not None and first and last:
            earlier = self._met(line, "child", f"{folded(first)}\n{folded(last)}\n{born}")
            if earlier is not None:
                said = _(
                    "Line %(line)d has the same name and date of birth. Is it one child under two "
                    "references?",
                    line=earlier,
                )
                self._say(line, "reference", said, stops=False)

    def _met(self, line: int, name: str, value: str) -> int | None:
        """The earlier line with the same, if there is one. Only a hash is remembered."""
        # As `security.blind` takes it: one reference typed in two ways is one child.
        same = unicodedata.normalize("NFKC", value).strip().casefold()
        digest = sha256(f"{name}\n{same}".encode()).digest()[:16]
        earlier = self._seen.setdefault(digest, line)
        return None if earlier == line else earlier

    def _say(self, line: int, name: str, message: str, *, stops: bool = True) -> None:
        columns = self._mapping.columns.get(name)
        heading = columns[0].heading if columns else name
        stops = stops and not (columns and columns[0].tell_only)
        self._findings.add(line, heading, message, stops=stops)

    def _strata(self, read: dict[str, Any]) -> Strata:
        group, born = read.get("year_group"), read.get("date_of_birth")
        if group is None and born is not None:
            group = year_group(born, self._on)
        return Strata(
            plan_type=read["plan_type"],
            year_group=group,
            school_year=school_year(self._on),
            area_of_need=read.get("area_of_need") or "",
            placement=read.get("placement") or "",
            vulnerable_groups=read.get("vulnerable_groups") or (),
            language=read.get("language") or "",
            area=read.get("area") or "",
            plan_finalised_on=read.get("plan_finalised_on"),
            review_finalised_on=read.get("review_finalised_on"),
            last_audited_on=read.get("last_audited_on"),
        )


def _key(heading: str) -> str:
    return plain(heading) or folded(heading)

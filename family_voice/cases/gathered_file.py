"""Answers that were gathered on somebody else's form: from the bytes of a CSV file to accounts.

A mapping says which column holds what: who spoke, whether they agreed, which question an answer is
to. Words are kept exactly as they came. A line without a yes to talking is read no further.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from family_voice.cases.caseload_file import Problem
from family_voice.consent.statements import Purpose
from family_voice.frameworks.reading import NotYaml, read_yaml
from family_voice.interviews.events import NOTES
from family_voice.interviews.guide import load_guide
from family_voice.interviews.words import Speaker
from family_voice.language.texts import _, worded

FOLDER = Path(__file__).resolve().parent / "gathered_mappings"
LARGEST_FILE = 5_000_000
LONGEST_ANSWER = 20_000
LONGEST_LINE = 200
DELIMITERS = ",;\t"
AUDIENCES = ("parent_carer", "young_person", "advocate")
SPEAKER = frozenset(Speaker.__dataclass_fields__)
DAYS = {"day_first": ("%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"), "month_first": ("%m/%d/%Y", "%m/%d/%y")}
HOURS = ("", " %H:%M", " %H:%M:%S", " %I:%M:%S %p", " %I:%M %p")
LONDON = ZoneInfo("Europe/London")
#: What is dated longer ago is nearly always a slip, and would soon be kept no longer.
OLDEST = timedelta(days=366)
#: Years outside of these are slips.
EARLIEST, LATEST = 2000, 3000


class BadMapping(ValueError):
    """The mapping cannot be used; the message says what to put right in it."""


@dataclass(frozen=True)
class Answered:
    """One decision: its column, and what in it is a yes and what a no, without capitals."""

    column: str
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True)
class FormMapping:
    """Which column of a form holds what. `answers` maps a prompt of the guide to its column."""

    id: str
    name: str
    audience: str
    language: str
    row: str
    at: str
    days: str
    speaker: Mapping[str, str]
    permission: Mapping[Purpose, Answered]
    answers: Mapping[str, str]

    @property
    def columns(self) -> set[str]:
        """Every column it names."""
        named = {self.row, self.at, *self.speaker.values(), *self.answers.values()}
        return (named | {each.column for each in self.permission.values()}) - {""}


@dataclass(frozen=True)
class Told:
    """What one line says: who spoke, what they decided, what they said, and when.

    `key` tells it from every other line of the same form, so that it comes in once.
    """

    key: str
    at: datetime
    audience: str
    language: str
    speaker: Speaker
    decisions: Mapping[Purpose, bool]
    answers: Mapping[str, str]


@dataclass
class Gathered:
    """What a file holds, or what is wrong with it. `without_permission` lines are left out."""

    told: list[Told] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    without_permission: int = 0
    without_words: int = 0


def mappings() -> dict[str, FormMapping]:
    """The mappings that come with the program, by id."""
    found = (read_mapping(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml")))
    return {each.id: each for each in found}


def read_mapping(text: str) -> FormMapping:
    """A mapping from its YAML text.

    Raises:
        BadMapping: with a sentence about the first thing that is wrong.
    """
    try:
        given = read_yaml(text, "").content
    except NotYaml as broken:
        line = broken.problems[0].line
        said = _("Line %(line)d is not YAML. Start from one of ours.", line=line)
        raise BadMapping(said) from None
    if not isinstance(given, dict):
        raise BadMapping(_("This is no mapping. Start from one of ours."))
    audience = str(given.get("audience", "parent_carer"))
    if audience not in AUDIENCES:
        raise BadMapping(_("audience must be one of: %(some)s.", some=", ".join(AUDIENCES)))
    days = str(given.get("days", "day_first"))
    if days not in DAYS:
        raise BadMapping(_("days must be one of: %(some)s.", some=", ".join(DAYS)))
    language = str(given.get("language", "en"))
    codes = [each.code for each in worded()]
    if language not in codes:
        raise BadMapping(_("language must be one of: %(some)s.", some=", ".join(codes)))
    permission = {
        _purpose(name): _answered(name, each) for name, each in _table(given, "permission").items()
    }
    if Purpose.TALK not in permission:
        raise BadMapping(_("permission must say in which column they agreed to talk: talk."))
    speaker = _table(given, "speaker")
    answers = _table(given, "answers")
    prompts = {*load_guide(audience, "en").prompts, NOTES}
    for name, known in ((speaker, SPEAKER), (answers, prompts)):
        for odd in sorted(name.keys() - known, key=str):
            raise BadMapping(_("There is nothing called %(name)s to map a column to.", name=odd))
    if not answers:
        raise BadMapping(_("answers must map at least one question to a column."))
    return FormMapping(
        id=str(given.get("id", "")) or "own",
        name=str(given.get("name", "")),
        audience=audience,
        language=language,
        row=str(given.get("row", "")),
        at=str(given.get("at", "")),
        days=days,
        speaker={name: str(column) for name, column in speaker.items()},
        permission=permission,
        answers={name: str(column) for name, column in answers.items()},
    )


def read_gathered(data: bytes, mapping: FormMapping, today: date) -> Gathered:
    """Read a CSV file of answers: every line, or every problem by line and column.

    Args:
        data: the file.
        mapping: which column holds what.
        today: no answer is from a day after it.
    """
    found = Gathered()
    text = _text(data, found)
    try:
        rows = list(_rows(text, mapping)) if text else []
    except csv.Error:
        said = _("A quotation mark is missing in this file. Save it again from the spreadsheet.")
        found.problems.append(Problem(1, "", said))
        return found
    if not found.problems and not rows:
        found.problems.append(Problem(1, "", _("There are no answers in this file.")))
    if found.problems:
        return found
    header = rows[0][1]
    for column in sorted(mapping.columns - header.keys()):
        found.problems.append(
            Problem(1, column, _("This column is missing. Check the mapping or the file."))
        )
    if not found.problems:
        for line, row in rows[1:]:
            _read_row(found, line, row, mapping, today)
        if not rows[1:]:
            found.problems.append(Problem(2, "", _("There are no answers in this file.")))
    return found


def _read_row(
    found: Gathered, line: int, row: dict[str, str], mapping: FormMapping, today: date
) -> None:
    if not any(cell.strip() for cell in row.values()):
        return
    problems = []
    decisions = {}
    for purpose, answered in mapping.permission.items():
        said = " ".join(row[answered.column].split()).casefold()
        if said in answered.yes | answered.no:
            decisions[purpose] = said in answered.yes
        elif said:
            problems.append(
                Problem(
                    line,
                    answered.column,
                    _("This is neither a yes nor a no that the mapping knows. Add it there."),
                )
            )
    at = _moment(row[mapping.at], mapping.days) if mapping.at else None
    if mapping.at and at is None:
        problems.append(Problem(line, mapping.at, _("Put a real date, such as 18/11/2026 09:30.")))
    elif at is not None and at.astimezone(LONDON).date() > today:
        problems.append(Problem(line, mapping.at, _("This day is still to come.")))
    elif at is not None and at.astimezone(LONDON).date() < today - OLDEST:
        problems.append(Problem(line, mapping.at, _("This is over a year ago. Check the year.")))
    answers = {
        prompt: row[column].replace("\r\n", "\n").strip()
        for prompt, column in mapping.answers.items()
        if row[column].strip()
    }
    for prompt, words in answers.items():
        if len(words) > LONGEST_ANSWER or any(ord(c) < 32 and c not in "\n\t" for c in words):
            problems.append(
                Problem(
                    line,
                    mapping.answers[prompt],
                    _("This answer is too long or holds what is no letter. Look at it."),
                )
            )
    who = {name: " ".join(row[column].split()) for name, column in mapping.speaker.items()}
    for name, said in who.items():
        if len(said) > LONGEST_LINE:
            problems.append(Problem(line, mapping.speaker[name], _("This is too long. Check it.")))
    if problems:
        found.problems += problems
    elif not decisions.get(Purpose.TALK):
        found.without_permission += 1
    elif not answers:
        found.without_words += 1
    else:
        # Two forms may both begin to count at 1: without its moment the whole line tells it.
        known = mapping.row and mapping.at
        key = f"{row[mapping.row]}|{row[mapping.at]}" if known else repr(row)
        found.told.append(
            Told(
                key=f"{mapping.id}|{key}",
                at=at or datetime.combine(today, time(12), UTC),
                audience=mapping.audience,
                language=mapping.language,
                speaker=Speaker(**who),
                decisions=decisions,
                answers=answers,
            )
        )


def _text(data: bytes, found: Gathered) -> str:
    if len(data) > LARGEST_FILE:
        found.problems.append(Problem(1, "", _("The file is larger than 5 MB. Split it.")))
        return ""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        found.problems.append(
            Problem(1, "", _("This is a spreadsheet. Open it, choose Save as, and pick CSV UTF-8."))
        )
        return ""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    found.problems.append(
        Problem(1, "", _("The letters in this file cannot be read. Save it again as CSV UTF-8."))
    )
    return ""


def _rows(text: str, mapping: FormMapping) -> Iterator[tuple[int, dict[str, str]]]:
    """The header as a row of itself, then every record with the line it begins on."""
    named = mapping.columns

    def hits(delimiter: str) -> int:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        return len(named & {cell.strip() for cell in first})

    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=hits))
    header = [cell.strip() for cell in next(reader, [])]
    yield 1, {name: name for name in header}
    begins = reader.line_num + 1
    for cells in reader:
        padded = [*cells, *[""] * (len(header) - len(cells))]
        yield begins, dict(zip(header, padded, strict=False))
        begins = reader.line_num + 1


def _moment(text: str, days: str) -> datetime | None:
    text = " ".join(text.split())
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        tries = (day + hour for day in DAYS[days] for hour in HOURS)
        found = next(filter(None, (_as(text, each) for each in tries)), None)  # type: ignore[assignment]
    if found is None or not EARLIEST <= found.year < LATEST:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)


def _as(text: str, shape: str) -> datetime | None:
    try:
        return datetime.strptime(text, shape)  # noqa: DTZ007 (London, in `_moment`)
    except ValueError:
        return None


def _table(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name) or {}
    if not isinstance(found, dict):
        raise BadMapping(_("%(name)s must be a list of names, each with a column.", name=name))
    return found


def _purpose(name: str) -> Purpose:
    try:
        return Purpose(name)
    except ValueError:
        some = ", ".join(each.value for each in Purpose)
        raise BadMapping(_("permission has one of: %(some)s.", some=some)) from None


def _answered(name: str, given: object) -> Answered:
    if not isinstance(given, dict) or not given.get("column") or not given.get("agree"):
        raise BadMapping(
            _("permission: %(name)s needs a column, and under agree what is a yes.", name=name)
        )

    def said(key: str) -> frozenset[str]:
        # YAML reads a bare yes or no as true or false.
        words = given.get(key, [])
        words = words if isinstance(words, list) else [words]
        if not all(isinstance(each, str | int) for each in words):
            raise BadMapping(_("permission: %(name)s has a yes or no that is no word.", name=name))
        bare = {True: "yes", False: "no"}
        return frozenset(str(bare.get(each, each)).strip().casefold() for each in words)

    return Answered(str(given["column"]), said("agree"), said("refuse"))

"""Reading the file of a round's cases, CSV or XLSX: one line a person who may speak.

The columns are described in docs/caseload.md; `caseload_example.csv` beside this file is one that
works. Either everything is good, or there are problems and no cases: nothing is ever half read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from family_voice.cases import caseload_cells as cells
from family_voice.cases.caseload_file import Problem
from family_voice.cases.caseload_table import read_table
from family_voice.cases.deadlines import age
from family_voice.cases.school_years import year_group as year_group_of
from family_voice.frameworks.framework import Audit, Framework
from family_voice.language.texts import _
from family_voice.people.facts import Hours

EXAMPLE = Path(__file__).parent / "caseload_example.csv"
OLDEST = 25
CASE_COLUMNS = (
    "case_reference",
    "plan_type",
    "child_first_name",
    "child_last_name",
    "date_of_birth",
    "year_group",
    "area_of_need",
    "placement",
    "vulnerable_groups",
    "care_status",
    "school",
    "session",
    "responsible_worker",
    "responsible_manager",
)
PARTICIPANT_COLUMNS = (
    "relationship",
    "parental_responsibility",
    "first_name",
    "last_name",
    "mobile",
    "email",
    "language",
    "access_needs",
    "safe_to_contact",
    "how_to_contact_safely",
    "safe_confirmed_by",
    "introduced_by",
    "safe_hours",
)
OPTIONAL_COLUMNS = ("introduced_by", "safe_hours")


@dataclass(frozen=True)
class ParticipantRow:
    """Somebody who may speak. `relationship` and `safe_to_contact` are ids of caseload_cells."""

    line: int
    relationship: str
    parental_responsibility: bool
    first_name: str
    last_name: str
    mobile: str | None
    email: str | None
    language: str
    access_needs: tuple[str, ...]
    safe_to_contact: str
    how_to_contact_safely: str
    safe_confirmed_by: str
    introduced_by: str
    safe_hours: Hours | None = None


@dataclass(frozen=True)
class CaseRow:
    """One case. Plan type, need, placement and groups are ids of the framework.

    `year_group` is 1 to 14, 0 Reception, -1 Nursery, None where a child has none.
    """

    line: int
    case_reference: str
    plan_type: str
    child_first_name: str
    child_last_name: str
    date_of_birth: date
    year_group: int | None
    area_of_need: str
    placement: str
    vulnerable_groups: tuple[str, ...]
    care_status: str
    school: str
    session: int
    responsible_worker: str
    responsible_manager: str
    participants: tuple[ParticipantRow, ...] = ()


@dataclass(frozen=True)
class Caseload:
    """What a file holds. With any problem there are no cases; notices stop nothing."""

    cases: tuple[CaseRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = field(default=())


def label(column: str) -> str:
    """A column's name as the example file writes it."""
    return column.replace("_", " ")


def read_caseload(data: bytes, framework: Framework, audit: Audit, on: date) -> Caseload:
    """Read the cases of a round.

    Arguments: the file's bytes; the framework that the round pins (its allowed values); which of
    its audits the round is (how many cases); `on`, the day the year groups and ages are meant for.
    Returns every problem at once, by line and column, or the cases with their participants.
    """
    required = [
        name for name in (*CASE_COLUMNS, *PARTICIPANT_COLUMNS) if name not in OPTIONAL_COLUMNS
    ]
    sheet = read_table(data, required, OPTIONAL_COLUMNS, label)
    problems = list(sheet.problems)
    readers = _readers(framework, audit)
    read = [_row(line, row, readers, problems) for line, row in sheet.rows]
    for line, values in read:
        _check_row(line, values, on, problems)
    cases = _gathered(read, sheet.rows, problems)
    _check_round(cases, audit, problems)
    if problems:
        return Caseload(problems=tuple(sorted(set(problems))), notices=tuple(sheet.notices))
    return Caseload(tuple(cases), notices=(*sheet.notices, *_notices(cases, framework, audit)))


Reader = Callable[[str], Any]


def _readers(framework: Framework, audit: Audit) -> dict[str, Reader]:
    """A reader for every column, with the values that this framework allows."""

    def of_theme(theme_id: str) -> dict[str, str]:
        return {each.id: each.name for each in framework.theme(theme_id).values}

    plans = {each.id: each.name for each in framework.plan_types}
    return {
        "case_reference": lambda cell: cells.words(cell, 40),
        "plan_type": lambda cell: cells.one_of(cell, plans),
        "child_first_name": cells.words,
        "child_last_name": cells.words,
        "date_of_birth": cells.day,
        "year_group": cells.year_group,
        "area_of_need": lambda cell: cells.one_of(cell, of_theme("area_of_need")),
        "placement": lambda cell: cells.one_of(cell, of_theme("placement")),
        "vulnerable_groups": lambda cell: cells.some_of(cell, of_theme("vulnerable_group")),
        "care_status": lambda cell: cells.one_of(cell, cells.CARE_STATUSES),
        "school": cells.optional_words,
        "session": lambda cell: cells.number(cell, audit.sessions),
        "responsible_worker": cells.words,
        "responsible_manager": cells.words,
        "relationship": lambda cell: cells.one_of(cell, cells.RELATIONSHIPS),
        "parental_responsibility": cells.yes_or_no,
        "first_name": cells.words,
        "last_name": cells.words,
        "mobile": cells.mobile,
        "email": cells.email,
        "language": cells.language,
        "access_needs": lambda cell: cells.some_of(cell, cells.ACCESS_NEEDS),
        "safe_to_contact": lambda cell: cells.one_of(cell, cells.SAFE),
        "how_to_contact_safely": lambda cell: cells.optional_words(cell, 500),
        "safe_confirmed_by": cells.optional_words,
        "introduced_by": cells.optional_words,
        "safe_hours": cells.hours,
    }


Values = dict[str, Any]


def _row(
    line: int, row: dict[str, str], readers: dict[str, Reader], problems: list[Problem]
) -> tuple[int, Values]:
    """One line's values; a cell that was refused is missing from them."""
    spoiled = {problem.column for problem in problems if problem.line == line}
    values: Values = {}
    for column, reader in readers.items():
        if label(column) in spoiled:
            continue
        try:
            values[column] = reader(row[column])
        except cells.Refused as refused:
            problems.append(Problem(line, label(column), str(refused)))
    return line, values


def _check_row(line: int, values: Values, on: date, problems: list[Problem]) -> None:
    """What several cells of a line say together."""

    def say(column: str, message: str) -> None:
        problems.append(Problem(line, label(column), message))

    born = values.get("date_of_birth")
    if born is not None:
        if born > on:
            say("date_of_birth", _("This day has not come yet. Check the year."))
        elif age(born, on) > OLDEST:
            say("date_of_birth", _("This is somebody older than 25. Check the year."))
        elif "year_group" in values:
            expected, given = year_group_of(born, on), values["year_group"]
            # A year above or below one's age group happens; further away is nearly always a slip.
            fits = (
                (expected <= -1 or expected >= 14)
                if given is None
                else (abs(given - expected) <= 1)
            )
            if not fits:
                say(
                    "year_group",
                    _("This does not fit the date of birth within one year. Check both."),
                )
    safe = values.get("safe_to_contact")
    if safe in {"yes", "no"} and values.get("safe_confirmed_by") == "":
        say(
            "safe_confirmed_by",
            _("Write who confirmed it, or change “safe to contact” to not confirmed."),
        )


def _gathered(
    read: list[tuple[int, Values]], raw: list[tuple[int, dict[str, str]]], problems: list[Problem]
) -> list[CaseRow]:
    """Lines of one reference become one case, if what they say of the case agrees."""
    first_of: dict[str, tuple[int, Values]] = {}
    cases: dict[str, CaseRow] = {}
    people: dict[tuple[str, ...], int] = {}
    for (line, values), (_line, row) in zip(read, raw, strict=True):
        reference = values.get("case_reference")
        if reference is None:
            continue
        key = reference.casefold()
        if key in first_of:
            earlier_line, earlier = first_of[key]
            for column in CASE_COLUMNS[1:]:
                if (
                    column in earlier
                    and column in values
                    and not _same(earlier[column], values[column])
                ):
                    problems.append(
                        Problem(
                            line,
                            label(column),
                            _(
                                "Line %(line)d has the same case reference but says something "
                                "else here. "
                                "Make them agree, or correct the reference.",
                                line=earlier_line,
                            ),
                        )
                    )
        else:
            first_of[key] = line, values
        person = (
            key,
            *(row[name].casefold() for name in ("first_name", "last_name", "relationship")),
        )
        if all(person) and person in people:
            problems.append(
                Problem(
                    line,
                    "",
                    _(
                        "Line %(line)d already has this person for this case. Remove one of "
                        "the two.",
                        line=people[person],
                    ),
                )
            )
        people.setdefault(person, line)
        if all(name in values for name in (*CASE_COLUMNS, *PARTICIPANT_COLUMNS)):
            participant = ParticipantRow(
                line=line, **{name: values[name] for name in PARTICIPANT_COLUMNS}
            )
            case = cases.get(key) or CaseRow(
                line=line, **{name: values[name] for name in CASE_COLUMNS}
            )
            cases[key] = replace(case, participants=(*case.participants, participant))
    _check_children(first_of, problems)
    return list(cases.values())


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return bool(one == other)


def _check_children(first_of: dict[str, tuple[int, Values]], problems: list[Problem]) -> None:
    """The same child under two references would be heard, counted and read twice."""
    seen: dict[tuple[str, str, date], int] = {}
    columns = ("child_first_name", "child_last_name", "date_of_birth")
    for line, values in first_of.values():
        if not all(column in values for column in columns):
            continue
        child = (values[columns[0]].casefold(), values[columns[1]].casefold(), values[columns[2]])
        if child in seen:
            problems.append(
                Problem(
                    line,
                    label("case_reference"),
                    _(
                        "Line %(line)d has the same child under another case reference. Use "
                        "one reference.",
                        line=seen[child],
                    ),
                )
            )
        seen.setdefault(child, line)


def _check_round(cases: list[CaseRow], audit: Audit, problems: list[Problem]) -> None:
    """No more cases than the audit's sample, in all and in each session."""
    for case in cases[audit.cases :]:
        problems.append(
            Problem(
                case.line,
                label("case_reference"),
                _(
                    "A round has %(cases)d cases and this is one more. Remove the cases that "
                    "were not "
                    "chosen.",
                    cases=audit.cases,
                ),
            )
        )
    for session in range(1, audit.sessions + 1):
        in_session = [case for case in cases if case.session == session]
        for case in in_session[audit.cases_per_session :]:
            problems.append(
                Problem(
                    case.line,
                    label("session"),
                    _(
                        "Session %(session)d has %(cases)d cases and this is one more. Move it "
                        "to another "
                        "session.",
                        session=session,
                        cases=audit.cases_per_session,
                    ),
                )
            )


def _notices(cases: list[CaseRow], framework: Framework, audit: Audit) -> list[str]:
    """What is worth a look and stops nothing. Phases are the draw's to look at, not a file's."""
    notices = []
    if len(cases) < audit.cases:
        notices.append(
            _(
                "The file has %(have)d cases; a round has %(cases)d.",
                have=len(cases),
                cases=audit.cases,
            )
        )
    names = {each.id: each.name for each in framework.plan_types}
    there = {case.plan_type for case in cases}
    missing = [
        stratum.name
        for stratum in audit.strata
        if stratum.plan_types and not there & set(stratum.plan_types)
    ]
    if missing:
        notices.append(
            _(
                "A round is meant to mix plan types, and there is no case with: %(names)s.",
                names=", ".join(missing),
            )
        )
    odd = sorted(there - set(audit.plan_types))
    if odd:
        notices.append(
            _(
                "This audit does not look at: %(names)s. Check that these cases belong here.",
                names=", ".join(names[plan] for plan in odd),
            )
        )
    return notices

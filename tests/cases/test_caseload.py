"""The caseload file: what is read, how each mistake is named, and that nothing is half read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from family_voice.cases.caseload import EXAMPLE, Caseload, CaseRow, read_caseload
from family_voice.cases.caseload_file import Problem
from family_voice.cases.caseload_findings import together
from family_voice.frameworks.loader import load_framework
from tests.cases.workbooks import workbook
from tests.conftest import EXAMPLES

FRAMEWORK = load_framework("blackburn_with_darwen", "2025-01")
ON = date(2026, 11, 21)
TEXT = EXAMPLE.read_text(encoding="utf-8")


def read(data: bytes | str) -> Caseload:
    data = data.encode() if isinstance(data, str) else data
    return read_caseload(data, FRAMEWORK, FRAMEWORK.main_audit, ON)


def rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(TEXT)))


def written(table: list[list[str]], delimiter: str = ",", ending: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ending).writerows(table)
    return out.getvalue()


def changed(line: int, column: str, cell: str) -> Caseload:
    """The example with one cell changed; the header is line 1."""
    table = rows()
    table[line - 1][table[0].index(column)] = cell
    return read(written(table))


def found(caseload: Caseload) -> list[tuple[int, str]]:
    assert caseload.problems
    assert caseload.cases == ()
    assert list(caseload.problems) == sorted(caseload.problems)
    return [(each.line, each.column) for each in caseload.problems]


def test_the_example_has_six_cases() -> None:
    caseload = read(TEXT)
    assert caseload.problems == ()
    assert caseload.notices == ()
    assert [case.case_reference for case in caseload.cases] == [f"EX-00{n}" for n in range(1, 7)]
    assert [len(case.participants) for case in caseload.cases] == [2, 1, 2, 1, 1, 2]
    first = caseload.cases[0]
    assert first.date_of_birth == date(2016, 3, 14)
    assert (first.plan_type, first.area_of_need, first.placement) == (
        "ehcp",
        "communication",
        "mainstream_in_borough",
    )
    mother, father = first.participants
    assert (mother.mobile, mother.language, mother.access_needs) == (
        "+447700900101",
        "ur",
        ("interpreter",),
    )
    assert (mother.safe_to_contact, father.safe_to_contact) == ("yes", "not_confirmed")
    assert caseload.cases[3].participants[0].access_needs == ("bsl", "relay")
    assert caseload.cases[4].vulnerable_groups == ("looked_after",)


@pytest.mark.parametrize(
    "save",
    [
        lambda table: written(table).encode("utf-8-sig"),
        lambda table: written(table).encode("cp1252"),
        lambda table: written(table, "\t").encode("utf-16"),
        lambda table: written(table, ";").encode(),
        lambda table: written(table, "\t").encode(),
        lambda table: written(table, "|").encode(),
        lambda table: written(table, ending="\n").encode(),
        lambda table: written(table, ending="\r").encode(),
        lambda table: ("sep=;\r\n" + written(table, ";")).encode(),
        lambda table: (written(table) + ",,,\r\n\r\n").encode(),
    ],
)
def test_however_a_spreadsheet_saves_it(save: Callable[[list[list[str]]], bytes]) -> None:
    table = rows()
    table[1][table[0].index("last name")] = table[2][table[0].index("last name")] = "Étienne-O’Neil"
    caseload = read(save(table))
    assert caseload.problems == ()
    assert len(caseload.cases) == 6
    assert caseload.cases[0].participants[0].last_name == "Étienne-O’Neil"


def test_a_workbook_is_read_as_the_same_file_saved_as_csv() -> None:
    table: list[list[object]] = [list(row) for row in rows()]
    header = [str(each) for each in table[0]]
    for row in table[1:]:
        for name, typed in (
            ("date of birth", lambda cell: date(*map(int, reversed(cell.split("/"))))),
            ("session", int),
            ("mobile", lambda cell: int(cell) if cell.isdigit() else cell),
        ):
            cell = str(row[header.index(name)])
            row[header.index(name)] = typed(cell) if cell else None
    caseload = read(workbook([[], *table, [None, None]]))
    assert caseload.problems == ()
    by_csv = read(TEXT)
    assert [without_lines(case) for case in caseload.cases] == [
        without_lines(case) for case in by_csv.cases
    ]
    table[2][header.index("plan type")] = "=1+1"
    assert found(read(workbook(table))) == [(3, "plan type")]
    assert "The file is empty" in read(workbook([])).problems[0].message
    assert "5 MB" in read(workbook([table[0], *[["x" * 9_000] * 60] * 10])).problems[0].message


def without_lines(case: CaseRow) -> CaseRow:
    people = tuple(replace(each, line=0) for each in case.participants)
    return replace(case, line=0, participants=people)


@given(
    st.lists(
        st.builds(
            Problem, st.integers(0, 9), st.sampled_from(["", "a", "b"]), st.sampled_from("xyz")
        )
    )
)
def test_every_problem_is_in_one_kind_and_none_is_made_up(problems: list[Problem]) -> None:
    again = set()
    for kind in together(problems):
        lines = [0] if not kind.lines else []
        for part in kind.lines.split(", ") if kind.lines else ():
            first, _, last = part.partition(" to ")
            lines += range(int(first), int(last or first) + 1)
        if kind.count > len(lines):
            lines.append(0)
        again |= {Problem(line, column, kind.message) for line in lines
                  for column in kind.column.split(", ")}  # fmt: skip
    # A kind of no column may stand with those of one: its own are looked for by themselves.
    assert {each for each in problems if each.column} <= again
    assert {(each.line, each.message) for each in problems} == {
        (each.line, each.message) for each in again
    }


def test_headings_may_be_in_any_order_and_any_capitals() -> None:
    table = [list(reversed(row)) for row in rows()]
    table[0] = [name.upper().replace(" ", "_") for name in table[0]]
    assert [c.case_reference for c in read(written(table)).cases] == [
        c.case_reference for c in read(TEXT).cases
    ]


def test_line_breaks_in_quotation_marks_keep_the_line_numbers_right() -> None:
    table = rows()
    table[1][table[0].index("how to contact safely")] = "text\nor call;\nnot Fridays"
    table[3][table[0].index("plan type")] = "Statement"
    caseload = read(written(table))
    assert found(caseload) == [(6, "plan type")]


@pytest.mark.parametrize(
    ("column", "cell", "say"),
    [
        ("case reference", "", "Fill in"),
        ("case reference", "x" * 41, "at most 40"),
        ("plan type", "Statement", "EHCP, SEN Support"),
        ("date of birth", "31/02/2012", "no such day"),
        ("date of birth", "2012-13-01", "no such day"),
        ("date of birth", "2nd Nov", "day/month/year"),
        ("date of birth", "02/11/2027", "not come yet"),
        ("date of birth", "02/11/1999", "older than 25"),
        ("year group", "6", "does not fit"),
        ("year group", "", "does not fit"),
        ("year group", "15", "1 to 14"),
        ("area of need", "Autism", "Cognition and learning"),
        ("placement", "School", "Hospital provision"),
        ("vulnerable groups", "Care leaver; Left-handed", "semicolon"),
        ("care status", "", "Looked after"),
        ("session", "3", "1 to 2"),
        ("session", "one", "1 to 2"),
        ("responsible worker", "", "Fill in"),
        ("relationship", "Neighbour", "Grandparent"),
        ("parental responsibility", "", "yes or no"),
        ("first name", "", "Fill in"),
        ("last name", "n" * 121, "at most 120"),
        ("mobile", "0121 496 0000", "not a mobile"),
        ("mobile", "07123", "not a number that exists"),
        ("mobile", "4.47701E+11", "07700 900123"),
        ("mobile", "ask her", "07700 900123"),
        ("email", "someone at example.org", "name@example.org"),
        ("email", "a@b.org, c@d.org", "name@example.org"),
        ("language", "Elvish", "English name"),
        ("access needs", "Ramp", "Large print"),
        ("safe to contact", "", "Not confirmed"),
        ("safe confirmed by", "", "who confirmed"),
    ],
)
def test_each_mistake_is_named_by_line_and_column(column: str, cell: str, say: str) -> None:
    caseload = changed(4, column, cell)
    assert found(caseload) == [(4, column)]
    message = caseload.problems[0].message
    assert say in message
    if cell not in {"", "6", "3", "15"}:
        assert cell not in message


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("date of birth", "2012-11-02"),
        ("date of birth", "2/11/2012"),
        ("year group", "Year 9"),
        ("year group", "8"),
        ("mobile", "+44 (0)7700 900123"),
        ("mobile", "07400 123456"),
        ("plan type", "sen support"),
        ("language", "pa"),
        ("safe to contact", "NOT CONFIRMED"),
        ("school", ""),
        ("introduced by", "O'Brien, Mary"),
        ("email", "ü.x+y@exämple.co.uk"),
    ],
)
def test_what_people_write_is_taken(column: str, cell: str) -> None:
    assert changed(4, column, cell).problems == ()


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        " =cmd|'/C calc'!A0",
        "@SUM(A1)",
        "+SUM(1)",
        "-cmd",
        "\t=1",
        "\tx",
        '=HYPERLINK("http://x")',
        "+1+cmd|' /C calc'!A0",
    ],
)
@pytest.mark.parametrize("column", ["first name", "school", "mobile", "case reference"])
def test_formulas_are_refused(column: str, cell: str) -> None:
    caseload = changed(4, column, cell)
    assert found(caseload) == [(4, column)]
    assert "looks like a formula" in caseload.problems[0].message


@pytest.mark.parametrize(
    ("data", "say"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n", "empty"),
        (b"\x00", "not text"),
        (TEXT.replace("Callum", "Cal\x00lum").encode(), "not text"),
        (b"PK\x03\x04rest", "workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0rest", "CSV UTF-8"),
        (b"\x81\x8d\x8f", "cannot be read"),
        (b"Nadia,Example\n07700900101,x\n", "names of the columns"),
        (TEXT.splitlines()[0].encode(), "no cases"),
        ((TEXT + '"open').encode(), "quotation mark"),
        (b"x" * 5_000_001, "5 MB"),
        ((TEXT.splitlines()[0] + "\n" + '"' + "a" * 140_000 + '"').encode(), "quotation mark"),
        ("\ufeffcase".encode() + b"\xff", "cannot be read"),
        ((TEXT + "," * 40 + "x").encode(), "more cells"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(data: bytes, say: str) -> None:
    caseload = read(data)
    assert len(found(caseload)) == 1
    assert say in caseload.problems[0].message


def test_the_line_of_a_nul_byte_is_named() -> None:
    assert found(read(TEXT.replace("Callum", "Cal\x00lum"))) == [(4, "")]


def test_missing_and_doubled_columns_are_named() -> None:
    assert found(read(TEXT.replace("plan type", "kind", 1))) == [(1, "plan type")]
    assert found(read(TEXT.replace("care status", "school", 1))) == [
        (1, "care status"),
        (1, "school"),
    ]


def test_an_unknown_column_is_left_out_and_said_by_number_only() -> None:
    table = [[*row, "secret"] for row in rows()]
    caseload = read(written(table))
    assert len(caseload.cases) == 6
    assert caseload.notices == ("Column 27 is not one that is used and was left out.",)


def test_lines_of_one_case_have_to_agree() -> None:
    caseload = changed(3, "child first name", "Zoya")
    assert found(caseload) == [(3, "child first name")]
    assert "Line 2" in caseload.problems[0].message


def test_the_same_person_twice_is_a_problem() -> None:
    table = rows()
    again = [cell.upper() if cell == "Nadia" else cell for cell in table[1]]
    caseload = read(written([*table, again]))
    assert found(caseload) == [(11, "")]
    assert "Line 2" in caseload.problems[0].message


def test_the_same_child_under_two_references_is_a_problem() -> None:
    assert found(changed(3, "case reference", "EX-999")) == [
        (3, "case reference"),
        (5, "session"),
        (9, "case reference"),
    ]


def test_more_cases_than_the_framework_has_is_a_problem() -> None:
    table = rows()
    index = table[0].index
    for extra in range(2):
        row = list(table[3])
        row[index("case reference")] = f"NEW-{extra}"
        row[index("child first name")] = "ABC"[extra]
        table.append(row)
    assert found(read(written(table))) == [
        (11, "case reference"),
        (11, "session"),
        (12, "case reference"),
        (12, "session"),
    ]


def test_fewer_cases_and_one_plan_type_are_said_and_stop_nothing() -> None:
    caseload = read(written([row for row in rows() if row[1] != "SEN Support"]))
    assert len(caseload.cases) == 4
    assert len(caseload.notices) == 2
    assert "SEN Support" in caseload.notices[1]


def test_all_problems_come_at_once_and_none_repeats_what_was_written() -> None:
    table = rows()
    for row in table[1:]:
        for place in range(len(row)):
            row[place] = "=Zzyzx" if place % 2 else "Q" * 501
    caseload = read(written(table))
    assert len(found(caseload)) > 9 * 20
    for problem in caseload.problems:
        assert "zzyzx" not in problem.message.casefold()
        assert "QQQ" not in problem.message


@settings(max_examples=60 * EXAMPLES)
@given(st.binary(max_size=400))
def test_any_bytes_give_cases_or_problems(data: bytes) -> None:
    caseload = read(data)
    assert bool(caseload.cases) != bool(caseload.problems)


@settings(max_examples=100 * EXAMPLES)
@given(st.integers(1, 9), st.integers(0, 25), st.text(max_size=30))
def test_any_cell_gives_all_or_nothing(line: int, column: int, cell: str) -> None:
    table = rows()
    table[line][column] = cell
    caseload = read(written(table).encode("utf-8", "replace"))
    assert bool(caseload.cases) != bool(caseload.problems)
    assert all(problem.line >= 1 for problem in caseload.problems)

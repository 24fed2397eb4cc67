"""The whole caseload from exports: each mistake by line and column, all or nothing, and again."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from family_voice.cases.caseload_examples import example_rows, write_example
from family_voice.cases.caseload_findings import Findings, ranges
from family_voice.cases.caseload_lines import Line, lines_of
from family_voice.cases.caseload_mapping import (
    FOLDER,
    BadMapping,
    CaseloadMapping,
    known_mappings,
    read_mapping,
)
from family_voice.cases.caseload_sheets import NotASheet, rows_of
from family_voice.frameworks.loader import version_in_force

ON = date(2026, 11, 18)
MAPPINGS = known_mappings()
PLAIN = MAPPINGS["family_voice"]
FRAMEWORKS = (
    "blackburn_with_darwen", "cambridgeshire_and_peterborough", "sheffield", "ofsted_scale",
)  # fmt: skip
LOADED = {each: version_in_force(each, ON) for each in FRAMEWORKS}
FRAMEWORK = LOADED["blackburn_with_darwen"]


def read(
    data: bytes, mapping: CaseloadMapping = PLAIN, framework: str = "blackburn_with_darwen"
) -> tuple[list[Line], Findings]:
    findings = Findings()
    with rows_of(io.BytesIO(data), mapping.sheet) as rows:
        found = lines_of(rows, mapping, LOADED[framework], ON, findings)
        return list(found), findings


def made(mapping: CaseloadMapping, count: int = 30, workbook: bool = False) -> bytes:
    out = io.BytesIO()
    rows = example_rows(mapping, FRAMEWORK, count, ON)
    write_example(out, rows, workbook=workbook, sheet=mapping.sheet)
    return out.getvalue()


def table(count: int = 3) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made(PLAIN, count).decode("utf-8-sig"))))


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def with_cell(line: int, column: str, cell: str) -> tuple[list[Line], Findings]:
    """A plain file of three children with one cell changed; the headings are line 1."""
    rows = table()
    rows[line - 1][rows[0].index(column)] = cell
    return read(written(rows).encode())


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", MAPPINGS)
def test_an_example_of_every_shape_is_read_under_every_framework(name: str, framework: str) -> None:
    mapping = MAPPINGS[name]
    chosen = LOADED[framework]
    out = io.BytesIO()
    write_example(out, example_rows(mapping, chosen, 30, ON), workbook=True, sheet=mapping.sheet)
    lines, findings = read(out.getvalue(), mapping, framework)
    assert findings.problems_together() == []
    assert len(lines) == 30
    known = {one.id for theme in chosen.themes for one in theme.values}
    for line in lines:
        assert {
            line.strata.placement,
            line.strata.area_of_need,
            *line.strata.vulnerable_groups,
        } <= (known | {""})
    assert len({line.strata.phase_on(ON) for line in lines}) >= 3


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_workbook_and_a_csv_file_say_the_same(name: str) -> None:
    as_csv, _ = read(made(MAPPINGS[name]), MAPPINGS[name])
    as_workbook, _ = read(made(MAPPINGS[name], workbook=True), MAPPINGS[name])
    assert as_csv == as_workbook
    assert as_csv


@pytest.mark.parametrize("save", [
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: text.replace("North", "Nørth").encode("cp1252"),
    lambda text: b"Monthly report;;\n\nprinted 18/11/2026\n" + text.encode(),
])  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_save_in_many_ways(save: Callable[[str], bytes], delimiter: str) -> None:
    lines, findings = read(save(written(table(), delimiter)))
    assert findings.count == 0
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("Case reference", "", "Fill in this cell"),
        ("Case reference", "x" * 41, "at most 40"),
        ("Case reference", "=1+1", "looks like a formula"),
        ("Case reference", "#REF!", "formula went wrong"),
        ("Plan type", "Statement", "Write one of: EHCP"),
        ("Date of birth", "31/02/2015", "no such day"),
        ("Date of birth", "31/01/15", "day/month/year"),
        ("Date of birth", "01/01/1990", "older than 25"),
        ("Date of birth", "01/01/2027", "has not come yet"),
        ("Year group", "15", "N, R or a number"),
        ("Area of need", "Reading", "mapping file what it means"),
        ("UPN", "B123456789012", "first letter does not fit"),
        ("UPN", "12345", "a letter and 12 digits"),
        ("NHS number", "943 476 5918", "last digit does not fit"),
        ("NHS number", "12345", "10 digits"),
        ("Postcode", "BB1", "not a whole postcode"),
        ("Phone", "01254 12", "not a telephone number that exists"),
        ("Email", "a@b", "one email address"),
        ("Plan finalised on", "01/01/2030", "has not come yet"),
        ("Plan finalised on", "01/01/2001", "before the date of birth"),
        ("Language", "Martian", "English name"),
    ],
)
def test_each_mistake_is_named_by_line_and_column(column: str, cell: str, says: str) -> None:
    lines, findings = with_cell(3, column, cell)
    problems = [each for each in findings.problems() if each.column == column]
    assert [problem.line for problem in problems] == [3], list(findings.problems())
    assert says in problems[0].message
    assert len(cell) < 4 or cell not in problems[0].message
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Date of birth", "2015-08-31"),
        ("Date of birth", "31-Aug-2015"),
        ("Date of birth", "31/08/2015 00:00:00"),
        ("Date of birth", "31 August 2015"),
    ],
)
def test_dates_as_case_systems_write_them(column: str, cell: str) -> None:
    rows = table(1)
    for name, value in (("Year group", ""), ("Plan finalised on", ""), ("Review finalised on", "")):
        rows[1][rows[0].index(name)] = value
    rows[1][rows[0].index(column)] = cell
    [line], findings = read(written(rows).encode())
    assert findings.count == 0
    assert line.strata.year_group == 7


def test_a_year_group_has_to_fit_the_date_of_birth_within_a_year() -> None:
    rows = table(1)
    born, group = rows[0].index("Date of birth"), rows[0].index("Year group")
    for name in ("Plan finalised on", "Review finalised on"):
        rows[1][rows[0].index(name)] = ""
    rows[1][born] = "01/09/2015"
    for given_group, kept in (("6", 6), ("7", 7), ("Year 5", 5), ("", 6)):
        rows[1][group] = given_group
        [line], _ = read(written(rows).encode())
        assert line.strata.year_group == kept
    for given_group in ("4", "8", "R"):
        rows[1][group] = given_group
        lines, findings = read(written(rows).encode())
        assert lines == []
        assert [each.column for each in findings.problems()] == ["Year group"]


@pytest.mark.parametrize("column", ["Case reference", "UPN", "NHS number"])
def test_a_child_stands_on_one_line_only(column: str) -> None:
    rows = table(8)
    place = rows[0].index(column)
    full = [line for line, row in enumerate(rows[1:], 2) if row[place]]
    rows[full[2] - 1][place] = rows[full[0] - 1][place].lower()
    _lines, findings = read(written(rows).encode())
    [problem] = findings.problems()
    assert (problem.line, problem.column) == (full[2], column)
    assert f"Line {full[0]} has the same" in problem.message


def test_a_reference_typed_in_other_letters_of_the_same_is_the_same() -> None:
    rows = table(2)
    place = rows[0].index("Case reference")
    wide = {each: each + 0xFEE0 for each in range(ord("0"), ord("9") + 1)}
    rows[2][place] = rows[1][place].translate(wide)
    _lines, findings = read(written(rows).encode())
    assert [each.line for each in findings.problems()] == [3]


def test_one_name_and_birthday_twice_is_worth_a_look_and_stops_nothing() -> None:
    rows = table()
    for column in ("First name", "Last name", "Date of birth", "Year group", "Plan finalised on",
                   "Review finalised on"):  # fmt: skip
        rows[3][rows[0].index(column)] = rows[1][rows[0].index(column)]
    lines, findings = read(written(rows).encode())
    assert len(lines) == 3
    assert "one child under two references" in next(findings.remarks()).message


def test_a_column_that_is_kept_has_to_be_there_and_one_that_is_checked_need_not() -> None:
    def without(column: str) -> tuple[list[Line], Findings]:
        rows = table()
        place = rows[0].index(column)
        return read(written([row[:place] + row[place + 1 :] for row in rows]).encode())

    lines, findings = without("Placement")
    assert lines == []
    assert [each.column for each in findings.problems()] == ["Placement"]
    lines, findings = without("Phone")
    assert len(lines) == 3
    assert [each.column for each in findings.remarks()] == ["Phone"]


def test_what_is_read_only_to_be_checked_is_kept_nowhere() -> None:
    rows = table()
    lines, _ = read(written(rows).encode())
    kept = repr(lines)
    for column in ("First name", "Last name", "UPN", "NHS number", "Postcode", "Phone", "Email",
                   "Date of birth"):  # fmt: skip
        for row in rows[1:]:
            cell = row[rows[0].index(column)]
            assert not cell or cell not in kept
    area = read(made(MAPPINGS["capita_one"]), MAPPINGS["capita_one"])[0][0].strata.area
    assert area.startswith("ZZ")
    assert len(area) == 3


def test_words_of_the_export_are_translated_and_lines_left_out() -> None:
    mapping = read_mapping(
        (
            "name: Ours\n"
            "nothing: [none]\n"
            "leave_out: [{column: Status, values: [closed]}]\n"
            "columns:\n"
            "  reference: {from: Ref}\n"
            "  plan_type: {from: Plan, values: {E: ehcp, K: [my_plan, sen_support], N: ''}}\n"
            "  year_group: NCY\n"
            "  placement: {from: Place, values: {Z: [city_farm]}}\n"
            "  vulnerable_groups:\n"
            "    - {from: CLA, values: {Y: looked_after, N: ''}}\n"
            "    - {from: CIN, values: {Y: child_in_need, N: ''}}\n"
        ),
        "ours.yaml",
    )
    data = (
        "Ref,Plan,NCY,Place,CLA,CIN,Status\n"
        "1,e,4,None,y,Y,open\n"
        "2,K,R,Z,N,n,open\n"
        "3,N,7,,N,N,open\n"
        "4,E,9,,N,N,Closed\n"
    )
    lines, findings = read(data.encode(), mapping)
    assert findings.count == 0
    assert [(each.reference, each.strata.plan_type) for each in lines] == [
        ("1", "ehcp"), ("2", "sen_support"),
    ]  # fmt: skip
    assert lines[0].strata.vulnerable_groups == ("child_in_need", "looked_after")
    assert [each.strata.placement for each in lines] == ["", ""]
    assert findings.left_out == 2
    [remark] = findings.remarks_together()
    assert (remark.column, remark.lines) == ("Place", "3")


def test_a_column_may_be_told_of_without_stopping_the_file() -> None:
    mapping = MAPPINGS["liquidlogic"]
    data = made(mapping).replace(b"07700 900", b"01254 12", 1)
    lines, findings = read(data, mapping)
    assert len(lines) == 30
    assert [each.column for each in findings.remarks()] == ["Main contact number"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("  reference: Case reference\n", ""), "“reference” is missing"),
        (("  plan_type: Plan type\n", "  plan: x\n"), "“plan” is not known"),
        (("  date_of_birth: Date of birth\n  year_group: Year group\n", ""), "“date_of_birth” or"),
        (("  area: Area\n", "  area: {from: Area, take: all}\n"), "take: outward"),
        (("  language: Language\n", "  language: {form: x}\n"), "“form” is not known"),
        (("  phone: Phone\n", "  phone: {from: Phone, values: {1: 2}}\n"), "has no values"),
        (("  area: Area\n", "  area: {from: Area, tell_only: true}\n"), "has to be right"),
        (("  area: Area\n", "  area: [A, B]\n"), "Only vulnerable_groups"),
        (("name: Plain file\n", "name: [\n"), "not YAML"),
        (("name: Plain file\n", "dates: iso\n"), "Write one of: day_first"),
    ],
)
def test_each_mistake_of_a_mapping_is_named_by_line(change: tuple[str, str], says: str) -> None:
    text = (FOLDER / "family_voice.yaml").read_text()
    assert change[0] in text
    with pytest.raises(BadMapping) as bad:
        read_mapping(text.replace(*change), "ours.yaml")
    assert any(says in each.message and each.line > 1 for each in bad.value.problems)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old workbook"),
        (b"PK\x03\x04 not a zip", "cannot be read"),
        (b"a,b\x00c\n", "not text"),
        (b'Case reference,Plan type\n1,"EHCP\n', "quotation mark"),
        (("reference,Z\u00e9").encode("utf-16")[:-1], "letters in this file"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(NotASheet) as refused:
        read(data)
    assert says in refused.value.problem.message


def test_a_workbook_that_unpacks_to_something_enormous_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
        with archive.open("xl/sharedStrings.xml", "w") as words:
            for _each in range(61):
                words.write(b"0" * 1_000_000)
    with pytest.raises(NotASheet) as refused:
        read(out.getvalue())
    assert "unpacks to too much" in refused.value.problem.message


def test_a_workbook_of_another_shape_says_what_it_looks_for() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Something", "else"])
    sheet.append([date(2026, 1, 1), 4])
    out = io.BytesIO()
    book.save(out)
    lines, findings = read(out.getvalue())
    assert lines == []
    assert "It looks for: Case reference" in next(findings.problems()).message


@given(st.lists(st.integers(2, 60), unique=True).map(sorted))
def test_lines_are_written_as_people_write_them(lines: list[int]) -> None:
    said: list[int] = []
    for part in filter(None, ranges(lines).split(", ")):
        first, _to, last = part.partition(" to ")
        said += range(int(first), int(last or first) + 1)
    assert said == lines


@settings(max_examples=25)
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"Case reference,Plan type\n"])
)
def test_no_file_breaks_the_reader(data: bytes, start: bytes) -> None:
    with suppress(NotASheet):
        lines, findings = read(start + data)
        assert lines == [] or findings.count == 0


def test_every_mapping_is_for_copying() -> None:
    for path in Path(FOLDER).glob("*.yaml"):
        assert len(list(MAPPINGS[path.stem].headings())) >= 15

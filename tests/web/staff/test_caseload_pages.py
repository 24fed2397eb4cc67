"""The lead brings in the caseload on the web: checked, looked at, taken in or thrown away."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from family_voice.cases.caseload_examples import example_rows, write_example
from family_voice.cases.caseload_mapping import FOLDER, known_mappings
from family_voice.cases.caseload_models import CaseloadEntry, CaseloadFile
from family_voice.frameworks.loader import version_in_force
from family_voice.people.access import Role
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.web.staff.conftest import Desk, SignIn
from tests.web.staff.test_uploads import HOSTILE

MOSAIC = known_mappings()["mosaic"]
HOME, NEW = "/staff/caseload", "/staff/caseload/new"
ON = date(2026, 11, 18)


# What the pages say does not hang on the kind of database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def export(count: int = 30, mapping: str = "synergy", workbook: bool = True) -> bytes:
    chosen, out = known_mappings()[mapping], io.BytesIO()
    framework = version_in_force("blackburn_with_darwen", ON)
    rows = example_rows(chosen, framework, count, ON)
    write_example(out, rows, workbook=workbook, sheet=chosen.sheet)
    return out.getvalue()


def answers(data: bytes | None = None, **others: object) -> dict[str, object]:
    sent = export() if data is None else data
    return {"mapping": "synergy", "whole": "whole", "export": (io.BytesIO(sent), "x")} | others


def stored(database: Database) -> tuple[int, int]:
    with reading(database.sessions) as session:
        found = [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (CaseloadEntry, CaseloadFile)
        ]
        return found[0], found[1]


def test_a_fresh_workbook_is_checked_and_taken_in(lead: Desk, database: Database) -> None:
    assert "There is nobody in it yet" in lead.get(HOME).text
    checked = lead.post(NEW, **answers())
    assert checked.status_code == 302
    page = lead.get(checked.location).text
    assert "The file is good" in page
    assert "It has 30 children" in page
    assert "BL100001" in page
    assert "Here are the first 5 of 30 rows." in page
    assert stored(database) == (0, 1)
    done = lead.post(checked.location, f"{checked.location}/take")
    assert done.status_code == 302
    home = lead.get(HOME).text
    assert "The caseload is up to date: 30 new, 0 changed, 0 left." in home
    assert "Lee Marrowby brought it in." in home
    assert stored(database)[0] == 30
    assert lead.get(checked.location).status_code == 302
    with reading(database.sessions) as session:
        lines = session.execute(select(TrailRow.action, TrailRow.resource)).all()
    assert ("import", "caseload") in lines
    assert ("view", "caseload") in lines


def test_a_file_is_thrown_away(lead: Desk, database: Database) -> None:
    checked = lead.post(NEW, **answers()).location
    assert lead.post(checked, f"{checked}/throw-away").status_code == 302
    assert stored(database) == (0, 0)
    assert lead.get(checked).status_code == 404


def test_many_who_would_leave_are_asked_about(lead: Desk, database: Database) -> None:
    first = lead.post(NEW, **answers()).location
    lead.post(first, f"{first}/take")
    less = lead.post(NEW, **answers(export(10))).location
    assert "More than one in four would leave" in lead.get(less).text
    lead.post(less, f"{less}/take")
    assert "Say first whether so many have really left" in lead.get(less).text
    lead.post(less, f"{less}/take", sure="yes")
    assert "0 new, 0 changed, 20 left" in lead.get(HOME).text
    assert stored(database)[0] == 30


def test_a_newer_file_says_line_by_line_what_is_different(lead: Desk, clock: Clock) -> None:
    first = lead.post(NEW, **answers(export(30, workbook=False))).location
    assert "What would be different" not in lead.get(first).text, "all are new in the first"
    lead.post(first, f"{first}/take")
    text = export(31, workbook=False).decode("utf-8-sig")
    heading, second, _third, *others = text.splitlines(keepends=True)
    moved = second.replace("English", "Somali")
    newer = "".join([heading, moved, *others]).encode()
    clock.present += timedelta(minutes=5)
    page = lead.post(NEW, **answers(newer)).location
    told = lead.get(page).text
    for said in ("What would be different", "Changed: the language at home", ">31<", "BL100002"):
        assert said in told, said
    assert "Somali" not in told[: told.index("What would be kept")], "what differs, and not how"
    lead.post(page, f"{page}/take")
    home = lead.get(HOME).text
    for said in ("What the last file changed", "Changed: the language at home", "has left the"):
        assert said in home, said


def test_problems_are_said_by_column_and_line_and_nothing_is_kept(
    lead: Desk, database: Database
) -> None:
    bad = export(40, "synergy", workbook=False).replace(b"999", b"998").replace(b"ZZ", b"1Z")
    page = lead.post(NEW, **answers(bad))
    assert page.status_code == 422
    mostly = "Most lines are wrong in “NHS No” and “Post Code”"
    for said in (mostly, ">NHS No<", ">Post Code<", "2 to 41"):
        assert said in page.text, said
    assert "998" not in page.text
    assert 'value="synergy" checked' in page.text
    assert stored(database) == (0, 0)


def test_a_mapping_of_ones_own(lead: Desk) -> None:
    ours = lead.get("/staff/caseload/mappings/mosaic.yaml")
    assert ours.data == (FOLDER / "mosaic.yaml").read_bytes()
    edited = ours.data.replace(b"Mosaic ID", b"Our number")
    data = export(20, "mosaic", workbook=False).replace(b"Mosaic ID", b"Our number")
    own = {"mapping": "own", "own": (io.BytesIO(edited), "ours.yaml")}
    assert lead.post(NEW, **answers(data, **own)).status_code == 302
    broken = {"mapping": "own", "own": (io.BytesIO(edited.replace(b"name:", b"nom:")), "o.yaml")}
    page = lead.post(NEW, **answers(data, **broken))
    assert page.status_code == 422
    assert re.search(r"Line \d+: “nom” is not known", page.text)


def test_a_mapping_of_the_wrong_columns_is_said_to_be_one(lead: Desk) -> None:
    ours = (FOLDER / "mosaic.yaml").read_bytes()
    data = export(20, "mosaic", workbook=False)
    headings = {each.heading: name for name, (each, *_more) in MOSAIC.columns.items()}
    born = next(heading for heading, name in headings.items() if name == "date_of_birth")
    number = next(heading for heading, name in headings.items() if name == "reference")
    swapped = ours.replace(born.encode(), b"SWAPPED").replace(number.encode(), born.encode())
    own = {
        "mapping": "own",
        "own": (io.BytesIO(swapped.replace(b"SWAPPED", number.encode())), "o.yaml"),
    }
    page = lead.post(NEW, **answers(data, **own)).text
    assert (
        f"In the column “{number}” most lines are wrong. The mapping takes it for the date of "
        "birth." in page
    )
    renamed = {
        "mapping": "own",
        "own": (io.BytesIO(ours.replace(born.encode(), b"Bday")), "o.yaml"),
    }
    page = lead.post(NEW, **answers(data, **renamed)).text
    assert "looks for a column of this name, and the file has none" in page
    assert ">Bday<" in page
    assert "The file may be good, but the mapping does not fit it" in page


def test_what_is_missing_is_asked_for(lead: Desk, database: Database) -> None:
    for change, said in (
        ({"mapping": ""}, "Choose where the file comes from"),
        ({"mapping": "own"}, "Choose your mapping file"),
        ({"whole": ""}, "Say whether everybody is in the file"),
        ({"export": (io.BytesIO(b""), "")}, "Choose the file that your case system exported"),
        ({"export": (io.BytesIO(b""), "empty.csv")}, "The file is empty"),
        ({"mapping": "capita_one"}, "It looks for: STUD_ID"),
        ({"mapping": "capita_one"}, "The file may be good, but the mapping does not fit it"),
        ({"mapping": "capita_one"}, "Where the mapping does not fit the file"),
    ):
        page = lead.post(NEW, **answers(**change))
        assert page.status_code == 422
        assert said in page.text
    assert stored(database) == (0, 0)


def test_hostile_files_are_refused_with_a_sentence(lead: Desk, database: Database) -> None:
    for kind, make in HOSTILE.items():
        page = lead.post(NEW, **answers(make()))
        assert page.status_code == 422, kind
        assert "govuk-error-summary" in page.text, kind
        assert "root:" not in page.text, kind
        assert "<script>fvx" not in page.text, kind
    assert stored(database) == (0, 0)


def test_an_example_of_each_shape_can_be_downloaded(lead: Desk) -> None:
    for name, mapping in known_mappings().items():
        sent = lead.get(f"/staff/caseload/examples/{name}.xlsx")
        [sheet] = load_workbook(io.BytesIO(sent.data)).worksheets
        assert sheet.max_row == 41
        assert {cell.value for cell in sheet[1]} == set(mapping.headings())
    assert lead.get("/staff/caseload/examples/none.xlsx").status_code == 404
    assert lead.get("/staff/caseload/mappings/none.yaml").status_code == 404


def test_only_the_lead_comes_in(sign_in: SignIn) -> None:
    for role in set(Role) - {Role.LEAD}:
        desk = sign_in(role)
        assert desk.get(HOME).status_code == desk.get(NEW).status_code == 403

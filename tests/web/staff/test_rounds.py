"""The lead opens a round on the web: everything in one form, or nothing and what to put right."""

from __future__ import annotations

import csv
import io
from uuid import UUID

from sqlalchemy import func, select

from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.models import Case, Round
from family_voice.people.access import Role
from family_voice.people.models import Child
from family_voice.storage.engine import reading
from tests.cases.workbooks import workbook
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn

NEW = "/staff/rounds/new"


def answers(data: bytes | str | None = None, **others: object) -> dict[str, object]:
    """The form of a new round, filled in."""
    sent = EXAMPLE.read_bytes() if data is None else data
    sent = sent.encode() if isinstance(sent, str) else sent
    return {
        "term": "Autumn 2026",
        "theme_transition_year": "year_6",
        "session_1-day": "9", "session_1-month": "12", "session_1-year": "2026",
        "session_2-day": "16", "session_2-month": "12", "session_2-year": "2026",
        "cases": (io.BytesIO(sent), "cases.csv"),
    } | others  # fmt: skip


def stored(database: Database) -> list[int]:
    with reading(database.sessions) as session:
        return [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Round, Case, Child)
        ]


def test_opening_a_round(lead: Desk, database: Database) -> None:
    assert "There is no round yet" in lead.get("/staff/ledger").text
    done = lead.post(NEW, **answers())
    assert done.status_code == 302
    page = lead.get(done.location).text
    assert "Autumn 2026 is open" in page
    assert "Heard by Wednesday, 2 December 2026" in page
    assert "Aaliyah Example" in page
    assert stored(database) == [1, 6, 6]
    assert "Autumn 2026" in lead.get("/staff/ledger").text


def test_a_bad_file_is_named_by_line_and_column_and_the_form_keeps_its_words(
    lead: Desk, database: Database
) -> None:
    bad = EXAMPLE.read_text().replace("07700 900104", "12").replace("Oakdene School", "=A1")
    page = lead.post(NEW, **answers(bad))
    assert page.status_code == 422
    for said in (
        "Nothing was taken in",
        ">7<",
        ">mobile<",
        ">5 to 6<",
        ">school<",
        'value="Autumn 2026"',
        'value="2026"',
        "choose it again",
    ):
        assert said in page.text, said
    assert 'value="year_6" checked' in page.text
    assert stored(database) == [0, 0, 0]


def test_what_is_wrong_is_said_and_nothing_is_stored(lead: Desk, database: Database) -> None:
    nothing = {"session_2-day": "", "session_2-month": "", "session_2-year": ""}
    for change, said in (
        ({"term": " "}, "Give the round a name"),
        ({"theme_transition_year": ""}, "Choose from the answers"),
        ({"session_1-day": "31", "session_1-month": "2"}, "Put a real date"),
        ({"session_1-day": "12"}, "weekend or a bank holiday"),
        ({"session_1-day": "17"}, "in the order of their days"),
        (nothing, "Put the day of session 2"),
        ({"cases": (io.BytesIO(b""), "empty.csv")}, "The file is empty"),
        ({"cases": (io.BytesIO(b"PK\x03\x04 zip"), "cases.xlsx")}, "workbook cannot be read"),
    ):
        page = lead.post(NEW, **answers(**change))
        assert page.status_code == 422
        assert said in page.text
        assert stored(database) == [0, 0, 0]


def test_without_a_file_the_cases_are_drawn_next(lead: Desk, database: Database) -> None:
    done = lead.post(NEW, **answers(cases=(io.BytesIO(b""), "")))
    assert done.status_code == 302
    page = lead.get(done.location).text
    assert "No case is in yet" in page
    assert f'href="{done.location.removesuffix("/opened")}/sample"' in page
    assert stored(database) == [1, 0, 0]


def test_partner_agencies_without_an_agreement_are_named_before_anybody_has_a_seat(
    lead: Desk,
) -> None:
    page = lead.get(lead.post(NEW, **answers()).location).text
    assert "A data-sharing agreement is needed" in page
    assert "Health</span>: none is in force" in page


def test_a_theme_is_needed(lead: Desk, database: Database) -> None:
    given = answers()
    del given["theme_transition_year"]
    page = lead.post(NEW, **given)
    assert page.status_code == 422
    assert "Choose at least one theme" in page.text
    assert stored(database) == [0, 0, 0]


def test_a_term_is_named_once(lead: Desk, round_id: UUID) -> None:
    page = lead.post(NEW, **answers())
    assert page.status_code == 422
    assert "There is a round with this name" in page.text


def test_further_cases(lead: Desk, round_id: UUID) -> None:
    into = f"/staff/rounds/{round_id}/cases"
    page = lead.post(into, cases=(io.BytesIO(EXAMPLE.read_bytes()), "cases.csv"))
    assert page.status_code == 422
    assert "This round already has this case" in page.text
    table = [
        [*cells[:2], *[""] * 4, *cells[6:]] if "EY-" in cells[0] else cells
        for cells in csv.reader(EXAMPLE.read_text().replace("EX-", "EY-").splitlines())
    ]
    page = lead.post(into, cases=(io.BytesIO(workbook(table)), "cases.xlsx"))
    assert page.status_code == 422
    assert page.text.count("Fill in this cell.") == 1, "one sentence for a kind"
    assert ">child first name, child last name<" in page.text
    assert ">2 to 10<" in page.text


def test_the_example_can_be_downloaded(lead: Desk) -> None:
    sent = lead.get("/staff/caseload-example.csv")
    assert sent.mimetype == "text/csv"
    assert sent.data.startswith(b"\xef\xbb\xbfcase reference,")


def test_only_the_lead_comes_in(sign_in: SignIn, round_id: UUID) -> None:
    for role in set(Role) - {Role.LEAD}:
        desk = sign_in(role)
        for page in ("/staff/ledger", "/staff/rounds", NEW, f"/staff/rounds/{round_id}"):
            assert desk.get(page).status_code == 403

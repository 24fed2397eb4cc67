"""Opening rounds and taking caseload files into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.importing import CaseloadRefused, import_cases
from family_voice.cases.models import Case
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import (
    CannotOpen,
    RoundProblem,
    all_rounds,
    current_round,
    open_round,
    round_view,
)
from family_voice.people.models import Child, Family, Participant
from tests.cases.households import (
    MEETINGS,
    NOW,
    a_full_round,
    a_round,
    case,
    framework,
    speaker,
    with_sibling,
)


def test_a_round_knows_its_days(session: Session) -> None:
    found = round_view(session, a_round(session))
    assert [each.heard_by for each in found.sessions] == [date(2026, 12, 2), date(2026, 12, 9)]
    # Ten working days after 16 December, over Christmas, Boxing Day (a Saturday) and New Year.
    assert found.freezes_on == date(2027, 1, 4)
    assert found.theme_names == ("Social, emotional and mental health", "Year 6")
    assert found.framework.version == "2025-01"
    assert not found.frozen(NOW)


def test_every_problem_of_a_round_at_once(session: Session) -> None:
    a_round(session)
    with pytest.raises(CannotOpen) as refused:
        open_round(
            session,
            term="  autumn   2026 ",
            themes={"placement": []},
            held_on=(date(2026, 12, 16), date(2026, 12, 12)),
            framework=framework(),
            now=NOW,
        )
    assert set(refused.value.problems) == {
        RoundProblem.TERM_TAKEN,
        RoundProblem.NO_THEME,
        RoundProblem.NOT_IN_ORDER,
        RoundProblem.NOT_A_WORKING_DAY,
    }
    assert len(all_rounds(session)) == 1


def test_a_theme_the_framework_does_not_have(session: Session) -> None:
    with pytest.raises(CannotOpen, match="unknown_theme"):
        open_round(
            session,
            term="Spring 2027",
            themes={"placement": ["the moon"]},
            held_on=MEETINGS,
            framework=framework(),
            now=NOW,
        )


def test_the_current_round(session: Session) -> None:
    assert current_round(session, NOW.date()) is None
    autumn = a_round(session)
    spring = open_round(
        session,
        term="Spring 2027",
        themes={"transition_year": ["year_9"]},
        held_on=(date(2027, 3, 3), date(2027, 3, 10)),
        framework=framework(),
        now=NOW,
    )

    def on(day: date) -> object:
        found = current_round(session, day)
        return found and found.id

    assert on(NOW.date()) == autumn
    assert on(date(2027, 1, 5)) == spring
    assert on(date(2028, 1, 5)) == spring


def test_the_example_file(session: Session) -> None:
    ledger = round_ledger(session, a_full_round(session), NOW)
    assert [(each.reference, each.session.number) for each in ledger.cases] == [
        ("EX-001", 1), ("EX-002", 1), ("EX-003", 1), ("EX-004", 2), ("EX-005", 2), ("EX-006", 2),
    ]  # fmt: skip
    assert (ledger.heard.heard, ledger.heard.of) == (0, 6)
    first = ledger.cases[0]
    assert first.child.facts.name == "Aaliyah Example"
    assert first.child.facts.date_of_birth == date(2016, 3, 14)
    assert (first.worker, first.manager) == ("Jo Sample", "Pat Specimen")
    mother = speaker(first, "Nadia").person
    assert mother.facts.contact.mobile == "+447700900101"
    assert mother.facts.contact.language == "ur"
    assert mother.facts.contact.introduced_by == "Mrs Demo from the family hub"
    assert mother.audience == "parent_carer"
    tomasz = speaker(ledger.cases[2], "Tomasz").person
    assert tomasz.audience == "young_person"


def test_nothing_is_stored_in_clear(session: Session) -> None:
    a_full_round(session)
    for model in (Child, Participant, Case):
        for row in session.scalars(select(model)):
            stored = " ".join(str(getattr(row, column.key)) for column in model.__table__.columns)
            for personal in ("Aaliyah", "Example", "900101", "Jo Sample", "EX-001", "2016"):
                assert personal not in stored


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: _with_semicolons(data.decode()).encode(),
    ],
    ids=["byte order mark", "utf-16", "semicolons"],
)
def test_files_as_spreadsheets_save_them(
    session: Session, change: Callable[[bytes], bytes]
) -> None:
    ledger = round_ledger(session, a_full_round(session, change(EXAMPLE.read_bytes())), NOW)
    assert len(ledger.cases) == 6


@pytest.mark.parametrize(
    ("old", "new", "line", "column"),
    [
        ("14/03/2016", "31/02/2016", 2, "date of birth"),
        ("Hollybank Primary", "=HYPERLINK(1)", 2, "school"),
        ("Jo Sample,Mrs Demo", ",Mrs Demo", 2, "safe confirmed by"),
        ("EX-002,SEN Support", "EX-001,SEN Support", 4, "plan type"),
        ("07700 900104", "07700 9001", 7, "mobile"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_imported(
    session: Session, old: str, new: str, line: int, column: str
) -> None:
    round_id = a_round(session)
    data = EXAMPLE.read_text().replace(old, new).encode()
    with pytest.raises(CaseloadRefused) as refused:
        import_cases(session, round_id, data, NOW)
    assert (line, column) in [(each.line, each.column) for each in refused.value.problems]
    for model in (Child, Family, Participant, Case):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_the_same_case_twice_in_a_round(session: Session) -> None:
    round_id = a_full_round(session)
    with pytest.raises(CaseloadRefused) as refused:
        import_cases(session, round_id, EXAMPLE.read_bytes(), NOW)
    said = {(each.line, each.column) for each in refused.value.problems}
    assert (2, "case reference") in said
    assert (2, "session") in said
    assert len(round_ledger(session, round_id, NOW).cases) == 6


def test_a_reference_that_belongs_to_another_child(session: Session) -> None:
    a_full_round(session)
    later = a_round(session, "Spring 2027")
    data = EXAMPLE.read_text().replace("14/03/2016", "15/03/2016").encode()
    with pytest.raises(CaseloadRefused) as refused:
        import_cases(session, later, data, NOW)
    assert [(each.line, each.column) for each in refused.value.problems] == [(2, "date of birth")]


def test_a_child_is_the_same_child_in_a_later_round(session: Session) -> None:
    first = a_full_round(session)
    later = a_round(session, "Spring 2027")
    data = EXAMPLE.read_text().replace("Hollybank Primary", "Hollybank Juniors").encode()
    import_cases(session, later, data.replace(b"EX-001", b"ex-001"), NOW)
    assert session.scalar(select(func.count()).select_from(Child)) == 6
    assert session.scalar(select(func.count()).select_from(Participant)) == 9
    aaliyah = case(session, later, "ex-001")
    assert aaliyah.child.id == case(session, first, "ex-001").child.id
    assert aaliyah.child.facts.school == "Hollybank Juniors"


def test_what_was_not_safe_stays_so_until_a_person_lifts_it(session: Session) -> None:
    a_full_round(session)
    later = a_round(session, "Spring 2027")
    lines = EXAMPLE.read_text().splitlines(keepends=True)
    lines[-1] = lines[-1].replace("English,,no,,Sam Trial", "English,,yes,,Sam Trial")
    del lines[2]  # Imran, who was not confirmed
    data = "".join(lines).replace("Tomasz,Trial,,,English,,yes", "Tomek,Trial,,,English,,yes")
    import_cases(session, later, data.encode(), NOW)
    contact = speaker(case(session, later, "EX-006"), "Huw").person.facts.contact
    assert contact.safe_to_contact == "no"
    # Tomasz is not in the new file: whether he may be contacted has to be confirmed again.
    tomasz = speaker(case(session, later, "EX-003"), "Tomasz").person.facts.contact
    assert (tomasz.safe_to_contact, tomasz.safe_confirmed_by) == ("not_confirmed", "")


def test_siblings_count_once(session: Session) -> None:
    ledger = round_ledger(session, a_full_round(session, with_sibling()), NOW)
    assert (ledger.heard.of, ledger.families_heard.of) == (6, 5)
    by_reference = {each.reference: each for each in ledger.cases}
    assert by_reference["EX-001"].siblings == ("EX-004",)
    assert by_reference["EX-004"].siblings == ("EX-001",)
    assert by_reference["EX-002"].siblings == ()


def test_one_foster_carer_of_two_families(session: Session) -> None:
    data = with_sibling().decode().replace("Mother,yes,Nadia", "Foster carer,yes,Nadia").encode()
    ledger = round_ledger(session, a_full_round(session, data), NOW)
    assert ledger.families_heard.of == 6


def _with_semicolons(text: str) -> str:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()

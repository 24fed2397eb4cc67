"""Who has seen a family's account: by name, kind and time; never a word; itself on record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from family_voice.operations.who_saw import find_cases
from family_voice.people.access import Role
from family_voice.security import chaining
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.reports.panel_round import CHILDS, MOTHERS, PanelRound

SignIn = Callable[[UUID], FlaskClient]


def rows(page: str) -> list[str]:
    """The lines of the table, as text in one line each."""
    found = re.findall(r"<tr.*?</tr>", page.partition("<tbody")[2], re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def token(page: str) -> str:
    found: list[str] = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    return found[-1]


@pytest.fixture
def looked_at(panel: PanelRound, sign_in: SignIn, clock: Clock) -> PanelRound:
    """A member read the pack, an outsider was refused, the lead coded and looked at the case."""
    sign_in(panel.member).get(f"/panel/cases/{panel.case}")
    clock.present += timedelta(minutes=1)
    sign_in(panel.outsider).get(f"/panel/cases/{panel.case}")
    clock.present += timedelta(minutes=1)
    lead = sign_in(panel.lead)
    lead.get(f"/staff/accounts/{panel.mother}/code")
    clock.present += timedelta(minutes=1)
    lead.get(f"/staff/cases/{panel.case}")
    lead.get(f"/staff/rounds/{panel.round_id}")
    sign_in(panel.member).get(f"/panel/cases/{panel.silent}")
    return panel


def test_who_what_and_when_by_name_and_never_a_word(
    looked_at: PanelRound, officer: FlaskClient
) -> None:
    page = officer.get(f"/dpo/cases/{looked_at.case}").text
    lines = rows(page)
    assert len(lines) == 6
    for line, parts in zip(
        lines[-3:],
        [
            ("Lee Lead", "Read the family’s words", "the account", "answers"),
            ("Ollie Outside", "Was refused", "the case pack"),
            ("Max Member", "Read the family’s words", "the case pack", "the whole account"),
        ],
        strict=True,
    ):
        assert all(each in line for each in parts), line
    assert "18 Nov" in lines[0]
    assert "2 people have opened the family’s words" in page
    assert page.count('class="fv-seen__dot ') == 4  # words twice on one day are one larger dot
    for words in (MOTHERS, CHILDS, "friend", "Maisie", "Aaliyah", "EX-00"):
        assert words not in page


def test_the_silent_case_was_not_read(looked_at: PanelRound, officer: FlaskClient) -> None:
    page = officer.get(f"/dpo/cases/{looked_at.silent}").text
    assert "Nobody has opened the family’s words" in page
    assert "Read the family" not in "".join(rows(page))
    assert any("Saw details" in line and "Max Member" in line for line in rows(page))


def test_choosing_what_and_whom(looked_at: PanelRound, officer: FlaskClient) -> None:
    address = f"/dpo/cases/{looked_at.case}"
    assert len(rows(officer.get(f"{address}?show=words").text)) == 2
    (line,) = rows(officer.get(f"{address}?show=words&who={looked_at.lead}").text)
    assert "Lee Lead" in line
    assert len(rows(officer.get(f"{address}?show=refused").text)) == 1
    assert officer.get(f"{address}?show=nonsense&who=nobody&page=x").status_code == 200
    assert "There is no such line" in officer.get(f"{address}?show=copies").text


def test_looking_here_is_on_record_too(
    looked_at: PanelRound, officer: FlaskClient, officer_id: UUID, database: Database
) -> None:
    address = f"/dpo/cases/{looked_at.case}"
    officer.get(address)
    assert "Grace Dovenby" not in "".join(rows(officer.get(address).text))
    (shown,) = rows(officer.get(f"{address}?show=checked").text)
    assert "Grace Dovenby Data protection officer Looked at this record (2 times)" in shown
    for path in ("/dpo/", "/dpo/sign-ins", "/dpo/trail", "/dpo/trail?check=now"):
        assert officer.get(path).status_code == 200
    with reading(database.sessions) as session:
        kept = session.scalars(
            select(TrailRow).where(TrailRow.resource == "trail").order_by(TrailRow.at)
        ).all()
    assert {row.actor_id for row in kept} == {officer_id}
    assert {tuple(row.fields) for row in kept} == {
        ("who saw",), ("cases",), ("sign-ins",), ("state",), ("check",),
    }  # fmt: skip


def test_nobody_else_gets_in(looked_at: PanelRound, sign_in: SignIn) -> None:
    for who in (looked_at.lead, looked_at.chair, looked_at.member):
        client = sign_in(who)
        for path in ("/dpo/", f"/dpo/cases/{looked_at.case}", "/dpo/sign-ins", "/dpo/trail"):
            assert client.get(path).status_code == 403
        assert "/dpo" not in client.get("/panel/").text


def test_a_case_is_found_by_its_reference(looked_at: PanelRound, officer: FlaskClient) -> None:
    form = officer.get("/dpo/").text
    answer = officer.post("/dpo/", data={"csrf_token": token(form), "reference": " ex-001 "})
    assert answer.status_code == 303
    assert "EX-001" not in answer.headers["Location"]
    page = officer.get(answer.headers["Location"])
    assert "Who has seen this family’s account" in page.text
    wrong = officer.post("/dpo/", data={"csrf_token": token(form), "reference": "EX-999"})
    assert wrong.status_code == 422
    assert "No case has this reference" in wrong.text
    assert officer.get(f"/dpo/cases/{looked_at.round_id}").status_code == 404


def test_finding_opens_nothing(panel: PanelRound, database: Database) -> None:
    with database.sessions() as session:
        assert len(find_cases(session, "EX-001")) == 1
        assert find_cases(session, "EX-0") == []
        assert not session.info.get("opened_keys")


def test_many_lines_come_in_pages(
    panel: PanelRound, officer: FlaskClient, sign_in: SignIn, clock: Clock
) -> None:
    member = sign_in(panel.member)
    for _time in range(55):
        clock.present += timedelta(minutes=1)
        member.get(f"/panel/cases/{panel.case}")
        officer.get("/dpo/")  # nobody who is idle stays signed in
    address = f"/dpo/cases/{panel.case}?show=words"
    first = officer.get(address).text
    assert len(rows(first)) == 50
    assert "Page 1 of 2" in first
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older
    second = officer.get(older[1].replace("&amp;", "&")).text
    assert (len(rows(second)), "Page 2 of 2" in second) == (5, True)
    assert officer.get(f"{address}&page=99").status_code == 200


def test_the_same_in_one_minute_is_one_line(
    panel: PanelRound, officer: FlaskClient, sign_in: SignIn
) -> None:
    member = sign_in(panel.member)
    for _time in range(3):
        member.get(f"/panel/cases/{panel.case}")
    (line,) = rows(officer.get(f"/dpo/cases/{panel.case}?show=words").text)
    assert "(3 times)" in line


def test_the_record_is_checked_when_asked(
    looked_at: PanelRound, officer: FlaskClient, database: Database, settings: Settings,
    clock: Clock,
) -> None:  # fmt: skip
    chaining.seal(database.sessions, settings.evidence_folder, clock())
    page = officer.get("/dpo/trail").text
    assert "Every line was checked" not in page
    assert "Every line was checked" in officer.get("/dpo/trail?check=now").text
    with database.sessions.begin() as session:
        session.execute(delete(TrailRow).where(TrailRow.position == 2))
    page = officer.get("/dpo/trail?check=now").text
    assert "Row 2 is missing" in page
    assert "The record is not whole" in page
    clock.present += timedelta(minutes=11)
    assert "may have stopped" in officer.get("/dpo/trail").text


def test_sign_ins_and_refusals(looked_at: PanelRound, officer: FlaskClient) -> None:
    everything = rows(officer.get("/dpo/sign-ins").text)
    assert any("Max Member" in line and "Signed in" in line for line in everything)
    (refused,) = rows(officer.get("/dpo/sign-ins?show=refused").text)
    assert "Ollie Outside" in refused
    assert "Was refused" in refused
    theirs = rows(officer.get(f"/dpo/sign-ins?who={looked_at.lead}").text)
    assert theirs
    assert all("Lee Lead" in line for line in theirs)


def test_only_the_officer_may_read_the_trail() -> None:
    from family_voice.people.access import PERMISSIONS, Resource

    assert {role for role, _action, kind in PERMISSIONS if kind is Resource.TRAIL} == {Role.DPO}

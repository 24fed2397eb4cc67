"""A framework is read on a page of its own, and a round is opened by the audit that was chosen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from family_voice.cases.audit_plan import keep
from family_voice.cases.audit_plan import planned as planned_round
from family_voice.cases.models import Case
from family_voice.cases.rounds import all_rounds
from family_voice.frameworks.loader import available, version_in_force
from family_voice.people.access import Role
from family_voice.storage.engine import reading
from family_voice.web.services import Services
from tests.conftest import NOW, Database
from tests.web.staff.conftest import Desk, SignIn

# Nothing here depends on which database it is.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

IDS = sorted({each.id for each in available()})
NEW = "/staff/rounds/new"


def follow(app: Flask, framework: str) -> None:
    """Let the installation be another area's."""
    given: Services = app.extensions["family_voice"]
    app.extensions["family_voice"] = replace(
        given, settings=replace(given.settings, framework=framework)
    )


@pytest.mark.parametrize("framework", IDS)
def test_every_part_of_a_framework_is_on_its_page(
    app: Flask, sign_in: SignIn, framework: str
) -> None:
    follow(app, framework)
    page = " ".join(sign_in(Role.PANEL).get("/staff/framework").text.split())
    it = version_in_force(framework, NOW.date())
    names = [
        it.name, it.source, *(each.name for each in it.levels), *(each.name for each in it.audits),
        *(each.name for each in it.roles),
        *(each.text for each in it.key_questions), *(each.name for each in it.kinds_of_action),
        *(value.name for theme in it.themes for value in theme.values), *it.filled_in,
        *(step.name for audit in it.audits for step in audit.steps),
        *(each.name for audit in it.audits for each in (*audit.pack_contents, *audit.distribution)),
        *(audit.secure_route for audit in it.audits), *(p.label for p in it.judgement.points),
    ]  # fmt: skip
    read = page.replace("&#39;", "'").replace("&amp;", "&")
    assert [each for each in names if each not in read] == []
    for number, audit in enumerate(it.audits, 1):
        drawn = read.split(f'aria-labelledby="audit-{number}"')[1].split("</section>")[0]
        assert len(re.findall(r'<rect class="fv-audit__case [^>]*y="1" width="28"', drawn)) == (
            audit.cases
        )


def test_a_version_that_is_not_there(lead: Desk) -> None:
    assert lead.get("/staff/framework/sheffield/9").status_code == 404
    assert lead.get("/staff/framework/..%2F..%2Fsecrets/1").status_code == 404
    old = lead.get("/staff/framework/blackburn_with_darwen/2023-12").text
    assert "The one in force now" in old


def test_opening_asks_which_audit_and_fits_the_form_to_it(
    app: Flask, lead: Desk, database: Database
) -> None:
    follow(app, "sheffield")
    which = lead.get(NEW).text
    assert re.findall(r'href="/staff/rounds/new\?audit=(\w+)"', which) == [
        "new_plans", "annual_reviews", "multi_agency",
    ]  # fmt: skip
    page = lead.get(f"{NEW}?audit=new_plans").text
    assert "session_1-day" in page
    assert "session_2-day" not in page
    assert 'type="file"' not in page
    done = lead.post(
        f"{NEW}?audit=new_plans", term="New plans of November",
        **{"session_1-day": "26", "session_1-month": "11", "session_1-year": "2026"},
    )  # fmt: skip
    assert done.status_code == 302
    opened = lead.get(done.location).text
    for said in ("nobody is asked for an account", "Head of SEN", "(SFX)", "Inclusion Officer"):
        assert said in opened
    with reading(database.sessions) as session:
        (found,) = all_rounds(session)
        assert (found.audit.id, found.framework.id) == ("new_plans", "sheffield")
    assert "There is no round yet" in lead.get("/staff/ledger").text
    assert lead.get(f"{NEW}?audit=unheard_of").status_code == 404


def test_a_round_of_the_plan_is_filled_in_and_becomes_that_round(
    lead: Desk, database: Database
) -> None:
    framework = version_in_force("blackburn_with_darwen", NOW.date())
    with database.sessions.begin() as session:
        planned = keep(
            session, framework, "multi_agency", date(2027, 1, 1),
            themes={"placement": ["hospital"]}, reasons=["complaints"],
            held_on=[date(2027, 2, 3), date(2027, 2, 10)], version=0,
        )  # fmt: skip
    page = lead.get(f"{NEW}?plan={planned}").text
    assert 'value="Spring term 2027"' in page
    assert 'value="hospital" checked' in page
    days = {"day": "3", "month": "2", "year": "2027"}
    for part, value in days.items():
        assert re.search(rf'name="session_1-{part}"[^>]*value="{value}"', page)
    sent = {f"session_1-{part}": value for part, value in days.items()}
    sent |= {f"session_2-{part}": value for part, value in {**days, "day": "10"}.items()}
    done = lead.post(
        f"{NEW}?plan={planned}", term="Spring term 2027", theme_placement="hospital", **sent
    )
    assert done.status_code == 302
    with reading(database.sessions) as session:
        (opened,) = all_rounds(session)
        assert planned_round(session, planned).round_id == opened.id
    for wrong in ("nonsense", UUID(int=7)):
        assert lead.get(f"{NEW}?plan={wrong}").status_code == 404


def test_no_names_are_handed_in_where_no_family_is_heard(
    app: Flask, lead: Desk, database: Database
) -> None:
    follow(app, "sheffield")
    done = lead.post(
        f"{NEW}?audit=annual_reviews", term="Reviews",
        **{"session_1-day": "26", "session_1-month": "11", "session_1-year": "2026"},
    )  # fmt: skip
    file = lead.get("/staff/caseload-example.csv").data
    into = done.location.removesuffix("/opened") + "/cases"
    refused = lead.post(into, cases=(BytesIO(file), "cases.csv"))
    assert refused.status_code == 422
    assert "This audit looks at papers" in refused.text
    with reading(database.sessions) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_the_dco_at_every_session_is_asked_for_until_somebody_sits_as_one(
    lead: Desk, sign_in: SignIn, round_id: UUID
) -> None:
    sign_in(Role.PANEL)
    seats = f"/staff/rounds/{round_id}/panel"
    page = lead.get(seats).text
    assert page.count("The framework wants these at every session") == 2
    assert "<strong>Designated Clinical Officer</strong>" in page
    seat = re.findall(rf'href="({seats}/[^"]+)"', page)[0]
    assert lead.post(seat, role="dsco").status_code == 302
    assert lead.get(seats).text.count("The framework wants these at every session") == 2
    assert lead.post(seat, role="dco").status_code == 302
    after = lead.get(seats).text
    assert after.count("The framework wants these at every session") == 1
    assert "Designated Clinical Officer<br>" in after

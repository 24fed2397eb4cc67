"""The pages on which a child without speech is listened to: by buttons alone, as a lead does it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from family_voice.people.access import Role
from family_voice.storage.engine import reading
from tests.cases.households import case, speaker
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn

NO = "Turns her face away"
SAW = "She put my hand on the drum."


@pytest.fixture
def lead(sign_in: SignIn) -> Desk:
    return sign_in(Role.LEAD)


def test_from_her_sign_for_no_to_a_visit_that_she_stops(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with reading(database.sessions) as session:
        view = case(session, round_id, "EX-004")
        mother = speaker(view, "Deb").person.id
    here = f"/staff/cases/{view.case_id}/observed"
    assert here in lead.get(f"/staff/cases/{view.case_id}").text
    refused = lead.post(here, no="", told_by="Deb, her mother", yes="Hums")
    assert "Nobody visits before we know it." in refused.text
    assert "Hums" in refused.text
    assert lead.post(here, no=NO, told_by="Deb, her mother", yes="").status_code == 302
    assert NO in lead.get(here).text
    assert "Begin a visit" not in lead.get(here).text
    # A visit that is sent all the same is refused with a sentence, and nothing is kept.
    day = {"on-day": "18", "on-month": "11", "on-year": "2026"}
    too_soon = lead.post(here, f"{here}/visits", **day, place="Home", observer="Sam")
    assert "understand enough" in too_soon.text

    with reading(database.sessions) as session:
        child = speaker(case(session, round_id, "EX-004"), "Maisie").person.id
    decides = f"/staff/cases/{view.case_id}/people/{child}/who-decides"
    judged = lead.post(
        decides, f"{decides}/judgement",
        **{
            "understanding-able": "no", "understanding-judged_by": "Miss Ali",
            "understanding-why": "She is seven.", "understanding-who": str(mother),
        },
    )  # fmt: skip
    assert judged.status_code == 302
    talk = f"/staff/case/{view.case_id}/talk/{child}"
    assert lead.post(talk, way="face_to_face", who="alone").status_code == 302
    permission = f"{talk}/permission?by=face_to_face"
    assert lead.post(permission, talk="yes", check="yes").status_code == 302

    agreed = lead.get(here).text
    assert "Deb" in agreed.split("It is agreed that we write down what we see.")[1][:60]
    assert "said yes for the child on 18 November 2026." in agreed
    assert "It was said to " in agreed
    begun = lead.post(here, f"{here}/visits", **day, place="School garden", observer="Sam")
    visit = begun.headers["Location"]
    page = lead.get(visit).text
    assert NO in page
    key = re.search(r'name="box\[\]" value="(\w+)"', page)
    assert key
    box = key[1]
    written = {
        "box[]": box, f"{box}.prompt": "important.open", f"{box}.known": box, f"{box}.words": SAW
    }  # fmt: skip
    assert lead.post(visit, **written).status_code == 302
    assert lead.post(visit, **written).status_code == 302
    assert lead.get(here).text.count(SAW) == 1
    for page in (here, visit):
        first = lead.get(page).text
        assert "What was seen is saved. It is not in the pupil profile yet. First:" in first
        assert "the account is finished and sent" in first
        # This was said already.
        assert "says yes to the small group" not in first
    profile = lead.get(f"/panel/cases/{view.case_id}/profile").text
    assert "There is nothing to show here yet" in profile
    assert "the account is finished and sent" in profile
    assert here in profile
    assert SAW not in profile

    assert lead.post(visit, f"{visit}/no").status_code == 302
    after = lead.get(here).text
    assert SAW not in after
    assert "Stopped: they said no." in after
    assert "Their no is written down" in after
    assert "Begin a visit" not in after
    assert SAW not in lead.get(visit).text
    late = lead.post(here, visit, **{**written, f"{box}.words": "More."})
    assert "nothing more is written" in late.text
    assert "More." not in lead.get(here).text


def test_a_panel_member_has_no_way_to_the_visits(
    sign_in: SignIn, database: Database, round_id: UUID
) -> None:
    with reading(database.sessions) as session:
        view = case(session, round_id, "EX-004")
    member = sign_in(Role.PANEL)
    assert member.get(f"/staff/cases/{view.case_id}/observed").status_code == 403

"""The lead gives seats, changes them and takes them away; who works with whom is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask.testing import FlaskClient

from family_voice.cases.seats import seat_on_case, works_with_cases
from family_voice.storage.engine import reading
from tests.conftest import Database
from tests.reports.panel_round import PanelRound

SignIn = Callable[[UUID], FlaskClient]


def test_a_seat_opens_its_cases_and_taking_it_away_closes_them(
    sign_in: SignIn, panel: PanelRound, database: Database, now: datetime
) -> None:
    lead, all_seats = sign_in(panel.lead), f"/staff/rounds/{panel.round_id}/panel"
    seat = f"{all_seats}/{panel.session_id}/{panel.outsider}"
    page = lead.get(all_seats).text
    assert f'href="{seat}"' in page
    assert "EX-001" in page  # the worker works with it
    token = re.findall(r'name="csrf_token" value="([^"]+)"', lead.get(seat).text)[-1]
    empty = lead.post(seat, data={"csrf_token": token})
    assert empty.status_code == 422
    assert "Choose as whom" in empty.text
    form = {"csrf_token": token, "role": "dco", "works_with": [str(panel.case)]}
    assert lead.post(seat, data=form).status_code == 302
    member = sign_in(panel.outsider)
    assert member.get(f"/panel/cases/{panel.case}").status_code == 200
    with reading(database.sessions) as session:
        found = seat_on_case(session, panel.outsider, panel.case, now.date())
        assert found is not None
        assert (found.role, found.agency, found.is_chair) == ("dco", "health", False)
        assert works_with_cases(session, panel.outsider, [panel.case, panel.silent]) == {panel.case}
    form = {"csrf_token": token, "role": "dco", "chair": ["yes"]}
    assert lead.post(seat, data=form).status_code == 302
    assert member.get(f"/panel/cases/{panel.case}/views").status_code == 200
    with reading(database.sessions) as session:
        assert works_with_cases(session, panel.outsider, [panel.case]) == set()
    token = re.findall(r'name="leave-csrf_token" value="([^"]+)"', lead.get(seat).text)[-1]
    gone = lead.post(seat, data={"leave-csrf_token": token, "leave-leave": "yes"})
    assert gone.status_code == 302
    assert member.get(f"/panel/cases/{panel.case}").status_code == 403
    for nobody in (panel.lead, panel.case):
        assert lead.get(f"{all_seats}/{panel.session_id}/{nobody}").status_code == 404
    assert lead.get(f"/staff/rounds/{panel.case}/panel").status_code == 404
    assert member.get(all_seats).status_code == 403

"""The panel's first page, and the case pack on screen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response

from family_voice.cases.deadlines import london_date
from family_voice.cases.reading import CaseView, cases_of_session
from family_voice.cases.rounds import SessionView, current_round, round_of_session
from family_voice.cases.seats import seats_of
from family_voice.reports.case_pack import case_pack, with_account
from family_voice.web.access import current_staff, seen
from family_voice.web.panel.door import blueprint, is_lead, seat_for
from family_voice.web.panel.labels import LABELS
from family_voice.web.services import db, now
from family_voice.web.shared.pages import render

SEEN = ("speakers", "sentences", "account", "codes", "professional views")


@dataclass(frozen=True)
class Sitting:
    """One session on the panel's first page; of each case only whether there is an account."""

    session: SessionView
    term: str
    agency: str
    is_chair: bool
    cases: tuple[CaseView, ...]
    with_account: frozenset[UUID]


@blueprint.get("/")
def home() -> Response:
    """The sessions that somebody sits on; for the lead those of the round that goes on."""
    me = current_staff().id
    sittings = [
        _sitting(seat.session_id, me, seat.agency, seat.is_chair) for seat in seats_of(db(), me)
    ]
    if is_lead():
        known = {each.session.id for each in sittings}
        going_on = current_round(db(), london_date(now()))
        sittings += [
            _sitting(each.id, me)
            for each in (going_on.sessions if going_on else ())
            if each.id not in known
        ]
    for each in sittings:
        seen("panel session", each.session.id, ("reference", "name", "account or none"))
    return render("panel/home.html", sittings=sittings, **LABELS)


@blueprint.get("/cases/<uuid:case_id>")
def pack(case_id: UUID) -> Response:
    """One case: a side with the four questions, and the whole account overleaf."""
    seat = seat_for(case_id)
    found = case_pack(db(), case_id, current_staff().id)
    seen("pack", case_id, SEEN if found.has_account else ("no account", "professional views"))
    return render(
        "panel/pack.html" if found.has_account else "panel/no_account.html",
        pack=found,
        is_chair=seat is not None and seat.is_chair,
        **LABELS,
    )


def _sitting(session_id: UUID, me: UUID, agency: str = "", is_chair: bool = False) -> Sitting:
    round_ = round_of_session(db(), session_id)
    session = next(each for each in round_.sessions if each.id == session_id)
    agencies = {each.id: each.name for each in round_.framework.agencies}
    cases = cases_of_session(db(), session_id, now())
    return Sitting(
        session=session,
        term=round_.term,
        agency=agencies.get(agency, agency),
        is_chair=is_chair,
        cases=cases,
        with_account=frozenset(with_account(db(), [each.case_id for each in cases], me)),
    )

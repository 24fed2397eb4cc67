"""The panel's first page, and the case pack on screen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response

from family_voice.cases.deadlines import london_date
from family_voice.cases.reading import CaseView, cases_of_session
from family_voice.cases.rounds import RoundView, SessionView, all_rounds
from family_voice.cases.seats import Seat, introduced_cases, seats_of
from family_voice.reports.case_pack import CasePack, case_pack, with_account
from family_voice.sharing.copies import recalled
from family_voice.web.access import current_staff, seen
from family_voice.web.panel.door import blueprint, is_lead, seat_for
from family_voice.web.panel.labels import LABELS
from family_voice.web.services import db, now
from family_voice.web.shared.pages import render

SEEN = ("speakers", "sentences", "account", "codes", "professional views")


def shown_of(pack: CasePack) -> tuple[str, ...]:
    """What the trail says was shown with a pack, with the ids of the accounts whose words it has.

    By these a family is told who has opened theirs: see `reports.where_words_went`.
    """
    if not pack.has_account:
        return ("no account", "professional views")
    return (*SEEN, *map(str, pack.words_of))


@dataclass(frozen=True)
class Sitting:
    """One session on the panel's first page; of each case only whether there is an account."""

    session: SessionView
    term: str
    agency: str
    is_chair: bool
    may_see: bool
    cases: tuple[CaseView, ...]
    with_account: frozenset[UUID]


@blueprint.get("/")
def home() -> Response:
    """The sessions of rounds that go on, where somebody has a seat; for the lead all of them."""
    me = current_staff().id
    seats = {seat.session_id: seat for seat in seats_of(db(), me, london_date(now()))}
    going_on = [each for each in all_rounds(db()) if not each.frozen(now())]
    sittings = [
        _sitting(round_, session, me, seats.get(session.id))
        for round_ in going_on
        for session in round_.sessions
        if session.id in seats or is_lead()
    ]
    sittings.sort(key=lambda each: each.session.held_on)
    return _home(sittings, earlier=False)


@blueprint.get("/earlier")
def earlier() -> Response:
    """The sessions of rounds that are over, where somebody had a seat."""
    me = current_staff().id
    seats = {seat.session_id: seat for seat in seats_of(db(), me, london_date(now()))}
    sittings = [
        _sitting(round_, session, me, seats[session.id])
        for round_ in all_rounds(db())
        if round_.frozen(now())
        for session in reversed(round_.sessions)
        if session.id in seats
    ]
    return _home(sittings, earlier=True)


def _home(sittings: list[Sitting], earlier: bool) -> Response:
    for each in (each for each in sittings if each.may_see):
        seen("panel session", each.session.id, ("reference", "name", "account or none"))
    return render(
        "panel/home.html",
        sittings=sittings,
        earlier=earlier,
        to_destroy=recalled(db(), current_staff().id),
        **LABELS,
    )


@blueprint.get("/cases/<uuid:case_id>")
def pack(case_id: UUID) -> Response:
    """One case: a side with the four questions, and the whole account overleaf."""
    seat = seat_for(case_id)
    found = case_pack(db(), case_id, current_staff().id, now=now())
    seen("pack", case_id, shown_of(found))
    return render(
        "panel/pack.html" if found.has_account else "panel/no_account.html",
        pack=found,
        is_chair=seat is not None and seat.is_chair,
        **LABELS,
    )


def _sitting(round_: RoundView, session: SessionView, me: UUID, seat: Seat | None) -> Sitting:
    agencies = {each.id: each.name for each in round_.framework.agencies}
    may_see = seat is None or seat.may_see or is_lead()
    cases = cases_of_session(db(), session.id, now()) if may_see else ()
    introduced = introduced_cases(db(), me, [each.case_id for each in cases])
    cases = tuple(each for each in cases if each.case_id not in introduced)
    return Sitting(
        session=session,
        term=round_.term,
        agency=agencies.get(seat.agency, seat.agency) if seat else "",
        is_chair=seat is not None and seat.is_chair,
        may_see=may_see,
        cases=cases,
        with_account=frozenset(with_account(db(), [each.case_id for each in cases], me, now=now())),
    )

"""Who sits on which session, as whom, and with which of its children they work."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.agreements import lapses
from family_voice.cases.deadlines import london_date
from family_voice.cases.reading import CaseView, cases_of_session
from family_voice.cases.rounds import RoundView, SessionView, round_view
from family_voice.cases.seats import (
    Seat,
    introduced_cases,
    leave,
    missing_roles,
    record_introduced,
    record_works_with,
    seats_at,
    works_with_cases,
)
from family_voice.cases.seats import seat as give_seat
from family_voice.language.texts import _, lazy
from family_voice.people.access import Role
from family_voice.people.staff import staff_with
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

blueprint = Blueprint("panel_seats", __name__, url_prefix="/staff/rounds")

MAY_SIT = (Role.PANEL, Role.SEND_LEAD)


class SeatForm(Form):
    """One seat. `action` is which button was pressed."""

    role = Choice(
        lazy("As whom do they sit there?"),
        validators=[Needed(lazy("Choose as whom they sit at this session."))],
    )
    chair = Choices(lazy("Do they chair the session?"))
    works_with = Choices(
        lazy("Do they work with any of these children or their families?"),
        description=lazy(
            "Sentences that a family marked “not for the people who work with us” then never "
            "reach them. If in doubt, tick."
        ),
    )
    introduced = Choices(
        lazy("Did they introduce us to any of these families?"),
        description=lazy(
            "Whom a family trusted to introduce us never sees what it tells us. They get no pack "
            "and no copy of that case."
        ),
    )


@blueprint.errorhandler(Missing)
def not_there(_missing: Missing) -> Response:
    """A round that is not there."""
    return error_page(404)


@blueprint.get("/<uuid:round_id>/panel")
def seats(round_id: UUID) -> Response:
    """Everybody's seat at each of the round's sessions."""
    round_ = round_view(db(), round_id)
    names = _names()
    sessions = []
    for session in round_.sessions:
        cases = cases_of_session(db(), session.id, now())
        seated = [
            (seat, [case.reference for case in cases if case.case_id in works])
            for seat, works in (
                (seat, works_with_cases(db(), seat.staff_id, [c.case_id for c in cases]))
                for seat in seats_at(db(), session.id, london_date(now()))
            )
        ]
        taken = {seat.staff_id for seat, _works in seated}
        free = [(each, name) for each, name in names.items() if each not in taken]
        lacking = missing_roles(round_, [seat for seat, _works in seated])
        sessions.append((session, seated, free, [role.name for role in lacking]))
    seen("round", round_id, ["reference", "works with"])
    return render(
        "staff/panel_seats/seats.html",
        round=round_,
        sessions=sessions,
        names=names,
        agencies=agencies_of(round_),
        roles={each.id: each.name for each in round_.framework.roles},
        lapses=lapses(db(), round_, london_date(now())),
    )


@blueprint.route(
    "/<uuid:round_id>/panel/<uuid:session_id>/<uuid:staff_id>", methods=["GET", "POST"]
)
def seat(round_id: UUID, session_id: UUID, staff_id: UUID) -> ResponseReturnValue:
    """Give somebody a seat, change it, or take it away."""
    round_, session, name = _found(round_id, session_id, staff_id)
    cases = cases_of_session(db(), session_id, now())
    seated = seats_at(db(), session_id, london_date(now()))
    standing = next((each for each in seated if each.staff_id == staff_id), None)
    works = works_with_cases(db(), staff_id, [case.case_id for case in cases])
    introduced = introduced_cases(db(), staff_id, [case.case_id for case in cases])
    form = SeatForm(data=_data(standing, works, introduced))
    agencies, roles = agencies_of(round_), {each.id: each for each in round_.panel}
    form.role.options = [Option(r.id, r.name, agencies[r.agency]) for r in roles.values()]
    form.chair.options = [Option("yes", _("Yes, they chair it and type the professionals’ views"))]
    form.works_with.options = [_case_option(case) for case in cases]
    form.introduced.options = [_introduced_option(case) for case in cases]
    leaving = LeaveForm(prefix="leave")
    if leaving.leave.data and leaving.validate_on_submit():
        leave(db(), session_id, staff_id)
        record(db(), actor(), "change", "panel seat", session_id, now(), ["taken away"])
        return redirect(url_for("panel_seats.seats", round_id=round_id))
    if not leaving.leave.data and form.validate_on_submit():
        role = roles[form.role.data]
        chairs = "yes" in form.chair.data
        give_seat(db(), session_id, staff_id, role.agency, chairs, role.id)
        for case in cases:
            ticked = str(case.case_id) in form.works_with.data
            record_works_with(db(), staff_id, case.case_id, ticked)
            trusted = str(case.case_id) in form.introduced.data
            record_introduced(db(), staff_id, case.case_id, trusted)
        fields = ["role", "chair", "works with", "introduced"]
        record(db(), actor(), "change", "panel seat", session_id, now(), fields)
        return redirect(url_for("panel_seats.seats", round_id=round_id))
    seen("panel session", session_id, ["reference", "name", "worker", "manager"])
    return render(
        "staff/panel_seats/seat.html",
        round=round_,
        session=session,
        name=name,
        form=form,
        leaving=leaving,
        standing=standing,
    )


class LeaveForm(Form):
    """Taking the seat away."""

    leave = Choice("", options=(Option("yes", ""),))


def _found(round_id: UUID, session_id: UUID, staff_id: UUID) -> tuple[RoundView, SessionView, str]:
    round_ = round_view(db(), round_id)
    session = next((each for each in round_.sessions if each.id == session_id), None)
    name = _names().get(staff_id)
    if session is None or name is None:
        abort(404)
    return round_, session, name


def agencies_of(round_: RoundView) -> dict[str, str]:
    """The names of a round's agencies, by their ids."""
    return {each.id: each.name for each in round_.framework.agencies}


def _names() -> dict[UUID, str]:
    """Everybody who may have a seat, by name."""
    found = {each.id: each for role in MAY_SIT for each in staff_with(db(), role)}
    return {
        each.id: f"{each.name}, {each.job_title}" if each.job_title else each.name
        for each in sorted(found.values(), key=lambda each: each.name)
    }


def _data(standing: Seat | None, works: set[UUID], introduced: set[UUID]) -> dict[str, object]:
    return {
        "role": standing.role if standing else None,
        "chair": ["yes"] if standing and standing.is_chair else [],
        "works_with": [str(each) for each in works],
        "introduced": [str(each) for each in introduced],
    }


def _introduced_option(case: CaseView) -> Option:
    named = [each.person.facts.contact.introduced_by for each in case.people]
    names = ", ".join(dict.fromkeys(each for each in named if each))
    hint = _("Introduced by: %(names)s", names=names) if names else ""
    return Option(str(case.case_id), f"{case.child.facts.name} ({case.reference})", hint)


def _case_option(case: CaseView) -> Option:
    known = [each for each in (case.worker, case.manager) if each]
    hint = _("Worker and manager on record: %(names)s", names=", ".join(known)) if known else ""
    return Option(str(case.case_id), f"{case.child.facts.name} ({case.reference})", hint)

"""The panel's blueprint, and its row rule: a member sees the cases of their own sessions alone."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort

from family_voice.cases.deadlines import london_date
from family_voice.cases.seats import NoAgreement, Seat, seat_on_case
from family_voice.people.access import Role
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_roles, current_staff
from family_voice.web.services import db, in_own_transaction, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.pages import render

blueprint = Blueprint("panel", __name__, url_prefix="/panel")


@blueprint.errorhandler(Missing)
def not_there(_missing: Missing) -> Response:
    """A case or session that is not there."""
    return error_page(404)


@blueprint.errorhandler(NoAgreement)
def no_agreement(_lapsed: NoAgreement) -> Response:
    """A seat whose agency has no agreement in force: a sentence that says what to do."""
    return render("panel/no_agreement.html", 403)


def is_lead() -> bool:
    """Whether this is the coproduction lead, who may look at every pack before the panel does."""
    return Role.LEAD in current_roles()


def seat_for(case_id: UUID) -> Seat | None:
    """The seat through which this request may see a case; None for the lead.

    Anybody else is refused, and the refusal is on record; whether there is such a case is not told.

    Raises:
        NoAgreement: if their agency may see nothing today; the refusal is on record.
    """
    try:
        found = seat_on_case(db(), current_staff().id, case_id, london_date(now()))
    except NoAgreement:
        if is_lead():
            return None
        _note_refusal(case_id, "no agreement")
        raise
    if found is None and not is_lead():
        refuse(case_id)
    return found


def refuse(case_id: UUID) -> None:
    """Answer that this page is not for them, with a line in the audit trail."""
    _note_refusal(case_id, "see")
    abort(403)


def _note_refusal(case_id: UUID, what: str) -> None:
    who, moment = actor(), now()
    in_own_transaction(
        lambda session: record(session, who, "refuse", "pack", case_id, moment, [what])
    )

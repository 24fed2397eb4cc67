"""Data-sharing agreements on record: what lets a partner agency's people see anything."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.agreements import (
    AgreementProblem,
    BadAgreement,
    agreements,
    end_agreement,
    record_agreement,
)
from family_voice.cases.deadlines import london_date
from family_voice.frameworks.framework import Agency
from family_voice.frameworks.loader import version_in_force
from family_voice.language.texts import lazy
from family_voice.people.access import Action, Resource, may
from family_voice.people.staff import names_of_staff
from family_voice.security.trail import record
from family_voice.web.access import actor, current_roles, current_staff
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Choice, Day, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

blueprint = Blueprint("agreements", __name__, url_prefix="/staff/agreements")

WHAT_TO_DO = {
    AgreementProblem.REFERENCE_MISSING: ("reference", lazy("Put where the agreement is found.")),
    AgreementProblem.ENDS_BEFORE_IT_BEGINS: (
        "until_day",
        lazy("Put a last day that is not before the first."),
    ),
    AgreementProblem.OVER_ALREADY: (
        "until_day",
        lazy("This agreement is over already. Put a last day from today on."),
    ),
}


class AgreementForm(Form):
    """One signed agreement."""

    agency = Choice(
        lazy("With which agency?"), validators=[Needed(lazy("Choose the agency it is with."))]
    )
    reference = Line(
        lazy("Where the signed agreement is found"),
        [Needed(lazy("Put where the agreement is found."))],
        longest=120,
        description=lazy("Its number or name in your register, not a person's name."),
    )
    from_day = Day(
        lazy("The first day it covers"), [Needed(lazy("Put the first day that it covers."))]
    )
    until_day = Day(
        lazy("The last day it covers"), [Needed(lazy("Put the last day that it covers."))]
    )


@blueprint.get("/")
def every() -> Response:
    """Every agreement ever recorded, and which agencies have none in force."""
    today, standing = london_date(now()), agreements(db())
    return render(
        "staff/agreements/every.html",
        standing=standing,
        today=today,
        covered={each.agency for each in standing if each.in_force(today)},
        partners=[(each.id, each.name) for each in _agencies() if not each.own],
        names=_names(),
        people=names_of_staff(db(), {each.recorded_by for each in standing}),
        may_change=may(current_roles(), Action.CHANGE, Resource.AGREEMENT),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Put one on record."""
    form = AgreementForm()
    form.agency.options = [Option(each.id, each.name) for each in _agencies() if not each.own]
    first, last = form.from_day.data, form.until_day.data
    if form.validate_on_submit() and first and last:
        moment = now()
        try:
            made = record_agreement(
                db(), form.agency.data, form.reference.data or "", first, last,
                current_staff().id, moment, london_date(moment),
            )  # fmt: skip
        except BadAgreement as bad:
            field, words = WHAT_TO_DO[bad.problem]
            form[field].errors = [str(words)]
        else:
            fields = ["agency", "reference", "from", "until"]
            record(db(), actor(), "add", "sharing agreement", made, moment, fields)
            return redirect(url_for("agreements.every"))
    return render("staff/agreements/new.html", form=form)


@blueprint.route("/<uuid:agreement_id>/end", methods=["GET", "POST"])
def end(agreement_id: UUID) -> ResponseReturnValue:
    """End one before its day."""
    found = next((each for each in agreements(db()) if each.id == agreement_id), None)
    if found is None:
        abort(404)
    form = Form()
    if form.validate_on_submit():
        end_agreement(db(), agreement_id, current_staff().id, now())
        record(db(), actor(), "change", "sharing agreement", agreement_id, now(), ["ended"])
        return redirect(url_for("agreements.every"))
    return render("staff/agreements/end.html", form=form, it=found, names=_names())


def _agencies() -> tuple[Agency, ...]:
    return version_in_force(settings().framework, london_date(now())).agencies


def _names() -> dict[str, str]:
    return {each.id: each.name for each in _agencies()}

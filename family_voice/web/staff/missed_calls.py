"""A missed call: by its number find who rang, and write down that they wait to be rung."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import missed_calls
from family_voice.cases.linking import case_of
from family_voice.cases.missed_calls import Caller
from family_voice.language.texts import _, lazy
from family_voice.messages.numbers import Odd, OddNumber, mobile
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Line, Needed
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import blueprint, page

ODD = {
    Odd.NO_NUMBER: lazy("Put the number as the phone shows it, such as 07700 900123."),
    Odd.NOT_THERE: lazy("There is no such number. Check it against the phone."),
    Odd.LANDLINE: lazy("We keep mobile numbers only. Ring this one back and ask who it is."),
}


class NumberForm(Form):
    """The number that rang."""

    number = Line(
        lazy("The number that rang"), [Needed(lazy("Put the number that the phone shows."))]
    )


@blueprint.route("/missed-call", methods=["GET", "POST"])
def missed_call() -> ResponseReturnValue:
    """Who has this number. It is posted, so that it stands in no address."""
    form = NumberForm()
    if not form.validate_on_submit():
        return _page(form, None)
    try:
        found = missed_calls.callers(db(), mobile(str(form.number.data)))
    except OddNumber as odd:
        form.number.errors = [str(ODD[odd.why])]
        return _page(form, None)
    for each in found:
        seen("participant", each.participant_id, ["name"])
    return _page(form, found)


@blueprint.post("/missed-call/<uuid:interview_id>")
def note_missed_call(interview_id: UUID) -> ResponseReturnValue:
    """It was them."""
    if not Form().validate_on_submit():
        form = NumberForm(formdata=None)
        form.form_errors.append(_("This page had been open for a long time. Press it again."))
        return _page(form, None)
    if missed_calls.note(db(), interview_id, actor(), now()):
        flash(_("Written down. They wait to be rung."))
    else:
        flash(_("Nothing new was written down: they wait already, or took everything back."))
    case_id = case_of(db(), interview_id)
    if case_id is None:
        return redirect(url_for("linking.unlinked"))
    return redirect(url_for("staff.case", case_id=case_id))


def said_with_call(interview_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """What each of those who wait to be rung texted about it, with a line in the audit trail."""
    found = {}
    for each in interview_ids:
        words = missed_calls.said_with_it(db(), each, current_staff().id, now())
        if words:
            seen("interview", each, ["account"])
            found[each] = words
    return found


def _page(form: NumberForm, found: list[Caller] | None) -> Response:
    return page(
        "missed_call.html",
        form=form,
        found=found,
        with_call=said_with_call(each.interview_id for each in found or ()),
        act=Form(formdata=None),
    )

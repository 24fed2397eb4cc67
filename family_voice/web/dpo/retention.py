"""What is kept how long, what would go now, and legal holds: for the data protection officer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.language.texts import _, lazy
from family_voice.operations import holds, retention
from family_voice.people.register import known_child
from family_voice.storage.locking import Missing
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Line, Needed, Words
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

blueprint = Blueprint("kept", __name__, url_prefix="/dpo/kept")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))


class HoldForm(Form):
    """A child of whom nothing may be destroyed, and why."""

    reference = Line(
        lazy("The reference on the council’s record"),
        [Needed(lazy("Put the reference."))],
        longest=60,
    )
    reason = Words(
        lazy("Why must it be kept?"),
        [Needed(lazy("Put what it rests on, such as a court’s order."))],
        longest=2000,
    )


@blueprint.route("/", methods=["GET", "POST"])
def home() -> ResponseReturnValue:
    """The classes of data with their periods, what would go, and the holds there are."""
    form = HoldForm()
    if form.validate_on_submit():
        child = known_child(db(), form.reference.data or "")
        if child is None:
            form.reference.errors = [_("No child has this reference. Look at it again.")]
        else:
            holds.set_hold(
                db(),
                reason=form.reason.data or "",
                by=current_staff().id,
                now=now(),
                child_id=child.id,
            )
            flash(_("From now on nothing of this child’s is destroyed."))
            return redirect(url_for("kept.home"), 303)
    return _page(form)


@blueprint.post("/holds/<uuid:hold_id>/lift")
def lift(hold_id: UUID) -> ResponseReturnValue:
    """It need not be kept any longer."""
    if not Form().validate_on_submit():
        return _page(HoldForm(formdata=None))
    holds.lift(db(), hold_id, current_staff().id, now())
    flash(_("The hold is lifted. What was taken back meanwhile goes now."))
    return redirect(url_for("kept.home"), 303)


def _page(form: HoldForm) -> Response:
    seen("legal hold", None, ["reason"])
    return render(
        "dpo/kept.html",
        form=form,
        press=Form(formdata=None),
        due=retention.preview(db(), settings().retention, now()),
        holds=[(each, holds.reference_of(db(), each)) for each in holds.holds(db())],
    )

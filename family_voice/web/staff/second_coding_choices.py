"""Putting second coding and suggestions on or off, in plain words and with a reason."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.people.staff import names_of_staff
from family_voice.security.trail import record
from family_voice.themes import choices
from family_voice.themes.choices import What
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choice, Needed, Option, Words
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page

blueprint = Blueprint("coding_choices", __name__, url_prefix="/staff/coding")

NAMES = {
    What.SECOND_CODING: lazy("Second coding"),
    What.SUGGESTIONS: lazy("Suggestions"),
}


class ChoiceForm(Form):
    """One of them, on or off, and why."""

    what = Choice(
        lazy("What do you want to change?"),
        [
            Option(
                What.SECOND_CODING.value,
                NAMES[What.SECOND_CODING],
                lazy("A second person codes a few accounts without seeing the first codes."),
            ),
            Option(
                What.SUGGESTIONS.value,
                NAMES[What.SUGGESTIONS],
                lazy("After you coded an answer, the program may ask if you missed a code."),
            ),
        ],
        [Needed(lazy("Choose what you want to change."))],
    )
    is_on = Choice(
        lazy("On or off?"),
        [Option("on", lazy("On")), Option("off", lazy("Off"))],
        [Needed(lazy("Choose on or off."))],
    )
    reason = Words(
        lazy("Why?"),
        [Needed(lazy("Put why. One sentence is enough."))],
        longest=2_000,
        description=lazy("Others will read it here. Do not name a family."),
    )


@blueprint.route("/choices", endpoint="choices", methods=["GET", "POST"])
def every() -> ResponseReturnValue:
    """What is on, who chose it and why; and a form to choose otherwise."""
    form = ChoiceForm()
    if form.validate_on_submit():
        what = What(form.what.data)
        choices.choose(
            db(), what, form.is_on.data == "on",
            reason=form.reason.data or "", by=current_staff().id, now=now(),
        )  # fmt: skip
        record(db(), actor(), "change", "coding", None, now(), [what.value])
        flash(_("Kept. It holds from now on."))
        return redirect(url_for("coding_choices.choices"))
    return _page(form)


def _page(form: ChoiceForm) -> Response:
    made = choices.choices(db())
    seen("coding", None, ["choices"])
    return page(
        "second_coding/choices.html",
        form=form,
        on=choices.all_on(db(), now()),
        names=NAMES,
        made=made,
        newest={each: next((one for one in made if one.what is each), None) for each in What},
        people=names_of_staff(db(), {each.by for each in made}),
        accounts=choices.accounts_in_a_year(db(), now()),
        enough=choices.ENOUGH_A_YEAR,
        second=What.SECOND_CODING,
    )

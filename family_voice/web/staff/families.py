"""Children taken for siblings: whether they are one family, which a person decides."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases import families
from family_voice.cases.families import NotParted, OnlyChild
from family_voice.language.texts import _
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page

blueprint = Blueprint("families", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))


class TogetherForm(Form):
    """Whether they are one family."""

    one = HiddenField()


@blueprint.route("/cases/<uuid:case_id>/family", methods=["GET", "POST"])
def one(case_id: UUID) -> ResponseReturnValue:
    """Who is taken for one family with the child of a case, and why."""
    form = TogetherForm()
    if form.validate_on_submit():
        try:
            if form.one.data == "yes":
                families.put_together(db(), case_id, actor(), now())
                flash(_("They are one family again."))
            else:
                families.part(db(), case_id, actor(), now())
                flash(_("They are two families now. You can put them together again."))
        except (OnlyChild, NotParted):
            form.form_errors.append(_("Somebody has changed this meanwhile. Look again."))
        else:
            return redirect(url_for("families.one", case_id=case_id))
    return _page(case_id, form)


def _page(case_id: UUID, form: Form) -> Response:
    together = families.together(db(), case_id)
    seen("case", case_id, ["reference", "name", "date_of_birth", "participants"])
    return page("linking/family.html", case_id=case_id, together=together, form=form)

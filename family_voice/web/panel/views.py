"""The professionals' side of the pack: one line an agency and question, typed by the chair."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField

from family_voice.improvement.views import Overtaken, View, write_view
from family_voice.language.texts import _
from family_voice.reports.case_pack import CasePack, case_pack
from family_voice.security.trail import record
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.panel.door import blueprint, refuse, seat_for
from family_voice.web.panel.labels import LABELS
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Line
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render


@dataclass(frozen=True)
class Place:
    """One line of the form: which question and agency, and its three fields."""

    question: str
    agency: str
    name: str

    @property
    def key(self) -> str:
        """The name of its field."""
        return f"{self.question}-{self.agency}"


@blueprint.route("/cases/<uuid:case_id>/views", methods=["GET", "POST"])
def views(case_id: UUID) -> ResponseReturnValue:
    """Write down what each agency saw; only the chair of the session does."""
    seat = seat_for(case_id)
    if seat is None or not seat.is_chair:
        refuse(case_id)
    pack = case_pack(db(), case_id, current_staff().id, now=now())
    places = [
        Place(question.id, agency.id, agency.name)
        for question in pack.framework.key_questions
        for agency in pack.framework.agencies
    ]
    form = _form_for(places)(data=_standing(pack))
    overtaken: dict[str, View] = {}
    if form.validate_on_submit():
        overtaken = _write(case_id, form, places)
        if not overtaken:
            return redirect(url_for("panel.pack", case_id=case_id))
    seen("professional view", case_id, ["words"])
    return _page(pack, form, overtaken)


def _write(case_id: UUID, form: Form, places: list[Place]) -> dict[str, View]:
    """Write every line that was changed; nothing at all if somebody else wrote one meanwhile."""
    overtaken, changed = {}, []
    me, moment = current_staff().id, now()
    for place in places:
        words, was = form[place.key].data, form[f"{place.key}-was"].data
        if words == was:
            continue
        try:
            write_view(
                db(), case_id, place.question, place.agency, words, me, moment,
                form[f"{place.key}-version"].data or 0,
            )  # fmt: skip
            changed.append(place.key)
        except Overtaken as problem:
            if problem.standing.words != words:
                overtaken[place.key] = problem.standing
    if overtaken:
        for key, standing in overtaken.items():
            # What they typed stays; pressing the button again puts it over what stands now.
            field = form[key]
            field.errors = [
                _("Somebody else wrote here while you were typing. Keep one of the two.")
            ]
            for part, value in (("was", standing.words), ("version", standing.version)):
                hidden = form[f"{key}-{part}"]
                hidden.data, hidden.raw_data = value, None
    elif changed:
        record(db(), actor(), "change", "professional view", case_id, moment, changed)
    return overtaken


def _page(pack: CasePack, form: Form, overtaken: dict[str, View]) -> Response:
    return render(
        "panel/views.html",
        pack=pack,
        form=form,
        overtaken=overtaken,
        **LABELS,
    )


def _form_for(places: list[Place]) -> type[Form]:
    fields: dict[str, object] = {}
    for place in places:
        fields[place.key] = Line(place.name)
        fields[f"{place.key}-was"] = HiddenField()
        fields[f"{place.key}-version"] = IntegerField()
    return type("ViewsForm", (Form,), fields)


def _standing(pack: CasePack) -> dict[str, object]:
    data: dict[str, object] = {}
    for question in pack.questions:
        for agency, _name, view in question.views:
            key = f"{question.id}-{agency}"
            data[key] = data[f"{key}-was"] = view.words if view else ""
            data[f"{key}-version"] = view.version if view else 0
    return data

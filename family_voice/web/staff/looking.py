"""Texts to look at: which question each one answers, or that it is about permission alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import linking, looking
from family_voice.cases.candidates import told_by
from family_voice.cases.looking import ToLookAt
from family_voice.cases.permission import NotForUs
from family_voice.interviews.errors import UnknownFragment
from family_voice.interviews.events import NOTES, PERMISSION
from family_voice.interviews.record import guide_of
from family_voice.language.texts import _, lazy
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import closed, page

blueprint = Blueprint("looking", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)


class PlaceForm(Form):
    """What one piece answers."""

    place = Choice(lazy("This answers"), (), [Needed(lazy("Choose what this answers."))])


@blueprint.route("/<uuid:interview_id>/look-at", methods=["GET", "POST"])
def pieces(interview_id: UUID) -> ResponseReturnValue:
    """Every piece that somebody should look at; what is chosen of them is kept together."""
    reader = current_staff().id
    waiting = looking.to_look_at(db(), interview_id, reader, now())
    apart = looking.about_permission(db(), interview_id, reader, now())
    form = _form(interview_id, [*waiting, *apart])
    if not form.validate_on_submit():
        return _page(interview_id, waiting, apart, form)
    places = {
        each.piece.fragment_id: place
        for each in (*waiting, *apart)
        if (place := form[_field(each)].data) is not None
    }
    mine = {_field(each) for each in (*waiting, *apart)}
    settled = sum(
        name.startswith(_PREFIX) and name not in mine and bool(value)
        for name, value in request.form.items()
    )
    try:
        if not places and not settled:
            form.form_errors.append(_("Choose for at least one text what it answers."))
            return _page(interview_id, waiting, apart, form)
        looking.put_where(db(), interview_id, places, actor(), now())
    except UnknownFragment:
        form.form_errors.append(_("They took one of these back just now. Look again, and press."))
        return _page(interview_id, waiting, apart, form)
    if settled:
        flash(_("Somebody else has settled some of these. Those stand where they put them."))
    if PERMISSION in places.values():
        return to_their_decision(interview_id)
    if places:
        flash(_("Kept. Each stands where you put it."))
    return redirect(url_for("looking.pieces", interview_id=interview_id))


def to_their_decision(interview_id: UUID) -> ResponseReturnValue:
    """On to where what they decided is written down, with what they said of it in view."""
    flash(_("Kept. It is no part of the account. Now write down what they decided."))
    return redirect(url_for("withdrawals.record", interview_id=interview_id))


def place_form(interview_id: UUID, each: ToLookAt) -> PlaceForm:
    """The choice of questions for one piece, with where it stands now chosen."""
    prefix = f"p{each.piece.fragment_id.hex}"
    form = PlaceForm(prefix=prefix, data={"place": each.prompt_id})
    form.place.options = _options(interview_id)
    return form


def _options(interview_id: UUID) -> list[Option]:
    return [
        *(Option(each.id, each.text) for each in guide_of(db(), interview_id).prompts.values()),
        Option(NOTES, _("No one question: keep it as a note")),
        Option(PERMISSION, _("About permission: a decision or condition, no part of the account")),
    ]


_PREFIX = "place_"


def _field(each: ToLookAt) -> str:
    return f"{_PREFIX}{each.piece.fragment_id.hex}"


def _form(interview_id: UUID, found: Sequence[ToLookAt]) -> Form:
    class PlacesForm(Form):
        pass

    options = _options(interview_id)
    for each in found:
        setattr(PlacesForm, _field(each), Choice(lazy("This answers"), options))
    return PlacesForm()


def _page(
    interview_id: UUID, waiting: list[ToLookAt], apart: list[ToLookAt], form: Form
) -> Response:
    seen("interview", interview_id, ["answers"])
    guide = guide_of(db(), interview_id)
    return page(
        "looking.html",
        interview_id=interview_id,
        form=form,
        waiting=[(each, form[_field(each)]) for each in waiting],
        apart=[(each, form[_field(each)]) for each in apart],
        held_back=looking.held_back(db(), interview_id, now()),
        who=told_by(db(), interview_id),
        case_id=linking.case_of(db(), interview_id),
        prompts={prompt.id: prompt.text for prompt in guide.prompts.values()},
        tongue=guide.language,
    )

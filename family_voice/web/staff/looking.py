"""Texts to look at: which question each one answers, which a person says."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import linking, looking
from family_voice.cases.candidates import told_by
from family_voice.cases.looking import ToLookAt
from family_voice.cases.permission import NotForUs
from family_voice.interviews.errors import UnknownFragment
from family_voice.interviews.events import NOTES
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
    """Every piece that somebody should look at; each is settled by its own button."""
    waiting = looking.to_look_at(db(), interview_id, current_staff().id, now())
    if request.method != "POST":
        return _page(interview_id, waiting)
    wanted = request.form.get("piece", "")
    each = next((one for one in waiting if one.piece.fragment_id.hex == wanted), None)
    form = _form(interview_id, each) if each is not None else Form()
    if not form.validate_on_submit():
        return _page(interview_id, waiting, form)
    try:
        if not isinstance(form, PlaceForm) or each is None:
            raise UnknownFragment("Somebody has looked at it, or they took it back.")
        looking.put_where(
            db(), interview_id, each.piece.fragment_id, form.place.data, actor(), now()
        )
    except UnknownFragment:
        form.form_errors.append(_("Somebody has settled this one already. These are left."))
        left = looking.to_look_at(db(), interview_id, current_staff().id, now())
        return _page(interview_id, left, form)
    flash(_("Kept. It stands where you put it."))
    return redirect(url_for("looking.pieces", interview_id=interview_id))


def _form(interview_id: UUID, each: ToLookAt, empty: bool = False) -> PlaceForm:
    given = {"formdata": None} if empty else {}
    form = PlaceForm(
        prefix=f"p{each.piece.fragment_id.hex}", data={"place": each.prompt_id}, **given
    )
    guide = guide_of(db(), interview_id)
    form.place.options = [
        *(Option(prompt.id, prompt.text) for prompt in guide.prompts.values()),
        Option(NOTES, _("No one question: keep it as a note")),
    ]
    return form


def _page(interview_id: UUID, waiting: list[ToLookAt], sent: Form | None = None) -> Response:
    seen("interview", interview_id, ["answers"])
    guide = guide_of(db(), interview_id)
    forms = []
    for each in waiting:
        form = _form(interview_id, each, empty=True)
        mine = sent is not None and sent.csrf_token.name == form.csrf_token.name
        forms.append((each, sent if mine else form))
    return page(
        "looking.html",
        interview_id=interview_id,
        sent=sent or Form(formdata=None),
        waiting=forms,
        who=told_by(db(), interview_id),
        case_id=linking.case_of(db(), interview_id),
        prompts={prompt.id: prompt.text for prompt in guide.prompts.values()},
        tongue=guide.language,
    )

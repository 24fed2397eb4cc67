"""Choosing the sentences for the pack's first side: one form, a choice beside each sentence."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases import pack_choice
from family_voice.cases.candidates import told_by
from family_voice.cases.pack_choice import (
    MOST,
    Full,
    NotOnThisCase,
    NotReadBack,
    Overtaken,
    Place,
)
from family_voice.frameworks.framework import Framework
from family_voice.interviews.record import guide_of
from family_voice.language.texts import _
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import case_seen, page

blueprint = Blueprint("pack_choice", __name__, url_prefix="/staff/cases")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

# Each sentence's choice is a field of its own: this and the sentence's id.
FIELD = "place-"


class PackForm(Form):
    """The choices; `seen` is where every sentence stood when the page was made."""

    seen = HiddenField()


@blueprint.route("/<uuid:case_id>/pack", methods=["GET", "POST"])
def sentences(case_id: UUID) -> ResponseReturnValue:
    """Every sentence that may stand on the first side, and where it stands."""
    view, of_round = case_seen(case_id)
    places = places_of(of_round.framework)
    form = PackForm()
    wanted: dict[UUID, Place] = {}
    overtaken: dict[UUID, Place | None] = {}
    if form.validate_on_submit():
        wanted = _wanted(places)
        try:
            seen_then = _read(form.seen.data or "")
            pack_choice.choose_over(db(), case_id, seen_then, wanted, current_staff().id, now())
        except Overtaken as others:
            overtaken = others.standing
            form.seen.data = _written(_as_now(seen_then, overtaken))
            form.form_errors.append(
                _(
                    "Somebody else moved some of these sentences while you were choosing. Below, "
                    "each shows where it is now and what you chose. Nothing of yours is kept yet."
                )
            )
        except Full as full:
            for place in full.places:
                form.form_errors.append(_too_many(places[place]))
        except (NotReadBack, NotOnThisCase):
            form.form_errors.append(
                _("The family has changed their account since you opened this page. Choose again.")
            )
        else:
            record(db(), actor(), "change", "pack", case_id, now(), ["sentences"])
            flash(_("The sentences are on the pack."))
            return redirect(url_for("pack_choice.sentences", case_id=case_id))
    elif request.method == "POST":
        wanted = _wanted(places)
    spoken = pack_choice.to_choose_from(db(), case_id, current_staff().id, now())
    for each in spoken:
        if each.answers:
            seen("interview", each.interview_id, ["answers"])
    chosen = wanted
    if request.method != "POST":
        chosen = pack_choice.chosen(db(), case_id, now())
        form.seen.data = _written(chosen)
    return _page(
        form=form,
        case=view,
        round=of_round,
        spoken=spoken,
        places=places,
        chosen=chosen,
        overtaken=overtaken,
    )


def places_of(framework: Framework) -> dict[Place, str]:
    """Every place on the first side and what it is called, in order."""
    found = {}
    for question in framework.key_questions:
        if not question.parts:
            found[Place(question.id)] = question.text
        for part in question.parts:
            found[Place(question.id, part.id)] = f"{part.name}: {question.text}"
    return found


def _page(**context: object) -> Response:
    spoken = context["spoken"]
    assert isinstance(spoken, list)
    return page(
        "pack_choice/sentences.html",
        most=MOST,
        field=FIELD,
        who={each.interview_id: told_by(db(), each.interview_id) for each in spoken},
        guides={each.interview_id: guide_of(db(), each.interview_id) for each in spoken},
        **context,
    )


def _wanted(places: dict[Place, str]) -> dict[UUID, Place]:
    """What was chosen; a place that there is not counts as none."""
    found = {}
    for name, value in request.form.items():
        place = Place.of(value)
        if name.startswith(FIELD) and place in places:
            try:
                found[UUID(name.removeprefix(FIELD))] = place
            except ValueError:
                continue
    return found


def _written(chosen: Mapping[UUID, Place]) -> str:
    """Where the sentences stand, as the page carries it."""
    return " ".join(f"{each.hex}={place.key}" for each, place in chosen.items())


def _read(carried: str) -> dict[UUID, Place]:
    """What a page carried; what cannot be read stood nowhere."""
    found = {}
    for pair in carried.split():
        each, _equals, place = pair.partition("=")
        with suppress(ValueError):
            found[UUID(each)] = Place.of(place)
    return found


def _as_now(
    seen: Mapping[UUID, Place], overtaken: Mapping[UUID, Place | None]
) -> dict[UUID, Place]:
    """What was seen, with where others have put the sentences since: both are on the page now."""
    found = {each: place for each, place in seen.items() if each not in overtaken}
    return found | {each: place for each, place in overtaken.items() if place is not None}


def _too_many(name: str) -> str:
    return _(
        "There is room for %(most)d sentences under “%(place)s”. Take one away. Nothing was "
        "changed.",
        most=MOST,
        place=name,
    )

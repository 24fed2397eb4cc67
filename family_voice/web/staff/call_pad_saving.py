"""What the call pad's script sends while somebody types or ticks: one note or one mark at a time.

A page whose sign-in is over may go on once somebody has signed in again in another tab: it is then
told the new sitting's token, and whose it is, so that nobody's notes are kept in another's name.
"""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from family_voice.interviews import record
from family_voice.interviews.noting import MayNotKeep, Newer, Sent
from family_voice.language.formats import time_of_day
from family_voice.language.texts import gettext as _
from family_voice.web.access import changed, current_staff
from family_voice.web.services import db, now
from family_voice.web.shared.fields import LONGEST_ANSWER
from family_voice.web.shared.forms import Form
from family_voice.web.staff import call_pad_marks as marks
from family_voice.web.staff import call_pad_notes as notes
from family_voice.web.staff.call_pad_sitting import (
    TALK,
    blueprint,
    may_write,
    show,
    sitting,
    state_now,
)


@blueprint.post(TALK + "/pad/note")
def keep_note(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """One note, saved while it is typed."""
    here = sitting(case_id, participant_id)
    if here is None or not Form().validate_on_submit():
        return _other_sitting()
    slots = notes.posted(request.form, record.guide_of(db(), here.interview_id))
    if len(slots) != 1:
        abort(400)
    slot = slots[0]
    if len(slot.text) > LONGEST_ANSWER:
        return _problem(
            "long",
            _(
                "Too long to save: there is room for %(longest)d letters in one note. Move some of "
                "it into another note and press “Save all”. Nothing is lost.",
                longest=LONGEST_ANSWER,
            ),
        )
    try:
        taken = notes.keep_one(here.interview_id, slot, here.channel)
    except Newer:
        return _problem(
            "newer", _("This was changed somewhere else. Press “Save all” to see both.")
        )
    except Sent:
        return _problem("sent", _("The account was sent meanwhile. Press “Save all” to go on."))
    except MayNotKeep:
        return _said_no()
    changed("interview", here.interview_id, ["notes"])
    return jsonify(
        id=taken.fragment_id.hex if taken.fragment_id else None,
        done=slot.prompt_id in record.state_of(db(), here.interview_id).answers,
        said=_("Saved %(time)s", time=time_of_day(now())),
    )


@blueprint.post(TALK + "/pad/mark")
def keep_mark(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """One mark, ticked or unticked."""
    here = sitting(case_id, participant_id)
    if here is None or not Form().validate_on_submit():
        return _other_sitting()
    if not may_write(state_now(here)):
        return _said_no()
    mark, on = request.form.get("mark", ""), request.form.get("on") == "yes"
    guide = record.guide_of(db(), here.interview_id)
    marks.keep(here, guide, [mark] if on else [], [] if on else [mark])
    changed("interview", here.interview_id, ["marks"])
    return jsonify(said=_("Saved %(time)s", time=time_of_day(now())))


@blueprint.get("/signed-in-again")
def signed_in() -> Response:
    """Where signing in again in another tab ends: the pad goes on by itself."""
    return show("signed_in.html")


def _other_sitting() -> ResponseReturnValue:
    return jsonify(
        problem="form",
        said=_("Not saved yet. Press “Save all”: nothing is lost."),
        token=generate_csrf(),
        who=current_staff().id.hex,
    ), 409


def _said_no() -> ResponseReturnValue:
    return _problem("refused", _("They have said no meanwhile, so this is not stored."))


def _problem(why: str, said: str) -> ResponseReturnValue:
    return jsonify(problem=why, said=said), 409

"""The pad itself: one page for one conversation, from the first note to the last.

Everything on it works by one button; a script saves while typing, through the same use case.
"""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.consent.decisions import standing
from family_voice.interviews import record
from family_voice.interviews.events import NOTES, Reopened
from family_voice.interviews.state import Stage
from family_voice.people import register
from family_voice.web.access import changed, current_staff, seen
from family_voice.web.services import SAFE, db, now
from family_voice.web.shared.forms import Form
from family_voice.web.staff import call_pad_choices as choices
from family_voice.web.staff import call_pad_helping as helping
from family_voice.web.staff import call_pad_marks as marks
from family_voice.web.staff import call_pad_notes as notes
from family_voice.web.staff.call_pad_sitting import (
    TALK,
    Sitting,
    blueprint,
    may_write,
    show,
    sitting,
    start_address,
    state_now,
    written_on,
)
from family_voice.web.staff.desk import language_name

#: A whole pad of long notes; what is too long for one comes back with the page and is not lost.
LARGEST_PAD = 24 * 1024 * 1024
ASIDES = {
    "needs_doing": "call_pad.needs_doing",
    "complaint": "call_pad.complaint",
    "ending": "call_pad.ending",
    "permission": "call_pad.permission",
    "sort": "call_pad.sort",
}


@blueprint.before_request
def _room_for_words() -> None:
    if request.endpoint in {"call_pad.pad", "call_pad.keep_note"}:
        request.max_content_length = request.max_form_memory_size = LARGEST_PAD


@blueprint.route(TALK + "/pad", methods=["GET", "POST"])
def pad(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """The pad itself. One button keeps the whole page; others keep it first, then go on."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    form = Form()
    state = state_now(here)
    guide = record.guide_of(db(), here.interview_id)
    slots = notes.posted(request.form, guide)
    if not form.validate_on_submit():
        if request.method in SAFE and not may_write(state):
            return redirect(here.address("call_pad.permission"))
        return _pad(here, form, [slot for slot in slots if slot.text.strip()])
    wanted = request.form.get("do", "")
    if wanted == "reopen" and state.stage is Stage.SENT:
        record.happen(
            db(), here.interview_id, Reopened(here.channel), now(), recorded_by=current_staff().id
        )
    changed("interview", here.interview_id, ["notes"])
    if may_write(state):
        marks.keep_posted(here, guide)
        helping.keep_posted(here, guide)
    kept = notes.keep(here.interview_id, slots, here.channel)
    if not kept.well:
        # What could be kept is kept; only the rest is asked about.
        return _pad(here, form, kept.slots, kept)
    if wanted.partition(":")[0] == "concern":
        back = here.address("call_pad.pad")
        piece = notes.piece_of(wanted.partition(":")[2], slots, state_now(here))
        return redirect(
            url_for("concerns.raise_one", interview=here.interview_id, fragment=piece, back=back)
        )
    if wanted.partition(":")[0] == choices.CHOSE and state_now(here).stage is not Stage.SENT:
        place = choices.keep_choice(here, guide, wanted)
        return redirect(here.address("call_pad.pad", saved=1, _anchor=place))
    if wanted in ASIDES:
        return redirect(here.address(ASIDES[wanted]))
    if wanted == "look":
        return redirect(here.address("call_pad.pad", saved=1, _anchor="live"))
    return redirect(here.address("call_pad.pad", saved=1))


def _pad(
    here: Sitting, form: Form, slots: list[notes.Slot], kept: notes.Kept | None = None
) -> Response:
    interview_id = here.interview_id
    guide = record.guide_of(db(), interview_id)
    state = record.as_agreed(db(), interview_id, now())
    # After a no, nothing but what was typed into this very page.
    account = written_on(here, state)
    seen("interview", interview_id, ["account", "decisions"])
    if here.talk.person.facts.contact.mobile:
        seen("participant", here.talk.person.id, ["contact"])
    child_id = here.talk.person.child_id
    return show(
        "pad.html",
        409 if kept and kept.refused else None,
        form=form,
        here=here,
        child=register.children(db(), [child_id])[child_id].facts,
        person=here.talk.person.facts,
        state=state,
        guide=guide,
        notes=notes.asked(NOTES, guide, account, state, slots),
        headings=[
            (
                heading,
                [notes.asked(p.id, guide, account, state, slots) for p in heading.prompts],
            )
            for heading in guide.headings
        ],
        pointing=choices.rows(guide, account),
        decided=standing(db(), interview_id, now()),
        kept=kept,
        saved=request.method == "GET" and "saved" in request.args,
        time=now(),
        language_name=language_name,
        standing_marks=marks.standing_marks(here),
        may_be_there=marks.may_be_there(here),
        helpers=helping.answers(guide),
        who_helps=helping.who_helps(here),
        COME_BACK=marks.COME_BACK,
        who=current_staff().id.hex,
        ready=request.method == "GET" and not request.args.keys() & {"saved", "noted"},
    )

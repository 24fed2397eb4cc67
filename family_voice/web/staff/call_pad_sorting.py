"""After the talk: the open notes, sentence by sentence, put under the questions they answer.

Each list is worked by typing: `4a` chooses a question, Tab goes on to the next sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue

from family_voice.cases.permission import works_with_family
from family_voice.interviews import record
from family_voice.interviews.guide import Guide
from family_voice.interviews.noting import MayNotKeep, Newer, Sent
from family_voice.interviews.sorting import sort_notes, to_sort
from family_voice.interviews.words import Piece
from family_voice.language.texts import gettext as _
from family_voice.web.access import changed, current_staff, seen
from family_voice.web.services import SAFE, db, now
from family_voice.web.shared.forms import Form, id_in
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

PLACE = "to."


@dataclass(frozen=True)
class Numbered:
    """A question with what chooses it: its heading's number and a letter, such as `4a`.

    A list jumps on when one key is pressed twice, so that no sign may hold one twice.
    """

    number: str
    id: str
    text: str
    heading: str


@blueprint.route(TALK + "/sort", methods=["GET", "POST"])
def sort(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Where each sentence of the notes belongs."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    state = state_now(here)
    if request.method in SAFE and not may_write(state):
        return redirect(here.address("call_pad.permission"))
    form, guide = Form(), record.guide_of(db(), here.interview_id)
    chosen = _chosen(guide)
    if form.validate_on_submit():
        try:
            sort_notes(
                db(),
                here.interview_id,
                chosen,
                channel=here.channel,
                by=current_staff().id,
                now=now(),
            )
        except Newer:
            form.form_errors = [
                _("The notes were changed meanwhile. They stand here as they are now: look again.")
            ]
        except Sent:
            form.form_errors = [
                _("The account was sent. Go back to the notes and open it again first.")
            ]
        except MayNotKeep:
            form.form_errors = [_("They have said no meanwhile, so nothing is changed.")]
        else:
            changed("interview", here.interview_id, ["notes"])
            return redirect(here.address("call_pad.pad", saved=1))
    seen("interview", here.interview_id, ["account"])
    return show(
        "sort.html",
        form=form,
        here=here,
        person=here.talk.person.facts,
        pieces=_readable(here),
        numbered=numbered(guide),
        guide_language=guide.language,
        chosen=chosen,
    )


def numbered(guide: Guide) -> list[Numbered]:
    """The questions in the guide's order, each with what chooses it."""
    return [
        Numbered(f"{number}{letter}", prompt.id, prompt.text, heading.title)
        for number, heading in enumerate(guide.headings, start=1)
        for letter, prompt in zip(ascii_lowercase, heading.prompts, strict=False)
    ]


def _chosen(guide: Guide) -> dict[UUID, str]:
    found = {}
    for name, place in request.form.items():
        sentence = id_in(name.removeprefix(PLACE)) if name.startswith(PLACE) else None
        if sentence is not None and place in guide.prompts:
            found[sentence] = place
    return found


def _readable(here: Sitting) -> tuple[Piece, ...]:
    """The notes, as far as whoever writes may read them whole."""
    state = record.as_agreed(db(), here.interview_id, now())
    if not may_write(state):
        return ()
    account = written_on(here, state)
    answer = account.answer("notes")
    shown = {each.fragment_id for each in answer.pieces} if answer else set()
    found = [each for each in to_sort(db(), here.interview_id, state) if each.fragment_id in shown]
    if works_with_family(db(), here.interview_id, current_staff().id):
        found = [each for each in found if not each.keeps_back]
    return tuple(found)

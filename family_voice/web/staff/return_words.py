"""A return word that a family says aloud, so that it can see and change on the web what we hold.

Whoever told us by telephone, by text or face to face cannot choose one on the web: nothing there
says that it is they. Somebody who knows whom they are speaking with can take it down for them.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.candidates import told_by
from family_voice.cases.linking import case_of
from family_voice.interviews import doors
from family_voice.language.texts import gettext as _
from family_voice.security.tokens import RETURN_WORD_SHORTEST
from family_voice.security.trail import record as on_trail
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.staff.call_pad_forms import ReturnWordForm
from family_voice.web.staff.call_pad_sitting import blueprint, show


@blueprint.route("/accounts/<uuid:interview_id>/return-word", methods=["GET", "POST"])
def return_word(interview_id: UUID) -> ResponseReturnValue:
    """Take down the return word of whoever gave an account, or a new one for one forgotten."""
    form = ReturnWordForm()
    who = told_by(db(), interview_id)
    case_id = case_of(db(), interview_id)
    back = (
        url_for("staff.case", case_id=case_id)
        if case_id
        else url_for("linking.account", interview_id=interview_id)
    )
    if form.validate_on_submit():
        if not form.word.data:
            form.word.errors = [_("Put the word they chose.")]
        elif keep_word(form, interview_id):
            flash(_("The return word is kept. With it they can see and change their words."))
            return redirect(back)
    seen("interview", interview_id, ["name"])
    return show(
        "return_word.html",
        form=form,
        name=f"{who.first_name} {who.last_name}".strip(),
        has_word=doors.has_return_word(db(), interview_id),
        back_to=back,
    )


def keep_word(form: ReturnWordForm, interview_id: UUID) -> bool:
    """Keep the word that was typed; without one there is nothing to do.

    Args:
        form: gets the reason as an error if the word is not kept.
        interview_id: whose account it opens.

    Returns:
        Whether all is well.
    """
    if not form.word.data:
        return True
    if not form.known.data:
        form.known.errors = [
            _("Set up a return word only if you know whom you are speaking with, and say so here.")
        ]
        return False
    try:
        doors.choose_return_word(db(), interview_id, form.word.data)
    except doors.WordTooShort:
        form.word.errors = [
            _(
                "This is too easy to guess. Ask for a word with at least %(letters)d letters.",
                letters=RETURN_WORD_SHORTEST,
            )
        ]
        return False
    on_trail(db(), actor(), "change", "interview", interview_id, now(), ["return_word"])
    return True

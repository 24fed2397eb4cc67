"""What forum members ask to have changed in the codebook, and the answer that each gets."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.language.texts import _
from family_voice.people.staff import names_of_staff
from family_voice.security.trail import record
from family_voice.themes import codebook_changing
from family_voice.themes.codebook_requests import (
    AlreadyAnswered,
    Outcome,
    Request,
    answer,
    answered,
    waiting,
)
from family_voice.themes.codebooks import current
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Option
from family_voice.web.shared.forms import id_in
from family_voice.web.staff.codebook import blueprint, codebook_page
from family_voice.web.staff.codebook_forms import AnswerForm
from family_voice.web.staff.codebook_words import DONE

NEWEST_CHANGES = 12


class OneAnswerForm(AnswerForm):
    """The answer to one of several requests on a page."""

    request = HiddenField()


@blueprint.route("/requests", methods=["GET", "POST"])
def requests() -> ResponseReturnValue:
    """Requests that wait, each with its form, and those that were answered."""
    sent = OneAnswerForm()
    sent.version.options = _changes()
    if sent.validate_on_submit() and _answered(sent):
        return redirect(url_for("codebook.requests"))
    open_requests, done = waiting(db()), answered(db())
    seen("codebook request", None, ["text"])
    book = current(db())
    return codebook_page(
        "requests.html",
        forms=[(each, _form(each, sent)) for each in open_requests],
        sent=sent,
        answered=done,
        book=book,
        people=names_of_staff(
            db(),
            {each.by for each in (*open_requests, *done)}
            | {each.answered_by for each in done if each.answered_by},
        ),
    )


def _form(asked: Request, sent: OneAnswerForm) -> OneAnswerForm:
    """The form of one request; the one that was sent keeps what was typed."""
    if sent.request.data == str(asked.id):
        return sent
    form = OneAnswerForm(formdata=None, data={"request": str(asked.id)}, prefix="")
    form.version.options = _changes()
    for field in form:
        field.id = f"{field.id}-{asked.id}"
    return form


def _answered(form: OneAnswerForm) -> bool:
    """Keep the answer; whether it was kept."""
    asked: UUID | None = id_in(form.request.data)
    outcome = Outcome(form.outcome.data)
    changed = outcome is Outcome.CHANGED and form.version.data
    version = int(form.version.data) if changed else None
    if asked is None:
        form.form_errors.append(_("Answer one of the requests below."))
        return False
    try:
        answer(db(), asked, outcome, form.text.data or "", current_staff().id, now(), version)
    except AlreadyAnswered:
        form.form_errors.append(_("Somebody has answered this request. Their answer is below."))
        return False
    record(db(), actor(), "change", "codebook request", asked, now(), ["answer"])
    flash(_("Your answer is kept. The forum member reads it on their page."))
    return True


def _changes() -> list[Option]:
    """The newest changes, for saying which one came of a request."""
    names = current(db()).names
    return [
        Option(
            str(each.version),
            f"{each.version}: {DONE[each.kind]}, {', '.join(names.get(a, a) for a in each.about)}",
        )
        for each in codebook_changing.history(db())[:NEWEST_CHANGES]
    ]

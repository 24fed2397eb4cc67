"""What came of it, written by the lead for the family: decided, done, or not possible and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases.candidates import told_by
from family_voice.cases.carrying_on import tell_ready
from family_voice.cases.deadlines import london_date
from family_voice.cases.linking import case_of, interviews_of
from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.improvement import outcomes
from family_voice.improvement.outcomes import Kind, OutcomeView
from family_voice.interviews import doors
from family_voice.language.texts import _, lazy
from family_voice.security.trail import record
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Needed, Option, Words
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import closed, page

blueprint = Blueprint("outcomes", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)

#: How long a code works that is given out when the round's own have ended: time for a letter and
#: a quiet evening.
CODE_LASTS: Final = timedelta(days=28)

KINDS = {
    Kind.DONE: lazy("It is done"),
    Kind.DECIDED: lazy("It is decided"),
    Kind.CANNOT: lazy("It cannot be done"),
}


class OutcomeForm(Form):
    """One thing that came of it. `others` are more accounts it is told to."""

    page = HiddenField()
    version = HiddenField()
    kind = Choice(
        lazy("What kind of thing?"),
        [Option(each.value, words) for each, words in KINDS.items()],
        [Needed(lazy("Choose whether it is done, decided, or cannot be done."))],
    )
    words = Words(
        lazy("What came of it?"),
        [Needed(lazy("Write what came of it, in plain words."))],
        description=lazy("For the family, in short and plain words. Name no other family."),
    )
    why = Words(
        lazy("Why?"), description=lazy("Needed where it cannot be done. Helps with the others too.")
    )
    others = Choices(
        lazy("Tell somebody else of this case the same?"),
        description=lazy("Each reads only what is written to them."),
    )


@blueprint.route("/accounts/<uuid:interview_id>/outcomes", methods=["GET", "POST"])
def account(interview_id: UUID) -> ResponseReturnValue:
    """What was written to one account, and writing more."""
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    form = OutcomeForm()
    form.others.options = _others(interview_id)
    if form.validate_on_submit():
        to = {interview_id, *(UUID(each) for each in form.others.data or ())}
        try:
            outcomes.tell(
                db(), to, Kind(form.kind.data), str(form.words.data), str(form.why.data or ""),
                actor(), now(), page=id_in(form.page.data),
            )  # fmt: skip
        except outcomes.NoReason:
            form.why.errors = [_no_reason()]
        else:
            for each in to:
                # Once a day, however much is written; and only who asked to hear by email.
                occasion = f"outcome:{each}:{london_date(now())}"
                tell_ready(db(), each, occasion, settings(), now())
            flash(_("They read it on their page “Where my words went”."))
            return _back(interview_id)
    return _page(interview_id, form)


@blueprint.post("/outcomes/<uuid:outcome_id>")
def changed(outcome_id: UUID) -> ResponseReturnValue:
    """Put one in other words, or say that what was decided is done."""
    interview_id = outcomes.whose(db(), outcome_id)
    form = _form(outcome_id, None)
    if form.validate_on_submit():
        version = str(form.version.data or "")
        try:
            outcomes.change(
                db(), outcome_id, int(version) if version.isdigit() else 0, Kind(form.kind.data),
                str(form.words.data), str(form.why.data or ""), actor(), now(),
            )  # fmt: skip
        except outcomes.NoReason:
            form.why.errors = [_no_reason()]
        except outcomes.Changed as meanwhile:
            form.version.data = str(meanwhile.standing.version)
            form.form_errors = [
                _(
                    "Somebody changed it meanwhile. What it says now stands above your words. "
                    "Press again to put yours in its place."
                )
            ]
        else:
            flash(_("Changed. They read it so from now on."))
            return _back(interview_id)
    return _page(interview_id, form, outcome_id)


@blueprint.post("/outcomes/<uuid:outcome_id>/take-away")
def taken_away(outcome_id: UUID) -> ResponseReturnValue:
    """It was a slip."""
    interview_id, form = outcomes.whose(db(), outcome_id), Form()
    if not form.validate_on_submit():
        return _page(interview_id, form, outcome_id)
    outcomes.take_away(db(), outcome_id, actor(), now())
    flash(_("Taken away. They do not read it any more."))
    return _back(interview_id)


@blueprint.post("/accounts/<uuid:interview_id>/outcomes/code")
def code(interview_id: UUID) -> ResponseReturnValue:
    """A new code, once the round's own link and codes have ended; shown this one time."""
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    form = Form()
    if not form.validate_on_submit() or not doors.ended(db(), interview_id, now()):
        return _page(interview_id, form, interview_id)
    until = now() + CODE_LASTS
    secrets = doors.open_doors(db(), interview_id, until, now(), with_code_word=False)
    record(db(), actor(), "add", "interview", interview_id, now(), ["code"])
    return page(
        "outcomes_code.html",
        interview_id=interview_id,
        who=told_by(db(), interview_id),
        code=secrets.code,
        until=until,
        address=f"{settings().public_url}/code",
    )


def _no_reason() -> str:
    return _("Write why it cannot be done: a bare no is no answer.")


def _form(outcome_id: UUID, standing: OutcomeView | None) -> OutcomeForm:
    """The form of one that stands; None for what was sent."""
    given: dict[str, Any] = {}
    if standing is not None:
        given = {
            "formdata": None,
            "data": {
                "kind": standing.kind.value,
                "words": standing.words,
                "why": standing.why,
                "version": str(standing.version),
            },
        }
    return OutcomeForm(prefix=f"o{outcome_id.hex}", **given)


def _others(interview_id: UUID) -> list[Option]:
    case_id = case_of(db(), interview_id)
    if case_id is None:
        return []
    found = []
    for each in interviews_of(db(), [case_id]).get(case_id, []):
        if each != interview_id and lead_may_read(db(), each, now()):
            who = told_by(db(), each)
            name = f"{who.first_name} {who.last_name}".strip()
            found.append(Option(str(each), name or _("Somebody who did not give a name")))
    return found


def _page(interview_id: UUID, sent: Form, outcome_id: UUID | None = None) -> Response:
    seen("interview", interview_id, ["outcomes"])
    tell = sent if isinstance(sent, OutcomeForm) and outcome_id is None else None
    if tell is None:
        tell = OutcomeForm(formdata=None)
        tell.others.options = _others(interview_id)
    if not tell.page.data:
        tell.page.data = new_id().hex
    found = outcomes.of_account(db(), interview_id, now())
    return page(
        "outcomes.html",
        interview_id=interview_id,
        who=told_by(db(), interview_id),
        case_id=case_of(db(), interview_id),
        sent=sent,
        tell=tell,
        written=[
            (
                each,
                sent
                if outcome_id == each.id and isinstance(sent, OutcomeForm)
                else _form(each.id, each),
            )
            for each in found
        ],
        KINDS=KINDS,
        ended=doors.ended(db(), interview_id, now()),
        has_word=doors.has_return_word(db(), interview_id),
    )


def _back(interview_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("outcomes.account", interview_id=interview_id))

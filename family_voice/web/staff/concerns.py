"""Concerns: raised from any staff page, and what is decided about them."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.linking import case_of
from family_voice.cases.reading import case_view
from family_voice.interviews import record
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.people.access import Action, Resource, may
from family_voice.safeguarding import concerns
from family_voice.safeguarding.concerns import ConcernView, Decided, Decision
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_roles, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Needed, Option, Words
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

blueprint = Blueprint("concerns", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

DECISIONS = {
    Decision.REFERRED: lazy("Referred to social care or the police"),
    Decision.ADVICE: lazy("Took advice; another service is acting"),
    Decision.ALREADY_KNOWN: lazy("Already known, and checked with those who work on it"),
    Decision.NO_FURTHER: lazy("Nothing further now"),
}


class ConcernForm(Form):
    """What somebody is worried about."""

    words = Words(
        lazy("What worries you, and about whom?"),
        [Needed(lazy("Put what worries you, and about whom."))],
        description=lazy("What you saw or heard, when, and in whose words. You need not be sure."),
    )


class DecisionForm(Form):
    """What is done about it, and why."""

    decision = Choice(
        lazy("What is decided?"),
        [Option(decision.value, name) for decision, name in DECISIONS.items()],
        [Needed(lazy("Choose what is decided."))],
    )
    reason = Words(lazy("Why?"), [Needed(lazy("Put the reason, and who was spoken to."))])


@blueprint.route("/concern", methods=["GET", "POST"])
def raise_one() -> ResponseReturnValue:
    """Raise a concern, from wherever one is."""
    form = ConcernForm()
    interview_id = _interview()
    back = _back()
    if form.validate_on_submit():
        concerns.raise_concern(
            db(), form.words.data or "", interview_id=interview_id, by=actor(), now=now()
        )
        return redirect(url_for("concerns.raised", back=back or None))
    return render(
        "staff/concerns/raise.html",
        form=form,
        back=back,
        about=_about(interview_id),
        emergency_phone=settings().emergency_phone,
    )


@blueprint.get("/concern/raised")
def raised() -> ResponseReturnValue:
    """It is with those who decide."""
    return render(
        "staff/concerns/raised.html",
        back=_back(),
        emergency_phone=settings().emergency_phone,
    )


@blueprint.get("/concerns")
def every() -> ResponseReturnValue:
    """All concerns, those still to be decided first."""
    found = concerns.all_concerns(db())
    seen("concern", None, ["words", "decision"])
    return render("staff/concerns/every.html", found=found, DECISIONS=DECISIONS)


@blueprint.route("/concerns/<uuid:concern_id>", methods=["GET", "POST"])
def one(concern_id: UUID) -> ResponseReturnValue:
    """One concern, and what is decided."""
    it = concerns.one(db(), concern_id)
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            concerns.decide(
                db(), it.id, Decision(form.decision.data), form.reason.data or "", actor(), now()
            )
        except Decided:
            form.form_errors = [_("Somebody has decided this meanwhile. It is shown below.")]
            it = concerns.one(db(), concern_id)
        else:
            return redirect(url_for("concerns.one", concern_id=it.id))
    seen("concern", it.id, ["words", "decision", "reason"])
    return render("staff/concerns/one.html", form=form, it=it, about=_whom(it), DECISIONS=DECISIONS)


@blueprint.post("/concerns/<uuid:concern_id>/acknowledge")
def acknowledge(concern_id: UUID) -> ResponseReturnValue:
    """Say that one has read it and is on it."""
    it = concerns.one(db(), concern_id)
    form = Form()
    if not form.validate_on_submit():
        seen("concern", it.id, ["words"])
        return render(
            "staff/concerns/one.html",
            422,
            form=DecisionForm(formdata=None),
            problem=form,
            it=it,
            about=_whom(it),
            DECISIONS=DECISIONS,
        )
    concerns.acknowledge(db(), it.id, actor(), now())
    return redirect(url_for("concerns.one", concern_id=it.id))


def _interview() -> UUID | None:
    """The conversation it came up in, for somebody who may know of conversations."""
    if not may(current_roles(), Action.SEE, Resource.INTERVIEW):
        return None
    try:
        interview_id = UUID(request.args.get("interview", ""))
    except ValueError:
        return None
    record.state_of(db(), interview_id)
    return interview_id


def _back() -> str:
    """A staff page of ours to go back to, or none."""
    wanted = request.args.get("back", "")
    parts = urlsplit(wanted)
    ours = not parts.scheme and not parts.netloc and wanted.startswith("/staff/")
    return wanted if ours and "\\" not in wanted else ""


def _whom(it: ConcernView) -> str:
    return _about(it.interview_id)


def _about(interview_id: UUID | None) -> str:
    """The child of the conversation, for those who may know."""
    case_id = case_of(db(), interview_id) if interview_id else None
    if case_id is None:
        return ""
    case = case_view(db(), case_id, now())
    return f"{case.child.facts.name} ({case.reference})"

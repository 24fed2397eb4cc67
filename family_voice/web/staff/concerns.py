"""Concerns: raised from any staff page, taken, and what is decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.linking import case_of
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.people.access import Action, Resource, may
from family_voice.safeguarding import concerns, escalating, phrases
from family_voice.safeguarding.concerns import ConcernView, Decided, Decision
from family_voice.safeguarding.ladder import Kind
from family_voice.safeguarding.rota import next_on_rota, on_rota, somebody_ever
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_roles, current_staff, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Needed, Option, Words
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff.concern_drawing import how_long, steps
from family_voice.web.staff.concern_source import source

blueprint = Blueprint("concerns", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

SHOWN = ("words", "about", "quoted", "decision", "reason")
DECISIONS = {
    Decision.REFERRED: lazy("Referred to social care or the police"),
    Decision.ADVICE: lazy("Took advice; another service is acting"),
    Decision.ALREADY_KNOWN: lazy("Already known, and checked with those who work on it"),
    Decision.NO_FURTHER: lazy("Nothing further now"),
    Decision.NOT_A_WORRY: lazy("Looked: not a worry. Let go of the words"),
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

    decision = Choice(lazy("What is decided?"), (), [Needed(lazy("Choose what is decided."))])
    reason = Words(lazy("Why?"), [Needed(lazy("Put the reason, and who was spoken to."))])


@dataclass(frozen=True)
class Waiting:
    """What a staff page says of concerns: that some wait, that the duty team is to be rung, or
    that `nobody` is on the rota, now or later."""

    count: int
    ring: bool
    may_read: bool
    nobody: bool = False


@blueprint.app_context_processor
def _banner() -> dict[str, object]:
    """What waits, for those who can do something: who may read it, and whoever raised it."""

    def waiting() -> Waiting:
        if not may(current_roles(), Action.SEE, Resource.CONCERN):
            ring = escalating.duty_team_named(db(), raised_by=current_staff().id)
            return Waiting(0, ring, may_read=False)
        return Waiting(
            escalating.waiting(db()),
            escalating.duty_team_named(db()),
            may_read=True,
            nobody=not somebody_ever(db(), now()),
        )

    if "staff" not in g:
        return {}
    return {"concerns_waiting": waiting, "emergency_phone": settings().emergency_phone}


@blueprint.route("/concern", methods=["GET", "POST"])
def raise_one() -> ResponseReturnValue:
    """Raise a concern, from wherever one is."""
    form = ConcernForm()
    about = source()
    back = _back()
    if form.validate_on_submit():
        concerns.raise_concern(
            db(),
            form.words.data or "",
            interview_id=about.interview_id,
            fragment_id=about.fragment_id,
            quoted=about.quoted,
            by=actor(),
            now=now(),
            settings=settings(),
        )
        return redirect(url_for("concerns.raised", back=back or None))
    return render("staff/concerns/raise.html", form=form, back=back, about=about)


@blueprint.get("/concern/raised")
def raised() -> ResponseReturnValue:
    """It is with those who decide."""
    there = on_rota(db(), now())
    return render(
        "staff/concerns/raised.html",
        back=_back(),
        names=[each.name for each in there],
        next_on=None if there else next_on_rota(db(), now()),
    )


@blueprint.get("/concerns")
def every() -> ResponseReturnValue:
    """All concerns: those nobody has taken, those to be decided, and the rest."""
    found = concerns.all_concerns(db())
    seen("concern", None, SHOWN)
    there = on_rota(db(), now())
    return _page(
        "every",
        open=[it for it in found if it.acknowledged_at is None],
        taken=[it for it in found if it.acknowledged_at is not None and it.decision is None],
        decided=[it for it in found if it.decision is not None],
        there=[each.name for each in there],
        next_on=None if there else next_on_rota(db(), now()),
    )


@blueprint.route("/concerns/<uuid:concern_id>", methods=["GET", "POST"])
def one(concern_id: UUID) -> ResponseReturnValue:
    """One concern, and what is decided."""
    it = concerns.one(db(), concern_id)
    form = _decision_form(it)
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
    seen("concern", it.id, SHOWN)
    return _page("one", form=form, it=it, case_id=_case_of(it))


def _case_of(it: ConcernView) -> UUID | None:
    """The case it came up on, for somebody who may open cases."""
    if it.interview_id is None or not may(current_roles(), Action.SEE, Resource.LEDGER):
        return None
    return case_of(db(), it.interview_id)


@blueprint.post("/concerns/<uuid:concern_id>/acknowledge")
def acknowledge(concern_id: UUID) -> ResponseReturnValue:
    """Say that one has read it and is on it."""
    it = concerns.one(db(), concern_id)
    form = Form()
    if not form.validate_on_submit():
        seen("concern", it.id, SHOWN)
        return _page(
            "one", 422, form=_decision_form(it, formdata=None), problem=form, it=it,
            case_id=_case_of(it),
        )  # fmt: skip
    concerns.acknowledge(db(), it.id, actor(), now())
    return redirect(url_for("concerns.one", concern_id=it.id))


def _page(name: str, status: int | None = None, /, **context: object) -> Response:
    moment = now()
    return render(
        f"staff/concerns/{name}.html",
        status,
        DECISIONS=DECISIONS,
        Kind=Kind,
        steps=steps,
        reason_of=phrases.reason,
        age=lambda since: how_long(since, moment),
        **context,
    )


def _decision_form(it: ConcernView, **given: None) -> DecisionForm:
    form = DecisionForm(**given)
    form.decision.options = [
        Option(decision.value, name)
        for decision, name in DECISIONS.items()
        if decision is not Decision.NOT_A_WORRY or it.kind is Kind.PLEASE_LOOK
    ]
    return form


def _back() -> str:
    """A staff page of ours to go back to, or none."""
    wanted = request.args.get("back", "")
    parts = urlsplit(wanted)
    ours = not parts.scheme and not parts.netloc
    ours = ours and wanted.startswith(("/staff/", "/panel/", "/forum/", "/board/", "/dpo/"))
    return wanted if ours and "\\" not in wanted else ""

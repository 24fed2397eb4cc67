"""Who decides: whether somebody may be asked to speak, who says so, and who decides for a child.

One page a person, reached from the case. What families say is never on it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import who_decides as deciding
from family_voice.cases.deadlines import age, london_date
from family_voice.cases.reading import case_view
from family_voice.cases.who_decides import WhoDecides
from family_voice.consent.judging import NoResponsibility, NotWritten, SomebodyElse
from family_voice.consent.who import Basis, Kind, Reason, Responsibility
from family_voice.language.texts import _, lazy
from family_voice.people.facts import is_professional
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Line, Needed, Option, Words, YesNo
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff.labels import LABELS, RELATIONSHIPS

blueprint = Blueprint("who_decides", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

HERE = "/cases/<uuid:case_id>/people/<uuid:person_id>/who-decides"
COUNCIL = "council"
LONGEST = 2000
RESPONSIBLE = {
    Responsibility.PARENTS: lazy("The parents only"),
    Responsibility.COUNCIL: lazy("The council shares it, by a care order"),
    Responsibility.GUARDIAN: lazy("A special guardian, or somebody else by a court's order"),
}
BASES = {
    Basis.PARENTAL_RESPONSIBILITY: lazy("Parental responsibility"),
    Basis.CARE_ORDER: lazy("The council's parental responsibility, by a care order"),
    Basis.PARENT: lazy("Their parent"),
    Basis.DEPUTY: lazy("A deputy whom the Court of Protection named"),
    Basis.ATTORNEY: lazy("A lasting power of attorney (from 18)"),
    Basis.OTHER: lazy("Somebody else, such as an advocate, decided in their best interests"),
}
REASONS = {
    Reason.COURT_ORDER: lazy("A court order forbids contact"),
    Reason.NO_CONTACT: lazy("Contact could do harm, or they must not learn of this"),
}
WRITE = {
    "judged_by": lazy("Put who judged it, and what they are to the child."),
    "why": lazy("Put what this rests on."),
    "decision": lazy("Put what the decision is about."),
    "support": lazy("Put how they were helped to decide."),
    "representative": lazy("Put who decides for them."),
    "basis": lazy("Choose what their right to decide rests on."),
}


class ApproachForm(Form):
    """Whom the social worker says we may approach."""

    social_worker = Line(
        lazy("Who is the social worker that confirmed it?"),
        [Needed(lazy("Put the social worker's name."))],
        longest=120,
    )
    people = Choices(lazy("Whom may we approach?"))
    responsibility = Choice(
        lazy("Who has parental responsibility?"),
        [Option(each.value, words) for each, words in RESPONSIBLE.items()],
        [Needed(lazy("Choose who has parental responsibility."))],
    )


class UnderstandingForm(Form):
    """Whether a child understands enough to decide this themselves."""

    judged_by = Line(lazy("Who judged it, and what are they to the child?"), longest=120)
    able = YesNo(
        lazy("Do they understand enough to decide this themselves?"),
        [Needed(lazy("Choose yes or no."))],
        yes=lazy("Yes. They decide themselves"),
        no=lazy("No. Somebody with parental responsibility decides"),
    )
    why = Words(lazy("What does that rest on?"), longest=LONGEST)
    who = Choice(lazy("If no: who decides for them?"))
    name = Line(lazy("If it is the council: who decides there?"), longest=120)


class CapacityForm(Form):
    """Whether a young person can decide this, where somebody doubts it."""

    decision = Words(lazy("What is the decision?"), longest=LONGEST)
    support = Words(lazy("How were they helped to decide?"), longest=LONGEST)
    able = YesNo(
        lazy("With that help, can they decide this?"),
        [Needed(lazy("Choose yes or no."))],
        yes=lazy("Yes. They decide themselves"),
        no=lazy("No. Somebody decides for them, this once"),
    )
    why = Words(lazy("What does that rest on?"), longest=LONGEST)
    judged_by = Line(lazy("Who judged it, and what are they to them?"), longest=120)
    representative = Line(lazy("If no: who decides for them?"), longest=120)
    basis = Choice(
        lazy("If no: what does that person's right to decide rest on?"),
        [
            Option(each.value, BASES[each])
            for each in (Basis.PARENT, Basis.DEPUTY, Basis.ATTORNEY, Basis.OTHER)
        ],
    )


class NoContactForm(Form):
    """Why somebody must not be contacted."""

    reason = Choice(
        lazy("Why must nobody contact them?"),
        [Option(each.value, words) for each, words in REASONS.items()],
        [Needed(lazy("Choose why."))],
    )
    detail = Words(
        lazy("Who says so, and what must we keep to?"),
        [Needed(lazy("Put who says so, and what we must keep to."))],
        longest=LONGEST,
    )


@blueprint.get(HERE)
def person(case_id: UUID, person_id: UUID) -> Response:
    """Everything on record about asking one person."""
    return _page(deciding.who_decides(db(), case_id, person_id, now()))


@blueprint.post(HERE + "/social-worker")
def approach(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """What a looked-after child's social worker confirmed."""
    view = deciding.who_decides(db(), case_id, person_id, now())
    form = _approach_form(view, posted=True)
    if not form.validate_on_submit() or not view.looked_after:
        return _page(view, approach=form)
    try:
        deciding.confirm_approach(
            db(),
            case_id,
            social_worker=form.social_worker.data or "",
            responsibility=Responsibility(form.responsibility.data),
            people=[UUID(each) for each in form.people.data],
            by=actor(),
            now=now(),
        )
    except SomebodyElse:
        form.people.errors = [_("Choose from the people of this child.")]
        return _page(view, approach=form)
    return _kept(case_id, person_id)


@blueprint.post(HERE + "/judgement")
def judge(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Whether a child understands enough, or a young person can decide."""
    view = deciding.who_decides(db(), case_id, person_id, now())
    form = _judge_form(view, posted=True)
    if not form.validate_on_submit() or not view.is_child:
        return _page(view, judged=form)
    given: dict[str, Any] = {}
    if isinstance(form, CapacityForm):
        basis = form.basis.data
        given = {
            "decision": form.decision.data or "",
            "support": form.support.data or "",
            "representative": form.representative.data or "",
            "basis": Basis(basis) if basis else None,
        }
    elif form.who.data == COUNCIL:
        given = {"representative": form.name.data or "", "basis": Basis.CARE_ORDER}
    elif form.who.data:
        given = {"representative_id": UUID(form.who.data)}
    try:
        deciding.judge(
            db(),
            case_id,
            able=bool(form.able.data),
            judged_by=form.judged_by.data or "",
            why=form.why.data or "",
            by=actor(),
            now=now(),
            **given,
        )
    except NotWritten as missing:
        name = missing.field
        if name == "representative" and isinstance(form, UnderstandingForm):
            name = "name"
        form[name].errors = [str(WRITE[missing.field])]
        return _page(view, judged=form)
    except NoResponsibility:
        form.who.errors = [
            _("Choose who decides. Only somebody with parental responsibility on record can.")
        ]
        return _page(view, judged=form)
    return _kept(case_id, person_id)


@blueprint.post(HERE + "/own-no/<any(said, lifted):what>")
def own_no(case_id: UUID, person_id: UUID, what: str) -> ResponseReturnValue:
    """The child themselves does not want to, or came back to us."""
    view = deciding.who_decides(db(), case_id, person_id, now())
    if not view.is_child or not Form().validate_on_submit():
        return _page(view, stale=True)
    change = deciding.say_own_no if what == "said" else deciding.lift_own_no
    change(db(), case_id, actor(), now())
    return _kept(case_id, person_id)


@blueprint.post(HERE + "/no-contact")
def no_contact(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Nobody may contact this person."""
    view = deciding.who_decides(db(), case_id, person_id, now())
    form = NoContactForm(prefix="order")
    if not form.validate_on_submit():
        return _page(view, order=form)
    deciding.forbid_contact(
        db(), case_id, person_id, Reason(form.reason.data), form.detail.data or "", actor(), now()
    )
    return _kept(case_id, person_id)


@blueprint.post(HERE + "/contact-again")
def contact_again(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """The order is over, or it was a slip."""
    view = deciding.who_decides(db(), case_id, person_id, now())
    if not Form().validate_on_submit():
        return _page(view, stale=True)
    deciding.allow_contact(db(), case_id, person_id, actor(), now())
    return _kept(case_id, person_id)


def _kept(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    flash(_("We have written that down."))
    return redirect(url_for("who_decides.person", case_id=case_id, person_id=person_id))


def _approach_form(view: WhoDecides, posted: bool = False) -> ApproachForm:
    given: dict[str, Any] = {} if posted else {"formdata": None}
    before = view.approach
    data = (
        {
            "social_worker": before.social_worker,
            "people": [str(each) for each in before.people],
            "responsibility": before.responsibility.value,
        }
        if before
        else {}
    )
    form = ApproachForm(prefix="approach", data=data, **given)
    form.people.options = [
        Option(str(each.id), each.facts.name, RELATIONSHIPS[each.facts.relationship])
        for each in view.people
        if not is_professional(each.facts.relationship)
    ]
    return form


def _judge_form(view: WhoDecides, posted: bool = False) -> UnderstandingForm | CapacityForm:
    given: dict[str, Any] = {} if posted else {"formdata": None}
    if view.kind is Kind.CAPACITY:
        return CapacityForm(prefix="capacity", **given)
    form = UnderstandingForm(prefix="understanding", **given)
    who = [
        Option(str(each.id), each.facts.name, RELATIONSHIPS[each.facts.relationship])
        for each in view.people
        if each.facts.parental_responsibility
    ]
    if view.looked_after:
        hint = _("It shares parental responsibility by a care order")
        who.append(Option(COUNCIL, _("The council"), hint))
    form.who.options = who
    return form


def _page(
    view: WhoDecides,
    *,
    approach: ApproachForm | None = None,
    judged: UnderstandingForm | CapacityForm | None = None,
    order: NoContactForm | None = None,
    stale: bool = False,
) -> Response:
    seen("participant", view.person.id, ["who_decides"])
    born = view.child.facts.date_of_birth
    today = london_date(now())
    form = Form(formdata=None)
    if stale:
        form.form_errors.append(_("This page had been open for a long time. Press it again."))
    return render(
        "staff/who_decides/person.html",
        view=view,
        case=case_view(db(), view.case_id, now()),
        form=form,
        approach=approach or _approach_form(view),
        judged=judged or _judge_form(view),
        order=order or NoContactForm(formdata=None, prefix="order"),
        professional=is_professional(view.person.facts.relationship),
        age=age(born, today) if born else None,
        today=today,
        RESPONSIBLE=RESPONSIBLE,
        BASES=BASES,
        REASONS=REASONS,
        **LABELS,
    )

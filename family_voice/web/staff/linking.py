"""Accounts that came uninvited: which case they belong to, which a person decides."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import candidates, linking, looking, reaching
from family_voice.cases.candidates import NotOffered, Offer, cases_named, told_by
from family_voice.cases.linking import AlreadyLinked, LinkDecision
from family_voice.cases.matching import reason_text
from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.interviews.words import Speaker
from family_voice.language.formats import long_date
from family_voice.language.texts import _, lazy
from family_voice.people.staff import names_of_staff
from family_voice.sms import strangers
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import closed, page
from family_voice.web.staff.labels import national

blueprint = Blueprint("linking", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)

blueprint.add_app_template_filter(reason_text, "reason")

TOLD = ("name", "relationship", "child's name", "date_of_birth", "school", "postcode", "phone")


class CaseForm(Form):
    """Which case."""

    case = Choice(lazy("Another case"), (), [Needed(lazy("Choose a case."))])


@blueprint.get("/unlinked")
def unlinked() -> Response:
    """Accounts that stand on no case, those that a person put on one, and texts from nobody known.

    The texts are here because a family that has changed its number must not be lost.
    """
    return _list()


def _list(stale: bool = False) -> Response:
    form = Form(formdata=None)
    if stale:
        form.form_errors.append(_("This page had been open for a long time. Press it again."))
    calls = reaching.calls_without_case(db())
    for interview_id, _asked_at in calls:
        seen("interview", interview_id, ["name", "phone"])
    accounts = [each for each in linking.unlinked(db()) if lead_may_read(db(), each, now())]
    by_hand = [
        pair for pair in linking.linked_by_people(db()) if lead_may_read(db(), pair[0], now())
    ]
    for interview_id in [*accounts, *(each for each, _case in by_hand)]:
        seen("interview", interview_id, ["name", "relationship"])
    unknown = strangers.waiting(db(), now())
    for text in (text for number in unknown for text in number.texts):
        seen("inbound_message", text.id, ["phone", "body"])
    return page(
        "linking/list.html",
        form=form,
        calls=[(each, told_by(db(), each), asked_at) for each, asked_at in calls],
        unknown=unknown,
        shown_for=strangers.SHOWN_FOR.days,
        accounts=[
            (each, told_by(db(), each), _last(each), candidates.made_at(db(), each))
            for each in accounts
        ],
        by_hand=[(each, told_by(db(), each), case_id) for each, case_id in by_hand],
        cases=cases_named(db(), {case_id for _each, case_id in by_hand}),
        LinkDecision=LinkDecision,
    )


@blueprint.get("/<uuid:interview_id>/link")
def account(interview_id: UUID) -> Response:
    """One account: the cases it may belong to, or the one it stands on."""
    return _page(interview_id)


@blueprint.post("/<uuid:interview_id>/link")
def link(interview_id: UUID) -> ResponseReturnValue:
    """A person says which case it is."""
    form = _case_form()
    _insist_readable(interview_id)
    if not form.validate_on_submit():
        return _page(interview_id, form)
    try:
        candidates.put_on(db(), interview_id, UUID(form.case.data), actor(), now())
    except NotOffered:
        form.case.errors = [_("This case cannot be chosen any more. Choose another.")]
    except AlreadyLinked:
        form.form_errors.append(_("Somebody else has just put this account on a case."))
    else:
        flash(_("The account is on the case now. You can take it off again."))
        return redirect(url_for("linking.account", interview_id=interview_id))
    return _page(interview_id, form)


@blueprint.post("/<uuid:interview_id>/none-of-these")
def none_of_these(interview_id: UUID) -> ResponseReturnValue:
    """A person says that it is none of the cases."""
    form = Form()
    _insist_readable(interview_id)
    if not form.validate_on_submit():
        return _page(interview_id, form)
    try:
        candidates.say_none(db(), interview_id, actor(), now())
    except AlreadyLinked:
        form.form_errors.append(_("Somebody else has just put this account on a case."))
        return _page(interview_id, form)
    flash(_("Kept: it is none of these cases. You can still link it later."))
    return redirect(url_for("linking.unlinked"))


@blueprint.post("/<uuid:interview_id>/unlink")
def unlink(interview_id: UUID) -> ResponseReturnValue:
    """Take it off its case. Works from the account's page and from the case's."""
    form = Form()
    if not form.validate_on_submit():
        return _page(interview_id, form)
    candidates.take_off(db(), interview_id, actor(), now())
    flash(_("The account is on no case now. What was decided before is kept below."))
    return redirect(url_for("linking.account", interview_id=interview_id))


@blueprint.post("/<uuid:interview_id>/rung")
def rung(interview_id: UUID) -> ResponseReturnValue:
    """They asked to be rung, and have been. From the case's page and from the list."""
    if not Form().validate_on_submit():
        return _list(stale=True)
    reaching.say_rung(db(), interview_id, actor(), now())
    flash(_("Kept: they have been rung."))
    case_id = linking.case_of(db(), interview_id)
    if case_id is not None:
        return redirect(url_for("staff.case", case_id=case_id))
    return redirect(url_for("linking.unlinked"))


def beside(offer: Offer, who: Speaker) -> list[tuple[str, str, str]]:
    """What they told us beside what the case says: label, theirs, the case's."""
    child = offer.case.child
    born = child.date_of_birth.isoformat() if child.date_of_birth else ""
    names = [each.facts.name for each in offer.case.people]
    rows = [
        (_("Child or young person"), f"{who.child_first_name} {who.child_last_name}", child.name),
        (_("Date of birth"), who.child_date_of_birth, born),
        (_("School or college"), who.school, child.school),
        (_("Who speaks"), f"{who.first_name} {who.last_name}", ", ".join(names)),
        (_("Telephone"), national(who.phone), ", ".join(map(national, offer.case.phones))),
        (_("Email"), who.email, ", ".join(offer.case.emails)),
    ]
    return [(label, theirs.strip(), ours.strip()) for label, theirs, ours in rows]


def _page(interview_id: UUID, form: Form | None = None) -> Response:
    _insist_readable(interview_id)
    seen("interview", interview_id, TOLD)
    who = told_by(db(), interview_id)
    history = linking.history(db(), interview_id)
    case_id = linking.case_of(db(), interview_id)
    offers = [] if case_id else _offers(interview_id)
    for offer in offers:
        seen("case", offer.case.id, ["reference", "name", "date_of_birth", "participants"])
    return page(
        "linking/account.html",
        signs=looking.signs(db(), interview_id, now()),
        interview_id=interview_id,
        form=form or Form(formdata=None),
        case_form=form if isinstance(form, CaseForm) else _case_form(empty=True),
        who=who,
        offers=[(each, beside(each, who)) for each in offers],
        case=cases_named(db(), [case_id])[case_id] if case_id else None,
        history=history,
        cases=cases_named(db(), {step.case_id for step in history if step.case_id}),
        people=names_of_staff(db(), {step.by for step in history if step.by}),
        LinkDecision=LinkDecision,
    )


def _offers(interview_id: UUID) -> list[Offer]:
    """The candidates; a case that the lead picked herself comes first."""
    found = candidates.offers(db(), interview_id, now())
    form = _case_form(empty=True)
    picked = request.args.get("case", "")
    if picked in {option.value for option in form.case.options}:
        case_id = UUID(picked)
        mine = candidates.offer_of(db(), interview_id, case_id, now())
        found = [mine, *(each for each in found if each.case.id != case_id)]
    return found


def _case_form(empty: bool = False) -> CaseForm:
    form = CaseForm(formdata=None) if empty else CaseForm()
    form.case.options = [
        Option(str(each.id), f"{each.child.reference}, {each.child.name}")
        for each in candidates.open_cases(db(), now())
    ]
    return form


def _insist_readable(interview_id: UUID) -> None:
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs


@blueprint.app_template_filter("said_date")
def said_date(text: str) -> str:
    """A date that somebody gave, as people read it; any other text as it is."""
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text


def _last(interview_id: UUID) -> LinkDecision | None:
    steps = linking.history(db(), interview_id)
    return steps[-1].decision if steps else None

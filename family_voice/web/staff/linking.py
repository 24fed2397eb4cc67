"""Accounts that came uninvited: which case they belong to, which a person decides."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases import (
    account_calls,
    account_history,
    candidates,
    choosing,
    duplicates,
    families,
    linking,
    looking,
    reaching,
    remarks,
)
from family_voice.cases.account_history import CannotUndo, SomethingNewer
from family_voice.cases.candidates import NotOffered, Offer, cases_named, told_by
from family_voice.cases.choosing import NeedsReason, NotOnCase, Put, SamePerson
from family_voice.cases.linking import AlreadyLinked
from family_voice.cases.matching import reason_text
from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.cases.remarks import SetAside
from family_voice.language.formats import long_date
from family_voice.language.texts import _, lazy
from family_voice.sms import strangers
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Line
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff import linking_page
from family_voice.web.staff.account_calls import press_words
from family_voice.web.staff.desk import closed, page

blueprint = Blueprint("linking", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)

blueprint.add_app_template_filter(reason_text, "reason")

TOLD = ("name", "relationship", "child's name", "date_of_birth", "school", "postcode", "phone")


PUT = {
    Put.LINKED: lazy("The account is on the case now."),
    Put.WAITS: lazy("Kept. Somebody else looks as well before it is on a case."),
    Put.DIFFERS: lazy(
        "You two chose different cases, so it is on none. Talk about it, then choose again."
    ),
}


class CaseForm(Form):
    """Which case is put beside the account."""

    case = Choice(lazy("Another case"), ())


class LinkForm(Form):
    """That it is this case; why, where something is not certain; and which of its people spoke."""

    case = HiddenField()
    person = Choice(
        lazy("Is it somebody on the case's list?"),
        (),
        description=lazy("They count as having told us, and are not invited or rung any more."),
    )
    why = Line(
        lazy("Why do you think so?"),
        description=lazy("One sentence: what you compared, or whom you asked."),
        longest=500,
    )


class NotThisForm(Form):
    """That it is not a case; or, with `out` no, that it may be after all."""

    case = HiddenField()
    out = HiddenField()


class DoubleForm(Form):
    """Whether it is the same account as another."""

    other = HiddenField()
    same = HiddenField()


class UndoForm(Form):
    """Which line of the history is undone."""

    what = HiddenField()


@blueprint.get("/unlinked")
def unlinked() -> Response:
    """Accounts that stand on no case, those that a person put on one, and texts from nobody known.

    The texts are here because a family that has changed its number must not be lost.
    """
    return _list()


def _list() -> Response:
    form = Form(formdata=None)
    calls = reaching.calls_without_case(db())
    lately = account_calls.rung_lately(db(), linking.unlinked(db()), now())
    for interview_id in [*(each for each, _asked_at in calls), *lately]:
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
        rung=[(each, told_by(db(), each)) for each in lately],
        **press_words([*(each for each, _asked_at in calls), *lately]),
        unknown=unknown,
        shown_for=strangers.SHOWN_FOR.days,
        accounts=[
            (
                each,
                told_by(db(), each),
                candidates.made_at(db(), each),
                linking_page.where_it_stands(each),
            )
            for each in accounts
        ],
        aside=[
            (each, told_by(db(), each))
            for each in sorted(remarks.set_aside(db()))
            if lead_may_read(db(), each, now())
        ],
        parted=list(cases_named(db(), families.parted_cases(db())).values()),
        by_hand=[(each, told_by(db(), each), case_id) for each, case_id in by_hand],
        cases=cases_named(db(), {case_id for _each, case_id in by_hand}),
    )


@blueprint.get("/<uuid:interview_id>/link")
def account(interview_id: UUID) -> Response:
    """One account: the cases it may belong to, or the one it stands on."""
    return _page(interview_id)


@blueprint.post("/<uuid:interview_id>/link")
def link(interview_id: UUID) -> ResponseReturnValue:
    """A person says which case it is."""
    form = LinkForm()
    _insist_readable(interview_id)
    case_id = id_in(form.case.data)
    case = next((each for each in candidates.open_cases(db(), now()) if each.id == case_id), None)
    form.person.options = linking_page.people_to_choose(interview_id, case) if case else ()
    if not form.validate_on_submit():
        return _page(interview_id, form)
    try:
        if case is None:
            raise NotOffered
        put = choosing.put_on(
            db(), interview_id, case.id, actor(), now(),
            why=form.why.data or "", participant_id=id_in(form.person.data),
        )  # fmt: skip
    except NotOffered:
        form.form_errors.append(_("This case cannot be chosen any more. Choose another."))
    except NeedsReason:
        form.why.errors = [_("Something is not certain. Put why you think it is this case.")]
    except NotOnCase:
        form.person.errors = [_("This person is not on the case any more. Look again.")]
    except SamePerson:
        form.form_errors.append(_("You have chosen already. Another person has to look as well."))
    except AlreadyLinked:
        form.form_errors.append(_somebody_else())
    except SetAside:
        form.form_errors.append(_("This account was set aside meanwhile, so it goes on no case."))
    else:
        flash(str(PUT[put]))
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
        choosing.say_none(db(), interview_id, actor(), now())
    except AlreadyLinked:
        form.form_errors.append(_somebody_else())
        return _page(interview_id, form)
    flash(_("Kept: none of the cases fits. You can still link it later."))
    return redirect(url_for("linking.account", interview_id=interview_id))


@blueprint.post("/<uuid:interview_id>/not-this")
def not_this(interview_id: UUID) -> ResponseReturnValue:
    """A person rules one case out, or takes that back."""
    form = NotThisForm()
    _insist_readable(interview_id)
    case_id = id_in(form.case.data)
    if not form.validate_on_submit() or case_id is None:
        return _page(interview_id, form)
    out = form.out.data != "no"
    try:
        choosing.rule_out(db(), interview_id, case_id, out, actor(), now())
    except AlreadyLinked:
        form.form_errors.append(_somebody_else())
        return _page(interview_id, form)
    flash(
        _("Kept: it is not this case. It will not be proposed again.")
        if out
        else _("The case is proposed again.")
    )
    return _back_to(interview_id)


@blueprint.post("/<uuid:interview_id>/double")
def double(interview_id: UUID) -> ResponseReturnValue:
    """A person says whether it is the same account as another."""
    form = DoubleForm()
    _insist_readable(interview_id)
    other_id = id_in(form.other.data)
    if not form.validate_on_submit() or other_id is None:
        return _page(interview_id, form)
    try:
        if form.same.data == "yes":
            duplicates.say_same(db(), interview_id, other_id, actor(), now())
            flash(_("Set aside: the other account stands for both. Nothing of it is lost."))
        else:
            duplicates.say_not_same(db(), interview_id, other_id, actor(), now())
            flash(_("Kept: these are two accounts."))
    except duplicates.StandsOnCase:
        form.form_errors.append(
            _("This account stands on a case. Take it off first, or set the other one aside.")
        )
        return _page(interview_id, form)
    except SetAside:
        form.form_errors.append(_("One of the two was set aside meanwhile. Look at both again."))
        return _page(interview_id, form)
    return _back_to(interview_id)


@blueprint.post("/<uuid:interview_id>/undo")
def undo(interview_id: UUID) -> ResponseReturnValue:
    """Undo what was decided last."""
    form = UndoForm()
    _insist_readable(interview_id)
    if not form.validate_on_submit():
        return _page(interview_id, form)
    try:
        account_history.undo(db(), interview_id, form.what.data or "", actor(), now())
    except (SomethingNewer, AlreadyLinked):
        form.form_errors.append(_("Something else was decided meanwhile. Look at it first."))
    except CannotUndo:
        form.form_errors.append(_("Only the person who chose can undo this."))
    else:
        flash(_("Undone. What was decided before stays in the list below."))
        return redirect(url_for("linking.account", interview_id=interview_id))
    return _page(interview_id, form)


@blueprint.post("/<uuid:interview_id>/unlink")
def unlink(interview_id: UUID) -> ResponseReturnValue:
    """Take it off its case. Works from the account's page and from the case's."""
    form = Form()
    if not form.validate_on_submit():
        return _page(interview_id, form)
    choosing.take_off(db(), interview_id, actor(), now())
    flash(_("The account is on no case now. What was decided before is kept below."))
    return redirect(url_for("linking.account", interview_id=interview_id))


def _page(interview_id: UUID, form: Form | None = None) -> Response:
    _insist_readable(interview_id)
    seen("interview", interview_id, TOLD)
    who = told_by(db(), interview_id)
    case_id = linking.case_of(db(), interview_id)
    stands = remarks.standing_of(db(), interview_id)
    case = cases_named(db(), [case_id])[case_id] if case_id else None
    offers = [] if case_id or stands.set_aside else _offers(interview_id, form)
    for offer in offers:
        seen("case", offer.case.id, ["reference", "name", "date_of_birth", "participants"])
    return page(
        "linking/account.html",
        signs=looking.signs(db(), interview_id, now()),
        interview_id=interview_id,
        form=form or Form(formdata=None),
        case_form=_case_form(),
        who=who,
        came=candidates.made_at(db(), interview_id),
        offers=[
            (
                each,
                linking_page.beside(each, who),
                linking_page.caution(each, who),
                _link_form(interview_id, each, form),
                not candidates.is_certain(each, who),
            )
            for each in offers
            if not each.refused
        ],
        case=case,
        told_by_listed=linking_page.told_by_listed(interview_id, case) if case else "",
        could_be=linking_page.people_to_choose(interview_id, case) if case else (),
        picked=_picked(),
        next_id=linking_page.next_to_link(interview_id),
        **linking_page.shown(interview_id, case_id, stands),
    )


def _back_to(interview_id: UUID) -> ResponseReturnValue:
    """The page of the account, with the case beside it that the lead picked herself."""
    return redirect(url_for("linking.account", interview_id=interview_id, case=_picked()))


def _picked() -> UUID | None:
    return id_in(request.args.get("case"))


def _offers(interview_id: UUID, sent: Form | None) -> list[Offer]:
    """The candidates; a case that the lead picked herself comes first."""
    found = candidates.offers(db(), interview_id, now())
    picked = _picked()
    if picked is None and isinstance(sent, LinkForm):
        picked = id_in(sent.case.data)
        if picked in {each.case.id for each in found}:
            picked = None
    if picked in {each.id for each in candidates.open_cases(db(), now())}:
        mine = candidates.offer_of(db(), interview_id, picked, now())
        found = [mine, *(each for each in found if each.case.id != picked)]
    return found


def _link_form(interview_id: UUID, offer: Offer, sent: Form | None) -> LinkForm:
    """The form beside one case: as it was sent, if it was this one's."""
    if isinstance(sent, LinkForm) and id_in(sent.case.data) == offer.case.id:
        form = sent
    else:
        form = LinkForm(formdata=None)
    form.person.options = linking_page.people_to_choose(interview_id, offer.case)
    for field in (form.person, form.why):  # there is one of each for every case on the page
        field.id = f"{field.name}-{offer.case.id.hex}"
    return form


def _case_form() -> CaseForm:
    form = CaseForm(formdata=None)
    form.case.options = linking_page.to_choose_from(candidates.open_cases(db(), now()))
    return form


def _somebody_else() -> str:
    return _("Somebody else has just put this account on a case.")


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

"""One press from the pad: what needs doing now, a complaint; and what came of such things."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import following_up
from family_voice.cases.deadlines import london_date
from family_voice.cases.following_up import FollowUpView, NotAgreed, Replied
from family_voice.cases.owners import assign
from family_voice.cases.reaching import calls_without_case
from family_voice.cases.reading import case_view, round_ledger
from family_voice.cases.rounds import current_round
from family_voice.interviews.errors import EngineError
from family_voice.language.texts import gettext as _
from family_voice.sharing import quotes
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import SAFE, db, now, settings
from family_voice.web.staff.call_pad_forms import ComplaintForm, OwnerForm, ReplyForm, ToDoForm
from family_voice.web.staff.call_pad_sitting import (
    TALK,
    blueprint,
    may_write,
    show,
    sitting,
    start_address,
    state_now,
)
from family_voice.web.staff.next_pages import call_page


@blueprint.route(TALK + "/needs-doing", methods=["GET", "POST"])
def needs_doing(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Something that cannot wait for the check, with the family's yes."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    allowed = may_write(state_now(here))
    if request.method in SAFE and not allowed:
        return redirect(here.address("call_pad.permission"))
    case = case_view(db(), case_id, now())
    form = ToDoForm(data={"worker": case.worker, "manager": case.manager})
    if form.validate_on_submit() and form.due.data is not None:
        if not allowed:
            form.form_errors = [_said_no()]
        elif form.due.data < london_date(now()):
            form.due.errors = [_("Put a day that is still to come.")]
        else:
            try:
                following_up.needs_doing(
                    db(),
                    case_id,
                    here.interview_id,
                    words=form.words.data or "",
                    worker=form.worker.data or "",
                    manager=form.manager.data or "",
                    due_on=form.due.data,
                    family_agreed=bool(form.agreed.data),
                    by=actor(),
                    now=now(),
                )
            except NotAgreed:
                form.agreed.errors = [
                    _("Ask whether you may pass this on. Without their yes, do not send it.")
                ]
            else:
                return redirect(here.address("call_pad.pad", noted=1))
    seen("case", case_id, ["worker", "manager"])
    return show("needs_doing.html", form=form, here=here, person=here.talk.person.facts)


@blueprint.route(TALK + "/complaint", methods=["GET", "POST"])
def complaint(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """A complaint goes its own way, and into the account only if they want that."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    allowed = may_write(state_now(here))
    if request.method in SAFE and not allowed:
        return redirect(here.address("call_pad.permission"))
    form = ComplaintForm()
    right = form.validate_on_submit()
    if right and not allowed:
        form.form_errors = [_said_no()]
    elif right:
        try:
            following_up.complaint(
                db(),
                case_id,
                here.interview_id,
                words=form.words.data or "",
                pass_on=bool(form.pass_on.data),
                in_account=bool(form.in_account.data),
                channel=here.channel,
                by=actor(),
                now=now(),
            )
        except EngineError:
            form.in_account.errors = [
                _("The account was sent. Open it again on the pad first, or keep this apart.")
            ]
        else:
            return redirect(here.address("call_pad.pad", noted=1))
    return show(
        "complaint.html",
        form=form,
        here=here,
        person=here.talk.person.facts,
        route=settings().complaints,
        sendiass=settings().sendiass,
    )


def _said_no() -> str:
    return _(
        "They have said no meanwhile, so nothing more is stored. What you typed is still here, "
        "and nowhere else."
    )


@blueprint.get("/follow-ups")
def follow_ups() -> ResponseReturnValue:
    """Who asked to be rung, and what somebody still owes a family an answer to, over all cases."""
    found = following_up.open_ones(db(), current_staff().id, now())
    _seen_words(found)
    today = london_date(now())
    current = current_round(db(), today)
    waiting = round_ledger(db(), current.id, now()).waiting_for_a_call if current else []
    for case, _call in waiting:
        seen("case", case.case_id, ["reference", "name"])
    return show(
        "follow_ups.html",
        found=found,
        today=today,
        case=None,
        waiting=waiting,
        calls_without_case=len(calls_without_case(db())),
        quotes_to_look_at=quotes.how_many_to_look_at(db(), now()),
        call_page=call_page,
    )


@blueprint.get("/case/<uuid:case_id>/follow-ups")
def follow_ups_of(case_id: UUID) -> ResponseReturnValue:
    """Everything of this kind about one case."""
    case = case_view(db(), case_id, now())
    found = following_up.of_case(db(), case_id, current_staff().id, now())
    seen("case", case_id, ["follow_ups"])
    _seen_words(found)
    return show("follow_ups.html", found=found, today=london_date(now()), case=case, waiting=[])


def _seen_words(found: Iterable[FollowUpView]) -> None:
    """One line for each, so that it shows who has seen this family's."""
    for it in found:
        seen("follow_up", it.id, ["words", "worker"] if it.words else ["worker"])


@blueprint.route("/follow-up/<uuid:follow_up_id>/owner", methods=["GET", "POST"])
def owner(follow_up_id: UUID) -> ResponseReturnValue:
    """Who sees to it, and by when."""
    it = following_up.one(db(), follow_up_id, current_staff().id, now())
    if it.not_for_reader and request.method not in SAFE:
        abort(403)
    form = OwnerForm(
        data={
            "worker": it.worker, "manager": it.manager, "due": it.due_on, "version": str(it.version)
        }
    )  # fmt: skip
    newer = None
    if form.validate_on_submit() and form.due.data is not None:
        try:
            assign(
                db(),
                it.id,
                _version(form),
                worker=form.worker.data or "",
                manager=form.manager.data or "",
                due_on=form.due.data,
                by=actor(),
                now=now(),
            )
        except Replied as meanwhile:
            newer = meanwhile.stored
            form.version.data = str(newer.version)
            form.worker.errors = [
                _("Somebody else changed this meanwhile. Look at what they wrote, then save again.")
            ]
        else:
            return redirect(url_for("call_pad.follow_ups_of", case_id=it.case_id))
    seen("follow_up", it.id, ["worker", "manager"])
    return show("owner.html", form=form, it=it, newer=newer)


def _version(form: OwnerForm | ReplyForm) -> int:
    """The version that was on the page."""
    typed = str(form.version.data or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@blueprint.route("/follow-up/<uuid:follow_up_id>", methods=["GET", "POST"])
def reply(follow_up_id: UUID) -> ResponseReturnValue:
    """What came of it."""
    it = following_up.one(db(), follow_up_id, current_staff().id, now())
    if it.not_for_reader and request.method not in SAFE:
        abort(403)
    form = ReplyForm(data={"words": it.reply, "version": str(it.version)})
    newer = None
    if form.validate_on_submit():
        try:
            following_up.reply(db(), it.id, _version(form), form.words.data or "", actor(), now())
        except Replied as meanwhile:
            newer = meanwhile.stored
            form.version.data = str(newer.version)
            form.words.errors = [
                _("Somebody else wrote a reply meanwhile. Both are here: make one of them.")
            ]
        else:
            return redirect(url_for("call_pad.follow_ups_of", case_id=it.case_id))
    seen("follow_up", it.id, ["words", "worker", "manager", "reply"])
    return show(
        "reply.html",
        form=form,
        it=it,
        newer=newer,
        today=london_date(now()),
        from_list="list" in request.args,
    )

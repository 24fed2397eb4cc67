"""Printed copies: numbered, for a named person, to be destroyed by a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.deadlines import destroy_by, london_date
from family_voice.cases.seats import seat_on_case, seats_on_case
from family_voice.language.texts import _, lazy
from family_voice.people.staff import names_of_staff
from family_voice.reports.case_pack import CasePack, case_pack
from family_voice.security.trail import record
from family_voice.sharing.copies import Copy, copies_of, copy_of, destroyed, make_copy
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.panel.door import blueprint, is_lead, refuse, seat_for
from family_voice.web.panel.labels import LABELS
from family_voice.web.panel.pack import shown_of
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choice, Day, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render


class CopyForm(Form):
    """For whom, and until when."""

    made_for = Choice(
        lazy("Who is this copy for?"),
        validators=[Needed(lazy("Choose the one person who will hold this copy."))],
        description=lazy("Only people with a seat at this session can hold one."),
    )
    destroy_by = Day(
        lazy("It must be destroyed by"),
        validators=[Needed(lazy("Put the last day on which this copy may exist."))],
    )


@blueprint.route("/cases/<uuid:case_id>/copies", methods=["GET", "POST"])
def copies(case_id: UUID) -> ResponseReturnValue:
    """Every copy there is, and making one: the lead for anybody seated, others for themselves."""
    seat_for(case_id)
    pack = case_pack(db(), case_id, current_staff().id, now=now())
    form = _copy_form(case_id, pack)
    if form.validate_on_submit() and pack.has_account:
        until = form.destroy_by.data
        if until and london_date(now()) <= until <= _last_day(pack):
            return _make(pack, UUID(form.made_for.data), until)
        form.destroy_by.errors = [
            _("Put a day from today until the last day, which is shown above this box.")
        ]
    return _list(pack, form, Form())


@blueprint.get("/cases/<uuid:case_id>/copies/<int(max=999999999):number>")
def copy(case_id: UUID, number: int) -> Response:
    """The copy as it is printed; consent is asked again each time."""
    seat_for(case_id)
    found = _mine(case_id, number)
    # Raises where no agreement covers the holder's agency; who gave the seat up holds none.
    if seat_on_case(db(), found.made_for, case_id, london_date(now())) is None:
        refuse(case_id)
    pack = case_pack(db(), case_id, current_staff().id, found.made_for, now=now())
    if found.destroyed_at is not None or found.destroy_by < london_date(now()):
        return render("panel/copy_over.html", 410, pack=pack, copy=found, press=Form(), **LABELS)
    seen("pack", case_id, [f"copy {number}", *shown_of(pack)])
    if not pack.has_account:
        return render("panel/no_account.html", pack=pack, is_chair=False, **LABELS)
    return render(
        "panel/copy.html",
        pack=pack,
        copy=found,
        holder=names_of_staff(db(), [found.made_for])[found.made_for],
        **LABELS,
    )


@blueprint.post("/cases/<uuid:case_id>/copies/<int(max=999999999):number>/destroyed")
def copy_destroyed(case_id: UUID, number: int) -> ResponseReturnValue:
    """The lead or the holder says that the paper is gone."""
    seat_for(case_id)
    found = _mine(case_id, number)
    press = Form()
    if not press.validate_on_submit():
        pack = case_pack(db(), case_id, current_staff().id, now=now())
        return _list(pack, _copy_form(case_id, pack, sent=False), press)
    destroyed(db(), case_id, found.number, now())
    record(db(), actor(), "change", "numbered copy", case_id, now(), [f"copy {number}"])
    return redirect(url_for("panel.copies", case_id=case_id))


def _copy_form(case_id: UUID, pack: CasePack, *, sent: bool = True) -> CopyForm:
    more = {} if sent else {"formdata": None}
    form = CopyForm(destroy_by=_last_day(pack), **more)
    form.made_for.options = [Option(str(each), name) for each, name in _holders(case_id).items()]
    return form


def _list(pack: CasePack, form: CopyForm, press: Form) -> Response:
    me, found = current_staff().id, copies_of(db(), pack.case_id)
    seen("numbered copy", pack.case_id, ["reference", "name", "copies"])
    return render(
        "panel/copies.html",
        pack=pack,
        form=form,
        last_day=_last_day(pack),
        too_late=_last_day(pack) < london_date(now()),
        copies=[each for each in found if is_lead() or each.made_for == me],
        names=names_of_staff(db(), {each.made_for for each in found}),
        is_lead=is_lead(),
        press=press,
        **LABELS,
    )


def _make(pack: CasePack, made_for: UUID, last_day: date) -> ResponseReturnValue:
    me, case_id = current_staff().id, pack.case_id
    made = make_copy(db(), case_id, made_for, me, last_day, now())
    record(
        db(), actor(), "export", "pack", case_id, now(), [f"copy {made.number}", *shown_of(pack)]
    )
    return redirect(url_for("panel.copy", case_id=case_id, number=made.number))


def _holders(case_id: UUID) -> dict[UUID, str]:
    seated = [seat.staff_id for seat in seats_on_case(db(), case_id, london_date(now()))]
    if not is_lead():
        seated = [each for each in seated if each == current_staff().id]
    return names_of_staff(db(), seated)


def _mine(case_id: UUID, number: int) -> Copy:
    """A copy for whom it was made, or for the lead."""
    found = copy_of(db(), case_id, number)
    if found is None:
        abort(404)
    if not is_lead() and found.made_for != current_staff().id:
        refuse(case_id)
    return found


def _last_day(pack: CasePack) -> date:
    days = pack.framework.deadlines.destroy_copies_working_days_after_session
    return destroy_by(pack.held_on, days)

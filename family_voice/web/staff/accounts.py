"""Staff accounts: who works with Family Voice, what they are here for, and giving a new start.

The administrator sees no family's words, and these pages show none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import segno
from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from family_voice.language.texts import _, lazy
from family_voice.people.access import Action, Resource, Role, may
from family_voice.people.accounts import StaffMember
from family_voice.people.council_accounts import disconnect, is_connected
from family_voice.people.passkeys import passkeys_of
from family_voice.people.sessions import last_seen, standing_sessions
from family_voice.people.staff import (
    Credentials,
    EmailTaken,
    LastAdministrator,
    NotAnEmail,
    OwnRoles,
    add_staff,
    change_account,
    everybody,
    reopen_staff,
    reset_staff,
    roles_of,
    sign_out_everywhere,
    stop_staff,
)
from family_voice.security.trail import record
from family_voice.storage.locking import Missing, fetch, lock
from family_voice.web.access import actor, current_roles, current_staff
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choices, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

blueprint = Blueprint("accounts", __name__, url_prefix="/staff/team")

ROLES = {
    Role.LEAD: lazy("Coproduction lead"),
    Role.SEND_LEAD: lazy("SEND lead"),
    Role.PANEL: lazy("Panel member"),
    Role.FORUM: lazy("Parent carer forum"),
    Role.BOARD: lazy("Board reader"),
    Role.DPO: lazy("Data protection officer"),
    Role.ADMIN: lazy("Administrator"),
    Role.REVIEWER: lazy("Language reviewer"),
}


class AccountForm(Form):
    """What an account says about somebody."""

    name = Line(lazy("Name"), [Needed(lazy("Put their name, as others will see it."))], longest=120)
    job_title = Line(lazy("Job"), longest=120)
    roles = Choices(
        lazy("What are they here for?"),
        [Option(role.value, words) for role, words in ROLES.items()],
        [Needed(lazy("Choose at least one."))],
    )


class NewAccountForm(AccountForm):
    """An account that is not there yet."""

    email = Line(
        lazy("Email address"),
        [Needed(lazy("Put their email address at work."))],
        longest=255,
    )


@blueprint.errorhandler(Missing)
def not_there(_missing: Missing) -> Response:
    """An account that is not there."""
    return error_page(404)


@blueprint.get("/")
def every() -> Response:
    """Everybody who has or had an account, and with what roles."""
    found = everybody(db())
    return render(
        "staff/accounts/every.html",
        staff=[(each, [str(ROLES[role]) for role in sorted(roles_of(each))]) for each in found],
        seen=last_seen(db(), [each.id for each in found]),
        may_change=may(current_roles(), Action.CHANGE, Resource.STAFF),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make an account, and show once what its first sign-in needs."""
    form = NewAccountForm()
    if form.validate_on_submit():
        roles, moment = [Role(each) for each in form.roles.data], now()
        try:
            given = add_staff(
                db(), email=form.email.data or "", roles=roles, now=moment,
                name=form.name.data or "", job_title=form.job_title.data or "",
            )  # fmt: skip
        except NotAnEmail:
            form.email.errors = [_("Write the address as name@council.gov.uk.")]
        except EmailTaken:
            form.email.errors = [_("There is an account with this address already.")]
        else:
            fields = [f"+{role.value}" for role in roles]
            record(db(), actor(), "add", "staff", given.staff_id, moment, fields)
            return _hand_over(given)
    return render("staff/accounts/new.html", form=form)


@blueprint.route("/<uuid:staff_id>", methods=["GET", "POST"])
def one(staff_id: UUID) -> ResponseReturnValue:
    """Change what an account says about somebody, and what they are here for."""
    staff = fetch(db(), StaffMember, staff_id)
    form = AccountForm(data=_said(staff))
    if form.validate_on_submit():
        try:
            changed = change_account(
                db(), staff.email, name=form.name.data or "", job_title=form.job_title.data or "",
                roles=[Role(each) for each in form.roles.data], by=current_staff().id,
            )  # fmt: skip
        except OwnRoles:
            form.roles.errors = [_("Your own roles are changed by another administrator.")]
        except LastAdministrator:
            form.roles.errors = [_last()]
        else:
            if changed:
                record(db(), actor(), "change", "staff", staff_id, now(), changed)
            return redirect(url_for("accounts.every"))
    return _page(staff, form, Form(formdata=None))


@blueprint.post("/<uuid:staff_id>/<any('reset','reopen','stop','sign-out','disconnect'):act>")
def act(staff_id: UUID, act: str) -> ResponseReturnValue:
    """Give a new start, close or open the account, sign them out, or disconnect their account."""
    staff, form = fetch(db(), StaffMember, staff_id), Form()
    if form.validate_on_submit():
        try:
            given = ACTS[act](db(), staff, now())
        except LastAdministrator:
            form.form_errors = [_last()]
        else:
            name, fields = NOTED.get(act, (act, []))
            record(db(), actor(), name, "staff", staff_id, now(), fields)
            if given is not None:
                return _hand_over(given)
            return redirect(url_for("accounts.one", staff_id=staff_id))
    return _page(staff, AccountForm(formdata=None, data=_said(staff)), form)


Act = Callable[[Session, StaffMember, datetime], Credentials | None]


def _stop(session: Session, staff: StaffMember, moment: datetime) -> None:
    stop_staff(session, staff.email, moment)


def _sign_out(session: Session, staff: StaffMember, moment: datetime) -> None:
    sign_out_everywhere(session, lock(session, StaffMember, staff.id), moment)


def _disconnect(session: Session, staff: StaffMember, _moment: datetime) -> None:
    disconnect(session, staff.id)


ACTS: dict[str, Act] = {
    "reset": lambda session, staff, moment: reset_staff(session, staff.email, moment),
    "reopen": lambda session, staff, moment: reopen_staff(session, staff.email, moment),
    "stop": _stop,
    "sign-out": _sign_out,
    "disconnect": _disconnect,
}
NOTED = {
    "sign-out": ("sign_out", ["everywhere"]),
    "disconnect": ("change", ["-council account"]),
}


def _last() -> str:
    return _("This is the last administrator. Make somebody else one first.")


def _said(staff: StaffMember) -> dict[str, object]:
    return {
        "name": staff.name,
        "job_title": staff.job_title,
        "roles": [role.value for role in roles_of(staff)],
    }


def _page(staff: StaffMember, form: AccountForm, pressed: Form) -> Response:
    return render(
        "staff/accounts/one.html",
        staff=staff,
        form=form,
        pressed=pressed,
        is_me=staff.id == current_staff().id,
        places=len(standing_sessions(db(), staff.id, now())),
        passkeys=len(passkeys_of(db(), staff.id)),
        connected=is_connected(db(), staff.id),
    )


def _hand_over(given: Credentials) -> Response:
    drawn = segno.make(given.otpauth, micro=False).svg_inline(border=2, scale=4)
    return render("staff/accounts/hand_over.html", given=given, drawn=Markup(drawn))  # noqa: S704

"""One's own account: where one is signed in, and the ways one signs in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.language.texts import lazy
from family_voice.people.accounts import StaffMember
from family_voice.people.council_accounts import is_connected
from family_voice.people.passkeys import passkeys_of, site_of
from family_voice.people.sessions import How, end_session, standing_sessions
from family_voice.people.staff import sign_out_everywhere
from family_voice.security.trail import record
from family_voice.storage.locking import lock
from family_voice.web.access import actor, current_staff
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Line, Needed
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff.session import sign_out, this_session

blueprint = Blueprint("own_account", __name__, url_prefix="/staff/me")

WAYS = {
    How.PASSWORD: lazy("password and code"),
    How.PASSKEY: lazy("passkey"),
    How.COUNCIL: lazy("council account"),
}


class PasskeyForm(Form):
    """A passkey that the browser makes, and what it is called."""

    name = Line(
        lazy("What will you call it?"),
        [Needed(lazy("Put a name that tells you later which passkey it is."))],
        longest=60,
        description=lazy("Such as the computer or telephone that holds it."),
    )
    credential = HiddenField()


@blueprint.get("/")
def places() -> Response:
    """Every browser in which one is signed in."""
    return _places(Form())


@blueprint.post("/places/<uuid:session_id>/end")
def end(session_id: UUID) -> ResponseReturnValue:
    """Sign out of one of them."""
    form = Form()
    if not form.validate_on_submit():
        return _places(form)
    me = current_staff().id
    if session_id in {each.id for each in standing_sessions(db(), me, now())}:
        end_session(db(), me, session_id, now())
        record(db(), actor(), "sign_out", "staff", me, now(), ["one browser"])
    return redirect(url_for("own_account.places"))


@blueprint.post("/everywhere")
def end_all() -> ResponseReturnValue:
    """Sign out of all of them, this one too."""
    form = Form()
    if not form.validate_on_submit():
        return _places(form)
    me = current_staff().id
    sign_out_everywhere(db(), lock(db(), StaffMember, me), now())
    record(db(), actor(), "sign_out", "staff", me, now(), ["everywhere"])
    return _to_sign_in("own_account.places")


@blueprint.get("/ways")
def ways() -> Response:
    """Password, passkeys and council account."""
    return ways_page()


@blueprint.post("/again")
def again() -> ResponseReturnValue:
    """Sign out here, to sign in again and come back: changes to how one signs in ask for it."""
    form = Form()
    if not form.validate_on_submit():
        return ways_page(pressed=form)
    return _to_sign_in("own_account.ways")


def ways_page(form: PasskeyForm | None = None, pressed: Form | None = None) -> Response:
    """The page of all ways to sign in; a form that was sent comes back with what is wrong."""
    me, fresh = current_staff(), this_session().is_fresh(now())
    return render(
        "staff/own_account/ways.html",
        (None if fresh else 422) if form else None,
        form=form or PasskeyForm(formdata=None),
        pressed=pressed or Form(formdata=None),
        passkeys=passkeys_of(db(), me.id),
        possible=site_of(settings().public_url) is not None,
        fresh=fresh,
        council=bool(settings().oidc_issuer),
        connected=is_connected(db(), me.id),
    )


def _places(form: Form) -> Response:
    return render(
        "staff/own_account/places.html",
        form=form,
        here=this_session().id,
        sessions=standing_sessions(db(), current_staff().id, now()),
        WAYS=WAYS,
    )


def _to_sign_in(afterwards: str) -> ResponseReturnValue:
    target = url_for(afterwards)
    sign_out()
    return redirect(url_for("sign_in.sign_in", next=target))

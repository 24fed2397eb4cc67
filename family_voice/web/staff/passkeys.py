"""Signing in with a passkey, and adding or removing one's own. The only pages that need scripts."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from family_voice.language.texts import _
from family_voice.people.passkeys import (
    Asked,
    PasskeyCopied,
    PasskeyRefused,
    Site,
    TooManyPasskeys,
    ask_to_make,
    ask_to_sign_in,
    holder_of,
    keep_passkey,
    passkeys_of,
    remove_passkey,
    site_of,
)
from family_voice.people.sessions import CHALLENGE_LASTS, How
from family_voice.security.trail import Actor, record
from family_voice.web.access import actor, current_staff
from family_voice.web.services import db, in_own_transaction, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.forms import Form
from family_voice.web.shared.guessing import TooManyTries, address, counted_guess
from family_voice.web.staff.own_account import PasskeyForm, ways_page
from family_voice.web.staff.session import let_in, this_session
from family_voice.web.staff.sign_in import SignInForm, onward, sign_in_page

blueprint = Blueprint("passkeys", __name__, url_prefix="/staff")

MAKING, SIGNING_IN = "passkey_made", "passkey_shown"


@blueprint.post("/sign-in/passkey/options")
def sign_in_options() -> ResponseReturnValue:
    """What the browser is to ask its passkeys."""
    site = _site()
    if not Form().validate_on_submit():
        return _old_page()
    return _ask(SIGNING_IN, ask_to_sign_in(site))


@blueprint.post("/sign-in/passkey")
def enter() -> ResponseReturnValue:
    """Sign in with what the browser answered: both factors in one."""
    site, form = _site(), Form()
    if not form.validate_on_submit():
        return sign_in_page(SignInForm(formdata=None), 422, form)
    try:
        with counted_guess(("passkey_by_address", address())) as one_try:
            staff = holder_of(db(), request.form.get("credential", ""), _asked(SIGNING_IN),
                              site, now())  # fmt: skip
            one_try.right = True
    except TooManyTries:
        return error_page(429)
    except PasskeyRefused as refused:
        if isinstance(refused, PasskeyCopied):
            _note_copy(refused)
        form.form_errors.append(
            _("That passkey did not work. Try again, or sign in with your password and code.")
        )
        return sign_in_page(SignInForm(formdata=None), 422, form)
    let_in(staff.id, How.PASSKEY)
    return onward()


@blueprint.post("/me/passkeys/options")
def options() -> ResponseReturnValue:
    """What the browser is to make a passkey for."""
    site = _site()
    if not Form().validate_on_submit():
        return _old_page()
    if not this_session().is_fresh(now()):
        return jsonify(error=_("You signed in a while ago. Sign in again first.")), 403
    try:
        return _ask(MAKING, ask_to_make(db(), current_staff(), site))
    except TooManyPasskeys:
        return jsonify(error=_("You have 10 passkeys. Remove one first.")), 409


@blueprint.post("/me/passkeys")
def add() -> ResponseReturnValue:
    """Keep a passkey that the browser has made."""
    site, form = _site(), PasskeyForm()
    if not form.validate_on_submit() or not this_session().is_fresh(now()):
        return ways_page(form)
    me = current_staff().id
    try:
        made = keep_passkey(
            db(), me, form.credential.data or "", _asked(MAKING), form.name.data or "", site, now()
        )
    except TooManyPasskeys:
        form.form_errors.append(_("You have 10 passkeys. Remove one first."))
    except PasskeyRefused:
        form.form_errors.append(_("That passkey was not kept. Try again."))
    else:
        record(db(), actor(), "add", "passkey", made, now())
        return redirect(url_for("own_account.ways"))
    return ways_page(form)


@blueprint.post("/me/passkeys/<uuid:passkey_id>/remove")
def remove(passkey_id: UUID) -> ResponseReturnValue:
    """Take one's own passkey away."""
    form = Form()
    if not form.validate_on_submit():
        return ways_page(pressed=form)
    me = current_staff().id
    if passkey_id in {each.id for each in passkeys_of(db(), me)}:
        remove_passkey(db(), me, passkey_id)
        record(db(), actor(), "remove", "passkey", passkey_id, now())
    return redirect(url_for("own_account.ways"))


def _site() -> Site:
    site = site_of(settings().public_url)
    if site is None:
        abort(404)
    return site


def _ask(kind: str, asked: Asked) -> Response:
    kept = base64.b64encode(asked.challenge).decode()
    session[kind] = [kept, int(now().timestamp())]
    return Response(asked.options, mimetype="application/json")


def _asked(kind: str) -> bytes:
    """The challenge that this browser was given, once and for ten minutes; else a useless one."""
    kept, since = session.pop(kind, ["", 0])
    if now().timestamp() - since > CHALLENGE_LASTS.total_seconds():
        return b""
    try:
        return base64.b64decode(kept)
    except binascii.Error:
        return b""


def _old_page() -> ResponseReturnValue:
    return jsonify(error=_("This page had been open for a long time. Open it again.")), 422


def _note_copy(copied: PasskeyCopied) -> None:
    moment = now()
    in_own_transaction(
        lambda own: record(
            own, Actor("staff", copied.staff_id), "refuse", "passkey", copied.passkey_id,
            moment, ["sign count"],
        )
    )  # fmt: skip

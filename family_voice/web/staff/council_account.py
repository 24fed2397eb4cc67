"""Signing in with the council's own account, and saying which council account is one's own."""

from __future__ import annotations

import hmac
from typing import cast

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from family_voice.language.texts import _
from family_voice.people.council_accounts import (
    Identity,
    SomebodyElses,
    connect,
    disconnect,
    owner_of,
)
from family_voice.people.sessions import CHALLENGE_LASTS, How, spend
from family_voice.people.single_sign_on import (
    NotProven,
    Proven,
    Provider,
    ProviderDown,
    SingleSignOn,
    Way,
)
from family_voice.security.trail import Actor, record
from family_voice.settings import Settings
from family_voice.web.access import actor, current_staff
from family_voice.web.services import after_settling, db, in_own_transaction, now
from family_voice.web.shared.forms import Form
from family_voice.web.shared.guessing import NOBODY
from family_voice.web.shared.pages import render
from family_voice.web.staff.own_account import ways_page
from family_voice.web.staff.session import let_in, signed_in, this_session
from family_voice.web.staff.sign_in import (
    SignInForm,
    code_page,
    half_signed_in,
    onward,
    sign_in_page,
    wanted_page,
)

blueprint = Blueprint("council_account", __name__, url_prefix="/staff")

EXTENSION = "family_voice_single_sign_on"
UNDER_WAY = "council_account"
TO_SIGN_IN, TO_CONNECT = "sign in", "connect"


def init_council_account(app: Flask, settings: Settings) -> None:
    """Give the application its council's sign-in, if one is set."""
    if settings.oidc_issuer:
        provider = Provider(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            settings.oidc_tenant,
            settings.oidc_strong_acr,
        )
        back = f"{settings.public_url}/staff/sign-in/council/back"
        app.extensions[EXTENSION] = SingleSignOn(provider, back)


@blueprint.post("/sign-in/council")
def start() -> ResponseReturnValue:
    """Go to the council's sign-in."""
    _sign_on()
    form = Form()
    if not form.validate_on_submit():
        return sign_in_page(SignInForm(formdata=None), 422, form)
    try:
        return _go(TO_SIGN_IN)
    except ProviderDown:
        return _down()


@blueprint.post("/me/council")
def connect_mine() -> ResponseReturnValue:
    """Go to the council's sign-in, to show which account there is one's own."""
    _sign_on()
    form = Form()
    if not form.validate_on_submit():
        return ways_page(pressed=form)
    if not this_session().is_fresh(now()):
        form.form_errors = [_("You signed in a while ago. Sign in again first.")]
        return ways_page(pressed=form)
    try:
        return _go(TO_CONNECT)
    except ProviderDown:
        form.form_errors = [_("Your council's sign-in does not answer just now. Try again later.")]
        return ways_page(pressed=form)


@blueprint.post("/me/council/remove")
def disconnect_mine() -> ResponseReturnValue:
    """Sign in with the council account no more."""
    form = Form()
    if not form.validate_on_submit():
        return ways_page(pressed=form)
    me = current_staff().id
    disconnect(db(), me)
    record(db(), actor(), "change", "staff", me, now(), ["-council account"])
    return redirect(url_for("own_account.ways"))


@blueprint.get("/sign-in/council/back")
def back() -> ResponseReturnValue:
    """Somebody comes back from the council's sign-in. Reads nothing before the answer is proven."""
    sign_on = _sign_on()
    kept = session.pop(UNDER_WAY, None)
    if not kept:
        return _not_proven()
    if not _is_ours(kept):
        return _refused()
    if "code" not in request.args:
        return _refused()  # they pressed Cancel there, or were refused
    try:
        proven = sign_on.proven(
            request.args["code"], request.args.get("iss", ""), kept["nonce"], kept["verifier"],
            now(),
        )  # fmt: skip
    except ProviderDown:
        return _down()
    except NotProven:
        return _refused()
    if not _spent_now(kept["state"]):
        return _refused()
    if kept["to"] == TO_CONNECT:
        return _connect(proven.identity, kept["who"])
    return _enter(proven, kept["next"])


def _enter(proven: Proven, wanted: str) -> ResponseReturnValue:
    moment, found = now(), []
    in_own_transaction(lambda own: found.append(owner_of(own, proven.identity, moment)))
    (staff,) = found
    if staff is None:
        _note_refusal()
        return render("security/council_unknown.html", 403)
    if proven.two_factors:
        let_in(staff.id, How.COUNCIL)
        return onward(wanted)
    half_signed_in(staff, How.COUNCIL)
    return code_page(wanted)


def _connect(identity: Identity, who: str) -> ResponseReturnValue:
    staff, moment = signed_in(), now()
    if staff is None or str(staff.id) != who:
        return _not_proven()
    me = staff.id

    def note(own: Session) -> None:
        connect(own, me, identity, moment)
        record(own, Actor("staff", me), "change", "staff", me, moment, ["+council account"])

    try:
        in_own_transaction(note)
    except SomebodyElses:
        return render("security/council_taken.html", 409)
    return redirect(url_for("own_account.ways"))


def _go(to: str) -> Response:
    way = _sign_on().way(now())
    session[UNDER_WAY] = _to_remember(way, to)
    page = render("security/council_go.html", address=way.address)
    # A form may not lead to another site (our own policy), and rightly: this page does.
    page.headers["Refresh"] = f"0; url={way.address}"
    return page


def _to_remember(way: Way, to: str) -> dict[str, object]:
    return {
        "state": way.state,
        "nonce": way.nonce,
        "verifier": way.verifier,
        "to": to,
        "who": str(current_staff().id) if to == TO_CONNECT else "",
        "next": wanted_page() if to == TO_SIGN_IN else "",
        "at": int(now().timestamp()),
    }


def _is_ours(kept: dict[str, str]) -> bool:
    age = now().timestamp() - float(kept["at"])
    state = request.args.get("state", "")
    return age <= CHALLENGE_LASTS.total_seconds() and hmac.compare_digest(
        state.encode(), kept["state"].encode()
    )


def _spent_now(state: str) -> bool:
    moment, found = now(), []
    in_own_transaction(lambda own: found.append(spend(own, state.encode(), moment)))
    return found == [True]


def _sign_on() -> SingleSignOn:
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        abort(404)
    return cast(SingleSignOn, found)


def _down() -> Response:
    form = Form(formdata=None)
    form.form_errors = [
        _(
            "Your council's sign-in does not answer just now. You can still sign in with your "
            "password and code."
        )
    ]
    return sign_in_page(SignInForm(formdata=None), 503, form)


def _note_refusal() -> None:
    moment = now()
    after_settling(
        lambda own: record(own, NOBODY, "refuse", "staff", None, moment, ["council account"])
    )


def _refused() -> Response:
    _note_refusal()
    return _not_proven()


def _not_proven() -> Response:
    form = Form(formdata=None)
    form.form_errors = [
        _(
            "Signing in with your council account did not work. Try again, or sign in with your "
            "password and code."
        )
    ]
    return sign_in_page(SignInForm(formdata=None), 403, form)

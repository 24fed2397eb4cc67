"""The one door for staff: password, then the code on their telephone, then the page they came for.

Nothing here tells whether an account exists, is closed or is being guessed at: the words, the
status and the work done are the same. Every try is counted before it is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from wtforms import PasswordField

from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.people.access import ROUTES, Door, Needs
from family_voice.people.accounts import StaffMember, password_matches, unusable_hash
from family_voice.people.passkeys import site_of
from family_voice.people.passwords import LONGEST_PASSWORD, WeakPassword, normal_password
from family_voice.people.sessions import How
from family_voice.people.staff import (
    NotAnEmail,
    change_password,
    find_staff,
    normal_email,
    roles_of,
)
from family_voice.storage.locking import lock
from family_voice.web.services import SAFE, db, now, services, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Line, Needed
from family_voice.web.shared.forms import KEPT, Form, words_kept, words_to_keep
from family_voice.web.shared.guessing import TooManyTries, address, counted_guess
from family_voice.web.shared.pages import render
from family_voice.web.shared.unsaved import is_typed
from family_voice.web.staff import session as staff_session
from family_voice.web.staff.navigation import pages_for
from family_voice.web.staff.session import let_in, right_code, signed_in

blueprint = Blueprint("sign_in", __name__, url_prefix="/staff")

HALF_WAY = "half_signed_in"
HALF_WAY_LASTS = 10 * 60
UNKEPT = "password"


class NotTheDemo(RuntimeError):
    """Signing in without a password exists in the demo only."""


class Secret(PasswordField):
    """A password, exactly as typed and never shown again."""

    data: str

    def __init__(self, label: Any, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, **more)


class SignInForm(Form):
    """Who, and their password."""

    email = Line(lazy("Email address"), [Needed(lazy("Put your email address."))], longest=255)
    password = Secret(lazy("Password"), [Needed(lazy("Put your password."))])


class CodeForm(Form):
    """The second factor."""

    code = Line(
        lazy("The 6 figures on your telephone"),
        [Needed(lazy("Put the 6 figures that your authenticator app shows now."))],
    )


class PasswordForm(Form):
    """A password of one's own."""

    password = Secret(
        lazy("Your password until now"), [Needed(lazy("Put your password until now."))]
    )
    new_password = Secret(lazy("Your new password"), [Needed(lazy("Put a new password."))])
    again = Secret(lazy("Your new password again"), [Needed(lazy("Put the new password again."))])


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """The page that somebody's role starts from."""
    staff = signed_in()
    pages = pages_for(roles_of(staff)) if staff else []
    if pages:
        return redirect(pages[0][1])
    return render("security/start.html")


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """First the password."""
    if request.method in SAFE and signed_in():
        return redirect(url_for("sign_in.start"))
    if signed_in() and Form().validate_on_submit():  # meanwhile, in another tab
        return onward()
    form = SignInForm()
    if not form.validate_on_submit():
        return sign_in_page(form)
    try:
        email = normal_email(form.email.data or "")
    except NotAnEmail:
        email = "nobody"
    try:
        with counted_guess(
            ("sign_in_by_account", email), ("sign_in_by_address", address())
        ) as one_try:
            staff = find_staff(db(), email)
            one_try.at = staff.id if staff else None
            one_try.right = _password_is(staff, form.password.data)
            if staff and one_try.right:
                half_signed_in(staff, How.PASSWORD)
    except TooManyTries:
        return error_page(429)
    if not one_try.right:
        form.form_errors.append(_("The email address or the password is not right."))
        return sign_in_page(form)
    return _code_page(CodeForm(formdata=None), 200)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Then the code on their telephone."""
    half_way = _half_way()
    if half_way is None:
        form = SignInForm(formdata=None)
        form.form_errors = [_("Please begin again with your email address and password.")]
        return sign_in_page(form, 401)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form)
    who = str(half_way.id)
    try:
        with counted_guess(
            ("second_factor", who), ("second_factor_by_day", who), at=half_way.id
        ) as one_try:
            staff = lock(db(), StaffMember, half_way.id)
            typed = "".join(letter for letter in form.code.data or "" if letter.isdigit())
            one_try.right = right_code(staff, typed)
    except TooManyTries:
        return error_page(429)
    if not one_try.right:
        form.code.errors = [
            _("That code is not right, or was used before. Wait for the next one and put that.")
        ]
        return _code_page(form)
    how = How(session.pop(HALF_WAY)[2])
    let_in(staff.id, how)
    return onward()


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    staff = signed_in()
    form = Form()
    if staff is None or not form.validate_on_submit():
        return render("security/sign_out.html", 422, form=form, inside=staff is not None)
    if staff_session.sign_out() is How.COUNCIL:
        return render("security/sign_out.html", form=form, inside=False, council=True)
    return redirect(url_for("sign_in.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Choose a password; asked for at the first sign-in, since somebody else saw that one."""
    present = signed_in()
    if present is None:
        abort(403)
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, present)
    try:
        with counted_guess(("sign_in_by_account", present.email), at=present.id) as one_try:
            one_try.right = _password_is(present, form.password.data)
    except TooManyTries:
        return error_page(429)
    if not one_try.right:
        form.password.errors = [_("This is not your password.")]
    elif form.new_password.data != form.again.data:
        form.again.errors = [_("The two new passwords are not the same.")]
    elif form.new_password.data == form.password.data:
        form.new_password.errors = [_("Put a password that is not the one until now.")]
    else:
        staff = lock(db(), StaffMember, present.id)
        try:
            change_password(db(), staff, form.new_password.data, now(), [settings().area_name])
        except WeakPassword:
            form.new_password.errors = [
                _("Put at least 12 characters that nobody can guess, such as four odd words.")
            ]
        else:
            let_in(staff.id, How.PASSWORD, "change")
            return redirect(url_for("sign_in.start"))
    return _password_page(form, present)


def sign_in_for_demo(staff: StaffMember) -> None:
    """Sign a made-up member of staff in by a button.

    Raises:
        NotTheDemo: anywhere but in the demo.
    """
    if not services().is_demo:
        raise NotTheDemo
    let_in(staff.id, How.PASSWORD)


def ask_first() -> ResponseReturnValue:
    """What somebody who is not signed in gets for a staff page.

    Words that were posted come along through both steps of signing in, to be sent again.
    """
    if request.method in SAFE:
        return redirect(url_for("sign_in.sign_in", next=_here()))
    return sign_in_page(SignInForm(formdata=None), 401)


def half_signed_in(staff: StaffMember, how: How) -> None:
    """The first factor was right; the code page asks for the second."""
    session[HALF_WAY] = [staff.fs_uniquifier, int(now().timestamp()), how.value]


def onward(wanted: str | None = None) -> ResponseReturnValue:
    """The page they came for, or their words to send again."""
    target = wanted_page() if wanted is None else wanted
    kept = [pair for pair in words_kept().items(multi=True) if UNKEPT not in pair[0]]
    if kept and target and _is_staff_page(target, "POST"):
        return render(
            "security/send_again.html",
            address=target,
            fields=[(name, value, is_typed(name, value)) for name, value in kept],
        )
    if target and _is_staff_page(target, "GET"):
        return redirect(target)
    return redirect(url_for("sign_in.start"))


def _password_is(staff: StaffMember | None, typed: str) -> bool:
    if len(typed) > LONGEST_PASSWORD:
        typed = ""
    usable = staff is not None and staff.active
    stored = staff.password if staff and usable else unusable_hash()
    return password_matches(normal_password(typed), stored) and usable


def _half_way() -> StaffMember | None:
    """Who put a right password a moment ago, if it is still theirs."""
    who, since, _how = session.get(HALF_WAY, ["", 0, ""])
    if now().timestamp() - since > HALF_WAY_LASTS:
        session.pop(HALF_WAY, None)
        return None
    staff = current_app.extensions["security"].datastore.find_user(fs_uniquifier=who)
    return staff if isinstance(staff, StaffMember) and staff.active else None


def sign_in_page(
    form: SignInForm, status: int | None = None, pressed: Form | None = None
) -> Response:
    """The first page of signing in.

    Args:
        form: email and password.
        status: the answer's; by default as the form's errors say.
        pressed: the form of another way in, with what went wrong there.
    """
    return render(
        "security/sign_in.html",
        _status(form, status),
        form=form,
        pressed=pressed or Form(formdata=None),
        next=wanted_page(),
        kept=_kept(),
        passkeys=site_of(settings().public_url) is not None,
        council=bool(settings().oidc_issuer),
    )


def code_page(wanted: str) -> Response:
    """The page for the second factor, for somebody who has shown the first in another way."""
    form = CodeForm(formdata=None)
    return render("security/code.html", form=form, next=wanted, kept=[])


def _code_page(form: CodeForm, status: int | None = None) -> Response:
    return render(
        "security/code.html", _status(form, status), form=form, next=wanted_page(), kept=_kept()
    )


def _password_page(form: PasswordForm, staff: StaffMember) -> Response:
    return render(
        "security/password.html",
        _status(form, None),
        form=form,
        email=staff.email,
        one_time=staff.must_change_password,
    )


def _status(form: Form, status: int | None) -> int:
    return status or (422 if form.errors else 200)


def _kept() -> Sequence[tuple[str, str]]:
    """What was posted to the page they came for; never what is posted to sign in itself."""
    if _signing_in():
        pairs = [pair for pair in request.form.items(multi=True) if pair[0].startswith(KEPT)]
    else:
        pairs = words_to_keep()
    return [pair for pair in pairs if UNKEPT not in pair[0]]


def _signing_in() -> bool:
    return ROUTES.get(request.endpoint or "") is Door.SIGN_IN


def _here() -> str:
    return request.full_path if request.query_string else request.path


def wanted_page() -> str:
    """Where to go afterwards: a staff page of ours, or nowhere in particular."""
    wanted = request.values.get("next", "") if _signing_in() else _here()
    return wanted if _is_staff_page(wanted, "GET") or _is_staff_page(wanted, "POST") else ""


def _is_staff_page(address: str, method: str) -> bool:
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return False
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(
            address.partition("?")[0], method=method
        )
    except HTTPException:
        return False
    rule = ROUTES.get(endpoint)
    return isinstance(rule, Needs) or rule is Door.STAFF

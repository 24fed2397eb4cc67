"""Being signed in: Flask-Security on the request's own session, and how long it lasts.

Flask-Security brings the accounts, the sessions and the second factor; its own pages are not
registered. They are many doors (rescue, recovery, reset, token, unified sign-in …), and by default
each lets a code in twice, counts no guesses or tells whether somebody exists. `sign_in` is the one
door there is.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flask import Flask, current_app, session
from flask_security import (
    Security,
    SQLAlchemySessionUserDatastore,
    current_user,
    login_user,
    logout_user,
)
from werkzeug.local import LocalProxy

from family_voice.people.accounts import (
    AUTHENTICATOR,
    ISSUER,
    PASSWORD_SCHEME,
    StaffMember,
    StaffRole,
    StaffTotp,
    totp_secrets,
    unusable_hash,
)
from family_voice.security.keyring import Keyring
from family_voice.web.services import Services, db, now

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)

_WHO = "_user_id"  # Flask-Login's own name
_SINCE, _SEEN = "staff_since", "staff_seen"


def init_session(app: Flask, services: Services) -> None:
    """Give the application its signed-in staff.

    Args:
        app: the front door.
        services: its settings and clock.
    """
    app.before_request(_keep_limits)
    app.config.update(
        SECURITY_PASSWORD_HASH=PASSWORD_SCHEME,
        SECURITY_PASSWORD_SCHEMES=[PASSWORD_SCHEME],
        SECURITY_PASSWORD_SINGLE_HASH={PASSWORD_SCHEME},
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_REQUIRED=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=[AUTHENTICATOR],
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_TOTP_SECRETS=totp_secrets(Keyring(services.settings.master_keys)),
        SECURITY_TOTP_ISSUER=ISSUER,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(LocalProxy(db), StaffMember, StaffRole),  # type: ignore[arg-type]
        register_blueprint=False,
        totp_cls=partial(StaffTotp, clock=services.clock),  # type: ignore[arg-type]
    )
    # Flask-Security also takes a token from a header, an address or JSON. Nobody is given one.
    security.login_manager.request_loader(lambda _request: None)
    unusable_hash()


def signed_in() -> StaffMember | None:
    """Who is signed in, if anybody is."""
    if _WHO not in session:
        return None
    staff = current_user._get_current_object()
    return staff if isinstance(staff, StaffMember) else None


def open_session(staff: StaffMember) -> None:
    """Sign somebody in. Commits first: what let them in must be spent before the door opens."""
    db().commit()
    login_user(staff, remember=False)
    session[_SINCE] = session[_SEEN] = _moment()


def close_session() -> None:
    """Forget in this browser who was signed in."""
    logout_user()
    session.pop(_SINCE, None)
    session.pop(_SEEN, None)


def right_code(staff: StaffMember, code: str) -> bool:
    """Whether this is the code on somebody's authenticator app now, not used before.

    Flask-Security's default looks two minutes either way, which is nine codes; this is three.
    """
    totp = current_app.extensions["security"].totp_factory
    return bool(
        staff.tf_totp_secret
        and totp.verify_totp(token=code, totp_secret=staff.tf_totp_secret, user=staff, window=30)
    )


def _keep_limits() -> None:
    if _WHO not in session:
        return
    moment = _moment()
    since, seen = session.get(_SINCE, 0), session.get(_SEEN, 0)
    if moment - since > LONGEST.total_seconds() or moment - seen > IDLE.total_seconds():
        close_session()
    elif moment - seen >= 60:
        session[_SEEN] = moment


def _moment() -> int:
    return int(now().timestamp())

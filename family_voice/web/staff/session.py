"""Being signed in: Flask-Security's accounts, and one row of our own for every browser.

Flask-Security brings the accounts, the sessions and the second factor; its own pages are not
registered. They are many doors (rescue, recovery, reset, token, unified sign-in …), and by default
each lets a code in twice, counts no guesses or tells whether somebody exists. `sign_in`, `passkeys`
and `council_account` are the doors there are.
"""

from __future__ import annotations

from functools import partial
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request, session
from flask_security import (
    Security,
    SQLAlchemySessionUserDatastore,
    current_user,
    login_user,
    logout_user,
)
from sqlalchemy.orm import Session
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
from family_voice.people.sessions import (
    How,
    SignedIn,
    begin_session,
    end_session,
    standing_session,
    still_here,
)
from family_voice.security.keyring import Keyring
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import lock
from family_voice.web.services import Services, after_settling, db, in_own_transaction, now

A_MINUTE = 60
#: What a script asks for again and again: it is no sign that anybody sits there.
BY_ITSELF = {"call_pad.whats_new"}

_WHO = "_user_id"  # Flask-Login's own name
_SECRET = "staff_session"  # noqa: S105


def init_session(app: Flask, services: Services) -> None:
    """Give the application its signed-in staff.

    Args:
        app: the front door.
        services: its settings and clock.
    """
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
    """Who is signed in, if anybody: the cookie says who, the database whether it still holds."""
    if _WHO not in session:
        return None
    found, moment = _standing(), now()
    staff = current_user._get_current_object() if found else None
    if found is None or not isinstance(staff, StaffMember) or staff.id != found.staff_id:
        _forget()
        return None
    idle = (moment - found.seen_at).total_seconds() >= A_MINUTE
    if idle and request.endpoint not in BY_ITSELF:
        after_settling(lambda own: still_here(own, found.id, moment))
    return staff


def this_session() -> SignedIn:
    """The session this request is in; only on pages kept for staff."""
    return cast(SignedIn, g.staff_session)


def let_in(staff_id: UUID, how: How, action: str = "sign_in") -> None:
    """Sign somebody in, and write that down.

    What the request has done so far is committed first: what let them in must be spent before the
    door opens.
    """
    db().commit()
    moment, agent = now(), request.user_agent.string
    found: list[tuple[StaffMember, str]] = []

    def begin(own: Session) -> None:
        before = standing_session(own, session.get(_SECRET, ""), moment)
        if before is not None:  # this browser's, which the new one takes the place of
            end_session(own, before.staff_id, before.id, moment)
        record(own, Actor("staff", staff_id), action, "staff", staff_id, moment, [how.value])
        staff = lock(own, StaffMember, staff_id)
        found.append((staff, begin_session(own, staff_id, how, agent, moment)))

    in_own_transaction(begin)
    ((staff, secret),) = found
    login_user(staff, remember=False)
    session[_SECRET] = secret
    g.pop("staff_session", None)


def sign_out() -> How:
    """End this browser's session, for good: a copy of its cookie opens nothing either.

    Returns:
        What they had signed in with.
    """
    found, moment = this_session(), now()
    end_session(db(), found.staff_id, found.id, moment)
    who = Actor("staff", found.staff_id)
    record(db(), who, "sign_out", "staff", found.staff_id, moment)
    db().commit()
    _forget()
    return found.how


def _standing() -> SignedIn | None:
    if "staff_session" not in g:
        g.staff_session = standing_session(db(), session.get(_SECRET, ""), now())
    return cast("SignedIn | None", g.staff_session)


def _forget() -> None:
    logout_user()
    session.pop(_SECRET, None)
    g.pop("staff_session", None)


def right_code(staff: StaffMember, code: str) -> bool:
    """Whether this is the code on somebody's authenticator app now, not used before.

    Flask-Security's default looks two minutes either way, which is nine codes; this is three.
    """
    totp = current_app.extensions["security"].totp_factory
    return bool(
        staff.tf_totp_secret
        and totp.verify_totp(token=code, totp_secret=staff.tf_totp_secret, user=staff, window=30)
    )

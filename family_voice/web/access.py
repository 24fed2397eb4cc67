"""Keeping every route to the access table, and who the present request is by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.people.access import ROUTES, Door, Needs, Role, may
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import roles_of
from family_voice.security.trail import Actor, record
from family_voice.web.services import (
    SAFE,
    after_settling,
    db,
    in_own_transaction,
    now,
    services,
    settings,
)
from family_voice.web.staff import sign_in
from family_voice.web.staff.navigation import main_page_of, pages_for
from family_voice.web.staff.session import signed_in

# What somebody with a one-time password may still do.
WITH_A_PASSWORD_OTHERS_SAW = frozenset({"sign_in.password"})


class UnlistedRoute(RuntimeError):
    """A route that the access table does not name; nobody may open it."""


class NotSignedIn(RuntimeError):
    """A page that anybody may open asked who is signed in: a mistake in our code."""


def init_access(app: Flask) -> None:
    """Ask the access table before every view, and name who is signed in on staff pages."""
    app.before_request(_guard)

    @app.context_processor
    def frame() -> dict[str, object]:
        if "staff" not in g:
            return {}
        return {
            "signed_in_as": g.staff.name,
            "sign_out_address": url_for("sign_in.sign_out"),
            "own_account_address": url_for("own_account.places"),
            "navigation": pages_for(current_roles()),
            "under": main_page_of(request.endpoint),
            "home": url_for("sign_in.start"),
            "may_open": may_open,
        }


def current_staff() -> StaffMember:
    """The member of staff this request is by, as they were when it began; do not change it.

    Raises:
        NotSignedIn: on a page that is not kept for staff.
    """
    if "staff" not in g:
        raise NotSignedIn(request.endpoint)
    return cast(StaffMember, g.staff)


def current_roles() -> frozenset[Role]:
    """What the member of staff is here for."""
    current_staff()
    return cast("frozenset[Role]", g.roles)


def may_open(endpoint: str) -> bool:
    """Whether the access table lets this member of staff go to a page, for links in templates."""
    rule = ROUTES.get(endpoint)
    if isinstance(rule, Needs):
        return may(current_roles(), rule.action, rule.resource)
    return isinstance(rule, Door)


def actor() -> Actor:
    """Who this request is by, for the audit trail."""
    return Actor("staff", current_staff().id)


def seen(resource: str, resource_id: UUID | None, fields: Sequence[str] = ()) -> None:
    """Write into the audit trail that this member of staff saw something.

    The line is written in a transaction of its own after the request's own is settled and before
    any byte leaves; if it cannot be written, nothing is shown.

    Args:
        resource: what kind of thing.
        resource_id: which one.
        fields: names of what was shown, never values.
    """
    _afterwards("view", resource, resource_id, fields)


def exported(resource: str, resource_id: UUID | None, fields: Sequence[str]) -> None:
    """Write into the audit trail that this member of staff took a file away, as with `seen`."""
    _afterwards("export", resource, resource_id, fields)


def changed(resource: str, resource_id: UUID | None, fields: Sequence[str] = ()) -> None:
    """Write into the audit trail, with the change itself, that this member of staff made it.

    Args:
        resource: what kind of thing.
        resource_id: which one.
        fields: names of what was changed, never values.
    """
    record(db(), actor(), "change", resource, resource_id, now(), fields)


def refused(resource: str, resource_id: UUID | None, fields: Sequence[str] = ("see",)) -> None:
    """Write into the audit trail that this member of staff was refused something.

    The line stands whatever becomes of the request, as with `seen`.
    """
    _afterwards("refuse", resource, resource_id, fields)


def _afterwards(
    action: str, resource: str, resource_id: UUID | None, fields: Sequence[str]
) -> None:
    who, moment = actor(), now()
    after_settling(
        lambda session: record(session, who, action, resource, resource_id, moment, fields)
    )


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    rule = ROUTES.get(request.endpoint)
    if rule is None:
        raise UnlistedRoute(request.endpoint)
    if rule is Door.DEMO and not services().is_demo:
        abort(404)
    if rule is not Door.WEBHOOK and _sent_from_elsewhere():
        current_app.logger.warning("refused what another site sent to %s", request.endpoint)
        abort(403)
    if isinstance(rule, Door) and rule is not Door.STAFF:
        return None
    staff = signed_in()
    if staff is None:
        return sign_in.ask_first()
    _remember(staff)
    if staff.must_change_password and request.endpoint not in WITH_A_PASSWORD_OTHERS_SAW:
        return redirect(url_for("sign_in.password"))
    if isinstance(rule, Needs) and not may(current_roles(), rule.action, rule.resource):
        _refuse(rule)
    return None


def _remember(staff: StaffMember) -> None:
    g.staff, g.roles = staff, roles_of(staff)
    # Out of the request's session: a rollback would empty what these know, also for error pages.
    for row in (staff, *staff.roles):
        if row in db():
            db().expunge(row)


def _refuse(rule: Needs) -> None:
    who, moment = actor(), now()
    in_own_transaction(
        lambda session: record(
            session, who, "refuse", rule.resource.value, None, moment, [rule.action.value]
        )
    )
    abort(403)


def _sent_from_elsewhere() -> bool:
    """Whether another site made the browser send this: a second fence behind the forms' tokens."""
    if request.method in SAFE:
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc not in {request.host, urlsplit(settings().public_url).netloc}

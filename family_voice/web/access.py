"""Keeping every route to the access table."""

from __future__ import annotations

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from family_voice.people.access import ROUTES, Door


class UnlistedRoute(RuntimeError):
    """A route that the access table does not name; nobody may open it."""


def init_access(app: Flask) -> None:
    """Ask the access table before every view."""
    app.before_request(_guard)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    rule = ROUTES.get(request.endpoint)
    if rule is None:
        raise UnlistedRoute(request.endpoint)
    if isinstance(rule, Door):
        return None
    abort(403)

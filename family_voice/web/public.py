"""Pages for anybody: the front page, health, and what the law asks to be said."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from sqlalchemy import text

from family_voice.web.services import db, settings

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
def home() -> str:
    """The front page: where a family with a letter, and a member of staff, go next."""
    return render_template("public/home.html")


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether the process reaches its database."""
    db().execute(text("SELECT 1"))
    return Response("ready\n", mimetype="text/plain")


@blueprint.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Where to report a weakness (RFC 9116)."""
    address = settings().public_url
    return Response(
        f"Contact: {address}/privacy#security\nPreferred-Languages: en\n", mimetype="text/plain"
    )


@blueprint.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("public/accessibility.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """The privacy notice."""
    return render_template("public/privacy.html")

"""Pages for anybody: the front page, health, and what the law asks to be said."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response

from family_voice.consent.lawful_basis import lawful_basis
from family_voice.storage.engine import touch
from family_voice.web.services import db, now, settings
from family_voice.web.shared.pages import render

# RFC 9116 asks for a day less than a year away; a page made when asked for never goes stale.
SECURITY_TXT_LASTS = timedelta(days=180)

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
def home() -> Response:
    """The front page: where a family with a letter, and a member of staff, go next."""
    return render("public/home.html", phone=settings().phone)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether the process reaches its database."""
    touch(db())
    return Response("ready\n", mimetype="text/plain")


@blueprint.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Where to report a weakness (RFC 9116)."""
    address = settings().public_url
    contact = settings().security_contact or f"{address}/privacy#security"
    expires = (now() + SECURITY_TXT_LASTS).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {address}/.well-known/security.txt",
        f"Policy: {address}/privacy#security",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """The accessibility statement."""
    return render("public/accessibility.html", phone=settings().phone)


@blueprint.get("/privacy")
def privacy() -> Response:
    """The privacy notice."""
    chosen = settings()
    return render(
        "public/privacy.html",
        phone=chosen.phone,
        team_name=chosen.team_name,
        area_name=chosen.area_name,
        data_protection=chosen.data_protection,
        lawful_basis=lawful_basis(chosen),
        texts_by_twilio=chosen.sms == "twilio",
    )

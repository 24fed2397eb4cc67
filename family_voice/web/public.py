"""Pages for anybody: the front page, health, and what the law asks to be said."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, send_file

from family_voice.consent.lawful_basis import lawful_basis
from family_voice.language.formats import one_line
from family_voice.language.team import team_named
from family_voice.storage.engine import touch
from family_voice.web.services import db, now, settings
from family_voice.web.shared import pictures, recordings
from family_voice.web.shared.pages import render

# RFC 9116 asks for a day less than a year away; a page made when asked for never goes stale.
SECURITY_TXT_LASTS = timedelta(days=180)

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
def home() -> Response:
    """The front page: where a family with a letter, and a member of staff, go next."""
    return render("public/home.html", phone=one_line(settings().phone))


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


@blueprint.get("/pictures/<name>")
def own_picture(name: str) -> Response:
    """One of the council's own pictures. Its address names its content, so it may be kept long."""
    file = pictures.own_picture(name)
    if file is None:
        abort(404)
    sent = send_file(file.resolve(), mimetype=pictures.KINDS[file.suffix])
    # A drawing may hold a script; opened by itself it is a page of nobody's and runs nothing.
    sent.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return sent


@blueprint.get("/recordings/<language>/<audience>/<prompt_id>")
def own_recording(language: str, audience: str, prompt_id: str) -> Response:
    """One question, read out by the council. Its address names its content, as a picture's does."""
    file = recordings.own_recording(language, audience, prompt_id)
    if file is None:
        abort(404)
    return send_file(file.resolve(), mimetype=recordings.KINDS[file.suffix])


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """The accessibility statement."""
    return render("public/accessibility.html", phone=one_line(settings().phone))


@blueprint.get("/privacy")
def privacy() -> Response:
    """The privacy notice."""
    chosen = settings()
    return render(
        "public/privacy.html",
        phone=one_line(chosen.phone),
        team_name=team_named(chosen.team_name),
        area_name=chosen.area_name,
        data_protection=chosen.data_protection,
        lawful_basis=lawful_basis(chosen),
        texts_by=chosen.sms,
    )

"""Twilio's two webhooks: a text arrived; a text of ours got this far.

Signed or refused; answered with nothing but an empty document, after the commit. What the family
hears goes through the outbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session, sessionmaker
from twilio.request_validator import RequestValidator

from family_voice.messages import settling
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import in_one_transaction

_log = logging.getLogger(__name__)

NOTHING: Final = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
#: What is read of a text: the first three must be there. Names and values are signed with nothing
#: between them: a request whose letters wandered from one to the other fits the signature too.
NEEDED: Final = ("MessageSid", "From", "Body")
COUNTED: Final = ("NumSegments", "NumMedia")
READ: Final = NEEDED + COUNTED
LONGEST_ID: Final = 64
LONGEST_PHONE: Final = 20
LONGEST_ERROR: Final = 40


def make_blueprint(
    settings: Settings, sessions: sessionmaker[Session], clock: Callable[[], datetime]
) -> Blueprint:
    """The routes `/sms/inbound` and `/sms/status`.

    Args:
        settings: the token Twilio signs with, and the public address it signs.
        sessions: makes sessions; each webhook is one transaction of its own.
        clock: the present.
    """
    blueprint = Blueprint("sms", __name__, url_prefix="/sms")

    @blueprint.before_request
    def signed_or_refused() -> Response | None:
        if _is_signed(settings):
            return None
        _log.warning("refused a webhook that is not signed as Twilio signs")
        return _refused("This request is not signed as Twilio signs.", 403)

    @blueprint.post("/inbound")
    def inbound() -> Response:
        incoming = _incoming()
        if incoming is None:
            return _refused(f"{', '.join(NEEDED)} are needed.", 400)
        in_one_transaction(sessions, lambda session: take_in(session, settings, incoming, clock()))
        return _nothing()

    @blueprint.post("/status")
    def status() -> Response:
        provider_id = request.form.get("MessageSid", "")
        word = request.form.get("MessageStatus", "")
        if not _plain(provider_id, LONGEST_ID) or not _plain(word, LONGEST_ID):
            return _refused("MessageSid and MessageStatus are needed.", 400)
        error = request.form.get("ErrorCode", "")
        reason = error if _plain(error, LONGEST_ERROR) else None
        # About texts that are not ours nothing is said or done.
        in_one_transaction(
            sessions,
            lambda session: settling.apply_status(
                session, provider_id, word, clock(), _reference(), reason
            ),
        )
        return _nothing()

    return blueprint


def _is_signed(settings: Settings) -> bool:
    """Twilio signs the whole address and every parameter with the account's token."""
    token = settings.twilio_auth_token
    query = request.query_string.decode("ascii", "replace")
    address = f"{settings.public_url}{request.path}" + (f"?{query}" if query else "")
    signature = request.headers.get("X-Twilio-Signature", "")
    return bool(token) and bool(RequestValidator(token).validate(address, request.form, signature))


def _incoming() -> Incoming | None:
    provider_id, phone = request.form.get("MessageSid", ""), request.form.get("From", "")
    if not set(NEEDED) <= set(request.form) or any(map(_wandered, request.form)):
        return None
    if not _plain(provider_id, LONGEST_ID) or not _plain(phone, LONGEST_PHONE):
        return None
    return Incoming(
        provider_id=provider_id,
        phone=phone,
        body=request.form.get("Body", ""),
        segments=max(1, _number("NumSegments", 1)),
        pictures=_number("NumMedia", 0),
    )


def _wandered(name: str) -> bool:
    """Whether it is one of those that may be missing, and lost letters or took some up."""
    return name not in COUNTED and any(
        name.startswith(whole) or whole.startswith(name) for whole in COUNTED
    )


def _nothing() -> Response:
    return Response(NOTHING, 200, mimetype="text/xml")


def _refused(sentence: str, status: int) -> Response:
    return Response(f"{sentence}\n", status, mimetype="text/plain")


def _plain(value: str, longest: int) -> bool:
    return 0 < len(value) <= longest and value.isascii() and value.isprintable()


def _number(name: str, otherwise: int) -> int:
    value = request.form.get(name, "")
    return (
        min(int(value), 99) if value.isascii() and value.isdigit() and len(value) < 9 else otherwise
    )


def _reference() -> UUID | None:
    try:
        return UUID(request.args.get("message", ""))
    except ValueError:
        return None

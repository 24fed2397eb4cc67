"""Twilio's two webhooks: a text arrived; a text of ours got this far.

Signed or refused; answered with nothing but an empty document, after the commit (`web.services`
commits before the answer leaves). What the family hears goes through the outbox.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from twilio.request_validator import RequestValidator

from family_voice.messages import sending
from family_voice.sms.handling import Incoming, take_in
from family_voice.web.services import db, now, settings

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
LONGEST_ID = 64
LONGEST_PHONE = 20

blueprint = Blueprint("sms", __name__, url_prefix="/sms")


@blueprint.before_request
def _signed_or_refused() -> Response | None:
    """Twilio signs the whole address and every parameter with the account's token."""
    token = settings().twilio_auth_token
    query = request.query_string.decode("ascii", "replace")
    address = f"{settings().public_url}{request.path}" + (f"?{query}" if query else "")
    signature = request.headers.get("X-Twilio-Signature", "")
    if token and RequestValidator(token).validate(address, request.form, signature):
        return None
    return Response("This request is not signed as Twilio signs.\n", 403, mimetype="text/plain")


@blueprint.post("/inbound")
def inbound() -> Response:
    """A text arrived."""
    provider_id, phone = request.form.get("MessageSid", ""), request.form.get("From", "")
    if not _plain(provider_id, LONGEST_ID) or not _plain(phone, LONGEST_PHONE):
        return Response("MessageSid and From are needed.\n", 400, mimetype="text/plain")
    take_in(
        db(),
        settings(),
        Incoming(
            provider_id=provider_id,
            phone=phone,
            body=request.form.get("Body", ""),
            segments=max(1, _number("NumSegments", 1)),
            pictures=_number("NumMedia", 0),
        ),
        now(),
    )
    return _nothing()


@blueprint.post("/status")
def status() -> Response:
    """A text of ours got this far. About texts that are not ours nothing is said or done."""
    provider_id, word = request.form.get("MessageSid", ""), request.form.get("MessageStatus", "")
    if not _plain(provider_id, LONGEST_ID) or not _plain(word, LONGEST_ID):
        return Response("MessageSid and MessageStatus are needed.\n", 400, mimetype="text/plain")
    sending.apply_status(
        db(),
        provider_id,
        word,
        now(),
        reference=_reference(),
        error=request.form.get("ErrorCode", "")[:40] or None,
    )
    return _nothing()


def _nothing() -> Response:
    return Response(NOTHING, 200, mimetype="text/xml")


def _plain(value: str, longest: int) -> bool:
    return 0 < len(value) <= longest and value.isascii() and value.isprintable()


def _number(name: str, otherwise: int) -> int:
    value = request.form.get(name, "")
    return min(int(value), 99) if value.isascii() and value.isdigit() else otherwise


def _reference() -> UUID | None:
    try:
        return UUID(request.args.get("message", ""))
    except ValueError:
        return None

"""GOV.UK Notify's two callbacks: a text arrived; a text of ours got this far.

Notify shows the bearer token it was given, and asks again five times, five minutes apart, where we
fail; it does not ask again where it is refused. What it could not deliver the poller fetches.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session, sessionmaker

from family_voice.messages import settling
from family_voice.messages.notify_gateway import phone_of
from family_voice.messages.segments import count
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import in_one_transaction

_log = logging.getLogger(__name__)

LONGEST: Final = {"id": 64, "source_number": 20, "message": 20_000, "status": 40}


def make_blueprint(
    settings: Settings, sessions: sessionmaker[Session], clock: Callable[[], datetime]
) -> Blueprint:
    """The routes `/sms/notify/inbound` and `/sms/notify/status`.

    Args:
        settings: the bearer tokens; without one every callback is refused.
        sessions: makes sessions; each callback is one transaction of its own.
        clock: the present.
    """
    blueprint = Blueprint("sms_notify", __name__, url_prefix="/sms/notify")

    @blueprint.before_request
    def known_or_refused() -> Response | None:
        if _shows_a_token(settings.notify_bearer_tokens):
            return None
        _log.warning("refused a callback without Notify's bearer token")
        return _refused("This request does not show the bearer token.", 401)

    @blueprint.post("/inbound")
    def inbound() -> Response:
        given = _given("id", "source_number", "message")
        if given is None:
            return _refused("id, source_number and message are needed, as JSON.", 400)
        incoming = Incoming(
            provider_id=given["id"],
            phone=phone_of(given["source_number"]),
            body=given["message"],
            segments=count(given["message"]).parts,
            at=_received_at(),
        )
        in_one_transaction(sessions, lambda session: take_in(session, settings, incoming, clock()))
        return Response(status=200)

    @blueprint.post("/status")
    def status() -> Response:
        given = _given("id", "status")
        if given is None:
            return _refused("id and status are needed, as JSON.", 400)
        word = given["status"]
        reason = word if word.endswith("-failure") else None
        # About texts that are not ours nothing is said or done.
        in_one_transaction(
            sessions,
            lambda session: settling.apply_status(
                session, given["id"], word, clock(), _reference(), reason
            ),
        )
        return Response(status=200)

    return blueprint


def _shows_a_token(tokens: tuple[str, ...]) -> bool:
    """Whether the request shows one of them. Each is compared whole, whichever it is."""
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    same = [hmac.compare_digest(shown.encode(), token.encode()) for token in tokens]
    return kind.lower() == "bearer" and any(same)


def _given(*names: str) -> dict[str, str] | None:
    """What the request's JSON says under these names; None if it is not what Notify would send.

    Only a text may be empty or hold anything but plain ASCII.
    """
    found = {name: _said(name) for name in names}
    fine = all(
        value is not None
        and len(value) <= LONGEST[name]
        and (name == "message" or (value != "" and value.isascii() and value.isprintable()))
        for name, value in found.items()
    )
    return {name: value or "" for name, value in found.items()} if fine else None


def _reference() -> UUID | None:
    try:
        return UUID(_said("reference") or "")
    except ValueError:
        return None


def _received_at() -> datetime | None:
    """When Notify got the text: it may ask us again for half an hour."""
    try:
        moment = datetime.fromisoformat(_said("date_received") or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _said(name: str) -> str | None:
    sent = request.get_json(silent=True)
    value = sent.get(name) if isinstance(sent, dict) else None
    return value if isinstance(value, str) else None


def _refused(sentence: str, status: int) -> Response:
    return Response(f"{sentence}\n", status, mimetype="text/plain")

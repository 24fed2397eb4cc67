"""A GOV.UK Notify of our own: real HTTP on the loopback, the bits of its API that its client uses.

The client's own code checks the client's tokens. What was sent and what was texted is remembered,
pages are as Notify makes them, and it can be told to misbehave.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

SERVICE = "8b4b1f0e-5b1c-4f0a-9a55-0d2c3c7e4a11"
SECRET = "2f9c1d7a-3a64-4c1e-8d5b-6b1a0f2e9c33"
KEY = f"family_voice-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
SENDER = "8e222534-7f05-4972-86e3-17c5d9f894e2"
NUMBER = "+447700900901"
BEARER = "a bearer token of the stand-in's own, long"
PAGE = 250

#: What Notify answers: the status and the type of the error, by the mood.
ERRORS = {
    "rate": (429, "RateLimitError"),
    "day": (429, "TooManyRequestsError"),
    "key": (403, "AuthError"),
    "number": (400, "ValidationError"),
    "trial": (400, "BadRequestError"),
    "500": (500, "Exception"),
    "503": (503, "Exception"),
}


@dataclass
class Text:
    """One text as Notify holds it."""

    id: str
    to: str
    sender: str
    body: str
    direction: str
    at: datetime
    reference: str | None = None
    status: str = "created"


@dataclass
class NotifyStandIn:
    """The service: every text, in order, and how to behave next.

    `moods` are used up one a send: a word of `ERRORS` refuses it; `lost` takes it and breaks the
    connection; `500 taken` takes it and answers with 500. `list_moods` likewise for lists.
    """

    clock: Callable[[], datetime]
    held: list[Text] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    list_moods: list[str] = field(default_factory=list)
    asked: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def outbound(self, to: str | None = None) -> list[Text]:
        """What we sent, oldest first."""
        return [text for text in self.held if text.direction == "out" and to in (None, text.to)]

    def text(self, phone: str, body: str, _segments: int = 1) -> Text:
        """Somebody texts our number; nothing is delivered to us yet."""
        return self._hold(phone=phone, to=NUMBER, body=body, direction="inbound")

    def create(self, form: dict[str, Any]) -> Text:
        """Take a text of ours."""
        text = self._hold(
            phone=NUMBER,
            to=form["phone_number"],
            # As Notify: the field is filled in, and nothing stands around it in the template.
            body=form["personalisation"]["body"].strip(),
            direction="out",
        )
        text.reference = form.get("reference")
        return text

    def _hold(self, *, phone: str, to: str, body: str, direction: str) -> Text:
        with self.lock:
            number = len(self.held) + 1
            text = Text(str(UUID(int=number)), to, phone, body, direction, self.clock())
            self.held.append(text)
        return text


def received(text: Text) -> dict[str, str]:
    """What Notify posts for a text that arrived: numbers without their plus."""
    return {
        "id": text.id,
        "source_number": text.sender.removeprefix("+"),
        "destination_number": "0" + text.to.removeprefix("+44"),
        "message": text.body,
        "date_received": _moment(text.at),
    }


def receipt(text: Text, status: str) -> dict[str, Any]:
    """What Notify posts about a text of ours."""
    return {
        "id": text.id,
        "reference": text.reference,
        "to": text.to,
        "status": status,
        "created_at": _moment(text.at),
        "completed_at": _moment(text.at),
        "sent_at": _moment(text.at),
        "notification_type": "sms",
        "template_id": TEMPLATE,
        "template_version": 1,
    }


def shown(token: str = BEARER) -> dict[str, str]:
    """The header Notify adds."""
    return {"Authorization": f"Bearer {token}"}


@contextmanager
def serving(clock: Callable[[], datetime]) -> Iterator[NotifyStandIn]:
    """The stand-in on a free port of the loopback."""
    service = NotifyStandIn(clock)
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *parts: _Handler(service, *parts))
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    said: object = None
    disable_nagle_algorithm = True

    def __init__(self, service: NotifyStandIn, *connection: Any) -> None:
        self.service = service
        super().__init__(*connection)

    def do_POST(self) -> None:
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.said = form
        if not self._known():
            return
        if self.path != "/v2/notifications/sms":
            self._refuse(404, "NoResultFound")
            return
        wrong = (
            form.get("template_id") != TEMPLATE
            or form.get("sms_sender_id") not in (None, SENDER)
            or list(form.get("personalisation", {})) != ["body"]
        )
        with self.service.lock:
            mood = self.service.moods.pop(0) if self.service.moods else ""
        if wrong:
            self._refuse(400, "BadRequestError")
        elif mood in ERRORS:
            self._refuse(*ERRORS[mood])
        else:
            text = self.service.create(form)
            if mood == "lost":
                self._broken_off()
            elif mood == "500 taken":
                self._refuse(500, "Exception")
            else:
                self._answer(201, {"id": text.id, "reference": text.reference})

    def do_GET(self) -> None:
        if not self._known():
            return
        with self.service.lock:
            self.service.asked += 1
            mood = self.service.list_moods.pop(0) if self.service.list_moods else ""
            held = list(reversed(self.service.held))
        if mood:
            self._refuse(*ERRORS[mood])
            return
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if parts.path == "/v2/notifications":
            wanted = asked.get("reference")
            ours = [each for each in held if each.direction == "out"]
            found = [each for each in ours if wanted in (None, each.reference)]
            self._page("notifications", found, asked, _ours)
        elif parts.path == "/v2/received-text-messages":
            theirs = [each for each in held if each.direction == "inbound"]
            self._page("received_text_messages", theirs, asked, _theirs)
        else:
            self._refuse(404, "NoResultFound")

    def _page(
        self,
        name: str,
        found: list[Text],
        asked: dict[str, str],
        shape: Callable[[Text], dict[str, Any]],
    ) -> None:
        if "older_than" in asked:
            ids = [each.id for each in found]
            found = found[ids.index(asked["older_than"]) + 1 :]
        page = found[:PAGE]
        links = {"current": f"{self.service.url}{self.path}"}
        if page:
            following = urlencode(asked | {"older_than": page[-1].id})
            links["next"] = f"{self.service.url}{urlsplit(self.path).path}?{following}"
        self._answer(200, {name: [shape(each) for each in page], "links": links})

    def _known(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            if get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET):
                return True
        except TokenError:
            pass
        self._refuse(403, "AuthError")
        return False

    def _refuse(self, status: int, kind: str) -> None:
        error = {"error": kind, "message": f"words that change {self.said}"}
        self._answer(status, {"status_code": status, "errors": [error]})

    def _broken_off(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return None


def _ours(text: Text) -> dict[str, Any]:
    return {
        "id": text.id,
        "reference": text.reference,
        "phone_number": text.to,
        "type": "sms",
        "status": text.status,
        "body": text.body,
        "created_at": _moment(text.at),
    }


def _theirs(text: Text) -> dict[str, Any]:
    return {
        "id": text.id,
        "user_number": text.sender.removeprefix("+"),
        "notify_number": "0" + text.to.removeprefix("+44"),
        "content": text.body,
        "service_id": SERVICE,
        "created_at": _moment(text.at),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

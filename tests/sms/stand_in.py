"""A Twilio of our own: real HTTP on the loopback, the bits of the 2010-04-01 API that the SDK uses.

It remembers what it took and what was texted to it, signs webhooks with the SDK's own
`RequestValidator`, and can be told to misbehave for the next few requests.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "0" * 32
TOKEN = "a stand-in's token"
NUMBER = "+447700900900"


@dataclass
class Held:
    """One message as Twilio holds it."""

    sid: str
    to: str
    sender: str
    body: str
    direction: str
    at: datetime
    callback: str = ""
    segments: int = 1

    def as_json(self) -> dict[str, Any]:
        moment = format_datetime(self.at.astimezone(UTC))
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "direction": self.direction,
            "status": "received" if self.direction == "inbound" else "queued",
            "num_segments": str(self.segments),
            "num_media": "0",
            "date_created": moment,
            "date_sent": moment if self.direction == "inbound" else None,
            "date_updated": moment,
            "api_version": "2010-04-01",
            "error_code": None,
            "error_message": None,
        }


@dataclass
class StandIn:
    """The account: every message held, in order, and how to behave next.

    `moods` are used up one a create: `429`, `500`, `21610`, `lost` (taken, and the answer never
    comes), `unreachable` (not taken, and the answer never comes).
    """

    clock: Callable[[], datetime]
    held: list[Held] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def outbound(self, to: str | None = None) -> list[Held]:
        """What we sent, oldest first."""
        return [m for m in self.held if m.direction != "inbound" and to in (None, m.to)]

    def text(self, phone: str, body: str, segments: int = 1) -> Held:
        """Somebody texts our number; nothing is delivered to us yet."""
        with self.lock:
            sid = f"SM{len(self.held) + 1:032x}"
            message = Held(sid, NUMBER, phone, body, "inbound", self.clock(), segments=segments)
            self.held.append(message)
        return message

    def create(self, form: dict[str, str]) -> Held:
        with self.lock:
            message = Held(
                f"SM{len(self.held) + 1:032x}",
                form["To"],
                form["From"],
                form["Body"],
                "outbound-api",
                self.clock(),
                form.get("StatusCallback", ""),
            )
            self.held.append(message)
        return message


def webhook(message: Held) -> dict[str, str]:
    """What Twilio posts for a text that arrived."""
    return {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "AccountSid": ACCOUNT,
        "From": message.sender,
        "To": message.to,
        "Body": message.body,
        "NumMedia": "0",
        "NumSegments": str(message.segments),
        "ApiVersion": "2010-04-01",
    }


def signed(address: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    """The header Twilio adds."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(address, form)}


@contextmanager
def serving(clock: Callable[[], datetime]) -> Iterator[StandIn]:
    """The stand-in on a free port of the loopback."""
    account = StandIn(clock)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            if not self._known():
                return
            mood = account.moods.pop(0) if account.moods else ""
            if mood == "lost":
                account.create(form)
            if mood in ("lost", "unreachable"):
                self.close_connection = True
                self.connection.close()
                return
            if mood:
                status = int(mood) if len(mood) == 3 else 400
                self._answer(status, {"code": int(mood), "message": "no", "status": status})
                return
            self._answer(201, account.create(form).as_json())

        def do_GET(self) -> None:
            if not self._known():
                return
            asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
            since = asked.get("DateSent>")
            found = [
                m.as_json()
                for m in reversed(account.held)
                if asked.get("To") in (None, m.to)
                and asked.get("From") in (None, m.sender)
                # As at Twilio: what has not been sent yet has no date of sending.
                and (
                    since is None
                    or (m.direction == "inbound" and m.at >= datetime.fromisoformat(since))
                )
            ]
            self._answer(200, {"messages": found, "next_page_uri": None, "page_size": 200})

        def _known(self) -> bool:
            expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
            messages = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
            if self.headers.get("Authorization") != f"Basic {expected}":
                self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
            elif urlsplit(self.path).path != messages:
                self._answer(404, {"code": 20404, "message": "Not found", "status": 404})
            else:
                return True
            return False

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    account.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def query(**values: str) -> str:
    """A query string."""
    return urlencode(values)

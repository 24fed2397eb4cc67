"""A Twilio of our own: real HTTP on the loopback, the bits of its API that the SDK uses.

It remembers what it took and what was texted to it, who told it STOP, and how far each text got; it
signs webhooks with the SDK's own `RequestValidator`, and can be told to misbehave. `post.py` makes
it post webhooks by itself, `apart.py` gives it a process of its own.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
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

#: What Twilio itself acts on where it is the whole text: https://help.twilio.com/articles/223134027
STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"})
STARTS = frozenset({"START", "YES", "UNSTOP"})
STOPPED = "21610"
#: The moods in which a text is taken although no answer, or a bad one, tells of it.
TAKEN = frozenset({"lost", "late", "500 taken"})
SENT = frozenset({"sent", "delivered", "undelivered", "failed"})
PAGE = 50


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
    status: str = "queued"
    error: str = ""
    pictures: int = 0

    @property
    def reference(self) -> str:
        """Our own id of it, as its callback carries it."""
        return dict(parse_qsl(urlsplit(self.callback).query)).get("message", "")

    def as_json(self) -> dict[str, Any]:
        moment = format_datetime(self.at.astimezone(UTC))
        inbound = self.direction == "inbound"
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "direction": self.direction,
            "status": "received" if inbound else self.status,
            "num_segments": str(self.segments),
            "num_media": str(self.pictures),
            "date_created": moment,
            # As at Twilio: what has not been sent yet has no date of sending.
            "date_sent": moment if inbound or self.status in SENT else None,
            "date_updated": moment,
            "api_version": "2010-04-01",
            "error_code": int(self.error) if self.error else None,
            "error_message": None,
        }


@dataclass
class StandIn:
    """The account: every message held, in order, and how to behave next.

    `moods` are used up one a create, and when there are none `weather` is asked, if there is one,
    with what was posted:

    * `429` (with Retry-After, if `retry_after` is set), `500`, `503`, `21610` and other codes:
      refused, and not taken;
    * `lost`: taken, and the connection breaks; `late`: taken, and the answer does not come before
      the client hangs up; `500 taken`: taken, and answered with 500;
    * `unreachable`: not taken, and the connection breaks.

    `list_moods` are used up one a listing: `429`, `503`, `unreachable`.
    """

    clock: Callable[[], datetime]
    held: list[Held] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    list_moods: list[str] = field(default_factory=list)
    weather: Callable[[Mapping[str, str]], str] | None = None
    retry_after: int | None = None
    url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    stopped: set[str] = field(default_factory=set)
    #: What phones are, for Lookup; a mobile unless it says otherwise.
    lines: dict[str, str] = field(default_factory=dict)
    #: How often each mood came, `""` for a good answer.
    came: Counter[str] = field(default_factory=Counter)
    #: Told of every text taken, to report how far it got.
    taken: Callable[[Held], None] | None = None
    _of_phone: dict[str, list[Held]] = field(default_factory=lambda: defaultdict(list))
    _by_sid: dict[str, Held] = field(default_factory=dict)
    _made: int = 0

    def outbound(self, to: str | None = None) -> list[Held]:
        """What we sent, oldest first."""
        return [m for m in self.held if m.direction == "outbound-api" and to in (None, m.to)]

    def text(self, phone: str, body: str, segments: int = 1) -> Held:
        """Somebody texts our number; nothing is delivered to us yet.

        STOP and START have their effect here at once, as they have at the carrier.
        """
        word = body.strip().upper()
        with self.lock:
            if word in STOPS:
                self.stopped.add(phone)
            elif word in STARTS:
                self.stopped.discard(phone)
            return self._hold(NUMBER, phone, body, "inbound", segments=segments)

    def create(self, form: Mapping[str, str]) -> Held:
        """Take a text of ours."""
        callback = form.get("StatusCallback", "")
        with self.lock:
            held = self._hold(form["To"], form["From"], form["Body"], "outbound-api", callback)
        if self.taken is not None:
            self.taken(held)
        return held

    def mood(self, form: Mapping[str, str]) -> str:
        """How the next create is met."""
        with self.lock:
            if form.get("To") in self.stopped:
                mood = STOPPED
            elif self.moods:
                mood = self.moods.pop(0)
            else:
                mood = self.weather(form) if self.weather else ""
            self.came[mood] += 1
        return mood

    def find(self, sid: str) -> Held | None:
        """The message of this id."""
        return self._by_sid.get(sid)

    def forget(self, message: Held) -> None:
        """Somebody deleted the message."""
        self.held.remove(message)
        self._by_sid.pop(message.sid)
        self._of_phone[_phone_of(message)].remove(message)

    def listed(self, asked: Mapping[str, str]) -> tuple[list[Held], bool]:
        """A page of messages, newest first, and whether there are more."""
        to, sender, since = asked.get("To"), asked.get("From"), asked.get("DateSent>")
        phone = to if to not in (None, NUMBER) else sender if sender != NUMBER else None
        with self.lock:
            among = list(self._of_phone.get(phone, ())) if phone else list(self.held)
        found = [
            m
            for m in reversed(among)
            if to in (None, m.to)
            and sender in (None, m.sender)
            and (since is None or (m.as_json()["date_sent"] and m.at >= _moment(since)))
        ]
        size, page = int(asked.get("PageSize", PAGE)), int(asked.get("Page", 0))
        return found[page * size : (page + 1) * size], len(found) > (page + 1) * size

    def _hold(
        self, to: str, sender: str, body: str, direction: str, callback: str = "", segments: int = 1
    ) -> Held:
        self._made += 1
        sid = f"SM{self._made:032x}"
        message = Held(sid, to, sender, body, direction, self.clock(), callback, segments)
        self.held.append(message)
        self._by_sid[sid] = message
        self._of_phone[_phone_of(message)].append(message)
        return message


def _phone_of(message: Held) -> str:
    return message.sender if message.direction == "inbound" else message.to


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def webhook(message: Held) -> dict[str, str]:
    """What Twilio posts for a text that arrived."""
    return {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "AccountSid": ACCOUNT,
        "From": message.sender,
        "To": message.to,
        "Body": message.body,
        "NumMedia": str(message.pictures),
        "NumSegments": str(message.segments),
        "ApiVersion": "2010-04-01",
    }


def signed(address: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    """The header Twilio adds."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(address, form)}


@contextmanager
def serving(clock: Callable[[], datetime]) -> Iterator[StandIn]:
    """The stand-in on a free port of the loopback, in a thread of this process."""
    account = StandIn(clock)
    server = a_server(account)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        return None  # whoever was asking was killed


def a_server(account: StandIn) -> ThreadingHTTPServer:
    """A server of the account, not serving yet, on a free port that `account.url` names."""
    server = _Server(("127.0.0.1", 0), lambda *connection: _Handler(account, *connection))
    account.url = f"http://127.0.0.1:{server.server_port}"
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, account: StandIn, *connection: Any) -> None:
        self.account = account
        super().__init__(*connection)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        if not self._known():
            return
        if (found := self._one()) is not None:
            found.body = form.get("Body", found.body)  # empty redacts it
            self._answer(200, found.as_json())
            return
        if urlsplit(self.path).path != MESSAGES:
            self._missing()
            return
        mood = self.account.mood(form)
        if mood in TAKEN:
            self.account.create(form)
        if not mood:
            self._answer(201, self.account.create(form).as_json())
        elif mood == "late":
            self.connection.recv(1)  # returns when the client has hung up
            self._broken_off()
        elif mood in ("lost", "unreachable"):
            self._broken_off()
        else:
            self._refuse(mood.split()[0])

    def do_GET(self) -> None:
        if not self._known():
            return
        parts = urlsplit(self.path)
        if (found := self._one()) is not None:
            self._answer(200, found.as_json())
        elif parts.path.startswith(LOOKUP):
            self._look_up(parts.path.removeprefix(LOOKUP))
        elif parts.path != MESSAGES:
            self._missing()
        else:
            with self.account.lock:
                moods = self.account.list_moods
                mood = moods.pop(0) if moods else ""
            if mood == "unreachable":
                self._broken_off()
            elif mood:
                self._refuse(mood)
            else:
                self._list({key: value[0] for key, value in parse_qs(parts.query).items()})

    def do_DELETE(self) -> None:
        if not self._known():
            return
        if (found := self._one()) is None:
            self._missing()
            return
        with self.account.lock:
            self.account.forget(found)
        self._answer(204, None)

    def _list(self, asked: dict[str, str]) -> None:
        found, more = self.account.listed(asked)
        following = None
        if more:
            following = f"{MESSAGES}?{urlencode(asked | {'Page': int(asked.get('Page', 0)) + 1})}"
        content = {"messages": [each.as_json() for each in found], "next_page_uri": following}
        self._answer(200, content | {"page_size": len(found)})

    def _look_up(self, phone: str) -> None:
        kind = self.account.lines.get(phone, "mobile")
        self._answer(
            200,
            {
                "phone_number": phone,
                "country_code": "GB",
                "valid": True,
                "validation_errors": [],
                "line_type_intelligence": {"type": kind, "error_code": None},
            },
        )

    def _one(self) -> Held | None:
        path = urlsplit(self.path).path
        if not path.startswith(ONE):
            return None
        return self.account.find(path.removeprefix(ONE).removesuffix(".json"))

    def _known(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {expected}":
            return True
        self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        return False

    def _missing(self) -> None:
        self._answer(404, {"code": 20404, "message": "Not found", "status": 404})

    def _refuse(self, mood: str) -> None:
        status = int(mood) if len(mood) == 3 else 400
        after = self.account.retry_after
        headers = {"Retry-After": str(after)} if status in (429, 503) and after else {}
        code = {429: 20429, 500: 20500, 503: 20503}.get(status, int(mood))
        self._answer(status, {"code": code, "message": "no", "status": status}, headers)

    def _broken_off(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _answer(
        self, status: int, content: dict[str, Any] | None, headers: Mapping[str, str] | None = None
    ) -> None:
        body = json.dumps(content).encode() if content is not None else b""
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Date", format_datetime(self.account.clock().astimezone(UTC)))
        self._headers_buffer.append(b"\r\n" + body)  # type: ignore[attr-defined]  # not in its types
        self.flush_headers()

    def log_message(self, *_: object) -> None:
        return None


MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
ONE = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/"
LOOKUP = "/v2/PhoneNumbers/"

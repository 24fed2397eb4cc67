"""How fast a text is kept for good, and how fast answers go out, each beside its floors.

A text is Twilio's signed webhook, sent over HTTP to a process that serves with waitress as
`family-voice serve` does. Two floors are served in the same way in the same run: a route that only
checks the signature, and one that also commits one row.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, Response, request
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert
from sqlalchemy.orm import Session, sessionmaker
from twilio.request_validator import RequestValidator

from benchmarks.phases import Phases, Spent, ask
from benchmarks.places import KINDS, database, settings_for
from family_voice import worker
from family_voice.app import create_app
from family_voice.messages import outbox
from family_voice.messages.templates import Template
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.operations.migrations import upgrade
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings
from family_voice.storage.engine import make_engine, make_sessions
from tests.conftest import KEYS
from tests.proofs.serving import Server
from tests.proofs.texters import Texter, texters, texting
from tests.sms.apart import apart
from tests.sms.stand_in import ACCOUNT, NUMBER, TOKEN, StandIn, signed

A_SECOND = 20
SECONDS = 40
CONVERSATIONS = 100
#: How many ask at once, and for how many seconds, where the most a second is measured.
AT_ONCE, FLAT_OUT = 8, 8
TO_SEND = 600
#: The middle of a working day, so that everything may go out.
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
INBOUND = "/sms/inbound"
SAID = ("She loves trains.", "Mornings are hard, and nobody rang us back. " * 3, "NEXT")
_BEGAN = time.monotonic()

Table_ = tuple[list[str], list[list[str]]]
Asked = tuple[dict[str, str], bytes]


def noon() -> datetime:
    """Noon, and on from there at the pace of the day: the same in every process of this run."""
    return datetime.fromtimestamp(NOON.timestamp() + time.monotonic() - _BEGAN, UTC)


@dataclass
class Measured:
    """How long each of many requests took, in seconds, and how many a second there may be.

    `first` is the first of a fresh process, which reads every file of words and asks every
    statement for the first time; it is not among the others.
    """

    first: float
    took: list[float]
    at_most: float

    def cells(self, name: str) -> list[str]:
        """A row of the table."""
        hundredths = statistics.quantiles(self.took, n=100)
        times = (self.first, hundredths[49], hundredths[98], max(self.took))
        return [name, *(f"{1000 * each:.0f}" for each in times), f"{self.at_most:.0f}"]


def texts_tables() -> tuple[Table_, Table_, Table_]:
    """The webhook beside its floors, where its time goes, and the worker."""
    webhooks: list[list[str]] = []
    phases: list[list[str]] = []
    sends: list[list[str]] = []
    for kind in KINDS:
        with ExitStack() as stack:
            url = stack.enter_context(database(kind))
            upgrade(url)
            twilio = stack.enter_context(apart(lambda account: account, StandIn(noon)))
            settings = texting(settings_for(url, stack), twilio.url)
            engine = make_engine(url)
            stack.callback(engine.dispose)
            sessions = make_sessions(engine, keyring=Keyring(KEYS))
            families = texters(sessions, settings, noon(), CONVERSATIONS)
            sends.append(_sending(sessions, settings, families, kind))
            engine.dispose()
            ours, spent = _ours(settings, families)
        bare, row = _floor(kind, commits=False), _floor(kind, commits=True)
        webhooks.append(ours.cells(f"{kind}, a text taken in"))
        webhooks.append(row.cells(f"{kind}, signature and one row"))
        webhooks.append(bare.cells(f"{kind}, signature only"))
        phases.append(spent.cells(kind))
    heads = [
        "milliseconds at 20 a second", "first of all", "half within", "99 of 100", "slowest",
        "most a second",
    ]  # fmt: skip
    return (
        (heads, webhooks),
        (["milliseconds a text, by turns", *Spent.HEADS], phases),
        (["", "texts a second", "the SDK alone", "share"], sends),
    )


def _ours(settings: Settings, families: list[Texter]) -> tuple[Measured, Spent]:
    """With the worker beside it, which sends every answer to the stand-in."""
    app = create_app(settings, clock=noon)
    sessions: sessionmaker[Session] = app.extensions["family_voice"].sessions
    phases = Phases(app, sessions.kw["bind"])
    asks = _texts(settings, families)
    with serving(app) as server:
        first = _first(server.port, asks)
        with _working(settings):
            took = _at_pace(server.port, asks)
        spent = ask(server.port, phases)
        return Measured(first, took, _flat_out(server.port, asks)), spent


def _floor(kind: str, *, commits: bool) -> Measured:
    """The signature checked, and one row committed on an engine with the same settings."""
    with database(kind) as url:
        engine = make_engine(url)
        tables = MetaData()
        row = Table("row", tables, Column("id", Integer, primary_key=True), Column("words", Text))
        tables.create_all(engine)
        engine.dispose()
        sessions = make_sessions(engine)
        app = Flask(__name__)

        @app.post(INBOUND)
        def inbound() -> Response:
            signature = request.headers.get("X-Twilio-Signature", "")
            address = f"http://localhost{INBOUND}"
            if not RequestValidator(TOKEN).validate(address, request.form, signature):
                return Response(status=403)
            if commits:
                with sessions.begin() as session:
                    session.execute(insert(row).values(words=request.form["Body"]))
            return Response("<Response></Response>", mimetype="text/xml")

        with serving(app) as server:
            somebody = [Texter(f"+4477009{n:05d}", UUID(int=n)) for n in range(CONVERSATIONS)]
            asks = _texts_to("http://localhost", somebody)
            first = _first(server.port, asks)
            return Measured(first, _at_pace(server.port, asks), _flat_out(server.port, asks))


@contextmanager
def serving(app: Flask) -> Iterator[Server]:
    """The application in a forked process of its own, served by waitress with its 8 threads."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        server = Server(app, listening)
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextmanager
def _working(settings: Settings) -> Iterator[None]:
    """The worker in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            engine = make_engine(settings.database_url)
            worker.run(
                make_sessions(engine, keyring=Keyring(KEYS)), settings, TwilioGateway(settings),
                clock=noon, wake=threading.Event(), stop=threading.Event(),
            )  # fmt: skip
        finally:
            os._exit(1)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _texts(settings: Settings, families: list[Texter]) -> Iterator[Asked]:
    return _texts_to(settings.public_url, families)


def _texts_to(public_url: str, families: list[Texter]) -> Iterator[Asked]:
    """Texts of all families by turns, two of words and a NEXT, each with its signature."""
    for number in count():
        form = {
            "MessageSid": f"SM{number:032x}", "SmsSid": f"SM{number:032x}", "AccountSid": ACCOUNT,
            "From": families[number % len(families)].phone, "To": NUMBER,
            "Body": SAID[number // len(families) % len(SAID)],
            "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        yield headers | signed(f"{public_url}{INBOUND}", form), urlencode(form).encode()


def _first(port: int, asks: Iterator[Asked]) -> float:
    began = time.perf_counter()
    _post(port, next(asks))
    return time.perf_counter() - began


def _at_pace(port: int, asks: Iterator[Asked]) -> list[float]:
    """Ask so often a second whatever the answers take; how long each took from its due moment."""
    due = [next(asks) for _ in range(A_SECOND * SECONDS)]
    began = time.perf_counter() + 0.5

    def one(number: int) -> float:
        moment = began + number / A_SECOND
        time.sleep(max(0.0, moment - time.perf_counter()))
        _post(port, due[number])
        return time.perf_counter() - moment

    with ThreadPoolExecutor(CONVERSATIONS) as together:
        return list(together.map(one, range(len(due))))


def _flat_out(port: int, asks: Iterator[Asked]) -> float:
    """How many a second are answered where so many ask again and again."""
    due = [next(asks) for _ in range(2000 * FLAT_OUT)]  # signed beforehand: that costs too
    left, answered = iter(due), count()
    ends = time.perf_counter() + FLAT_OUT

    def client() -> None:
        while time.perf_counter() < ends:
            _post(port, next(left))
            next(answered)

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as together:
        for each in [together.submit(client) for _ in range(AT_ONCE)]:
            each.result()
    return next(answered) / (time.perf_counter() - began)


def _post(port: int, ask: Asked) -> None:
    headers, body = ask
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", INBOUND, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise AssertionError(f"answered {answer.status}")


def _sending(
    sessions: sessionmaker[Session], settings: Settings, families: list[Texter], kind: str
) -> list[str]:
    """One worker empties the line into the stand-in; beside it the SDK with no database at all."""
    gateway = TwilioGateway(settings)
    _drain(sessions, settings, gateway)
    for number in range(TO_SEND):
        family = families[number % len(families)]
        with sessions.begin() as session:
            outbox.queue(
                session, family.interview_id, family.phone, Template.AT_START,
                f"Text {number} of so many.", f"bench:{number}", noon(), True, noon(),
            )  # fmt: skip
    began = time.perf_counter()
    if (went := _drain(sessions, settings, gateway)) != TO_SEND:
        raise AssertionError(f"{went} of {TO_SEND} texts went")
    speed = TO_SEND / (time.perf_counter() - began)

    began = time.perf_counter()
    for number in range(TO_SEND):
        gateway.send(families[0].phone, f"Text {number} of so many.", f"{number}")
    floor = TO_SEND / (time.perf_counter() - began)
    return [kind, f"{speed:.0f}", f"{floor:.0f}", f"{speed / floor:.2f}"]


def _drain(sessions: sessionmaker[Session], settings: Settings, gateway: TwilioGateway) -> int:
    """Turn after turn until nothing more goes; how many went."""
    went = 0
    while sent := worker.turn(sessions, settings, gateway, noon).sent:
        went += sent
    return went

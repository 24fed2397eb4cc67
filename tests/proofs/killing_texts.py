"""The web process and the worker are killed while texts come and go, a thousand times."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import Semaphore
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from family_voice import worker
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings
from family_voice.storage.engine import make_engine, make_sessions
from tests.proofs.clocks import Shared
from tests.proofs.heard import badly_sent, open_texts, unheard
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import serving
from tests.proofs.texters import Texter, texters, texting
from tests.proofs.whole import half_there, unsound
from tests.sms.apart import apart
from tests.sms.post import Desk, Fate
from tests.sms.stand_in import StandIn

#: Kills that one lot of families sees, and how many texts come between two kills.
EACH, FAMILIES, TEXTS = 20, 3, 2
#: The day goes faster, so that leases run out between kills and what is in doubt is settled; not
#: so fast that on a busy machine a send outlasts its lease, which a provider's time limit forbids.
PACE = 12.0
#: A kill comes within so many statements of either process, and now and then lets more happen.
SOON, LATE = 60, 400
#: Longer than two processes that live are ever without a statement, in seconds.
PATIENCE = 60.0
#: What is left to do after the last kill is done in so many polls.
AFTERWARDS = 60


def prove(place: Place, times: int, tell: Tell) -> Mapping[str, int]:
    """Let families text and the worker answer; kill one of the two at a random moment, again and
    again, beginning it anew each time.

    In the end every text stands once among their words, every text of ours was taken by the
    provider at most once a key, in order, and nothing is half there.
    """
    clock, luck = Shared(PACE), random.Random(times)
    fates = Fate(lost=0.1, twice=0.2), Fate(lost=0.2, twice=0.3)
    with (
        _statements() as statements,
        apart(lambda it: Desk(it, times, *fates), StandIn(clock)) as twilio,
    ):
        settings = texting(place.settings, twilio.url)
        families: list[Texter] = []
        said: list[tuple[UUID, str]] = []
        with serving(settings, clock=clock) as server:
            twilio.ask("serve_to", server.port, settings.public_url)
            sender = Sender(settings, clock)
            try:
                for number in range(times):
                    if number % EACH == 0:
                        first = len(families)
                        families += texters(place.sessions, settings, clock(), FAMILIES, first)
                    for each in range(TEXTS):
                        family = luck.choice(families[-FAMILIES:])
                        body = f"Text {number}.{each} and no other."
                        if luck.random() < 0.4:
                            twilio.ask("text", family.phone, luck.choice(("NEXT", "BACK")))
                        else:
                            twilio.ask("text", family.phone, body)
                            said.append((family.interview_id, body))
                    statements.wait_for(luck.randint(1, LATE if luck.random() < 0.1 else SOON))
                    if luck.random() < 0.5:
                        server.kill()
                        server.start()
                    else:
                        sender.kill()
                        sender.start()
                    tell(number + 1)
                twilio.ask("settled")
            finally:
                sender.kill()
        _work_off(place, settings, clock)
        wrong = badly_sent(place, twilio.ask("accepted"))
        wrong["not once among their words"] = unheard(place, said)
        wrong["half there"] = half_there(place, [each.interview_id for each in families])
        wrong["unsound"] = unsound(place)
        if times >= 100 and not twilio.ask("tally").get("given up"):
            raise AssertionError("no kill ever cut a webhook off")
    return +wrong


class Sender:
    """The worker in a process of its own, which never rests."""

    def __init__(self, settings: Settings, clock: Shared) -> None:
        self._settings, self._clock = settings, clock
        self._process = 0
        self.start()

    def start(self) -> None:
        """Begin one."""
        self._process = os.fork()
        if self._process == 0:
            try:
                worker.run(
                    _sessions(self._settings), self._settings, TwilioGateway(self._settings),
                    clock=self._clock, wake=_Restless(), stop=threading.Event(),
                )  # fmt: skip
            finally:
                os._exit(1)

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


class _Restless(threading.Event):
    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(0.01)


class Statements:
    """Counts what every process here, forked later, asks of its database."""

    def __init__(self) -> None:
        self._happened = Semaphore(0)

    def one(self, *_: Any) -> None:
        """One more, or a commit."""
        self._happened.release()

    def wait_for(self, count: int) -> None:
        """Return when so many more have happened."""
        while self._happened.acquire(block=False):
            pass
        for _ in range(count):
            if not self._happened.acquire(timeout=PATIENCE):
                raise AssertionError("neither process does anything")


@contextmanager
def _statements() -> Iterator[Statements]:
    statements = Statements()
    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, statements.one)
    try:
        yield statements
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(Engine, name, statements.one)


def _sessions(settings: Settings) -> sessionmaker[Session]:
    return make_sessions(make_engine(settings.database_url), keyring=Keyring(settings.master_keys))


def _work_off(place: Place, settings: Settings, clock: Shared) -> None:
    """What a worker that nobody kills does with what is left."""
    gateway, began = TwilioGateway(settings), clock()
    for _ in range(AFTERWARDS):
        worker.poll(place.sessions, settings, gateway, began - timedelta(days=1), clock)
        while worker.turn(place.sessions, settings, gateway, clock).anything:
            pass
        if not open_texts(place):
            return
        clock.on(timedelta(seconds=90))

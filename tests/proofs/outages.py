"""The web is away for longer than Twilio waits: what was texted meanwhile is fetched by the worker.

Now and then the worker is away as well, or the provider cannot list what arrived.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from uuid import UUID

from family_voice import worker
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.settings import Settings
from tests.proofs.clocks import Shared
from tests.proofs.heard import unheard
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import Server, serving
from tests.proofs.texters import Texter, texters, texting
from tests.proofs.whole import half_there
from tests.sms.apart import Apart, apart
from tests.sms.post import Desk, Fate
from tests.sms.stand_in import StandIn

#: Outages that one pair of families sees.
EACH = 6
TEXTS = 3
SHORTEST, LONGEST = 16.0, 2400.0
#: Of a hundred outages: so many take the worker too, in so many the list is not to be had either.
WORKER_TOO, LIST_TOO = 15, 25


def prove(place: Place, times: int, tell: Tell) -> Mapping[str, int]:
    """Take the web away, let families text, let Twilio give up, and bring the web back.

    The worker goes on as it always does, by its own loop. Two polls after the outage every text
    must stand among their words, once, also where the web had it all the same, late.
    """
    clock = Shared()
    with apart(lambda it: Desk(it, times, Fate(twice=0.2)), StandIn(clock)) as twilio:
        settings = texting(place.settings, twilio.url)
        with serving(settings, clock=clock) as server:
            twilio.ask("serve_to", server.port, settings.public_url)
            outages = Outages(place, settings, clock, twilio, server, times, tell)
            outages.go_through()
        wrong = {
            "not once among their words": unheard(place, outages.said),
            "half there": half_there(place, [each.interview_id for each in outages.families]),
            "not given up": outages.not_given_up,
        }
    return {kind: count for kind, count in wrong.items() if count}


class Outages:
    """One outage after the other, told by the worker's own loop whenever it has nothing to do."""

    def __init__(
        self, place: Place, settings: Settings, clock: Shared, twilio: Apart, server: Server,
        times: int, tell: Tell,
    ) -> None:  # fmt: skip
        self.place, self.settings, self.clock = place, settings, clock
        self.twilio, self.server = twilio, server
        self.times, self.tell = times, tell
        self.families: list[Texter] = []
        self.said: list[tuple[UUID, str]] = []
        self.not_given_up = 0
        self._luck = random.Random(times)
        self._away = False

    def go_through(self) -> None:
        """All of them; a worker that went away with the web is begun anew after it."""
        story = self._story()
        gateway = TwilioGateway(self.settings)
        stop, told = threading.Event(), False

        def next_part() -> None:
            nonlocal told
            told = next(story, None) is None
            if told or self._away:
                stop.set()

        while not told:
            stop.clear()
            worker.run(
                self.place.sessions, self.settings, gateway,
                clock=self.clock, wake=_Idle(next_part), stop=stop,
            )  # fmt: skip
            while self._away:
                next(story)

    def _story(self) -> Iterator[bool]:
        """Goes on a step whenever the worker is idle."""
        for number in range(self.times):
            if number % EACH == 0:
                first = len(self.families)
                self.families += texters(self.place.sessions, self.settings, self.clock(), 2, first)
                yield True
            yield from self._outage(number)
            self.tell(number + 1)

    def _outage(self, number: int) -> Iterator[bool]:
        luck = self._luck.random() * 100
        self._away = luck < WORKER_TOO
        lasts = timedelta(seconds=self._luck.uniform(SHORTEST, LONGEST))
        if WORKER_TOO <= luck < WORKER_TOO + LIST_TOO:
            # One poll a minute: as many as come before the end, or hardly any of them.
            polls = int(lasts.total_seconds() // 60) + 2
            self.twilio.ask("listing", ["503", "429", "unreachable"] * (polls // 3 + 1))
        self.server.kill()
        for each in range(TEXTS):
            family = self._luck.choice(self.families[-2:])
            body = f"Text {number}.{each} and no other."
            self.twilio.ask("text", family.phone, body)
            self.said.append((family.interview_id, body))
        self.twilio.ask("on_its_way", TEXTS)
        yield True
        steps = max(1, int(lasts / timedelta(minutes=5)))
        for _ in range(steps):
            self.clock.on(lasts / steps)
            yield True
        # By now Twilio has long hung up; what it had sent waits unread at our door.
        self.not_given_up += not self.twilio.ask("give_up")
        self.server.start()
        self._away = False
        self.twilio.ask("listing", [])
        for _ in range(2):
            self.clock.on(timedelta(seconds=65))
            yield True


class _Idle(threading.Event):
    """What the worker waits for between turns: it never waits here, the story goes on instead."""

    def __init__(self, go_on: Callable[[], None]) -> None:
        super().__init__()
        self._go_on = go_on

    def wait(self, timeout: float | None = None) -> bool:
        self._go_on()
        return True

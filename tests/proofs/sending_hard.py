"""Texts go out to a provider that says "too many", breaks, and takes texts without saying so."""

from __future__ import annotations

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from family_voice import worker
from family_voice.messages import outbox
from family_voice.messages.templates import Template
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.settings import Settings
from tests.proofs.clocks import Shared
from tests.proofs.heard import badly_sent, open_texts
from tests.proofs.proof import Place, Tell
from tests.proofs.texters import texting
from tests.sms.apart import apart
from tests.sms.post import Desk, Fate
from tests.sms.stand_in import StandIn

EACH_PHONE = 4
WORKERS = 2
#: How a text is met, and how often in a hundred; otherwise it is taken with a yes.
MET = {
    "429": 8, "503": 4, "500": 4, "500 taken": 5, "lost": 6, "late": 1, "unreachable": 4,
}  # fmt: skip
#: No text is met badly more often: in the end it is given up, which would be right.
AT_MOST = 4
#: How long a client waits here; the real ten seconds prove no more and take longer.
PATIENCE = 0.3
LATER = timedelta(seconds=75)
#: What the tries back off to at most, in turns of `LATER`, with room to spare.
TURNS = 120


class Weather:
    """How a text is met, by chance; over there."""

    def __init__(self, seed: int) -> None:
        self._luck = random.Random(seed)
        self._met: dict[str, int] = {}

    def __call__(self, form: Mapping[str, str]) -> str:
        key = form.get("StatusCallback", "")
        if self._met.get(key, 0) >= AT_MOST:
            return ""
        left = self._luck.random() * 100
        for mood, share in MET.items():
            left -= share
            if left < 0:
                self._met[key] = self._met.get(key, 0) + 1
                return mood
        return ""


def prove(place: Place, times: int, tell: Tell) -> Mapping[str, int]:
    """Let two workers send so many texts; compare the provider's books with ours.

    Every text must have been taken exactly once, in the order of its phone, and stand here as sent
    under the id it has there.
    """
    clock = Shared()
    account = StandIn(clock, weather=Weather(times), retry_after=2)
    with apart(lambda it: Desk(it, times, Fate()), account) as twilio:
        settings = texting(place.settings, twilio.url)
        _queue(place, clock, times)
        with ThreadPoolExecutor(WORKERS) as together:
            for _ in range(TURNS):
                for each in [
                    together.submit(_work, place, settings, clock) for _ in range(WORKERS)
                ]:
                    each.result()
                left = open_texts(place)
                tell(times - left)
                if not left:
                    break
                clock.on(LATER)
        wrong = badly_sent(place, twilio.ask("accepted"))
        if times >= 1000:
            _all_came(twilio.ask("tally"))
    return dict(wrong)


def _queue(place: Place, clock: Shared, times: int) -> None:
    for first in range(0, times, 100):
        with place.sessions.begin() as session:
            for number in range(first, min(times, first + 100)):
                outbox.queue(
                    session, None, f"+4477009{number // EACH_PHONE:05d}", Template.UNKNOWN_NUMBER,
                    f"Text {number} and no other.", f"proof:{number}", clock(), False, clock(),
                )  # fmt: skip


def _work(place: Place, settings: Settings, clock: Shared) -> None:
    """Turn after turn until nothing goes at this moment."""
    gateway = TwilioGateway(settings)
    gateway._client.http_client.timeout = PATIENCE
    while True:
        done = worker.turn(place.sessions, settings, gateway, clock)
        if not done.sent and not done.not_sent:
            return


def _all_came(tally: Mapping[str, int]) -> None:
    missing = [mood for mood in MET if not tally.get(f"met with {mood}")]
    if missing:
        raise AssertionError(f"the provider never answered so: {missing}")

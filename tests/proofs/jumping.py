"""The clock is a day off, forward or back, from one request to the next and between sends."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask

from family_voice import worker
from family_voice.messages import outbox
from family_voice.messages.templates import Template
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.operations.delivering import SENDS_AT_ONCE
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.factories import Invited
from tests.proofs.family import a_family
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import SIGN_IN, an_app, ticking
from tests.proofs.whole import half_there, unsound, words
from tests.sms import stand_in
from tests.web.family.browser import Browser

OFF = tuple(timedelta(days=days) for days in (-1, 0, 1))
MOODS = ("", "", "lost", "unreachable", "429")
PROMPTS = ("important.open", "working_well.open", "worries.open")
RETURN_WORD = "purple tin"


@dataclass
class Wrong:
    """A clock that may be set wrong; `true` is what time it is."""

    gone: timedelta = timedelta()
    off: timedelta = timedelta()

    def true(self) -> datetime:
        return ticking() + self.gone

    def __call__(self) -> datetime:
        return self.true() + self.off


def prove(place: Place, times: int, tell: Tell) -> int:
    """Families answer, press Send and come back, and texts go out, while the clock jumps.

    Every answer must stand, everything sent must open again, every text must go exactly once, and
    no page may break; the provider keeps its own, right time.
    """
    luck, clock = random.Random(times), Wrong()
    lost = 0
    with stand_in.serving(clock.true) as twilio:
        settings = replace(
            place.settings, sms="twilio", sms_number=stand_in.NUMBER, twilio_api_url=twilio.url,
            twilio_account_sid=stand_in.ACCOUNT, twilio_auth_token=stand_in.TOKEN,
        )  # fmt: skip
        gateway = TwilioGateway(settings)
        with an_app(settings, clock) as app:
            desk = Browser(app)
            desk.client.post(f"{SIGN_IN}{_somebody(place, clock)}")
            bodies = []
            for number in range(times):
                clock.off = timedelta()
                family = a_family(place, clock())
                bodies.append(f"Text {number} and no other.")
                _queue(place, clock, luck, number, bodies[-1])
                twilio.moods = [luck.choice(MOODS)]
                lost += _an_evening(place, app_browser(app, family), family, clock, luck)
                clock.off = luck.choice(OFF)
                worker.turn(place.sessions, settings, gateway, clock)
                desk.open("/staff/ledger")  # raises if it breaks, whether still signed in or not
                lost += half_there(place, [family.interview_id])
                tell(number + 1)
            clock.off, twilio.moods = timedelta(), []
            for _ in range(4):
                clock.gone += timedelta(days=1)
                for _ in range(2 + times // SENDS_AT_ONCE):
                    worker.turn(place.sessions, settings, gateway, clock)
            # The first of a day says more after it.
            went = Counter(message.body.partition("\n")[0] for message in twilio.outbound())
            lost += sum(abs(went[body] - 1) for body in bodies)
        lost += unsound(place)
    return lost


def app_browser(app: Flask, family: Invited) -> Browser:
    """A browser of the family, come by their link."""
    return Browser(app).open(f"/i/{family.secrets.token}")


def _an_evening(
    place: Place, page: Browser, family: Invited, clock: Wrong, luck: random.Random
) -> int:
    """Three answers, Send, and back with the return word; how much of it did not stand."""
    said = {prompt_id: f"Said at {prompt_id}." for prompt_id in PROMPTS}
    # A jump may end a sitting, and only a whole sitting may choose a return word.
    off = luck.choice((OFF, OFF[:1], OFF[2:]))
    for prompt_id, its in said.items():
        clock.off = luck.choice(off)
        _let_in(page.open(f"/question/{prompt_id}"), family).open(f"/question/{prompt_id}")
        clock.off = luck.choice(off)
        _let_in(page.press(words=its), family)
    clock.off = luck.choice(off)
    _let_in(page.open("/return-word"), family).open("/return-word")
    chooses = "word" in _fields(page)
    clock.off = luck.choice(off)
    page.press("Send", **({"word": RETURN_WORD} if chooses else {}))
    chooses = chooses and "code" not in _fields(page)
    _let_in(page, family)
    lost = sum(words(place, family.interview_id, each) != said[each] for each in said)
    if chooses:
        clock.off = luck.choice(OFF)
        page.open(f"/i/{family.secrets.token}").open("/your-words")
        page.press(return_word=RETURN_WORD)
        lost += sum(its not in page.text for its in said.values())
    return lost


def _let_in(page: Browser, family: Invited) -> Browser:
    """Type the code if the sitting is taken to be over."""
    return page.press(code=family.secrets.code) if "code" in _fields(page) else page


def _fields(page: Browser) -> set[str]:
    return {name for form in page._page().forms for name, _ in form.fields}


def _queue(place: Place, clock: Wrong, luck: random.Random, number: int, body: str) -> None:
    """Put a text in line, by a clock that may be wrong, to a phone of its own."""
    clock.off = luck.choice(OFF)
    with place.sessions.begin() as session:
        outbox.queue(
            session, None, f"+4477009{number:05d}", Template.UNKNOWN_NUMBER, body,
            f"proof:{number}", clock(), False, clock(),
        )  # fmt: skip


def _somebody(place: Place, clock: Wrong) -> object:
    with place.sessions.begin() as session:
        return add_staff(
            session, email="lead@proof.example", name="Lee Lead", roles=[Role.LEAD], now=clock(),
            password="x" * 12,
        ).staff_id  # fmt: skip

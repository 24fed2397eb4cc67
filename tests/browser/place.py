"""The application as it is served, with a clock, a pretend Twilio and people at browsers."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser

from family_voice import worker
from family_voice.app import create_app
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.settings import Settings
from tests.browser.serving import serving
from tests.browser.visiting import Findings, Visitor
from tests.cases.households import a_full_round
from tests.conftest import Clock, Database
from tests.factories import on_the_rota
from tests.sms import stand_in
from tests.sms.stand_in import StandIn

PASSWORD = "otter bicycle lamp forty"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass
class Place:
    """Where a journey happens, and whoever has come in so far."""

    browser: Browser
    address: str
    database: Database
    settings: Settings
    clock: Clock
    twilio: StandIn
    findings: Findings = field(default_factory=Findings)
    opened: ExitStack = field(default_factory=ExitStack)

    def visitor(self) -> Visitor:
        """Somebody nobody knows yet."""
        return self.opened.enter_context(Visitor(self.browser, self.address, self.findings))

    def staff(self, role: Role, name: str) -> Visitor:
        """A member of staff who has signed in, by password and code."""
        email = f"{role.value}@council.example"
        with self.database.sessions.begin() as session:
            add_staff(
                session, email=email, roles=[role], now=self.clock(), password=PASSWORD,
                totp_secret=SECRET, name=name,
            )  # fmt: skip
        visitor = self.visitor()
        visitor.open("/staff/sign-in")
        visitor.fill("Email address", email)
        visitor.fill("Password", PASSWORD)
        visitor.press("Go on")
        code = str(TOTP(SECRET).generate(int(self.clock().timestamp())).token)
        visitor.fill("The 6 figures on your telephone", code)
        visitor.press("Sign in")
        return visitor

    def a_round(self) -> UUID:
        """A round that is open already, with the example file's six cases."""
        with self.database.sessions.begin() as session:
            return a_full_round(session)

    def text(self, phone: str, body: str) -> list[str]:
        """Somebody texts: Twilio posts it to us, signed; what they got back after a turn."""
        form = stand_in.webhook(self.twilio.text(phone, body))
        address = f"{self.address}/sms/inbound"
        headers = stand_in.signed(address, form)
        request = urllib.request.Request(address, urlencode(form).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200
        return self.sent_to(phone)

    def sent_to(self, phone: str) -> list[str]:
        """What a turn of the worker sends to a phone."""
        before = len(self.twilio.outbound(phone))
        worker.turn(self.database.sessions, self.settings, TwilioGateway(self.settings), self.clock)
        return [message.body for message in self.twilio.outbound(phone)[before:]]


@contextmanager
def a_place(
    browser: Browser, database: Database, settings: Settings, clock: Clock
) -> Iterator[Place]:
    """Put one up, and take everything down again."""
    with ExitStack() as opened:
        twilio = opened.enter_context(stand_in.serving(clock))
        found: list[Settings] = []

        def make(address: str) -> Flask:
            chosen = replace(
                settings, public_url=address, sms="twilio", sms_number=stand_in.NUMBER,
                twilio_account_sid=stand_in.ACCOUNT, twilio_auth_token=stand_in.TOKEN,
                twilio_api_url=twilio.url,
            )  # fmt: skip
            found.append(chosen)
            app = create_app(chosen, clock=clock)
            app.testing = True  # what goes wrong is then logged with its trace
            return app

        address = opened.enter_context(serving(make))
        with database.sessions.begin() as session:
            on_the_rota(session, clock())
        with ExitStack() as visitors:
            yield Place(browser, address, database, found[0], clock, twilio, opened=visitors)

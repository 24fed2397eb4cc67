"""A place to text in: the application, the worker's turn, the stand-in Twilio and one clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar, Generic, Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from family_voice import worker
from family_voice.app import create_app
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.inviting import Invited, Way, invite
from family_voice.interviews import record
from family_voice.interviews.state import State
from family_voice.interviews.words import Account
from family_voice.messages.gateway import Gateway
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker
from tests.conftest import Database
from tests.factories import on_the_rota
from tests.sms.stand_in import ACCOUNT, NUMBER, TOKEN, Held, StandIn, serving, signed, webhook

DEB = "+447700900104"
MAISIE = "EX-004"


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


def only(reference: str) -> bytes:
    """The example file with one of its cases: the others have no part in these tests."""
    header, *rows = EXAMPLE.read_text().splitlines()
    return "\n".join([header, *(row for row in rows if reference in row)]).encode()


class Carried(Protocol):
    """A text, as who carries it holds it."""

    @property
    def body(self) -> str: ...

    @property
    def direction(self) -> str: ...


Message = TypeVar("Message", bound=Carried)


class Carrier(Protocol[Message]):
    """A stand-in for who carries texts."""

    held: list[Message]

    def outbound(self) -> list[Message]: ...

    def text(self, phone: str, body: str, segments: int = 1, /) -> Message: ...


@dataclass
class AnyTown(Generic[Message]):
    """Everything between a phone and the database, whoever carries the texts."""

    ANSWER: ClassVar[str]

    clock: Clock
    twilio: Carrier[Message]
    settings: Settings
    database: Database
    gateway: Gateway
    read: int = 0
    interview_id: UUID = field(default_factory=uuid4)

    @cached_property
    def client(self) -> FlaskClient:
        """A client of the application, which is made for the tests that talk to it."""
        app = create_app(self.settings, clock=self.clock)
        # The worker's engine for both: every engine compiles all of its statements anew.
        sessions = app.extensions["family_voice"].sessions
        sessions.kw["bind"].dispose()
        sessions.configure(bind=self.database.engine)
        return app.test_client()

    def invite(self, way: Way = Way.TEXT, phone_owner: str = "Deb") -> Invited:
        """The lead invites Maisie's mother."""
        with self.database.sessions.begin() as session:
            round_id = a_full_round(session, only(MAISIE))
            view = case(session, round_id, MAISIE)
            who = speaker(view, phone_owner).person.id
            return invite(
                session, view.case_id, who, way, settings=self.settings, by=SOMEBODY, now=NOW
            )

    def begin(self) -> None:
        """Deb is known, has agreed to both, and her phone shows the first question."""
        invited = self.invite()
        self.turn()
        for words in (invited.secrets.code_word or "", "AGREE", "AGREE"):
            self.text(words)
        self.interview_id = invited.interview_id
        assert self.state(self.interview_id).on_phone == "important.open"

    def turn(self) -> worker.Done:
        """One turn of the worker."""
        return worker.turn(self.database.sessions, self.settings, self.gateway, self.clock)

    def poll(self) -> int | None:
        """The worker asks what arrived."""
        since = self.clock() - timedelta(days=1)
        return worker.poll(self.database.sessions, self.settings, self.gateway, since, self.clock)

    def deliver(self, message: Message) -> TestResponse:
        """Who carries it posts a text to us."""
        raise NotImplementedError

    def text(self, body: str, phone: str = DEB, segments: int = 1) -> list[str]:
        """Somebody texts; what they get back once the worker has had its turn."""
        answer = self.deliver(self.twilio.text(phone, body, segments))
        assert (answer.status_code, answer.text) == (200, self.ANSWER)
        self.turn()
        return self.new()

    def new(self) -> list[str]:
        """What has gone out since this was last asked."""
        sent = self.twilio.outbound()
        fresh, self.read = sent[self.read :], len(sent)
        return [message.body for message in fresh]

    def state(self, interview_id: UUID) -> State:
        with reading(self.database.sessions) as session:
            return record.state_of(session, interview_id)

    def account(self, interview_id: UUID) -> Account:
        with reading(self.database.sessions) as session:
            return record.account(session, interview_id)


@dataclass
class Town(AnyTown[Held]):
    """The town with Twilio between the phones and us."""

    ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

    twilio: StandIn
    gateway: TwilioGateway

    def deliver(self, message: Held) -> TestResponse:
        """Twilio posts a text to us."""
        form = webhook(message)
        address = f"{self.settings.public_url}/sms/inbound"
        return self.client.post("/sms/inbound", data=form, headers=signed(address, form))

    def report(self, message: Held, status: str, **more: str) -> TestResponse:
        """Twilio reports how far a text of ours got, to the address we gave it."""
        form = {"MessageSid": message.sid, "MessageStatus": status, **more}
        parts = urlsplit(message.callback)
        return self.client.post(
            f"{parts.path}?{parts.query}", data=form, headers=signed(message.callback, form)
        )


@contextmanager
def a_town(settings: Settings, database: Database) -> Iterator[Town]:
    """Put one up."""
    clock = Clock()
    with serving(clock) as twilio:
        chosen = replace(
            settings,
            sms="twilio",
            sms_number=NUMBER,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_api_url=twilio.url,
            public_url="http://localhost",
        )
        with database.sessions.begin() as session:
            on_the_rota(session, NOW)
        yield Town(clock, twilio, chosen, database, TwilioGateway(chosen))

"""Whatever somebody texts, in whatever order, doubled or not: their words are there, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from family_voice import worker
from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel, Recognised
from family_voice.messages import outbox, thread
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.messages.models import OutboundMessage
from family_voice.settings import Settings
from family_voice.sms import commands
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import reading
from tests.conftest import EXAMPLES, Database
from tests.sms.town import Clock

#: All but WRONG: whoever says that is nobody's family.
COMMANDS = [str(each) for each in commands.Command if each is not commands.Command.WRONG]
ACTIONS = st.lists(
    st.one_of(
        st.just(("words", "")),
        st.just(("again", "")),
        st.tuples(st.just("command"), st.sampled_from(COMMANDS)),
        st.tuples(st.just("wait"), st.sampled_from(["1", "3", "5", "11", "70"])),
    ),
    max_size=25,
)


@examples(max_examples=20 * EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_random_conversations(
    database: Database, settings: Settings, actions: list[tuple[str, str]]
) -> None:
    clock, settings = Clock(), replace(settings, sms="console")
    phone = f"+4477{uuid4().int % 10**8:08}"
    with database.sessions.begin() as session:
        interview = record.begin(session, audience="parent_carer", language="en", now=clock())
        until = clock() + timedelta(days=30)
        doors.open_doors(session, interview, until, clock(), phone=phone)
        record.happen(session, interview, Recognised(Channel.TEXT), clock())
        record.decide(session, interview, Purpose.TALK, True, channel=Channel.TEXT, now=clock())
    expected: list[str] = []
    last: Incoming | None = None
    text = _texting(database, settings, clock)
    for number, (kind, value) in enumerate(actions):
        clock.on(seconds=7)
        match kind:
            case "again":
                if last is not None:
                    assert not text(last)
                continue
            case "wait":
                clock.on(minutes=int(value))
                _turns(database, settings, clock)
                continue
            case "words":
                value = f"said {number}"
                expected.append(value)
            case "command":
                asked = commands.read(value)
                assert asked is not None
        last = Incoming(f"SM{uuid4().hex}", phone, value)
        assert text(last)
        with reading(database.sessions) as session:
            stopped = outbox.is_stopped(session, phone)
        if stopped:
            assert phone not in _turns(database, settings, clock)
    with reading(database.sessions) as session:
        account = record.account(session, interview)
        state = record.state_of(session, interview)
        asked_for = [line.body for line in thread.by_interview(session, interview) if line.ours]
        keys = list(session.scalars(select(OutboundMessage.dedupe_key)))
    words = [piece.text for answer in account.answers for piece in answer.pieces]
    kept = [each for each in words if each.startswith("said ")]
    assert sorted(kept) == sorted(expected)
    # What was not taken for words was a command, and a command kept as words is one of theirs.
    assert all(commands.read(each) for each in words if not each.startswith("said "))
    for answer in account.answers:
        numbers = [int(p.text.split()[1]) for p in answer.pieces if p.text in expected]
        assert numbers == sorted(numbers)
    assert len(keys) == len(set(keys))
    assert not any("said " in body for body in asked_for)
    assert state.speaking_allowed


def _texting(database: Database, settings: Settings, clock: Clock) -> Callable[[Incoming], bool]:
    def text(incoming: Incoming) -> bool:
        with database.sessions.begin() as session:
            return take_in(session, settings, incoming, clock())

    return text


class Recording(ConsoleGateway):
    """Remembers to whom it sent: examples share a database, and earlier phones still have texts."""

    def __init__(self) -> None:
        self.to: list[str] = []

    def send(self, to: str, body: str, reference: str) -> str:
        self.to.append(to)
        return super().send(to, body, reference)


def _turns(database: Database, settings: Settings, clock: Clock) -> list[str]:
    gateway = Recording()
    worker.turn(database.sessions, settings, gateway, clock)
    return gateway.to

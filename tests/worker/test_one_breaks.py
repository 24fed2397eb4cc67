"""What breaks for one family keeps nobody else waiting, and a concern least of all."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice import worker
from family_voice.interviews.guide import GuideNotFound
from family_voice.interviews.models import Interview
from family_voice.messages import outbox
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.messages.gateway import Arrived
from family_voice.messages.models import InboundMessage
from family_voice.messages.templates import Template
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.safeguarding import concerns
from family_voice.safeguarding.models import ConcernTold
from family_voice.security.trail import Actor
from family_voice.storage.engine import reading
from tests.factories import ROTA_NUMBER
from tests.sms.town import DEB, Town

STRANGER = "+447700900177"


def break_conversation(town: Town) -> None:
    """Deb's conversation names questions that are not there: whatever is done with it fails."""
    with town.database.sessions.begin() as session:
        session.get_one(Interview, town.interview_id).guide_version = 999


def raise_one(town: Town) -> UUID:
    with town.database.sessions.begin() as session:
        given = add_staff(
            session, email="pat@council.example", roles=[Role.PANEL], name="Pat", now=town.clock()
        )
        return concerns.raise_concern(
            session, "A bruise.", interview_id=None, by=Actor("staff", given.staff_id),
            now=town.clock(), settings=town.settings,
        )  # fmt: skip


def rungs(town: Town) -> list[str]:
    with reading(town.database.sessions) as session:
        return list(session.scalars(select(ConcernTold.rung).order_by(ConcernTold.at)))


def test_a_concern_climbs_and_texts_go_beside_a_conversation_that_broke(town: Town) -> None:
    town.begin()
    town.text("An answer")
    raise_one(town)
    town.turn()
    town.new()
    break_conversation(town)
    town.clock.on(minutes=31)
    with pytest.raises(GuideNotFound):
        town.turn()
    assert rungs(town) == ["at_once", "again"]
    assert len(town.new()) == 1


def test_a_text_that_cannot_be_taken_in_keeps_no_other_out(town: Town) -> None:
    town.begin()
    break_conversation(town)
    town.twilio.text(DEB, "Mine", 1)
    town.twilio.text(STRANGER, "Hello", 1)
    with pytest.raises(GuideNotFound):
        town.poll()
    with reading(town.database.sessions) as session:
        arrived = session.scalars(select(InboundMessage)).all()
    assert len(arrived) == len([each for each in arrived if each.interview_id]) + 1


def test_the_worker_has_its_turn_when_it_could_not_ask_what_arrived(town: Town) -> None:
    told = threading.Event()

    class Broken(ConsoleGateway):
        def arrived(self, since: object) -> list[Arrived]:
            raise OSError(str(since))

        def send(self, to: str, body: str, reference: str) -> str:
            told.set()
            return super().send(to, body, reference)

    raise_one(town)
    running = worker.start_thread(town.database.sessions, town.settings, Broken(), town.clock)
    try:
        assert told.wait(timeout=20)
    finally:
        running.stop()


def test_what_tells_staff_goes_before_texts_that_have_waited_longer(town: Town) -> None:
    with town.database.sessions.begin() as session:
        outbox.queue(
            session, None, DEB, Template.HELP, "Ring us.", "first:1", is_reply=False,
            due_at=town.clock() - timedelta(hours=1), now=town.clock(),
        )  # fmt: skip
    raise_one(town)
    town.turn()
    assert [message.to for message in town.twilio.outbound()] == [ROTA_NUMBER, DEB]

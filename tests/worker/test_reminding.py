"""The worker reminds staff of the plan by a real mail server: in the morning, once."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from family_voice import worker
from family_voice.cases.audit_plan_models import PlanReminder
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import a_round
from tests.conftest import Clock, Database

AN_HOUR = timedelta(hours=1)


class Post:
    """Keeps what it takes; while it is `closed` it takes nothing."""

    def __init__(self) -> None:
        self.closed = False
        self.taken: list[tuple[list[str], Any]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        if self.closed:
            return "451 Come back later"
        message = email.message_from_bytes(envelope.content, policy=default)
        self.taken.append((envelope.rcpt_tos, message))
        return "250 Taken"


@pytest.fixture
def mail(settings: Settings) -> Iterator[tuple[Post, Settings]]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    post = Post()
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    yield (
        post,
        replace(
            settings, email="smtp", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
            smtp_from="voices@council.example",
        ),
    )  # fmt: skip
    server.stop()


def test_a_lead_is_reminded_in_the_morning_once(
    database: Database, mail: tuple[Post, Settings], clock: Clock
) -> None:
    post, settings = mail
    with database.sessions.begin() as session:
        a_round(session)
        add_staff(session, email="lead@b.example", roles=[Role.LEAD], now=clock())

    def turn(hours: float) -> int:
        clock.present += hours * AN_HOUR
        return worker.turn(database.sessions, settings, ConsoleGateway(), clock).sent

    clock.present = clock().replace(day=25, hour=0, minute=30)  # families are heard by 2 December
    assert turn(0) == 0  # at night it is only put in line
    post.closed = True
    assert turn(7.6) == 0
    post.closed = False
    assert turn(0.1) == 1
    assert [turn(1), turn(24), turn(72)] == [0, 0, 0]
    ((to, message),) = post.taken
    assert to == ["lead@b.example"]
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(("plain",)).get_content()
    assert "Last day to hear families for session 1" in text
    with reading(database.sessions) as session:
        (row,) = session.scalars(select(PlanReminder))
        assert (row.state, row.attempts) == ("sent", 2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_mail_server_nothing_waits(
    database: Database, settings: Settings, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        a_round(session)
        add_staff(session, email="lead@b.example", roles=[Role.LEAD], now=clock())
    clock.present = clock().replace(day=25, hour=9)
    worker.turn(database.sessions, replace(settings, email="off"), ConsoleGateway(), clock)
    with reading(database.sessions) as session:
        assert session.scalars(select(PlanReminder)).all() == []

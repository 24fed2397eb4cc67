"""A family that texts and a lead who reads it, for tests of the inbox."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice import worker
from family_voice.cases.inviting import Way, invite
from family_voice.interviews import record
from family_voice.interviews.state import State
from family_voice.messages import thread
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.messages.thread import Line
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import reading
from tests.cases.households import SOMEBODY, case, speaker
from tests.conftest import Clock, Database
from tests.factories import on_the_rota
from tests.web.staff.conftest import Desk

DEB: Final = "+447700900104"
MAISIE: Final = "EX-004"
INBOX: Final = "/staff/texts"
GOOD: Final = "She loves the sensory garden"
WORRY: Final = "The taxi is late most mornings"


@dataclass
class Talk:
    """Deb's conversation about Maisie, and the lead's desk."""

    database: Database
    settings: Settings
    clock: Clock
    desk: Desk
    round_id: UUID
    interview_id: UUID = field(default_factory=uuid4)
    code_word: str = ""

    def __post_init__(self) -> None:
        with self.database.sessions.begin() as session:
            on_the_rota(session, self.clock())
            view = case(session, self.round_id, MAISIE)
            self.case_id = view.case_id
            invited = invite(
                session, view.case_id, speaker(view, "Deb").person.id, Way.TEXT,
                settings=self.settings, by=SOMEBODY, now=self.clock(),
            )  # fmt: skip
        self.interview_id, self.code_word = invited.interview_id, invited.secrets.code_word or ""
        self.page = f"{INBOX}/{self.interview_id}"
        self.turn()

    def turn(self) -> None:
        worker.turn(self.database.sessions, self.settings, ConsoleGateway(), self.clock)

    def text(self, *bodies: str) -> None:
        """Deb texts, a minute apart, and hears what there is to hear."""
        for body in bodies:
            self.clock.present += timedelta(minutes=1)
            with self.database.sessions.begin() as session:
                take_in(
                    session, self.settings, Incoming(uuid4().hex, DEB, body), self.clock()
                )  # fmt: skip
            self.turn()

    def begin(self) -> None:
        """She is known, has agreed to both, and has said two things."""
        self.text(self.code_word, "AGREE", "AGREE", GOOD, "NEXT", WORRY)

    def press(self, action: str, page: str = "", **fields: str) -> TestResponse:
        """Press a button of the thread that posts to one of its addresses."""
        page = page or self.page
        text = self.desk.get(page).text
        address = action if action.startswith("/") else f"{self.page}/{action}"
        assert f'action="{address}"' in text, address
        token = re.search(r'name="csrf_token" value="([^"]+)"', text)
        assert token
        return self.desk.client.post(address, data={"csrf_token": token[1], **fields})

    def lines(self) -> list[Line]:
        with reading(self.database.sessions) as session:
            return thread.by_interview(session, self.interview_id)

    def state(self) -> State:
        with reading(self.database.sessions) as session:
            return record.state_of(session, self.interview_id)

    def trail(self, action: str) -> list[TrailRow]:
        with reading(self.database.sessions) as session:
            wanted = select(TrailRow).where(
                TrailRow.resource_id == self.interview_id, TrailRow.action == action
            )
            return list(session.scalars(wanted.order_by(TrailRow.at)))

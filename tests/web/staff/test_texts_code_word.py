"""A code word for somebody nobody invited: shown once, told on the telephone, good at once."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from family_voice import worker
from family_voice.interviews import record
from family_voice.messages import arriving
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.factories import on_the_rota
from tests.web.staff.conftest import Desk
from tests.web.staff.texting import INBOX, Talk

STRANGER = "+447700900123"
BUTTON = "Make a code word"


class Town:
    """A telephone nobody knows."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self.database, self.settings, self.clock = database, settings, clock
        with database.sessions.begin() as session:
            on_the_rota(session, clock())

    def text(self, *bodies: str) -> None:
        for body in bodies:
            self.clock.present += timedelta(minutes=1)
            incoming = Incoming(uuid4().hex, STRANGER, body)
            with self.database.sessions.begin() as session:
                take_in(session, self.settings, incoming, self.clock())
            worker.turn(self.database.sessions, self.settings, ConsoleGateway(), self.clock)

    def asked(self, interview_id: UUID) -> str | None:
        with reading(self.database.sessions) as session:
            return record.state_of(session, interview_id).on_phone


@pytest.fixture
def town(database: Database, settings: Settings, clock: Clock) -> Town:
    return Town(database, settings, clock)


@pytest.fixture
def begun(town: Town) -> UUID:
    town.text("Nobody listens to us", "AGREE")
    with reading(town.database.sessions) as session:
        found = arriving.last_conversation(session, STRANGER)
    assert found is not None
    return found


def make(lead: Desk, interview_id: UUID) -> str:
    page = lead.post(f"{INBOX}/{interview_id}", f"{INBOX}/{interview_id}/code-word")
    assert page.status_code == 200
    assert "Say it on the telephone. It is shown only now." in page.text
    found = re.search(r'class="fv-secret"[^>]*>([^<]+)<', page.text)
    assert found
    return html.unescape(found[1])


def test_a_word_made_at_the_desk_lets_the_questions_go_on_by_text(
    lead: Desk, town: Town, begun: UUID
) -> None:
    thread = f"{INBOX}/{begun}"
    assert BUTTON in lead.get(thread).text
    word = make(lead, begun)
    assert word not in lead.get(thread).text
    town.text(word, "AGREE")
    assert town.asked(begun) == "important.open"
    with reading(town.database.sessions) as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.resource_id == begun)).all()
    assert [row.actor_kind for row in rows if row.fields == ["code_word"]] == ["staff"]
    assert all(word not in str(vars(row)) for row in rows)


def test_another_word_takes_the_place_of_the_first(lead: Desk, town: Town, begun: UUID) -> None:
    first, second = make(lead, begun), make(lead, begun)
    town.text(first)
    assert town.asked(begun) is None
    town.text(second, "AGREE")
    assert town.asked(begun) == "important.open"


def test_after_a_no_there_is_none(lead: Desk, town: Town, begun: UUID) -> None:
    town.text("STOP")
    thread = f"{INBOX}/{begun}"
    assert BUTTON not in lead.get(thread).text
    late = lead.post(INBOX + "/try", f"{thread}/code-word")
    assert late.status_code == 422
    assert "No code word was made." in late.text


def test_who_was_invited_has_one_from_the_invitation(
    database: Database, settings: Settings, clock: Clock, lead: Desk, round_id: UUID
) -> None:
    talk = Talk(database, settings, clock, lead, round_id)
    assert BUTTON not in lead.get(talk.page).text
    late = lead.post(INBOX + "/try", f"{talk.page}/code-word")
    assert late.status_code == 422

"""A young person who has begun to decide for themselves is asked again at the next opening."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from family_voice.consent.decisions import Audience, permits, standing
from family_voice.consent.statements import Purpose
from family_voice.demo.texting import send_due
from family_voice.interviews import doors, record
from family_voice.interviews.doors import Secrets
from family_voice.interviews.events import Channel, Finished, Opened
from family_voice.people import register
from family_voice.people.facts import ChildFacts, ContactFacts, PersonFacts
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from tests.conftest import NOW, Database
from tests.web.family.browser import Browser

PHONE, WORD = "+447700900321", "yellow boat"
#: Compulsory school age ends on 26 June 2026: between what is told here and `NOW`.
BORN, BEFORE = date(2010, 5, 23), datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def told(database: Database) -> tuple[UUID, Secrets]:
    """An account of somebody still of compulsory school age, sent, with doors that still open."""
    with database.sessions.begin() as session:
        return _told(session)


def _told(session: Session) -> tuple[UUID, Secrets]:
    contact = ContactFacts(mobile=PHONE, safe_to_contact="yes", safe_confirmed_by="A tutor")
    child_id = register.keep_child(
        session,
        ChildFacts("T-16", "Robin", "Testcase", BORN),
        [PersonFacts("young_person", False, "Robin", "Testcase", contact)],
        BEFORE,
    )
    (person,) = register.people_of(session, [child_id])[child_id]
    own = record.begin(
        session, audience="young_person", language="en", now=BEFORE, participant_id=person.id
    )
    secrets = doors.open_doors(session, own, NOW + timedelta(weeks=2), BEFORE, phone=PHONE)
    record.happen(session, own, Opened(Channel.WEB), BEFORE)
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, own, purpose, True, channel=Channel.WEB, now=BEFORE)
    record.say(
        session, own, "Maths is too loud.", channel=Channel.WEB, now=BEFORE,
        prompt_id="important.open",
    )  # fmt: skip
    doors.choose_return_word(session, own, WORD)
    record.happen(session, own, Finished(Channel.WEB), BEFORE)
    return own, secrets


def test_the_web_asks_again(app: Flask, database: Database, told: tuple[UUID, Secrets]) -> None:
    own, secrets = told
    page = Browser(app).open(f"/i/{secrets.token}").press("Carry on where you stopped")
    # Whoever holds the telephone does not decide for them: they gave a word that says it is them.
    page.press(return_word=WORD)
    assert page.path == "/permission"
    assert page.chosen("answer") == []
    with database.sessions.begin() as session:
        assert not permits(session, own, Purpose.TALK, Audience.LEAD, NOW)
    page.press(answer="yes")
    assert page.path == "/permission"
    page.press(answer="no")
    with database.sessions.begin() as session:
        assert permits(session, own, Purpose.TALK, Audience.LEAD, NOW)
        assert not permits(session, own, Purpose.CHECK, Audience.PANEL, NOW)
        assert record.account(session, own).answers[0].text == "Maths is too loud."


def test_the_text_asks_again(
    database: Database, settings: Settings, told: tuple[UUID, Secrets]
) -> None:
    own, secrets = told
    assert secrets.code_word
    for number, body in enumerate((secrets.code_word, "One more thing", "AGREE")):
        with database.sessions.begin() as session:
            take_in(session, settings, Incoming(f"SM{number}", PHONE, body), NOW)
            send_due(session, NOW)
    with database.sessions.begin() as session:
        # What came before they agreed is not kept.
        assert "One more" not in str(record.account(session, own))
        assert standing(session, own, NOW)[Purpose.TALK].yes

"""Families who talk by text: met by their code word, agreed, and at the first question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from family_voice.consent.statements import FIRST
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.people import register
from family_voice.people.facts import SAFE, ChildFacts, ContactFacts, PersonFacts
from family_voice.settings import Settings
from family_voice.sms import replies
from family_voice.sms.conversation import texts
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import in_one_transaction
from tests.factories import on_the_rota
from tests.sms import stand_in


@dataclass(frozen=True)
class Texter:
    """Somebody who texts."""

    phone: str
    interview_id: UUID


def texting(settings: Settings, url: str) -> Settings:
    """The settings of an installation that texts through the stand-in at this address."""
    return replace(
        settings, sms="twilio", sms_number=stand_in.NUMBER, twilio_api_url=url,
        twilio_account_sid=stand_in.ACCOUNT, twilio_auth_token=stand_in.TOKEN,
    )  # fmt: skip


def texters(
    sessions: sessionmaker[Session], settings: Settings, now: datetime, count: int, first: int = 0
) -> list[Texter]:
    """So many families at their first question, with somebody on the rota."""
    if not first:
        with sessions.begin() as session:
            on_the_rota(session, now)
    return [_texter(sessions, settings, now, number) for number in range(first, first + count)]


def _texter(
    sessions: sessionmaker[Session], settings: Settings, now: datetime, number: int
) -> Texter:
    phone = f"+4477009{number:05d}"
    with sessions.begin() as session:
        contact = ContactFacts(mobile=phone, safe_to_contact=SAFE, safe_confirmed_by="A lead")
        mother = PersonFacts("mother", True, "Alex", "Testcase", contact)
        child = ChildFacts(f"P-{number}", "Robin", "Testcase", date(2014, 3, 27), "A School")
        child_id = register.keep_child(session, child, [mother], now)
        (person,) = register.people_of(session, [child_id])[child_id]
        interview_id = record.begin(
            session, audience="parent_carer", language="en", now=now, participant_id=person.id
        )
        until = now + timedelta(weeks=4)
        secrets = doors.open_doors(session, interview_id, until, now, phone=phone)
    incoming = Incoming(f"met:{phone}", phone, secrets.code_word or "")
    # As the webhook does it: the worker may be at their line in this moment.
    in_one_transaction(sessions, partial(take_in, settings=settings, incoming=incoming, now=now))
    in_one_transaction(sessions, partial(_agrees, settings, interview_id, phone, now))
    with sessions() as session:
        state = record.state_of(session, interview_id)
    if state.on_phone is None:
        raise AssertionError(f"not at the first question, but at {state.stage}")
    return Texter(phone, interview_id)


def _agrees(
    settings: Settings, interview_id: UUID, phone: str, now: datetime, session: Session
) -> None:
    """They say yes twice. By text it would count only for what has gone, and nothing goes yet."""
    for purpose in FIRST:
        agreed = record.decide(session, interview_id, purpose, True, channel=Channel.TEXT, now=now)
        to = replies.To(interview_id, phone, f"met:{phone}:{purpose}")
        answers = texts(agreed.effects, agreed.state)
        replies.carry_out(session, settings, to, agreed.effects, answers, now)

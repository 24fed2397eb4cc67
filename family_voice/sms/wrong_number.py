"""WRONG: whoever holds the phone says that it is not for them.

Nothing more goes to that number until a person has put it right: every conversation lets go of it,
how the people it was said to belong to are reached has to be confirmed again, and the try counts as
one that reached the wrong person.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import linking, reaching
from family_voice.cases.ledger import Outcome
from family_voice.interviews import doors, record
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import WrongNumber
from family_voice.interviews.models import Interview
from family_voice.language.texts import speaking
from family_voice.messages import attention, outbox, phone_lines
from family_voice.messages.attention import Need
from family_voice.messages.models import PhoneLine
from family_voice.messages.numbers import HOME
from family_voice.messages.templates import Template
from family_voice.messages.wording import compose
from family_voice.people import facts, register
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.sms.conversation import TEXT
from family_voice.storage.locking import fetch

FAMILY = Actor("family")


def take_in(
    session: Session,
    settings: Settings,
    line: PhoneLine,
    phone: str,
    interview_ids: Iterable[UUID],
    now: datetime,
) -> None:
    """Let go of a number.

    Args:
        session: a writing session.
        settings: who we are.
        line: the phone's, held.
        phone: the number.
        interview_ids: the conversations that used it, held.
        now: when.
    """
    language, known = "en", phone.startswith(HOME)
    for interview_id in interview_ids:
        language, known = record.guide_of(session, interview_id).language, True
        with suppress(EngineError):
            record.happen(session, interview_id, WrongNumber(TEXT), now)
        doors.unhook_phone(session, interview_id)
        outbox.cancel_queued(session, [interview_id])
        phone_lines.drop_name(session, interview_id)
        attention.raise_need(session, Need.WRONG_NUMBER, now, interview_id=interview_id)
        _mark(session, interview_id, now)
    line.interview_id, line.asked_at, line.held = None, None, False
    line.muted_at, line.muted_why = now, Need.WRONG_NUMBER.value
    session.flush()
    if not known or outbox.is_stopped(session, phone):
        return
    with speaking(language):
        # It belongs to no conversation: none of them may text this number any more.
        outbox.queue(
            session,
            None,
            phone,
            Template.WRONG_NUMBER,
            compose(Template.WRONG_NUMBER, settings),
            f"wrong_number:{line.phone_index.hex()}:{now:%Y%m%d}",
            due_at=now,
            is_reply=True,
            now=now,
        )


def _mark(session: Session, interview_id: UUID, now: datetime) -> None:
    """Say so where the lead works: on the person's contact, and among the tries of the case."""
    participant_id = fetch(session, Interview, interview_id).participant_id
    person = register.person(session, participant_id) if participant_id else None
    if person is None:
        return
    contact = person.facts.contact
    if contact.safe_to_contact == facts.SAFE:
        asks_anew = replace(contact, safe_to_contact=facts.NOT_CONFIRMED, safe_confirmed_by="")
        reaching.change_contact(session, person.id, person.version, asks_anew, FAMILY, now)
    case_id = linking.case_of(session, interview_id)
    if case_id is not None:
        reaching.record_attempt(
            session,
            case_id,
            participant_id=person.id,
            channel=reaching.Channel.TEXT,
            outcome=Outcome.WRONG_CONTACT,
            at=now,
            by=FAMILY,
            now=now,
        )

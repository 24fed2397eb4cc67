"""DELETE: taking everything back by text. STOP only stops texts; this is something else.

It needs the code word in the same text, since a telephone may be in the wrong hands, and waits
seven days in which KEEP calls it off. Where nobody was ever given a code word there is none to ask
for; the wait guards them as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.interviews import doors, record
from family_voice.interviews.models import Interview
from family_voice.language.formats import full_date
from family_voice.language.texts import speaking
from family_voice.messages import outbox
from family_voice.messages.templates import Template
from family_voice.messages.wording import compose
from family_voice.operations import waiting
from family_voice.operations.receipts import Receipt
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security import throttling
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.sms import commands
from family_voice.sms.commands import Command
from family_voice.sms.conversation import Text
from family_voice.storage.locking import lock

SCOPE: Final = "code_word"


@dataclass(frozen=True)
class Deletion:
    """A text that asks for a deletion, or calls one off. `code_word` is what came after DELETE."""

    keeps: bool
    code_word: str = ""


def read(body: str) -> Deletion | None:
    """What a text says about deleting, if it is such a text."""
    if commands.read(body) is Command.KEEP:
        return Deletion(keeps=True)
    after = commands.after_delete(body)
    return Deletion(keeps=False, code_word=after) if after is not None else None


def meant(
    session: Session, known: Sequence[UUID], body: str, phone: str, now: datetime
) -> UUID | None:
    """Which conversation such a text is about, where it says so; it is held then.

    Taking back does not end with the round: it reaches conversations whose doors have ended, and
    KEEP reaches every deletion that this phone asked for.
    """
    found = read(body)
    if found is None:
        return None
    if found.keeps:
        return _held(session, waiting.asked_from(session, phone))
    once = doors.once_by_phone(session, phone)
    if len(once) > 1 and throttling.allowed(session, SCOPE, phone, now):
        for each in once:
            if doors.code_word_is(session, each, found.code_word):
                return _held(session, each)
    return _held(session, next(iter(once), None)) if not known else None


def _held(session: Session, interview_id: UUID | None) -> UUID | None:
    if interview_id is not None:
        lock(session, Interview, interview_id)
    return interview_id


def answer(
    session: Session, interview_id: UUID, body: str, phone: str, now: datetime
) -> list[Text] | None:
    """Let such a text have its effect.

    Args:
        session: a writing session.
        interview_id: the conversation, held.
        body: the text.
        phone: from where.
        now: when.

    Returns:
        The texts that answer it; None if it says nothing about deleting and is something else.
    """
    found = read(body)
    if found is None:
        return None
    if found.keeps:
        if not waiting.call_off(session, interview_id, Actor("family"), now):
            return None
        return [Text(Template.DELETE_CALLED_OFF)]
    if doors.has_code_word(session, interview_id):
        if not throttling.allowed(session, SCOPE, phone, now):
            return [Text(Template.DELETE_HOW)]
        if not doors.code_word_is(session, interview_id, found.code_word):
            if found.code_word:
                throttling.count_failure(session, SCOPE, phone, now)
            return [Text(Template.DELETE_HOW)]
    due = waiting.begin(session, interview_id, phone, now).due_at
    with speaking(record.guide_of(session, interview_id).language):
        return [Text(Template.DELETE_WAITS, day=full_date(due))]


def carry_out_due(
    session: Session, settings: Settings, interview_id: UUID, now: datetime
) -> Receipt | None:
    """Take everything back where the seven days are over, and text that it is done.

    Returns:
        The receipt; None if it was called off meanwhile.
    """
    record.hold(session, interview_id)
    wait = waiting.of_interview(session, interview_id)
    if wait is None or wait.due_at > now:
        return None
    phone = waiting.phone_of(session, interview_id)
    language = record.guide_of(session, interview_id).language
    asked = Asked(Way.TEXT, london_date(wait.asked_at))
    found = withdraw(session, interview_id, asked, now)
    if phone is not None:
        tell_done(session, settings, phone, found, language, now)
    return found


def tell_done(
    session: Session, settings: Settings, phone: str, found: Receipt, language: str, now: datetime
) -> None:
    """Text that the deletion is done, with the number of the receipt. It belongs to no account."""
    if outbox.is_stopped(session, phone):
        return
    with speaking(language):
        outbox.queue(
            session,
            None,
            phone,
            Template.DELETED,
            compose(Template.DELETED, settings, number=found.number),
            f"deleted:{found.number}",
            due_at=now,
            is_reply=False,
            now=now,
        )

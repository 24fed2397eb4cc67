"""What the first text of a day has to say, added where a text goes on another day than was meant.

Most texts have it from when they were put in line; this one waited for the morning, or what was to
go before it did not.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.language.texts import speaking
from family_voice.messages.models import OutboundMessage
from family_voice.messages.wording import day_note
from family_voice.safeguarding.rota import reads_next
from family_voice.settings import Settings

LANGUAGE = "en"


def with_day_note(
    settings: Settings, session: Session, message: OutboundMessage, body: str, now: datetime
) -> str:
    """The words of the first text that a phone gets today, with whom to ring in danger.

    Args:
        settings: whom to ring.
        session: the claiming session.
        message: the text.
        body: its words so far.
        now: the present.
    """
    if settings.emergency_phone in body:
        return body
    language = LANGUAGE
    if message.interview_id is not None:
        language = record.guide_of(session, message.interview_id).language
    with speaking(language):
        return f"{body}\n{day_note(settings, reads_next(session, now))}"

"""What answers a text while nobody is on the concern rota: that it is here, and when it is read.

The next question waits until somebody is there to read the answer. None of this depends on what was
said, only on the clock and the rota.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.interviews.events import Channel, Rested
from family_voice.language.texts import speaking
from family_voice.messages import outbox
from family_voice.messages.hours import may_go_from
from family_voice.messages.templates import PROMPTS, Template
from family_voice.messages.wording import compose
from family_voice.safeguarding import rota
from family_voice.settings import Settings

#: What puts a question of the guide.
QUESTIONS: Final = PROMPTS - {Template.INVITATION}
#: How soon to look again where nobody is on the rota and nobody ever will be.
LOOK_AGAIN: Final = timedelta(hours=1)


def nobody_reads(session: Session, now: datetime) -> bool:
    """Whether nobody is there just now to read what a family answers."""
    return not rota.on_rota(session, now)


def rest(
    session: Session,
    settings: Settings,
    interview_id: UUID,
    phone: str,
    language: str,
    now: datetime,
) -> None:
    """Say that their text is here and when texts are next read: once until then.

    Args:
        session: a writing session.
        settings: who we are.
        interview_id: the conversation.
        phone: where to.
        language: the conversation's.
        now: the present.
    """
    if outbox.is_stopped(session, phone):
        return
    reads_next = rota.next_on_rota(session, now)
    until = f"{reads_next:%Y%m%d%H%M}" if reads_next else f"{now:%Y%m%d}"
    with speaking(language):
        outbox.queue(
            session,
            interview_id,
            phone,
            Template.RESTING,
            compose(Template.RESTING, settings, reads_next=reads_next),
            f"resting:{interview_id}:{until}",
            due_at=now,
            is_reply=True,
            now=now,
        )


def hold_back(session: Session, interview_id: UUID, now: datetime) -> None:
    """Take a question out of line that has not gone: nobody is there to read the answer tonight, or
    it waits for the morning.

    Their phone does not show it, so that what they text now is not put with it.
    """
    if not outbox.any_waits(session, interview_id, QUESTIONS):
        return
    resting = nobody_reads(session, now)
    later = None if resting else now
    if outbox.cancel_queued(session, [interview_id], QUESTIONS, due_after=later):
        record.happen(session, interview_id, Rested(Channel.TEXT), now)
        wakes = wakes_at(session, now) if resting else may_go_from(now, None)
        outbox.schedule_turn(session, interview_id, wakes or now)


def wakes_at(session: Session, now: datetime) -> datetime:
    """When a conversation that rests goes on by itself."""
    return rota.next_on_rota(session, now) or now + LOOK_AGAIN

"""Carrying out what the engine wants done by text: timers, and answers in line to go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import doors, record
from family_voice.interviews.effects import Close, Effect, Schedule
from family_voice.interviews.guide import Guide
from family_voice.language.texts import speaking
from family_voice.messages import outbox
from family_voice.messages.wording import PROMPTS, Template, compose, day_note
from family_voice.safeguarding.rota import reads_next
from family_voice.settings import Settings
from family_voice.sms import resting
from family_voice.sms.conversation import Text

#: A link that travels by text is for carrying on now. Another WEB brings another link.
LINK_LASTS: Final = timedelta(days=1)


@dataclass(frozen=True)
class To:
    """Where answers go; `occasion` names what they answer, so that they go out once."""

    interview_id: UUID
    phone: str
    occasion: str


def carry_out(
    session: Session,
    settings: Settings,
    to: To,
    effects: Iterable[Effect],
    answers: Sequence[Text],
    now: datetime,
) -> None:
    """Set the timer the effects ask for, and put the answers in line.

    Args:
        session: a writing session.
        settings: who we are.
        to: where.
        effects: the engine's.
        answers: the texts that answer, in order.
        now: when.
    """
    for effect in effects:
        match effect:
            case Close():
                outbox.cancel_queued(session, [to.interview_id])
            case Schedule(due_at=due_at):
                outbox.schedule_turn(session, to.interview_id, due_at)
    if not answers or outbox.is_stopped(session, to.phone):
        return
    guide = record.guide_of(session, to.interview_id)
    if any(answer.template in PROMPTS for answer in answers) and resting.nobody_reads(session, now):
        # A question that waits since yesterday is not the one they are at any more.
        outbox.cancel_queued(session, [to.interview_id], PROMPTS)
        resting.rest(session, settings, to.interview_id, to.phone, guide.language, now)
    with speaking(guide.language):
        for number, answer in enumerate(answers, start=1):
            text = _with_more(answer, guide)
            outbox.queue(
                session,
                to.interview_id,
                to.phone,
                text.template,
                _words(session, settings, to, text, now),
                f"{to.occasion}:{number}",
                due_at=now,
                is_reply=True,
                now=now,
                day_note=day_note(settings, reads_next(session, now)),
            )


def asking(settings: Settings, purpose: Purpose, audience: str, language: str) -> str:
    """A consent statement in its wording for a text, filled in."""
    return statement(purpose, audience, language).text_message.format(
        area=settings.area_name,
        team=settings.team_name,
        phone=settings.phone,
        roles="",
        emergency_phone=settings.emergency_phone,
    )


def _with_more(text: Text, guide: Guide) -> Text:
    """Say under which question MORE brings more."""
    if text.template is not Template.QUESTION or text.prompt_id is None:
        return text
    heading = guide.heading_of(text.prompt_id)
    if text.prompt_id != heading.core.id or not heading.further:
        return text
    return replace(text, template=Template.OPEN_QUESTION)


def _words(session: Session, settings: Settings, to: To, text: Text, now: datetime) -> str:
    guide = record.guide_of(session, to.interview_id)
    put, question, link = "", "", ""
    if text.purpose is not None:
        put = asking(settings, Purpose(text.purpose), guide.audience, guide.language)
    if text.prompt_id is not None:
        question = guide.prompt(text.prompt_id).wording("text")
    if text.template is Template.WEB_LINK:
        token = doors.another_link(session, to.interview_id, now + LINK_LASTS, now)
        link = f"{settings.public_url}/i/{token}"
    return compose(
        text.template, settings, statement=put, question=question, link=link, day=text.day
    )

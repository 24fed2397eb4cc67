"""A text that came after the time for its conversation was over.

It is kept for a person, who is told; it is not put into the account, which may be in use already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.interviews import doors, record
from family_voice.interviews.events import AskedForCall
from family_voice.interviews.state import Stage
from family_voice.messages import arriving, attention
from family_voice.messages.attention import Need
from family_voice.messages.models import InboundMessage
from family_voice.messages.templates import Template
from family_voice.settings import Settings
from family_voice.sms import replies, strangers
from family_voice.sms.commands import Command
from family_voice.sms.conversation import TEXT, Text


@dataclass(frozen=True)
class Over:
    """A conversation that is over. `thread` is where its text is kept: with it if they had agreed
    to talk, else apart, as of a number nobody knows."""

    interview_id: UUID
    thread: UUID | None


def conversation(session: Session, phone: str, now: datetime) -> Over | None:
    """The newest conversation of a phone that has none any more; None if it never had one."""
    for interview_id in doors.once_by_phone(session, phone):
        state = record.as_agreed(session, interview_id, now)
        if state.stage is not Stage.WITHDRAWN:
            return Over(interview_id, interview_id if state.speaking_allowed else None)
    return None


def take_in(
    session: Session,
    settings: Settings,
    over: Over,
    message: InboundMessage,
    phone: str,
    command: Command | None,
    now: datetime,
) -> None:
    """Keep a text that came too late, tell a person, and say so: once a day.

    Args:
        session: a writing session.
        settings: who we are.
        over: the conversation that is over.
        message: the text, received.
        phone: from where.
        command: what it is, if it is a command.
        now: when.
    """
    where, template = over.interview_id, Template.EXPIRED
    if over.thread is None:
        strangers.hold_to_a_no(session, message, phone, command, asked=False)
    elif command in strangers.NOES:
        arriving.blank(session, message)
    if command in strangers.NOES or strangers.left_to_carrier(settings, command):
        return
    if command is Command.CALL:
        record.happen(session, where, AskedForCall(TEXT), now)
        template = Template.CALL_COMING
    elif arriving.body_of(session, message).strip():
        attention.raise_need(
            session, Need.EXPIRED_TEXT, now, interview_id=where, message_id=message.id
        )
    occasion = replies.once_a_day(session, where, template, now)
    if occasion is not None:
        to = replies.To(where, phone, occasion)
        replies.carry_out(session, settings, to, (), [Text(template)], now)

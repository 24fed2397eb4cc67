"""A text from a number nobody knows.

It is kept for the lead, since somebody who has changed their number must not be lost, and it gets
one neutral answer at most. Who then agrees begins an account of their own, which a person may link
to a case; nothing is asked there by text before somebody gave them a code word by telephone. Who
says no leaves no words behind: what came before goes, what comes after is not kept until they
agree, and the no itself stays to say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.events import AskedForCall, Recognised
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.interviews.words import Speaker
from family_voice.language.texts import speaking
from family_voice.messages import arriving, outbox
from family_voice.messages.arriving import Unplaced
from family_voice.messages.attention import Need
from family_voice.messages.models import InboundMessage, PhoneLine
from family_voice.messages.templates import Template
from family_voice.messages.wording import compose, day_note
from family_voice.safeguarding import flags
from family_voice.safeguarding.rota import reads_next
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_record
from family_voice.settings import Settings
from family_voice.sms import commands, lines, replies, wrong_number
from family_voice.sms.commands import Command
from family_voice.sms.conversation import TEXT, Text
from family_voice.storage.locking import fetch

AUDIENCE: Final = "parent_carer"
LANGUAGE: Final = "en"
#: Nobody knows yet which round it is for, and so when it freezes.
DOOR_LASTS: Final = timedelta(days=60)
#: Only to numbers here: answers to any number in the world can be made to cost a fortune.
HOME: Final = "+44"
#: What leaves no words behind.
NOES: Final = (Command.NO, Command.DELETE)
#: Of whom nothing more is asked.
UNWANTED: Final = (Stage.DECLINED, Stage.WITHDRAWN)
#: For as long the lead is shown what an unknown number sent: a term's work, and no longer.
SHOWN_FOR: Final = timedelta(days=60)


@dataclass(frozen=True)
class Unknown:
    """A number nobody knows, with what stands of its newest texts, newest first."""

    phone: str
    texts: tuple[Unplaced, ...]


def waiting(session: Session, now: datetime) -> list[Unknown]:
    """The numbers nobody knows that a person should look at, the newest first.

    A number is among them if it sent words or asked for a call, and has not said no.

    Args:
        session: any session.
        now: when; texts older than `SHOWN_FOR` are left out.
    """
    found: dict[str, list[Unplaced]] = {}
    for text in arriving.newest_unplaced(session, now - SHOWN_FOR):
        if text.body.strip() and commands.read(text.body) in (None, Command.CALL):
            found.setdefault(text.phone, []).append(text)
    return [Unknown(phone, tuple(texts)) for phone, texts in found.items()]


def hold_to_a_no(
    session: Session, message: InboundMessage, phone: str, command: Command | None, asked: bool
) -> None:
    """See that after a no nothing stands but the no itself, until they agree.

    Args:
        session: a writing session.
        message: the text that has just come.
        phone: from where.
        command: what it is, if it is a command.
        asked: whether they have had our one answer, and so the question.
    """
    said_no = commands.read(arriving.last_words(session, phone, message.id)) in NOES
    agrees = command is Command.AGREE and asked
    if command in NOES or (said_no and agrees):
        arriving.blank_unplaced(session, phone, message.id)
    elif said_no:
        arriving.blank(session, message)


def take_in(
    session: Session,
    settings: Settings,
    line: PhoneLine,
    message: InboundMessage,
    phone: str,
    command: Command | None,
    same_again: bool,
    now: datetime,
) -> None:
    """Let a stranger's text have its effect.

    Args:
        session: a writing session.
        settings: who we are.
        line: the phone's, held.
        message: the text, received.
        phone: from where.
        command: what it is, if it is a command.
        same_again: it says the same as too many before it.
        now: when.
    """
    asked = were_asked(session, phone)
    hold_to_a_no(session, message, phone, command, asked)
    if same_again:
        lines.mute(session, line, None, Need.SAME_AGAIN, now)
    elif command is Command.WRONG:
        wrong_number.take_in(session, settings, line, phone, (), now)
    elif command is Command.AGREE and asked and line.muted_at is None:
        _begin(session, settings, line, phone, now)
    elif (
        command is not Command.NO
        and not left_to_carrier(settings, command)
        and line.muted_at is None
    ):
        _answer(session, settings, phone, now)
    look_at(session, settings, message, phone, now)


def left_to_carrier(settings: Settings, command: Command | None) -> bool:
    """Whether the carrier answers a text by itself, and so nobody else does."""
    return command is Command.HELP and settings.carrier_answers_help


def _answer(session: Session, settings: Settings, phone: str, now: datetime) -> None:
    """The one answer to a number nobody knows."""
    if not phone.startswith(HOME) or outbox.is_stopped(session, phone):
        return
    with speaking(LANGUAGE):
        statement = replies.asking(settings, Purpose.TALK, AUDIENCE, LANGUAGE)
        outbox.queue(
            session,
            None,
            phone,
            Template.UNKNOWN_NUMBER,
            compose(Template.UNKNOWN_NUMBER, settings, statement=statement),
            _occasion(session, phone),
            due_at=now,
            is_reply=True,
            now=now,
            day_note=day_note(settings, reads_next(session, now)),
        )


def look_at(
    session: Session, settings: Settings, message: InboundMessage, phone: str, now: datetime
) -> None:
    """Let a person look at a stranger's text that a phrase list finds, where its words are kept."""
    body = arriving.body_of(session, message)
    flags.look_at(
        session, settings, body, LANGUAGE,
        interview_id=None, fragment_id=None, now=now, about=phone,
    )  # fmt: skip


def _begin(
    session: Session, settings: Settings, line: PhoneLine, phone: str, now: datetime
) -> None:
    """They agreed: what they had sent before stands in the notes of an account of their own.

    Nobody gave them a code word, so nothing is asked by text: somebody rings them, and they can go
    on at once by a link.
    """
    interview_id = record.begin(
        session, audience=AUDIENCE, language=LANGUAGE, now=now, speaker=Speaker(phone=phone)
    )
    doors.open_doors(
        session, interview_id, now + DOOR_LASTS, now, phone=phone, with_code_word=False
    )
    lines.take_up(session, line, interview_id, now)
    # Whoever holds the phone is all that is known, and all that an account of its own needs.
    record.happen(session, interview_id, Recognised(TEXT), now)
    record.decide(session, interview_id, Purpose.TALK, True, channel=TEXT, now=now)
    for earlier in arriving.unplaced(session, phone):
        arriving.belongs_to(session, earlier.id, interview_id, now)
        if earlier.body.strip() and commands.read(earlier.body) is None:
            record.say(session, interview_id, earlier.body, channel=TEXT, now=now)
    record.happen(session, interview_id, AskedForCall(TEXT), now)
    occasion = replies.once_a_day(session, interview_id, Template.CALL_COMING, now) or ""
    replies.carry_out(
        session,
        settings,
        replies.To(interview_id, phone, occasion),
        (),
        [Text(Template.CALL_COMING), Text(Template.WEB_LINK)],
        now,
    )


def may_have_code_word(session: Session, interview_id: UUID) -> bool:
    """Whether a code word told on the telephone would let this conversation go on by text.

    Only where they began from a number nobody knew (an invitation brings its own), and have
    neither said no nor asked for no more texts.

    Raises:
        Missing: if there is no such interview.
    """
    state = record.state_of(session, interview_id)
    unwanted = state.texts_stopped or state.wrong_number or state.stage in UNWANTED
    invited = fetch(session, Interview, interview_id).participant_id is not None
    return not (unwanted or invited) and arriving.phone_of(session, interview_id) is not None


def give_code_word(session: Session, interview_id: UUID, by: Actor, now: datetime) -> str:
    """Make a code word for somebody who began from a number nobody knew: to be told by telephone.

    Their link stops working; with the code word their conversation goes on by text.

    Args:
        session: a writing session.
        interview_id: whose.
        by: who speaks with them.
        now: when.

    Returns:
        The code word, in clear, once.

    Raises:
        NoSuchDoor: if `may_have_code_word` says no.
        Missing: if there is no such interview.
    """
    record.hold(session, interview_id)
    phone = arriving.phone_of(session, interview_id)
    if phone is None or not may_have_code_word(session, interview_id):
        raise doors.NoSuchDoor
    secrets = doors.open_doors(session, interview_id, now + DOOR_LASTS, now, phone=phone)
    on_record(session, by, "invite", "interview", interview_id, now, ["code_word"])
    return secrets.code_word or ""


def were_asked(session: Session, phone: str) -> bool:
    """Whether this number has had our one answer. Its texts are taken one at a time from here on,
    so that agreeing twice in one moment begins one account."""
    return outbox.hold(session, _occasion(session, phone))


def _occasion(session: Session, phone: str) -> str:
    return f"stranger:{outbox.phone_index(session, phone).hex()}"

"""A text that arrived, from its first effect to its last, in one transaction of the caller's.

Received once, understood, stepped through the engine, and its answers put in line. The webhook, the
poller and the pretend phone all come through `take_in`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.effects import Effect
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import (
    AskedForCall,
    Recognised,
    Resumed,
    Stopped,
    TimedOut,
)
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage, State
from family_voice.messages import arriving, outbox
from family_voice.messages.models import InboundMessage
from family_voice.messages.wording import Template
from family_voice.security import throttling
from family_voice.settings import Settings
from family_voice.sms import commands, loops, replies, resting, strangers, taking_back
from family_voice.sms.commands import Command
from family_voice.sms.conversation import (
    TEXT,
    Decides,
    Happens,
    Hears,
    Speaks,
    Text,
    decision_asked,
    meaning,
    texts,
)
from family_voice.storage.locking import lock

#: A longer text is somebody talking, and no try at a code word of two words.
CODE_WORD_TRY: Final = 4
CODE_WORD_SCOPE: Final = "code_word"


@dataclass(frozen=True)
class Incoming:
    """A text as it came: `provider_id` is Twilio's MessageSid, `phone` in E.164 form."""

    provider_id: str
    phone: str
    body: str
    segments: int = 1
    pictures: int = 0


def take_in(session: Session, settings: Settings, incoming: Incoming, now: datetime) -> bool:
    """Let a text have its effect, unless it has had it already.

    Args:
        session: a writing session; nothing has happened until it commits.
        settings: who we are.
        incoming: the text.
        now: when.

    Returns:
        Whether it was new.
    """
    body = incoming.body.replace("\x00", "")
    known, asked = _known(session, incoming.phone, now)
    interview_id = taking_back.meant(session, known, body, incoming.phone, now)
    interview_id = interview_id or _conversation(session, incoming.phone, known, body, now)
    message = arriving.receive(
        session,
        incoming.provider_id,
        incoming.phone,
        body,
        incoming.segments,
        now,
        interview_id,
    )
    if message is None:
        return False
    command = commands.read(body)
    if interview_id is None:
        strangers.hold_to_a_no(session, message, incoming.phone, command, asked)
    if command is Command.STOP:
        outbox.stop(session, incoming.phone, now)
        for each in known:
            record.happen(session, each, Stopped(TEXT), now)
        return True
    if command is Command.START:
        outbox.start_again(session, incoming.phone)
    if interview_id is None:
        strangers.take_in(session, settings, message.id, incoming.phone, command, asked, now)
        strangers.look_at(session, settings, message, incoming.phone, now)
        return True
    _answer(session, settings, _Arrival(message, interview_id, incoming, body, command, now))
    return True


def quiet_passed(session: Session, settings: Settings, turn: outbox.Turn, now: datetime) -> None:
    """Let a conversation go on by itself: nothing more came.

    Args:
        session: a writing session.
        settings: who we are.
        turn: which conversation, and the moment that has come.
        now: when.
    """
    phone = arriving.phone_of(session, turn.interview_id)
    if phone is not None and resting.nobody_reads(session, now):
        # The question they are at stays, so that what they add tonight is put with it.
        _rest(session, settings, turn, phone, now)
        return
    outcome = record.happen(session, turn.interview_id, TimedOut(TEXT), now)
    outbox.turn_taken(session, turn)
    if phone is not None:
        occasion = f"turn:{turn.interview_id}:{turn.due_at.timestamp():.0f}"
        replies.carry_out(
            session,
            settings,
            replies.To(turn.interview_id, phone, occasion),
            outcome.effects,
            texts(outcome.effects, outcome.state),
            now,
        )


def _rest(
    session: Session, settings: Settings, turn: outbox.Turn, phone: str, now: datetime
) -> None:
    state = record.as_agreed(session, turn.interview_id, now)
    if state.stage is Stage.ASKING and not state.silent(TEXT):
        language = record.guide_of(session, turn.interview_id).language
        resting.rest(session, settings, turn.interview_id, phone, language, now)
    outbox.schedule_turn(session, turn.interview_id, resting.wakes_at(session, now))


@dataclass(frozen=True)
class _Arrival:
    message: InboundMessage
    interview_id: UUID
    incoming: Incoming
    body: str
    command: Command | None
    now: datetime


def _known(session: Session, phone: str, now: datetime) -> tuple[list[UUID], bool]:
    """The phone's conversations, held, and whether a number nobody knows had our answer.

    Held before anything is written that points at them: two texts at once would each wait for the
    other otherwise.
    """
    known, asked = doors.by_phone(session, phone, now), False
    if not known and (asked := strangers.were_asked(session, phone)):
        known = doors.by_phone(session, phone, now)
    for interview_id in sorted(known):
        lock(session, Interview, interview_id)
    if known:
        # Whoever took everything back while we waited for that is a stranger now.
        known = doors.by_phone(session, phone, now)
    return known, asked


def _conversation(
    session: Session, phone: str, known: list[UUID], body: str, now: datetime
) -> UUID | None:
    """Which of the phone's conversations a text is for: whose code word it is, else the last."""
    if len(known) < 2:
        return next(iter(known), None)
    states = {each: record.as_agreed(session, each, now) for each in known}
    if _may_try(session, phone, body, now):
        for each, state in states.items():
            if TEXT not in state.recognised and _is_code_word(session, each, body):
                return each
    last = arriving.last_conversation(session, phone)
    if last in states and _goes_on(states[last]):
        return last
    going = [each for each, state in states.items() if _goes_on(state)]
    met = [each for each in going if TEXT in states[each].recognised]
    return next(iter([*met, *going, *known]))


def _goes_on(state: State) -> bool:
    if state.stage is Stage.SENT:
        return decision_asked(state) is not None
    return state.stage not in (Stage.DECLINED, Stage.WITHDRAWN)


def _answer(session: Session, settings: Settings, arrival: _Arrival) -> None:
    state = record.as_agreed(session, arrival.interview_id, arrival.now)
    if state.stage is Stage.WITHDRAWN:
        arriving.blank(session, arrival.message)
        return
    effects: Iterable[Effect] = ()
    deletes = taking_back.answer(
        session, arrival.interview_id, arrival.body, arrival.incoming.phone, arrival.now
    )
    if deletes is not None:
        arriving.blank(session, arrival.message)
        answers = deletes
    elif TEXT not in state.recognised:
        effects, answers = _at_the_door(session, arrival, state)
    elif not arrival.body.strip():
        effects, answers = (), []
        if arrival.incoming.pictures:
            answers = [Text(Template.NO_PICTURES)]
    else:
        effects, answers = _step(session, arrival, state)
    if arrival.command is None and loops.goes_round(
        [answer.template for answer in answers],
        outbox.newest(session, arrival.incoming.phone, loops.IN_A_ROW),
    ):
        answers = []
    replies.carry_out(
        session,
        settings,
        replies.To(arrival.interview_id, arrival.incoming.phone, f"answer:{arrival.message.id}"),
        effects,
        answers,
        arrival.now,
    )


Answered = tuple[Iterable[Effect], list[Text]]


def _step(session: Session, arrival: _Arrival, state: State) -> Answered:
    """What a text of somebody we know does."""
    where, now = arrival.interview_id, arrival.now
    try:
        match meaning(arrival.command, state):
            case Hears(template=template):
                return (), [] if state.silent(TEXT) else [Text(template)]
            case Happens(event=event):
                outcome = record.happen(session, where, event, now)
            case Decides(purpose=purpose, yes=yes):
                outcome = record.decide(
                    session, where, Purpose(purpose), yes, channel=TEXT, now=now
                )
            case Speaks():
                outcome = record.say(
                    session,
                    where,
                    arrival.body,
                    channel=TEXT,
                    segments=arrival.incoming.segments,
                    now=now,
                )
    except EngineError:
        return (), [] if state.silent(TEXT) else [Text(Template.NOT_NOW)]
    if not outcome.stored:
        arriving.blank(session, arrival.message)
    answers = texts(outcome.effects, outcome.state)
    if outcome.state.texts_stopped and not outbox.is_stopped(session, arrival.incoming.phone):
        # They said START before we knew them or before they agreed again: now it counts.
        resumed = record.happen(session, where, Resumed(TEXT), now)
        return (*outcome.effects, *resumed.effects), texts(resumed.effects, resumed.state)
    return outcome.effects, answers


def _at_the_door(session: Session, arrival: _Arrival, state: State) -> Answered:
    """Until the code word came, nothing is asked but that, and nothing that is said is kept."""
    arriving.blank(session, arrival.message)
    where, phone, now = arrival.interview_id, arrival.incoming.phone, arrival.now
    if arrival.command is Command.CALL:
        outcome = record.happen(session, where, AskedForCall(TEXT), now)
        return outcome.effects, texts(outcome.effects, outcome.state)
    if arrival.command is None and _looks_like_a_try(arrival.body):
        if _may_try(session, phone, arrival.body, now) and _is_code_word(
            session, where, arrival.body
        ):
            outcome = record.happen(session, where, Recognised(TEXT), now)
            outbox.cancel_queued(session, [where], {Template.INVITATION})
            if outcome.state.texts_stopped and not outbox.is_stopped(session, phone):
                outcome = record.happen(session, where, Resumed(TEXT), now)
            return outcome.effects, texts(outcome.effects, outcome.state)
        throttling.count_failure(session, CODE_WORD_SCOPE, phone, now)
    # One answer for a wrong word, too many tries and no try at all: it gives nothing away.
    return (), [] if state.with_person else [Text(Template.CODE_WORD)]


def _looks_like_a_try(body: str) -> bool:
    return len(body) <= 100 and 0 < len(commands.plain(body).split()) <= CODE_WORD_TRY


def _may_try(session: Session, phone: str, body: str, now: datetime) -> bool:
    return _looks_like_a_try(body) and throttling.allowed(session, CODE_WORD_SCOPE, phone, now)


def _is_code_word(session: Session, interview_id: UUID, body: str) -> bool:
    return doors.code_word_is(session, interview_id, commands.plain(body))

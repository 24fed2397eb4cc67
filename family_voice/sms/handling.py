"""A text that arrived, from its first effect to its last, in one transaction of the caller's.

Received once, understood, stepped through the engine, and its answers put in line. The webhook, the
poller and the pretend phone all come through `take_in`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent.decisions import How, standing
from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.choosing import said_as_choice
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import (
    NOTES,
    TALK,
    DecisionPut,
    Manner,
    Restarted,
    Stopped,
    TimedOut,
)
from family_voice.interviews.state import Stage, State
from family_voice.language.gsm7 import simpler
from family_voice.messages import arriving, outbox, phone_lines, put
from family_voice.messages.attention import Need
from family_voice.messages.templates import DECISIONS, Template
from family_voice.settings import Settings
from family_voice.sms import (
    commands,
    courtesy,
    door,
    expired,
    lines,
    loops,
    replies,
    resting,
    strangers,
    taking_back,
    wrong_number,
)
from family_voice.sms.arrival import Answered, Arrival, Incoming, answered
from family_voice.sms.commands import Command
from family_voice.sms.conversation import (
    TEXT,
    Decides,
    Happens,
    Hears,
    Speaks,
    Stops,
    Text,
    meaning,
    restarts,
    texts,
    to_read_back,
)
from family_voice.sms.lines import Meant
from family_voice.sms.saying import about_the_call, asking, says_again

__all__ = ["Incoming", "quiet_passed", "take_in"]

#: What says how to say yes to a decision.
SAYS_AGREE: Final = DECISIONS | {Template.DECLINED, Template.DECLINED_HEARD}


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
    body, phone = incoming.body.replace("\x00", ""), incoming.phone
    command = commands.read(body)
    if arriving.is_there(session, incoming.provider_id):
        return False
    line, known = lines.hold(session, phone, now)
    if arriving.is_there(session, incoming.provider_id):
        return False  # a copy came in while this one waited
    again = command in (Command.START, Command.YES) and restarts(
        command, _is_stopped(session, phone, known, now)
    )
    if again:
        command = Command.START
    takes_back = taking_back.meant(session, known, body, phone, now)
    if takes_back is not None:
        meant = Meant(takes_back)
    else:
        meant = lines.meant(session, line, known, phone, body, command, now)
    over = None if meant.interview_id else expired.conversation(session, phone, now)
    message = arriving.receive(
        session,
        incoming.provider_id,
        phone,
        body,
        incoming.segments,
        now,
        over.thread if over else None if meant.asks else meant.interview_id,
        incoming.at,
    )
    if message is None:
        return False
    same = lines.hears(session, line, command, body, now)
    if command is Command.STOP:
        if meant.interview_id is None and (over is None or over.thread is None):
            strangers.hold_to_a_no(session, message, phone, command, asked=False)
        _stop(session, phone, known, now)
        return True
    if again:
        _start(session, phone, known, None if meant.asks else meant.interview_id, now)
    if over is not None and command is Command.WRONG:
        once = doors.once_by_phone(session, phone)
        wrong_number.take_in(session, settings, line, phone, once, now)
    elif over is not None:
        expired.take_in(session, settings, over, message, phone, command, now)
    elif meant.interview_id is None:
        strangers.take_in(session, settings, line, message, phone, command, same, now)
    else:
        arrival = Arrival(
            message, meant.interview_id, meant, line, incoming, body, command, same, now
        )
        if meant.unsure:
            line.asked_at = line.asked_at or now
        if meant.asks:
            _ask_which(session, settings, arrival)
        else:
            if takes_back is None:
                lines.take_up(session, line, meant.interview_id, now)
            _answer(session, settings, arrival)
    return True


def quiet_passed(session: Session, settings: Settings, turn: outbox.Turn, now: datetime) -> None:
    """Let a conversation go on by itself: nothing more came.

    Args:
        session: a writing session.
        settings: who we are.
        turn: which conversation, and the moment that has come.
        now: when.
    """
    # Held before anything is asked: another conversation may be taking over the phone just now.
    record.hold(session, turn.interview_id)
    phone = arriving.phone_of(session, turn.interview_id)
    if not phone_lines.is_live(session, turn.interview_id) or doors.run_out(
        session, turn.interview_id, now
    ):
        _by_itself(session, turn, now)
        return
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


def _stop(session: Session, phone: str, known: list[UUID], now: datetime) -> None:
    """STOP, for every conversation of the phone. The carrier answers it, and so we do not."""
    outbox.stop(session, phone, now)
    for each in known:
        record.happen(session, each, Stopped(TEXT), now)


def _start(
    session: Session, phone: str, known: list[UUID], meant: UUID | None, now: datetime
) -> None:
    """Texts may go again. The conversation that is meant hears of it by the text itself."""
    outbox.start_again(session, phone)
    for each in known:
        if not record.as_agreed(session, each, now).texts_stopped:
            record.happen(session, each, Stopped(TEXT), now)  # their carrier alone knew of it
        if each != meant:
            record.happen(session, each, Restarted(TEXT), now)


def _is_stopped(session: Session, phone: str, known: list[UUID], now: datetime) -> bool:
    return outbox.is_stopped(session, phone) or any(
        record.as_agreed(session, each, now).texts_stopped for each in known
    )


def _by_itself(session: Session, turn: outbox.Turn, now: datetime) -> None:
    """Another conversation is live on the phone, or the time is over: nothing is asked. What was
    read back and waited only for silence is sent."""
    if record.as_agreed(session, turn.interview_id, now).stage is Stage.READING_BACK:
        record.happen(session, turn.interview_id, TimedOut(TEXT), now)
    outbox.turn_taken(session, turn)


def _rest(
    session: Session, settings: Settings, turn: outbox.Turn, phone: str, now: datetime
) -> None:
    state = record.as_agreed(session, turn.interview_id, now)
    if state.stage is Stage.ASKING and not state.silent(TEXT):
        language = record.guide_of(session, turn.interview_id).language
        resting.rest(session, settings, turn.interview_id, phone, language, now)
    outbox.schedule_turn(session, turn.interview_id, resting.wakes_at(session, now))


def _ask_which(session: Session, settings: Settings, arrival: Arrival) -> None:
    """Nobody knows who is answering: keep the text and ask, without a name of anybody."""
    ask = Text(Template.WHICH_TALK if arrival.meant.named else Template.CODE_WORD)
    talks_on = arrival.command is None and not lines.looks_like_an_answer(arrival.body)
    last = outbox.last_of(session, arrival.interview_id)
    again = talks_on and says_again(ask, last, arrival.now)
    _send(session, settings, arrival, Answered(() if again else (ask,)))


def _answer(session: Session, settings: Settings, arrival: Arrival) -> None:
    resting.hold_back(session, arrival.interview_id, arrival.now)
    state = record.as_agreed(session, arrival.interview_id, arrival.now)
    if state.stage is Stage.WITHDRAWN:
        arriving.blank(session, arrival.message)
        return
    if state.put is not None and not _shows(session, settings, arrival, state):
        state = replace(state, put=None)  # their phone does not ask it yet: AGREE was for another
    reads_back = TEXT in state.recognised and to_read_back(state)
    if arrival.command is Command.WRONG and not reads_back:
        known = doors.by_phone(session, arrival.phone, arrival.now)
        wrong_number.take_in(session, settings, arrival.line, arrival.phone, known, arrival.now)
        return
    answer = _answered(session, settings, arrival, state)
    if answer.after is not None and loops.moved_on(state, answer.after, arrival.line.heard):
        arrival.line.unmoved = 0
    _send(session, settings, arrival, answer)


def _shows(session: Session, settings: Settings, arrival: Arrival, state: State) -> bool:
    """Whether the decision that was put last has gone to them since it came to be that.

    After a no by text what answers it says how to say yes after all; after any other no the whole
    decision has to go. Where several talk, it must be the last to go: the other may have been put.
    """
    asks = SAYS_AGREE
    if state.stage is Stage.DECLINED:
        said = standing(session, arrival.interview_id, arrival.now).get(Purpose.TALK)
        asks = SAYS_AGREE if said is not None and said.how is How.TEXT else DECISIONS
    gone = put.last_gone(session, arrival.interview_id, asks)
    if gone is None or state.put_since is None or gone.queued_at < state.put_since:
        return False
    if gone.newest:
        return True
    if len(doors.by_phone(session, arrival.phone, arrival.now)) > 1:
        return False
    guide = record.guide_of(session, arrival.interview_id)
    words = asking(settings, Purpose(state.put or TALK), guide.audience, guide.language)
    # A clock may have been put back: the words must be those as well.
    return state.stage is Stage.DECLINED or simpler(words) in gone.body


def _send(session: Session, settings: Settings, arrival: Arrival, answer: Answered) -> None:
    occasion = answer.occasion or f"answer:{arrival.message.id}"
    to = replies.To(arrival.interview_id, arrival.phone, occasion)
    if arrival.same_again:
        replies.fall_silent(session, settings, arrival.line, to, Need.SAME_AGAIN, arrival.now)
        return
    if arrival.command is Command.CALL and arrival.line.muted_at is not None:
        replies.still_rings(session, settings, arrival.line, to, arrival.now)
        return
    replies.carry_out(session, settings, to, answer.effects, answer.texts, arrival.now)


def _answered(session: Session, settings: Settings, arrival: Arrival, state: State) -> Answered:
    """What a text brings, by where its conversation stands."""
    deletes = taking_back.answer(
        session, arrival.interview_id, arrival.body, arrival.phone, arrival.now
    )
    if deletes is not None:
        arriving.blank(session, arrival.message)
        return Answered(tuple(deletes))
    if TEXT not in state.recognised or arrival.line.held:
        return door.at_the_door(session, settings, arrival, state)
    if arrival.meant.told:
        return door.come_back(session, arrival)
    if not arrival.meant.shared:
        lines.place_what_waited(
            session, arrival.line, arrival.interview_id, arrival.phone, arrival.now
        )
    elif door.awaits_name(session, arrival):
        named = door.name(session, arrival, state)
        if named is not None:
            return named
        state = replace(state, put=None)  # what was asked last is the name
    if not arrival.body.strip():
        pictures = (Text(Template.NO_PICTURES),) if arrival.incoming.pictures else ()
        return Answered(pictures)
    return _step(session, settings, arrival, state)


def _manner(session: Session, interview_id: UUID, state: State, body: str) -> Manner:
    """Whether a text says one of the three choices that the question offered, and no more."""
    guide = record.guide_of(session, interview_id)
    prompt = guide.prompts.get(state.on_phone or "")
    chose = prompt is not None and said_as_choice(guide, prompt, body) is not None
    return Manner.CHOSE if chose else Manner.OWN_WORDS


def _step(session: Session, settings: Settings, arrival: Arrival, state: State) -> Answered:
    """What a text of somebody we know does."""
    where, now = arrival.interview_id, arrival.now
    last = outbox.last_of(session, where)
    try:
        match meaning(arrival.command, state, door.choices(session, settings, arrival)):
            case Hears(template=template):
                return Answered(() if template is None or state.silent(TEXT) else (Text(template),))
            case Stops():
                outbox.stop(session, arrival.phone, now)
                outcome = record.happen(session, where, Stopped(TEXT), now)
            case Happens(event=DecisionPut()) if put.goes_now(session, where, DECISIONS, now):
                return Answered(())  # it is on its way to them
            case Happens(event=event):
                outcome = record.happen(session, where, event, now)
            case Decides(purpose=purpose, yes=yes):
                outcome = record.decide(
                    session, where, Purpose(purpose), yes, channel=TEXT, now=now
                )
            case Speaks() if (
                polite := courtesy.answers(arrival.body, state, last, now)
            ) is not None:
                return Answered(polite)
            case Speaks() if about_the_call(state, last, now):
                return _passed_on(session, arrival)
            case Speaks():
                outcome = record.say(
                    session,
                    where,
                    arrival.body,
                    channel=TEXT,
                    manner=_manner(session, where, state, arrival.body),
                    segments=arrival.incoming.segments,
                    now=now,
                )
    except EngineError:
        return Answered(() if state.silent(TEXT) else (Text(Template.NOT_NOW),))
    if not outcome.stored:
        arriving.blank(session, arrival.message)
    return answered(texts(outcome.effects, outcome.state), outcome.effects, outcome.state)


def _passed_on(session: Session, arrival: Arrival) -> Answered:
    """Words for who rings them: kept where they answer no question, and answered once."""
    noted, where = Text(Template.CALL_NOTED), arrival.interview_id
    again = says_again(noted, outbox.last_of(session, where), arrival.now)
    said = record.say(
        session,
        where,
        arrival.body,
        channel=TEXT,
        prompt_id=NOTES,
        segments=arrival.incoming.segments,
        now=arrival.now,
    )
    return answered(() if again else (noted,), said.effects, said.state)

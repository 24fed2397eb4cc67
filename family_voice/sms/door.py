"""Before the first question: the code word, and on a shared phone a name for the conversation.

Until the code word came nothing is asked but that, and nothing that is said is kept; after thirty
quiet days it is asked for again, and what comes before it waits for it. An account
that began from a number nobody knew has none: it is held until a member of staff has given one by
telephone, and what they text meanwhile is kept.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.events import (
    NOTES,
    TALK,
    AskedForCall,
    ChangedChannel,
    Channel,
    Event,
    GivenBack,
    Opened,
    Recognised,
    Restarted,
)
from family_voice.interviews.state import State
from family_voice.messages import arriving, outbox, phone_lines
from family_voice.messages.templates import Template
from family_voice.security import throttling
from family_voice.settings import Settings
from family_voice.sms import commands, lines, replies
from family_voice.sms.arrival import Answered, Arrival, answered
from family_voice.sms.commands import Command
from family_voice.sms.conversation import (
    TEXT,
    Choices,
    Happens,
    Hears,
    Text,
    from_anybody,
    texts,
)
from family_voice.sms.saying import languages_on_offer


def choices(session: Session, settings: Settings, arrival: Arrival) -> Choices:
    """What besides the conversation decides what a command means."""
    if arrival.command is not Command.LANG:
        return Choices(help_is_ours=not settings.carrier_answers_help)
    guide = record.guide_of(session, arrival.interview_id)
    return Choices(
        commands.language_wanted(arrival.body),
        languages_on_offer(guide),
        not settings.carrier_answers_help,
    )


def at_the_door(session: Session, settings: Settings, arrival: Arrival, state: State) -> Answered:
    """What a text does before its conversation may be held by text.

    Args:
        session: a writing session.
        settings: who we are.
        arrival: the text.
        state: where the conversation stands.
    """
    known_once = TEXT in state.recognised
    if arrival.command is None and _is_code_word(session, arrival):
        arriving.blank(session, arrival.message)
        return _opens(session, arrival, state, known_once)
    if known_once:
        return _held(session, arrival, state)
    if not (state.speaking_allowed and state.quiet_too_long(arrival.now)):
        arriving.blank(session, arrival.message)
    if arrival.command is Command.START:
        return _happens(session, arrival, Restarted(TEXT))
    match from_anybody(arrival.command, state, choices(session, settings, arrival)):
        case Happens(event=event):
            return _happens(session, arrival, event)
        case Hears(template=template):
            return Answered((Text(template),) if template and not state.silent(TEXT) else ())
    if arrival.command is None and lines.looks_like_a_try(arrival.body):
        throttling.count_failure(session, lines.CODE_WORD_SCOPE, arrival.phone, arrival.now)
    # One answer for a wrong word, too many tries and no try at all: it gives nothing away.
    return Answered() if state.with_person else Answered((Text(Template.CODE_WORD),))


def come_back(session: Session, arrival: Arrival) -> Answered:
    """The text says which conversation is meant, by code word or name: carry on where it stands."""
    arriving.blank(session, arrival.message)
    _speaks_again(session, arrival)
    return _enter(session, arrival)


def awaits_name(session: Session, arrival: Arrival) -> bool:
    """Whether we wait to be told what to call this conversation."""
    return arrival.meant.shared and phone_lines.is_named(session, arrival.interview_id) is False


def name(session: Session, arrival: Arrival, state: State) -> Answered | None:
    """Take a text as what its conversation is to be called.

    Args:
        session: a writing session.
        arrival: the text.
        state: where the conversation stands.

    Returns:
        What it brings; None if it is a command that means the same here as anywhere.
    """
    match arrival.command:
        case Command.SKIP:
            phone_lines.drop_name(session, arrival.interview_id)
            return _goes_on(session, arrival)
        case Command.AGREE | Command.YES | Command.RIGHT | Command.NEXT | Command.BACK:
            return Answered((Text(Template.NAME_THIS_TALK),))
        case None:
            return _take_name(session, arrival, state)
    return None


def _take_name(session: Session, arrival: Arrival, state: State) -> Answered:
    where = arrival.interview_id
    again = Answered((Text(Template.NAME_THIS_TALK),))
    if not lines.looks_like_a_name(arrival.body):
        if not state.speaking_allowed or not arrival.body.strip():
            arriving.blank(session, arrival.message)
            return again
        said = record.say(
            session, where, arrival.body, channel=TEXT, now=arrival.now, prompt_id=NOTES
        )
        return answered(again.texts, (), said.state)
    arriving.blank(session, arrival.message)
    if not phone_lines.give_name(session, arrival.line, where, commands.plain(arrival.body)):
        return again
    went_on = _goes_on(session, arrival)
    return Answered((Text(Template.TALK_NAMED), *went_on.texts), went_on.effects, went_on.after)


def _is_code_word(session: Session, arrival: Arrival) -> bool:
    return lines.may_try(session, arrival.phone, arrival.body, arrival.now) and doors.code_word_is(
        session, arrival.interview_id, commands.plain(arrival.body)
    )


def _opens(session: Session, arrival: Arrival, before: State, known_once: bool) -> Answered:
    """The code word came."""
    where, now, line = arrival.interview_id, arrival.now, arrival.line
    _speaks_again(session, arrival)
    line.held = False
    if known_once:
        return _enter(session, arrival)
    outcome = record.happen(session, where, Recognised(TEXT), now)
    outbox.cancel_queued(session, [where], {Template.INVITATION})
    if outcome.state.texts_stopped and not outbox.is_stopped(session, arrival.phone):
        # They stopped another telephone of theirs: what they agreed to is asked anew.
        outcome = record.happen(session, where, Restarted(TEXT), now)
    _place_what_came_unknown(session, arrival, before)
    lines.place_what_waited(session, line, where, arrival.phone, now)
    if _asks_name(session, arrival):
        return answered((Text(Template.NAME_THIS_TALK),), (), outcome.state)
    return answered(texts(outcome.effects, outcome.state), outcome.effects, outcome.state)


def _speaks_again(session: Session, arrival: Arrival) -> None:
    """No machine knows the code word, or what they call a talk: a person is there."""
    if arrival.line.muted_at is not None:
        lines.lift(session, arrival.line, None, arrival.now)
        record.happen(session, arrival.interview_id, GivenBack(TEXT), arrival.now)


def _place_what_came_unknown(session: Session, arrival: Arrival, before: State) -> None:
    """After thirty quiet days words were kept until the code word came: now they have a place."""
    if before.text_at is None or not before.speaking_allowed:
        return
    for message in arriving.since(session, arrival.interview_id, before.text_at):
        body = arriving.body_of(session, message)
        if message.id != arrival.message.id and body.strip() and commands.read(body) is None:
            record.say(
                session,
                arrival.interview_id,
                body,
                channel=TEXT,
                now=arrival.now,
                prompt_id=NOTES,
                segments=message.segments,
            )


def _enter(session: Session, arrival: Arrival) -> Answered:
    lines.place_what_waited(session, arrival.line, arrival.interview_id, arrival.phone, arrival.now)
    if _asks_name(session, arrival):
        return Answered((Text(Template.NAME_THIS_TALK),))
    return _goes_on(session, arrival)


def _goes_on(session: Session, arrival: Arrival) -> Answered:
    return _happens(session, arrival, Opened(TEXT))


def _happens(session: Session, arrival: Arrival, event: Event) -> Answered:
    outcome = record.happen(session, arrival.interview_id, event, arrival.now)
    return answered(texts(outcome.effects, outcome.state), outcome.effects, outcome.state)


def _asks_name(session: Session, arrival: Arrival) -> bool:
    """On a phone with several, ask what this one is to be called, unless that is known."""
    if not arrival.meant.shared or phone_lines.is_named(session, arrival.interview_id):
        return False
    phone_lines.ask_name(session, arrival.line, arrival.interview_id, arrival.now)
    return True


def rings(session: Session, arrival: Arrival) -> Answered:
    """Somebody is to ring them, and they are told so: once a day."""
    outcome = record.happen(session, arrival.interview_id, AskedForCall(TEXT), arrival.now)
    return _once_a_day(session, arrival, Template.CALL_COMING, outcome.state)


def _held(session: Session, arrival: Arrival, state: State) -> Answered:
    """They began by themselves and agreed, and no code word came: what they text is kept."""
    where, now = arrival.interview_id, arrival.now
    match arrival.command:
        case Command.NO | Command.AGREE if state.silent(TEXT):
            return _keep(session, arrival, state)
        case Command.NO:
            said_no = record.decide(session, where, Purpose(TALK), False, channel=TEXT, now=now)
            return answered(texts(said_no.effects, said_no.state), said_no.effects, said_no.state)
        case Command.AGREE:
            record.decide(session, where, Purpose(TALK), True, channel=TEXT, now=now)
            return rings(session, arrival)
        case Command.WEB:
            moved = record.happen(session, where, ChangedChannel(TEXT, Channel.WEB), now)
            return answered((Text(Template.WEB_LINK),), (), moved.state)
        case Command.START:
            record.happen(session, where, Restarted(TEXT), now)
            return rings(session, arrival)
        case Command.CALL:
            return rings(session, arrival)
        case None if state.speaking_allowed and arrival.body.strip():
            return _keep(session, arrival, state)
        case None:
            arriving.blank(session, arrival.message)
    return Answered()


def _keep(session: Session, arrival: Arrival, state: State) -> Answered:
    where, now = arrival.interview_id, arrival.now
    said = record.say(session, where, arrival.body, channel=TEXT, now=now, prompt_id=NOTES)
    if doors.has_code_word(session, where):
        if lines.looks_like_a_try(arrival.body):
            throttling.count_failure(session, lines.CODE_WORD_SCOPE, arrival.phone, now)
        return _once_a_day(session, arrival, Template.CODE_WORD, said.state)
    if state.call_wanted:
        coming = _once_a_day(session, arrival, Template.CALL_COMING, said.state)
        if coming.texts:
            return coming
        return _once_a_day(session, arrival, Template.CALL_NOTED, said.state)
    return answered((), (), said.state)


def _once_a_day(session: Session, arrival: Arrival, template: Template, after: State) -> Answered:
    occasion = replies.once_a_day(session, arrival.interview_id, template, arrival.now)
    return Answered((Text(template),) if occasion else (), (), after, occasion or "")

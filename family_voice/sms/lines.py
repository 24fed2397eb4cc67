"""Who is answering: which of a phone's conversations a text is for, and when to fall silent on it.

A code word says which one it is, and makes that one the live one. On a phone with several, each is
given a name in the texter's own words; after half a quiet day we ask again. What they text before
they have said it is kept, and put into the conversation that they then name.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.interviews import doors, record
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import NOTES, HandedToPerson
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage, State
from family_voice.messages import arriving, attention, outbox, phone_lines
from family_voice.messages.attention import Need
from family_voice.messages.models import PhoneLine
from family_voice.security import throttling
from family_voice.sms import commands, loops
from family_voice.sms.commands import Command
from family_voice.sms.conversation import TEXT
from family_voice.storage.locking import lock

#: After so long without a text of theirs somebody else may hold the phone.
SITTING: Final = timedelta(hours=12)
#: A code word is two plain words: any other text is somebody talking, and no try at one.
CODE_WORD_TRY: Final = 2
LONGEST_NAME: Final = 40
#: Who says more than this when asked which conversation it is has not answered that.
NAME_TRY: Final = 3
CODE_WORD_SCOPE: Final = "code_word"
#: What is done for whoever holds the phone, before they have said which conversation is meant.
FOR_ANYBODY: Final = frozenset(
    {Command.HELP, Command.CALL, Command.WEB, Command.WRONG, Command.DELETE}
)
#: Why the program falls silent by itself until a person lets it go on.
MUTES: Final = frozenset({Need.SAME_AGAIN, Need.GOING_ROUND, Need.FAR_OVER_BUDGET})


@dataclass(frozen=True)
class Meant:
    """Which conversation a text is for.

    `told`: the text itself says so, and says nothing else. `shared`: more than one conversation
    goes on from this phone. `unsure`: nobody knows which, and `interview_id` is only the likeliest;
    `asks`: so that it has to be asked before anything else; `named`: a name would answer that.
    """

    interview_id: UUID | None
    told: bool = False
    shared: bool = False
    unsure: bool = False
    asks: bool = False
    named: bool = False


def hold(session: Session, phone: str, now: datetime) -> tuple[PhoneLine, list[UUID]]:
    """The phone's line and its conversations, newest first, held until the transaction ends.

    Conversations first and in order, then the line: two texts at once would each wait for the other
    otherwise.
    """
    known = doors.by_phone(session, phone, now)
    for interview_id in sorted(known):
        lock(session, Interview, interview_id)
    line = phone_lines.hold(session, phone, now)
    # Meanwhile somebody may have taken everything back, or begun.
    still = doors.by_phone(session, phone, now)
    for interview_id in sorted(set(still) - set(known)):
        lock(session, Interview, interview_id)
    return line, still


def meant(
    session: Session,
    line: PhoneLine,
    known: list[UUID],
    phone: str,
    body: str,
    command: Command | None,
    now: datetime,
) -> Meant:
    """Which of the phone's conversations a text is for.

    Args:
        session: a writing session, before the text is written down.
        line: the phone's, held.
        known: its conversations, held, newest first.
        phone: from where.
        body: the text.
        command: what it is, if it is a command.
        now: when.
    """
    by_word = _by_code_word(session, known, phone, body, now) if command is None else None
    if len(known) < 2:
        return Meant(next(iter(known), None), told=by_word is not None)
    states = {each: record.as_agreed(session, each, now) for each in known}
    going = [each for each, state in states.items() if _goes_on(state)]
    if by_word is not None:
        return Meant(by_word, told=True, shared=len(going) > 1)
    # What they add when the live one has come to its end is still about that one.
    possible = [each for each in known if each in going or _has_ended(each, states[each], line)]
    shared = len(possible) > 1
    met = [each for each in possible if TEXT in states[each].recognised]
    live = [each for each in possible if each == line.interview_id]
    likeliest = next(iter((*live, *met, *possible, *known)))
    asked = line.asked_at is not None
    if not shared or not (asked or _new_sitting(session, line, now)):
        return Meant(likeliest, shared=shared)
    if command in FOR_ANYBODY or not any(states[each].speaking_allowed for each in possible):
        return Meant(likeliest, shared=True, unsure=True)
    if asked and command is None:
        if (named := phone_lines.called(session, line, met, commands.plain(body))) is not None:
            return Meant(named, told=True, shared=True)
        if looks_like_a_try(body):
            throttling.count_failure(session, CODE_WORD_SCOPE, phone, now)
    has_names = any(phone_lines.is_named(session, each) for each in met)
    return Meant(likeliest, shared=True, unsure=True, asks=True, named=has_names)


def take_up(session: Session, line: PhoneLine, interview_id: UUID, now: datetime) -> None:
    """Let this be the phone's live conversation.

    The other one's questions and timers are taken out of line, its words stay.

    Args:
        session: a writing session.
        line: the phone's, held.
        interview_id: which, held.
        now: when.
    """
    if line.interview_id == interview_id:
        return
    other = phone_lines.make_live(session, line, interview_id, now)
    line.held = not doors.has_code_word(session, interview_id)
    line.unmoved = 0
    if other is not None:
        _let_rest(session, other)
    session.flush()


def place_what_waited(
    session: Session, line: PhoneLine, interview_id: UUID, phone: str, now: datetime
) -> None:
    """Put what came before they said which conversation is meant into it, for a person's eye.

    Args:
        session: a writing session.
        line: the phone's, held.
        interview_id: which; they are known in it.
        phone: from where.
        now: when.
    """
    asked_at, line.asked_at = line.asked_at, None
    if asked_at is None:
        return
    for text in arriving.unplaced(session, phone):
        if text.arrived_at < asked_at:
            continue
        message = arriving.belongs_to(session, text.id, interview_id, now)
        if not text.body.strip() or commands.read(text.body) is not None:
            continue
        kept = record.say(session, interview_id, text.body, channel=TEXT, now=now, prompt_id=NOTES)
        if not kept.stored:
            arriving.blank(session, message)  # they have not agreed to talk there


def hears(
    session: Session, line: PhoneLine, command: Command | None, body: str, now: datetime
) -> bool:
    """Note what a phone said; whether it was the same words once too often.

    A command comes from a person, and so what came before it did too.
    """
    words = commands.plain(body)
    if command is not None:
        line.heard = []
    elif words:
        line.heard = loops.heard(line.heard, phone_lines.heard_index(session, line, words), now)
        return loops.same_again(line.heard)
    return False


def mute(
    session: Session, line: PhoneLine, interview_id: UUID | None, why: Need, now: datetime
) -> bool:
    """Fall silent on a phone until a person lets the program go on, and tell a person.

    What they text is kept as it is while somebody has taken over by hand.

    Returns:
        Whether the program was not silent on it already.
    """
    if line.muted_at is not None:
        return False
    line.muted_at, line.muted_why = now, why.value
    if interview_id is not None:
        with suppress(EngineError):  # they may have taken everything back
            record.happen(session, interview_id, HandedToPerson(TEXT), now)
        outbox.cancel_queued(session, [interview_id])
    attention.raise_need(session, why, now, interview_id=interview_id, phone_index=line.phone_index)
    session.flush()
    return True


def lift(session: Session, line: PhoneLine, by: UUID | None, now: datetime) -> None:
    """Let the program speak on a phone again. The caller lets `GivenBack` happen."""
    line.muted_at = line.muted_why = None
    line.unmoved, line.heard = 0, []
    if line.interview_id is not None:
        attention.settle_all(session, MUTES, line.interview_id, by, now)
    session.flush()


def is_muted(session: Session, interview_id: UUID) -> bool:
    """Whether the program fell silent by itself in this conversation."""
    return phone_lines.is_muted(session, interview_id)


def looks_like_a_try(body: str) -> bool:
    """Whether a text may be a code word."""
    return len(body) <= 100 and len(commands.plain(body).split()) == CODE_WORD_TRY


def may_try(session: Session, phone: str, body: str, now: datetime) -> bool:
    """Whether a text may be a code word, and this phone has not guessed too often."""
    return looks_like_a_try(body) and throttling.allowed(session, CODE_WORD_SCOPE, phone, now)


def looks_like_a_name(body: str) -> bool:
    """Whether a text may be what somebody calls a conversation."""
    return 0 < len(commands.plain(body)) <= LONGEST_NAME


def looks_like_an_answer(body: str) -> bool:
    """Whether a text may say which conversation is meant, and so has to hear if it does not."""
    return len(commands.plain(body).split()) <= NAME_TRY


def _by_code_word(
    session: Session, known: list[UUID], phone: str, body: str, now: datetime
) -> UUID | None:
    if not may_try(session, phone, body, now):
        return None
    word = commands.plain(body)
    return next((each for each in known if doors.code_word_is(session, each, word)), None)


def _goes_on(state: State) -> bool:
    if state.stage is Stage.SENT:
        return state.open_decision is not None
    return state.stage not in (Stage.DECLINED, Stage.WITHDRAWN)


def _has_ended(interview_id: UUID, state: State, line: PhoneLine) -> bool:
    return interview_id == line.interview_id and state.stage is not Stage.WITHDRAWN


def _new_sitting(session: Session, line: PhoneLine, now: datetime) -> bool:
    last = arriving.last_arrival(session, line.phone_index)
    return last is not None and now - last >= SITTING


def _let_rest(session: Session, interview_id: UUID) -> None:
    """Ask nothing more in a conversation; what is only waiting to be sent is sent all the same."""
    outbox.cancel_queued(session, [interview_id])
    state = record.state_of(session, interview_id)
    if state.stage is Stage.READING_BACK and state.quiet_until is not None:
        outbox.schedule_turn(session, interview_id, state.quiet_until)

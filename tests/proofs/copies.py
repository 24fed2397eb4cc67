"""What is kept about one telephone in memory: never changed, only copied. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from family_voice.interviews.effects import Close, Effect, Schedule
from family_voice.interviews.engine import begin, step
from family_voice.interviews.events import TALK, Agreed, Channel, DecisionPut, Event
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State
from family_voice.sms.conversation import Text
from tests.proofs.onlooker import DECLINED

TEXT = Channel.TEXT


@dataclass(frozen=True)
class Waiting:
    """A text of ours in line."""

    number: int
    talk: int
    template: str
    asks: str
    puts: str
    queued_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Conversation:
    """One conversation as it is kept: its log, where that leads, and the words."""

    state: State = field(default_factory=begin)
    log: tuple[tuple[Event, datetime], ...] = ()
    words: tuple[tuple[UUID, str], ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True)
class Held:
    """Everything that is kept about one telephone. A change is another one of these."""

    talks: tuple[Conversation, ...]
    live: int = 0
    taken: frozenset[str] = frozenset()
    stopped: bool = False
    arrived_at: datetime | None = None
    line: tuple[Waiting, ...] = ()
    numbers: int = 0
    in_flight: Waiting | None = None
    gone: Mapping[int, tuple[Waiting, ...]] = field(default_factory=dict)


def with_talk(held: Held, number: int, talk: Conversation) -> Held:
    return replace(held, talks=(*held.talks[:number], talk, *held.talks[number + 1 :]))


def only_put(talk: Conversation, put: str | None, guide: Guide, now: datetime) -> Conversation:
    """What was not taken is answered by a decision, and that has then been put."""
    if put is None or put == talk.state.put:
        return talk
    event = DecisionPut(TEXT, put)
    state, _ = step(talk.state, event, guide, now)
    return replace(talk, state=state, log=(*talk.log, (event, now)))


def timed(held: Held, number: int, effects: Iterable[Effect]) -> Held:
    for effect in effects:
        match effect:
            case Schedule(due_at=due_at):
                held = with_talk(held, number, replace(held.talks[number], due_at=due_at))
            case Close():
                line = tuple(each for each in held.line if each.talk != number)
                held = replace(
                    with_talk(held, number, replace(held.talks[number], due_at=None)), line=line
                )
    return held


def noted(held: Held, went: Waiting) -> Held:
    """The provider has it: if it puts a decision, their telephone shows that now."""
    gone = (
        {**held.gone, went.talk: (*held.gone.get(went.talk, ()), went)} if went.puts else held.gone
    )
    return replace(held, in_flight=None, gone=gone)


def taken_up(held: Held, number: int) -> Held:
    """The code word of a talk was said: the other one's questions and timers leave the line."""
    other = held.live
    if other == number:
        return held
    held = replace(held, live=number, line=tuple(e for e in held.line if e.talk != other))
    rests = held.talks[other]
    waits_still = rests.state.stage is Stage.READING_BACK
    due_at = rests.state.quiet_until if waits_still else None
    return with_talk(held, other, replace(rests, due_at=due_at))


def asked(held: Held, number: int) -> str | None:
    """The decision that was put last, if it went since it came to be that."""
    talk, no_use = held.talks[number], frozenset[str]()
    if talk.state.stage is Stage.DECLINED:
        said = next(each for each, _ in reversed(talk.log) if isinstance(each, Agreed))
        no_use = no_use if said.channel is TEXT else DECLINED
    since = talk.state.put_since
    went = [each for each in held.gone.get(number, ()) if each.template not in no_use]
    if since is None or not any(each.queued_at >= since for each in went):
        return None
    left = [each for each in (*held.line, held.in_flight) if each is not None and each.puts]
    newest = not any(each.talk == number and each.template not in no_use for each in left)
    return talk.state.put if newest or len(held.talks) == 1 else None


def heard(held: Held, phone: str, put_by: Hashable) -> bool:
    """Whether the decision that their telephone shows has gone, and of two none is in line."""
    flying = held.in_flight is not None and (phone, held.in_flight.number) == put_by
    copies = any(each.puts and each.talk == held.live for each in held.line)
    return not flying and not (len(held.talks) > 1 and copies)


def puts_talk(text: Text) -> str:
    """What answers a no says how to say yes after all."""
    return TALK if text.template.value in DECLINED else ""


def waits(held: Held, number: int) -> bool:
    """Whether a decision is in line."""
    mine = [each for each in held.line if each.talk == number and each.puts]
    return any(each.template not in DECLINED for each in mine)


def shown(state: State) -> str | None:
    """The question that their telephone should show by now, if one."""
    quiet = state.silent(TEXT) or state.paused or state.agree_again
    if state.stage is not Stage.ASKING or quiet or TEXT not in state.recognised:
        return None
    return state.on_phone


def wanted(state: State, waiting: Waiting) -> bool:
    """Whether what was put in line is still to go: they may have taken back their yes since."""
    if state.stage is Stage.WITHDRAWN:
        return False
    return state.speaking_allowed or not waiting.asks

"""The log of an interview: where it leads, and what is added to it.

It is replayed once for as long as its interview is held: whoever adds holds the interview, so that
nobody else can meanwhile. Between transactions a process remembers where the logs that it read last
led, and goes on from there: a log only ever grows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.consent.decisions import Decided
from family_voice.consent.statements import Purpose
from family_voice.interviews import replaying
from family_voice.interviews.agreed import as_it_counts, as_known
from family_voice.interviews.effects import Effect
from family_voice.interviews.engine import begin
from family_voice.interviews.events import Event as Happening
from family_voice.interviews.events import event_from_json, event_to_json, kind_of
from family_voice.interviews.guide import Guide, load_guide
from family_voice.interviews.models import Event, Interview
from family_voice.interviews.state import State
from family_voice.storage.locking import fetch, is_held, until_it_ends

_LEADS_TO = "log_leads_to"
#: How many conversations a process remembers: their states, which hold no words.
REMEMBERED: Final = 1000


@dataclass(frozen=True)
class Step:
    """One thing that happened: no words, only the fragments they are in.

    `after` is where the conversation stood then, `effects` what came of it.
    """

    seq: int
    at: datetime
    event: Happening
    recorded_by: UUID | None
    after: State
    effects: tuple[Effect, ...]


def steps(session: Session, interview_id: UUID) -> list[Step]:
    """Every step of an interview, in order, as the engine takes them again.

    Raises:
        Missing: if there is no such interview.
    """
    interview = fetch(session, Interview, interview_id)
    rows = session.execute(
        select(Event.detail, Event.at, Event.seq, Event.recorded_by)
        .where(Event.interview_id == interview_id)
        .order_by(Event.seq)
    ).all()
    log = [(event_from_json(row.detail), row.at) for row in rows]
    taken = replaying.steps(log, pinned(interview), interview.language)
    return [
        Step(row.seq, at, event, row.recorded_by, *result)
        for row, (event, at), result in zip(rows, log, taken, strict=True)
    ]


def replayed(session: Session, interview: Interview) -> tuple[State, int]:
    """Where the log leads by itself, and the number of its last event; 0 for an empty one."""
    held = is_held(session, Interview, interview.id)
    kept = until_it_ends(session) if held else {}
    if (known := kept.get((_LEADS_TO, interview.id))) is not None:
        return cast(tuple[State, int], known)
    kept[_LEADS_TO, interview.id] = led = _led_on(session, interview)
    return led


@dataclass(frozen=True)
class _Led:
    """Where a log led when it was read: up to which event, by which guide."""

    last: UUID
    seq: int
    guide: tuple[str, int, str]
    state: State


_remembered: OrderedDict[UUID, _Led] = OrderedDict()
_one_at_a_time = Lock()


def _led_on(session: Session, interview: Interview) -> tuple[State, int]:
    by = (interview.guide_audience, interview.guide_version, interview.language)
    with _one_at_a_time:
        led = _remembered.get(interview.id)
    if led is not None and led.guide != by:
        led = None
    rows = session.execute(
        select(Event.id, Event.detail, Event.at, Event.seq)
        .where(Event.interview_id == interview.id, Event.seq >= (led.seq if led else 0))
        .order_by(Event.seq)
    ).all()
    if led is not None and (not rows or rows[0].id != led.last):
        # It was read in a transaction that came to nothing.
        with _one_at_a_time:
            _remembered.pop(interview.id, None)
        return _led_on(session, interview)
    if not rows:
        return begin(interview.language), 0
    new = [(event_from_json(row.detail), row.at) for row in rows[1 if led else 0 :]]
    state = replaying.replay(new, pinned(interview), interview.language, led.state if led else None)
    with _one_at_a_time:
        _remembered[interview.id] = _Led(rows[-1].id, rows[-1].seq, by, state)
        _remembered.move_to_end(interview.id)
        if len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return state, rows[-1].seq


def read_anew(interview_ids: Iterable[UUID]) -> None:
    """Remember nothing of these logs: the demo has moved the times that they tell of."""
    with _one_at_a_time:
        for interview_id in interview_ids:
            _remembered.pop(interview_id, None)


def leads_to(session: Session, interview_id: UUID, state: State, seq: int) -> None:
    """Know, while the interview is held, where its log leads now that something was added."""
    until_it_ends(session)[_LEADS_TO, interview_id] = state, seq


def append(
    session: Session,
    interview_id: UUID,
    seq: int,
    event: Happening,
    recorded_by: UUID | None,
    now: datetime,
) -> None:
    """Add what happened to the log of an interview that is held."""
    until_it_ends(session).pop((_LEADS_TO, interview_id), None)
    session.add(
        Event(
            interview_id=interview_id,
            seq=seq,
            kind=kind_of(event),
            detail=event_to_json(event),
            recorded_by=recorded_by,
            at=now,
        )
    )


def counted(logged: State, decisions: Mapping[Purpose, Decided], now: datetime) -> State:
    """Where a conversation stands, as far as what they agreed to still counts.

    Args:
        logged: where its log leads.
        decisions: what stands of what they decided.
        now: the moment that counts.
    """
    stands = {purpose.value: made.yes for purpose, made in decisions.items()}
    return as_known(as_it_counts(logged, stands), now)


def pinned(interview: Interview) -> Guide:
    """The guide an interview pinned, in its language."""
    return load_guide(interview.guide_audience, interview.language, interview.guide_version)

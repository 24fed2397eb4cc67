"""What the lead sees of text conversations: the list, and one thread.

Whose words may be read is asked of `cases.permission` for every conversation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import linking
from family_voice.cases.candidates import cases_named, told_by
from family_voice.interviews import doors, record
from family_voice.interviews.state import State
from family_voice.messages import attention, outbox, thread
from family_voice.messages.attention import Attention
from family_voice.messages.thread import Traffic
from family_voice.sms import lines, strangers
from family_voice.sms.shown_texts import OVER, Shown, may_show, shown
from family_voice.sms.standing import Standing, standing
from family_voice.sms.strangers import Unknown
from family_voice.storage.locking import Missing

#: Older conversations are found from their case.
LISTED: Final = 200
#: Where nothing is expected any more.
DONE: Final = frozenset(
    {
        Standing.DONE,
        Standing.EXPIRED,
        Standing.STOPPED,
        Standing.DECLINED,
        Standing.WITHDRAWN,
        Standing.WRONG_NUMBER,
    }
)


@dataclass(frozen=True)
class ToDo:
    """What waits for a person in one conversation."""

    needs: tuple[Attention, ...]
    to_look_at: int
    call_wanted: bool
    with_person: bool
    muted: bool

    @property
    def waits(self) -> bool:
        """Whether a person should do something."""
        return bool(
            self.needs or self.to_look_at or self.call_wanted or self.with_person or self.muted
        )


@dataclass(frozen=True)
class Row(ToDo):
    """One conversation in the list: no words, only where it stands and what waits for a person."""

    interview_id: UUID
    name: str
    reference: str
    standing: Standing
    last_at: datetime
    last_is_ours: bool


@dataclass(frozen=True)
class Inbox:
    """What waits for a person, what goes on by itself, what is over, and (`elsewhere`) needs of
    numbers that are in no conversation. `unknown`: how many numbers that nobody knows have written.
    `waits`: how many conversations and numbers wait for a person, each once. `more`: older ones
    are not listed."""

    waiting: tuple[Row, ...]
    going_on: tuple[Row, ...]
    over: tuple[Row, ...]
    elsewhere: tuple[Attention, ...]
    unknown: int
    waits: int
    more: bool


@dataclass(frozen=True)
class Conversation:
    """One thread. `parts` is what our texts in it cost so far, with those that wait to go;
    `stopped`: no text reaches them until they send START."""

    interview_id: UUID
    name: str
    case_id: UUID | None
    reference: str
    standing: Standing
    state: State
    readable: bool
    texts: tuple[Shown, ...]
    needs: tuple[Attention, ...]
    muted: bool
    language: str
    parts: int
    stopped: bool


def inbox(session: Session, now: datetime) -> Inbox:
    """Every conversation by text, what waits for a person first. Opens no words.

    Args:
        session: any session.
        now: when.
    """
    needs = _needs(session)
    every = thread.conversations(session)
    listed = _listed(every, needs)
    references = _references(session, [each.interview_id for each in listed])
    stopped = outbox.stopped_among(session, [each.interview_id for each in listed])
    rows = [
        _row(
            session,
            each,
            references.get(each.interview_id, ""),
            needs[each.interview_id],
            each.interview_id in stopped,
            now,
        )
        for each in listed
    ]
    waiting = tuple(row for row in rows if row.waits)
    unknown = strangers.waiting(session, now)
    return Inbox(
        waiting,
        tuple(row for row in rows if not row.waits and row.standing not in DONE),
        tuple(row for row in rows if not row.waits and row.standing in DONE),
        tuple(needs[None]),
        len(unknown),
        len(waiting) + _numbers(session, needs[None], unknown),
        len(every) > len(listed),
    )


def how_many_wait(session: Session, now: datetime) -> int:
    """How many conversations and numbers need a person: `Inbox.waits`, without who they are.

    Args:
        session: any session.
        now: when.
    """
    needs = _needs(session)
    listed = [each.interview_id for each in _listed(thread.conversations(session), needs)]
    stopped = outbox.stopped_among(session, listed)
    waiting = sum(
        bool(needs[each])
        or _to_do(
            session, each, record.as_agreed(session, each, now), [], each in stopped, now
        ).waits
        for each in listed
    )
    return waiting + _numbers(session, needs[None], strangers.waiting(session, now))


def conversation(session: Session, interview_id: UUID, reader: UUID, now: datetime) -> Conversation:
    """One thread, as this member of staff may read it.

    Args:
        session: any session.
        interview_id: which.
        reader: who reads.
        now: the moment of showing.

    Raises:
        Missing: if no text came or went in it, or there is no such interview.
    """
    state = record.as_agreed(session, interview_id, now)
    if not thread.with_texts(session, [interview_id]):
        raise Missing("text conversation")
    case_id = linking.case_of(session, interview_id)
    readable = may_show(session, interview_id, now)
    found = thread.by_interview(session, interview_id)
    stopped = interview_id in outbox.stopped_among(session, [interview_id])
    return Conversation(
        interview_id=interview_id,
        name=_name(session, interview_id),
        case_id=case_id,
        reference=_references(session, [interview_id]).get(interview_id, ""),
        standing=_standing(session, interview_id, state, stopped, now),
        state=state,
        readable=readable,
        texts=tuple(shown(session, interview_id, state, readable, found, reader, now)),
        needs=tuple(attention.open_needs(session, interview_id)),
        muted=lines.is_muted(session, interview_id),
        language=record.guide_of(session, interview_id).language,
        parts=outbox.segments_of(session, interview_id),
        stopped=stopped or state.texts_stopped,
    )


def _needs(session: Session) -> defaultdict[UUID | None, list[Attention]]:
    found: defaultdict[UUID | None, list[Attention]] = defaultdict(list)
    for need in attention.open_needs(session):
        found[need.interview_id].append(need)
    return found


def _listed(every: Sequence[Traffic], needs: Collection[UUID | None]) -> list[Traffic]:
    return [each for at, each in enumerate(every) if at < LISTED or each.interview_id in needs]


def _numbers(session: Session, needs: Sequence[Attention], unknown: Sequence[Unknown]) -> int:
    """How many numbers outside every conversation need a person, each once."""
    found = {need.phone_index or need.id for need in needs}
    return len(found | {outbox.phone_index(session, each.phone) for each in unknown})


def _to_do(
    session: Session,
    interview_id: UUID,
    state: State,
    needs: Sequence[Attention],
    stopped: bool,
    now: datetime,
) -> ToDo:
    readable = bool(state.flagged) and may_show(session, interview_id, now)
    # Nobody can answer by text where no text may go.
    no_texts = stopped or state.texts_stopped or state.wrong_number or state.stage in OVER
    return ToDo(
        needs=tuple(needs),
        to_look_at=len(state.flagged) if readable else 0,
        call_wanted=state.call_wanted,
        with_person=state.with_person and not no_texts,
        muted=lines.is_muted(session, interview_id),
    )


def _row(
    session: Session,
    traffic: Traffic,
    reference: str,
    needs: Sequence[Attention],
    stopped: bool,
    now: datetime,
) -> Row:
    interview_id = traffic.interview_id
    state = record.as_agreed(session, interview_id, now)
    return Row(
        **vars(_to_do(session, interview_id, state, needs, stopped, now)),
        interview_id=interview_id,
        name=_name(session, interview_id),
        reference=reference,
        standing=_standing(session, interview_id, state, stopped, now),
        last_at=traffic.last_at,
        last_is_ours=traffic.last_is_ours,
    )


def _standing(
    session: Session, interview_id: UUID, state: State, stopped: bool, now: datetime
) -> Standing:
    found = standing(state, expired=doors.ended(session, interview_id, now))
    return Standing.STOPPED if stopped and found not in DONE else found


def _name(session: Session, interview_id: UUID) -> str:
    who = told_by(session, interview_id)
    return f"{who.first_name} {who.last_name}".strip()


def _references(session: Session, interview_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The case's reference of each conversation that is on one."""
    on = {each: linking.case_of(session, each) for each in interview_ids}
    named = cases_named(session, {case_id for case_id in on.values() if case_id is not None})
    return {
        each: named[case_id].child.reference
        for each, case_id in on.items()
        if case_id is not None and case_id in named
    }

"""Meetings at which people talk about where two coders differ, and what they decide and why.

A decision is kept with its reason and then carried out as ordinary commands on the account's first
coding, by whoever writes it down: it can be undone and seen in the log like everything else. The
two codings that were compared stay as they were, and so does how far they agreed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Interview
from family_voice.interviews.record import state_of
from family_voice.people.staff import names_of_staff
from family_voice.security.models import DataKey
from family_voice.security.sealing import Erased, Place, open_keys, seal, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock
from family_voice.themes.coding import coded, none_apply, put, take_off
from family_voice.themes.coding_log import Unit
from family_voice.themes.disagreements import beside, pairs
from family_voice.themes.second_coding import codes_blind
from family_voice.themes.second_models import ConsensusDecision, ConsensusMeeting

#: An account, an answer of it, and a code.
Point = tuple[UUID, str, str]


class Verdict(StrEnum):
    """Who of the two it is to be as, or neither."""

    FIRST = "first"
    SECOND = "second"
    NEITHER = "neither"


class NobodyThere(ValueError):
    """A meeting needs at least two people who were there."""


class NotYet(ValueError):
    """The meeting lies in the future."""


class NoReason(ValueError):
    """A decision needs its reason."""


class NotOpen(ValueError):
    """The two do not differ there, or no longer: the account has changed meanwhile."""


@dataclass(frozen=True)
class Meeting:
    """A meeting: when, who was there, and how much was decided."""

    id: UUID
    held_on: date
    present: tuple[UUID, ...]
    decided: int


@dataclass(frozen=True)
class Decision:
    """What was decided of one code on one answer; no reason once its words are erased."""

    meeting_id: UUID
    verdict: Verdict
    why: str
    by: UUID
    at: datetime


def hold(
    session: Session, held_on: date, present: Collection[UUID], by: UUID, now: datetime
) -> UUID:
    """Write down that a meeting was held.

    Args:
        session: a writing session.
        held_on: its day.
        present: the members of staff who were there, forum members among them.
        by: who writes it down.
        now: when.

    Returns:
        The meeting's id.

    Raises:
        NobodyThere: with fewer than two people.
        NotYet: for a day in the future.
    """
    if len(names_of_staff(session, present)) < 2:
        raise NobodyThere
    if held_on > london_date(now):
        raise NotYet
    row = ConsensusMeeting(
        id=new_id(), held_on=held_on, present=sorted(map(str, set(present))), by=by, at=now
    )
    session.add(row)
    session.flush()
    return row.id


def decide(
    session: Session,
    meeting_id: UUID,
    interview_id: UUID,
    prompt_id: str,
    verdicts: Mapping[str, Verdict],
    *,
    why: str,
    by: UUID,
    now: datetime,
) -> None:
    """Keep what a meeting decided of codes on one answer, and let it be so.

    Args:
        session: a writing session.
        meeting_id: the meeting.
        interview_id: the account.
        prompt_id: the answer.
        verdicts: for each code that was talked about, as whose it is to be.
        why: the reason; kept sealed with the account's words.
        by: who writes it down.
        now: when.

    Raises:
        NoReason: without a reason.
        NotOpen: if the two do not differ on one of the codes there, or who writes is blind to it.
        NoSuchCode: if the codebook no longer offers one of them.
        NotForUs: if the family has taken its words back.
        Missing: if there is no such meeting.
    """
    meeting = fetch(session, ConsensusMeeting, meeting_id)
    if not why.strip():
        raise NoReason
    interview = lock(session, Interview, interview_id)
    pair = next((each for each in pairs(session, now) if each.interview_id == interview_id), None)
    if pair is None or codes_blind(session, interview_id, by):
        raise NotOpen
    differ = {
        each.code.id: each
        for answer in beside(session, pair, by, now)
        if answer.prompt_id == prompt_id
        for each in answer.differences
    }
    if not verdicts or not verdicts.keys() <= differ.keys():
        raise NotOpen
    for code, verdict in verdicts.items():
        wanted = {
            Verdict.FIRST: differ[code].first.units,
            Verdict.SECOND: differ[code].second.units,
            Verdict.NEITHER: frozenset[Unit](),
        }[verdict]
        _let_it_be(session, interview_id, prompt_id, code, wanted, by, now)
        row_id = new_id()
        session.add(
            ConsensusDecision(
                id=row_id,
                meeting_id=meeting.id,
                interview_id=interview_id,
                prompt=prompt_id,
                code=code,
                verdict=verdict.value,
                why=seal(session, interview.key_id, _place(row_id), why.strip()),
                by=by,
                at=now,
            )
        )
    if not coded(session, interview_id).is_answered_for(prompt_id):
        # That nothing applies here is what was decided, too.
        none_apply(session, interview_id, Unit(prompt_id), by, now)
    session.flush()


def meetings(session: Session, now: datetime) -> list[Meeting]:
    """Every meeting, the newest first. What it decided counts as long as there are the words."""
    decided = Counter(_standing(session, now))
    rows = session.scalars(
        select(ConsensusMeeting).order_by(
            ConsensusMeeting.held_on.desc(), ConsensusMeeting.at.desc()
        )
    )
    return [
        Meeting(row.id, row.held_on, tuple(UUID(each) for each in row.present), decided[row.id])
        for row in rows
    ]


def decisions(session: Session, interview_ids: Iterable[UUID]) -> dict[Point, Decision]:
    """What was decided on these accounts; of one code on one answer the newest holds."""
    rows: Sequence[tuple[ConsensusDecision, UUID]] = [
        (row, key_id)
        for row, key_id in session.execute(
            select(ConsensusDecision, Interview.key_id)
            .join(Interview, Interview.id == ConsensusDecision.interview_id)
            .where(ConsensusDecision.interview_id.in_(list(interview_ids)))
            .order_by(ConsensusDecision.at, ConsensusDecision.id)
        )
    ]
    open_keys(session, [key_id for _row, key_id in rows])
    return {
        (row.interview_id, row.prompt, row.code): Decision(
            row.meeting_id, Verdict(row.verdict), _why(session, row, key_id), row.by, row.at
        )
        for row, key_id in rows
    }


def _standing(session: Session, now: datetime) -> Iterator[UUID]:
    """For each decision on an answer that is still there and may be read, its meeting."""
    rows = session.execute(
        select(
            ConsensusDecision.meeting_id, ConsensusDecision.interview_id, ConsensusDecision.prompt
        )
        .join(Interview, Interview.id == ConsensusDecision.interview_id)
        .join(DataKey, DataKey.id == Interview.key_id)
        .where(DataKey.wrapped.is_not(None))
    ).all()
    accounts = {row.interview_id for row in rows}
    allowed = open_to(session, accounts, Purpose.TALK, Audience.LEAD, now)
    answers = {each: state_of(session, each).answers for each in allowed}
    for meeting_id, interview_id, prompt in rows:
        if answers.get(interview_id, {}).get(prompt):
            yield meeting_id


def _let_it_be(
    session: Session,
    interview_id: UUID,
    prompt_id: str,
    code: str,
    wanted: frozenset[Unit],
    by: UUID,
    now: datetime,
) -> None:
    standing = {
        each.unit
        for each in coded(session, interview_id).codings
        if each.code == code and each.unit.prompt_id == prompt_id
    }
    for unit in sorted(wanted - standing, key=str):
        put(session, interview_id, unit, code, by, now)
    for unit in sorted(standing - wanted, key=str):
        take_off(session, interview_id, unit, code, by, now)


def _why(session: Session, row: ConsensusDecision, key_id: UUID) -> str:
    try:
        return unseal(session, key_id, _place(row.id), row.why)
    except Erased:
        return ""


def _place(row_id: UUID) -> Place:
    return Place("consensus_decision", "why", row_id)

"""What families' sentences sound like in sums: never of so few families that a sum says who."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.gathering import Gathered, cases_of_rounds
from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Interview
from family_voice.people.models import Participant
from family_voice.security.sealing import Erased, open_keys
from family_voice.themes.machine_text import ReadAnswer, read
from family_voice.themes.tone import Sounds, Spoken, Tone, aggregate, leanings

#: A sum of fewer families is not shown: it would put a label on one of them.
FEWEST: Final = 5


@dataclass(frozen=True)
class Heard:
    """By heading, in the guide's order as far as it was met; and headings that too few answered."""

    sums: Mapping[str, Sounds]
    too_few: tuple[str, ...]
    families: int


def heard(session: Session, round_ids: Collection[UUID], now: datetime) -> Heard:
    """What the sentences of some rounds sound like, under each heading.

    Args:
        session: any session.
        round_ids: which rounds.
        now: the moment of showing.

    Returns:
        The sums, of accounts that may be read. A sentence that is kept from anybody is in none, nor
        is one in another language that nobody has put into English.
    """
    families: dict[str, set[UUID]] = defaultdict(set)
    spoken: list[Spoken] = []
    for _interview_id, case, answer in _answers(session, round_ids, now):
        families[answer.heading_id].add(case.family_id)
        spoken += [Spoken(text, answer.heading_id) for _id, text in answer.sentences]
    few = tuple(sorted(each for each, some in families.items() if len(some) < FEWEST))
    sums = aggregate(each for each in spoken if each.heading not in few)
    return Heard(sums, few, len(set().union(*families.values())))


@dataclass(frozen=True)
class Line:
    """One sentence, where it was said."""

    interview_id: UUID
    case_id: UUID
    heading_id: str
    text: str


def in_order(
    session: Session, round_ids: Collection[UUID], first: Tone, most: int, now: datetime
) -> tuple[Line, ...]:
    """The sentences of some rounds in the order in which they sound like praise, or like worry.

    For finding, and no more: where a sentence stands says nothing about a family, so nothing says
    how much of either it is.

    Args:
        session: any session.
        round_ids: which rounds.
        first: praise or worry.
        most: how many.
        now: the moment of showing.
    """
    lines = [
        Line(interview_id, case.case.id, answer.heading_id, text)
        for interview_id, case, answer in _answers(session, round_ids, now)
        for _id, text in answer.sentences
    ]
    leaning = leanings([Spoken(line.text, line.heading_id) for line in lines])
    sign = -1 if first is Tone.PRAISE else 1
    ordered = sorted(zip(leaning, lines, strict=True), key=lambda each: sign * each[0])
    return tuple(line for _leaning, line in ordered[:most])


def _answers(
    session: Session, round_ids: Collection[UUID], now: datetime
) -> Iterator[tuple[UUID, Gathered, ReadAnswer]]:
    told = {
        account.interview_id: case
        for case in cases_of_rounds(session, round_ids, now)
        for account in case.accounts
        if account.to_work_on and not account.professional
    }
    allowed = sorted(open_to(session, told, Purpose.TALK, Audience.LEAD, now))
    # Asked for together, and held while each account asks for its own.
    held = session.scalars(select(Interview).where(Interview.id.in_(allowed))).all()
    _speakers = session.scalars(
        select(Participant).where(Participant.id.in_({row.participant_id for row in held}))
    ).all()
    open_keys(session, [row.key_id for row in held])
    for interview_id in allowed:
        try:
            answers = read(session, interview_id)
        except Erased:
            continue
        for answer in answers:
            yield interview_id, told[interview_id], answer

"""How often each code is used, and what has to be looked at again since the codebook changed.

Counts what one person may see: accounts whose family lets the lead read them, never one that this
person is to code blind or may yet be asked to, and no code on words that are kept from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.events import NOTES
from family_voice.interviews.record import guide_of, state_of
from family_voice.themes.codebooks import current
from family_voice.themes.coding import coded_in
from family_voice.themes.coding_log import Coded, Unit
from family_voice.themes.models import CodingCommand
from family_voice.themes.open_codes import as_read_by
from family_voice.themes.still_blind import not_counted_for


@dataclass(frozen=True)
class Use:
    """How many codings of a code stand, and in how many accounts."""

    codings: int = 0
    accounts: int = 0


@dataclass(frozen=True)
class Again:
    """Codings of one account, under one code that is offered no more. `answer`: the first's."""

    interview_id: UUID
    code: str
    places: int
    answer: int
    sentence_id: UUID | None


@dataclass(frozen=True)
class InUse:
    """How often each code is used, what is to be looked at again, and how many accounts are in
    neither because this reader codes them blind or may be asked to."""

    uses: dict[str, Use]
    again: tuple[Again, ...]
    left_out: int


def in_use(session: Session, reader: UUID, now: datetime) -> InUse:
    """What the page of the whole codebook says, read once. Takes what `uses` takes."""
    found, left_out = _readable(session, reader, now)
    return InUse(_uses(found), _again(session, found), left_out)


def uses(session: Session, reader: UUID, now: datetime) -> dict[str, Use]:
    """How often each code is used now, merged ones as what they became; unused ones are missing.

    Args:
        session: any session.
        reader: who will see the counts.
        now: when.
    """
    return _uses(_readable(session, reader, now)[0])


def to_look_at_again(session: Session, reader: UUID, now: datetime) -> tuple[Again, ...]:
    """What stands under codes that were retired or split: a person says what it is now.

    Args:
        session: any session.
        reader: who will look.
        now: when.
    """
    return _again(session, _readable(session, reader, now)[0])


def _uses(found: Mapping[UUID, Coded]) -> dict[str, Use]:
    codings: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for coded in found.values():
        codings.update(coding.code for coding in coded.codings)
        accounts.update(coded.codes)
    return {code: Use(count, accounts[code]) for code, count in codings.items()}


def _again(session: Session, readable: Mapping[UUID, Coded]) -> tuple[Again, ...]:
    book = current(session)
    retired = [code.id for code in book.codes.values() if code.retired and not code.merged_into]
    if not retired:
        return ()
    found = []
    for interview_id, coded in readable.items():
        gone = [code for code in retired if code in coded.codes]
        if not gone:
            continue
        answers = state_of(session, interview_id).answers
        order = [
            each for each in [*guide_of(session, interview_id).prompts, NOTES] if answers.get(each)
        ]
        for code in gone:
            units = _in_order([c.unit for c in coded.codings if c.code == code], order)
            first = units[0]
            number = order.index(first.prompt_id) + 1
            found.append(Again(interview_id, code, len(units), number, first.sentence_id))
    return tuple(found)


def _in_order(units: list[Unit], order: list[str]) -> list[Unit]:
    return sorted(units, key=lambda unit: order.index(unit.prompt_id))


def _readable(session: Session, reader: UUID, now: datetime) -> tuple[dict[UUID, Coded], int]:
    every = set(session.scalars(select(CodingCommand.interview_id).distinct()))
    allowed = open_to(session, every, Purpose.TALK, Audience.LEAD, now)
    left_out = allowed & not_counted_for(session, reader, now)
    coded = as_read_by(session, coded_in(session, sorted(allowed - left_out)), reader)
    return coded, len(left_out)

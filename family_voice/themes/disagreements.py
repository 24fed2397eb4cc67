"""Where a first and a blind second coder differ, and how far they agree.

Compared is the first coding as it stood when the second was done, on the answers that both decided:
what was changed after they could see each other's codes is no agreement. A code on a whole answer
counts on each of its sentences. What a machine had suggested to the first coder is set aside.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.permission import account_for, open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.events import NOTES
from family_voice.interviews.record import guide_of
from family_voice.interviews.words import Answer, SentenceView
from family_voice.security.sealing import Erased
from family_voice.themes.agreement import Agreement, Codes, figures
from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebooks import current
from family_voice.themes.coding import coded_in, standing_units
from family_voice.themes.coding_log import Coded, Unit
from family_voice.themes.open_codes import as_read_by
from family_voice.themes.second_coding import first_coders
from family_voice.themes.second_models import SecondCoding, SecondDraw
from family_voice.themes.second_sample import NAMED


class Basis(StrEnum):
    """What is compared: each sentence, or each answer with whatever stands anywhere in it."""

    SENTENCES = "sentences"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Pair:
    """Two codings of one account: the first as it stood when the second was done."""

    interview_id: UUID
    first_by: tuple[UUID, ...]
    second_by: UUID
    finished_at: datetime
    first: Coded
    second: Coded

    @property
    def prompts(self) -> list[str]:
        """The answers that both decided."""
        every = {unit.prompt_id for each in (self.first, self.second) for unit in each.units}
        return sorted(
            prompt
            for prompt in every
            if self.first.is_answered_for(prompt) and self.second.is_answered_for(prompt)
        )


@dataclass(frozen=True)
class Place:
    """Where in an answer somebody put a code: on all of it, on sentences by number, or nowhere."""

    whole: bool
    numbers: tuple[int, ...]
    units: frozenset[Unit]


@dataclass(frozen=True)
class Difference:
    """A code of one answer on which the two differ."""

    code: Code
    first: Place
    second: Place


@dataclass(frozen=True)
class Beside:
    """One answer with what the two put on it."""

    prompt_id: str
    prompt: str
    heading: str
    sentences: tuple[tuple[SentenceView, str], ...]
    alike: tuple[Code, ...]
    differences: tuple[Difference, ...]


def pairs(
    session: Session, now: datetime, round_id: UUID | None = None, *, named: bool | None = None
) -> list[Pair]:
    """The accounts that were coded twice and may be read, the newest first.

    Args:
        session: any session.
        now: the moment of showing.
        round_id: only of this round.
        named: only those that somebody named, or only those drawn by chance.
    """
    wanted = (
        select(SecondCoding)
        .join(SecondDraw, SecondDraw.id == SecondCoding.draw_id)
        .where(SecondCoding.finished_at.is_not(None))
    )
    if round_id is not None:
        wanted = wanted.where(SecondDraw.round_id == round_id)
    if named is not None:
        wanted = wanted.where(SecondDraw.percent == NAMED if named else SecondDraw.percent != NAMED)
    rows = session.scalars(
        wanted.order_by(SecondCoding.finished_at.desc(), SecondCoding.interview_id)
    ).all()
    ids = [row.interview_id for row in rows]
    allowed = open_to(session, ids, Purpose.TALK, Audience.LEAD, now)
    upto = {row.interview_id: row.first_upto or 0 for row in rows}
    first = coded_in(session, allowed, upto=upto)
    second = coded_in(session, allowed, second=True)
    coders = first_coders(session, allowed, upto)
    found = []
    for row in rows:
        if row.interview_id not in allowed or row.coder is None or row.finished_at is None:
            continue
        ones = first.get(row.interview_id, Coded())
        found.append(
            Pair(
                row.interview_id,
                coders.get(row.interview_id, ()),
                row.coder,
                row.finished_at,
                ones,
                second.get(row.interview_id, Coded()),
            )
        )
    return found


def agreement(session: Session, found: Sequence[Pair], basis: Basis) -> Agreement:
    """How far the two coders of these accounts agree. Opens no words."""
    first: list[Codes] = []
    second: list[Codes] = []
    aside: list[Codes] = []
    for pair in found:
        for units in _units_of(session, pair, basis):
            by_people, every = _codes(pair.first.by_people(), units), _codes(pair.first, units)
            first.append(every)
            second.append(_codes(pair.second, units))
            aside.append(every - by_people)
    return figures(first, second, aside)


def beside(session: Session, pair: Pair, reader: UUID, now: datetime) -> list[Beside]:
    """The answers of an account that both decided, with their words, as this reader may read them.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
    """
    try:
        standing = account_for(session, pair.interview_id, reader, now)
    except Erased:
        return []
    guide, book, prompts = guide_of(session, pair.interview_id), current(session), pair.prompts
    # A code on a sentence that is kept from this reader is kept from them as well.
    every = replace(pair.first, codings=(*pair.first.codings, *pair.second.codings))
    seen = as_read_by(session, {pair.interview_id: every}, reader)[pair.interview_id]
    hidden = {(each.unit.prompt_id, each.code) for each in set(every.codings) - set(seen.codings)}
    return [
        Beside(
            prompt_id=answer.prompt_id,
            prompt="" if answer.prompt_id == NOTES else guide.prompt(answer.prompt_id).text,
            heading="" if answer.prompt_id == NOTES else guide.heading(answer.heading_id).title,
            sentences=tuple((each, p.language) for p in answer.pieces for each in p.sentences),
            alike=tuple(
                code for code, one, other in _places(pair, answer, book, hidden) if one == other
            ),
            differences=tuple(
                Difference(code, one, other)
                for code, one, other in _places(pair, answer, book, hidden)
                if one != other
            ),
        )
        for answer in standing.answers
        if answer.prompt_id in prompts
    ]


def _places(
    pair: Pair, answer: Answer, book: Codebook, hidden: Collection[tuple[str, str]]
) -> list[tuple[Code, Place, Place]]:
    """Each code that either put on an answer, and where; the same sentences are the same place.

    `hidden` are answers and codes of which a place is kept from the reader.
    """
    ids = [each.id for piece in answer.pieces for each in piece.sentences]
    whole = Unit(answer.prompt_id)
    found = []
    for code in book.codes.values():
        one, other = (
            frozenset(
                each.unit
                for each in coding.codings
                if each.code == code.id and each.unit.prompt_id == answer.prompt_id
            )
            for coding in (pair.first, pair.second)
        )
        if (not one and not other) or (answer.prompt_id, code.id) in hidden:
            continue
        every = frozenset(Unit(answer.prompt_id, each) for each in ids)
        if (every if whole in one else one) == (every if whole in other else other):
            other = one
        found.append((code, _place(one, whole, ids), _place(other, whole, ids)))
    return found


def _place(units: frozenset[Unit], whole: Unit, ids: Sequence[UUID]) -> Place:
    numbers = [n for n, each in enumerate(ids, 1) if Unit(whole.prompt_id, each) in units]
    return Place(whole in units, tuple(numbers), units)


def _units_of(session: Session, pair: Pair, basis: Basis) -> list[frozenset[Unit]]:
    """For each sentence, or each answer, of those that both decided: whose codes count on it."""
    standing = standing_units(session, pair.interview_id)
    found: list[frozenset[Unit]] = []
    for prompt in pair.prompts:
        here = frozenset(unit for unit in standing if unit.prompt_id == prompt)
        if basis is Basis.ANSWERS:
            found.append(here)
        else:
            whole = Unit(prompt)
            found += [frozenset({whole, each}) for each in here if each != whole]
    return found


def _codes(coding: Coded, units: frozenset[Unit]) -> Codes:
    return frozenset(each.code for each in coding.codings if each.unit in units)

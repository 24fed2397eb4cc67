"""What the machine asks once a person has coded an answer: "did you miss…?", one at a time.

A suggestion is shown only where a council turned them on, never to somebody who codes the account
blind, never before a person has coded an account of that round whole, and never on an answer that
nobody has decided. A person says yes or no to each by itself. What they said, and which model
asked, stays for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.interviews.words import Account
from family_voice.storage.locking import lock
from family_voice.themes import standing_model
from family_voice.themes.choices import suggestions_on
from family_voice.themes.codebook import Code
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Coded, Unit, coded, coded_in, put
from family_voice.themes.learning_turn import is_ready
from family_voice.themes.second_coding import codes_blind
from family_voice.themes.suggestion_models import Suggestion

#: How sure it was, in bands: from, and below which.
BANDS: Final = ((50, 60), (60, 70), (70, 80), (80, 90), (90, 101))


class NotOffered(ValueError):
    """That suggestion is not there to be answered: decided, taken back, or not for this reader."""


@dataclass(frozen=True)
class Offer:
    """One suggestion for one answer. `spans` are code points in its sentences, end exclusive."""

    id: UUID
    prompt_id: str
    code: Code
    sure: int
    spans: Mapping[UUID, tuple[tuple[int, int], ...]]
    model_number: int


@dataclass(frozen=True)
class Rate:
    """What became of suggestions that somebody answered.

    `taken_back` were accepted and no longer stand; `put_later` were refused and stand after all.
    """

    accepted: int = 0
    refused: int = 0
    taken_back: int = 0
    put_later: int = 0

    @property
    def answered(self) -> int:
        """All of them."""
        return self.accepted + self.refused


@dataclass(frozen=True)
class Rates:
    """The rates in all, by code, by how sure the machine was, and by the model that asked."""

    overall: Rate
    by_code: Mapping[str, Rate]
    by_band: Mapping[tuple[int, int], Rate]
    by_model: Mapping[UUID, Rate]


def offers(session: Session, interview_id: UUID, reader: UUID, now: datetime) -> dict[str, Offer]:
    """By answer, the one suggestion that this person may be asked about now.

    Args:
        session: any session.
        interview_id: whose account; the caller has asked whether this person may read it.
        reader: who codes.
        now: the present.
    """
    model = standing_model.standing(session)
    book = current(session)
    if (
        model is None
        or model.codebook_version != book.version
        or not suggestions_on(session, now)
        or codes_blind(session, interview_id, reader)
    ):
        return {}
    rows = session.scalars(
        select(Suggestion)
        .where(Suggestion.interview_id == interview_id, Suggestion.model_id == model.id)
        .where(Suggestion.accepted.is_(None))
        .order_by(Suggestion.sure.desc(), Suggestion.code)
    ).all()
    if not rows or not is_ready(session, interview_id, now):
        return {}
    done = coded(session, interview_id)
    standing = _sentences(account(session, interview_id))
    found: dict[str, Offer] = {}
    for row in rows:
        spans = {
            UUID(sentence): tuple((start, end) for start, end in places)
            for sentence, places in row.spans.items()
            if UUID(sentence) in standing.get(row.prompt, ())
        }
        still_said = bool(spans) or not row.spans
        if (
            row.prompt not in found
            and row.code in book.offered
            and done.is_answered_for(row.prompt)
            and row.code not in _codes_in(done, row.prompt)
            and row.prompt in standing
            and still_said
        ):
            found[row.prompt] = Offer(
                row.id, row.prompt, book.code(row.code), row.sure, spans, model.number
            )
    return found


def waiting(
    session: Session, reader: UUID, now: datetime, but: Collection[UUID] = ()
) -> dict[UUID, int]:
    """By account, on how many answers a suggestion waits for this person, most first.

    Args:
        session: any session.
        reader: who codes.
        now: the present.
        but: the accounts of which this person is shown nothing.
    """
    model = standing_model.standing(session)
    if model is None:
        return {}
    asked = select(Suggestion.interview_id).where(
        Suggestion.model_id == model.id, Suggestion.accepted.is_(None)
    )
    ids = set(session.scalars(asked.distinct())) - set(but)
    allowed = open_to(session, ids, Purpose.TALK, Audience.LEAD, now)
    counts = {each: len(offers(session, each, reader, now)) for each in sorted(allowed)}
    return {each: count for each, count in sorted(counts.items(), key=lambda x: -x[1]) if count}


def accept(
    session: Session, interview_id: UUID, suggestion_id: UUID, by: UUID, now: datetime
) -> Offer:
    """Say yes to one suggestion: its code is put on, and marked as suggested for ever.

    It goes on the whole answer; where somebody coded single sentences, on the one that caused it.

    Raises:
        NotOffered: if it is not there to be answered by this person now.
    """
    offer = _answer(session, interview_id, suggestion_id, True, by, now)
    done = coded(session, interview_id)
    whole = Unit(offer.prompt_id)
    by_sentence = not done.is_decided(whole) and offer.spans
    unit = Unit(offer.prompt_id, next(iter(offer.spans))) if by_sentence else whole
    put(session, interview_id, unit, offer.code.id, by, now, suggestion_id=suggestion_id)
    return offer


def refuse(
    session: Session, interview_id: UUID, suggestion_id: UUID, by: UUID, now: datetime
) -> Offer:
    """Say no to one suggestion: that code is not suggested for this answer again.

    Raises:
        NotOffered: if it is not there to be answered by this person now.
    """
    return _answer(session, interview_id, suggestion_id, False, by, now)


def rates(session: Session, now: datetime, without: Collection[UUID] = ()) -> Rates:
    """What became of all that was answered.

    Args:
        session: any session.
        now: the moment of showing: nothing counts of a family that let us read it no more.
        without: accounts of which the reader may not see counts yet.
    """
    every = session.scalars(select(Suggestion).where(Suggestion.accepted.is_not(None))).all()
    theirs = {row.interview_id for row in every} - set(without)
    allowed = open_to(session, theirs, Purpose.TALK, Audience.LEAD, now)
    rows = [row for row in every if row.interview_id in allowed]
    stands = {
        interview_id: {(each.unit.prompt_id, each.code) for each in done.codings}
        for interview_id, done in coded_in(session, {row.interview_id for row in rows}).items()
    }
    told = [
        (row, (row.prompt, row.code) in stands.get(row.interview_id, frozenset())) for row in rows
    ]
    return Rates(
        overall=_rate(told),
        by_code={
            code: _rate((row, on) for row, on in told if row.code == code)
            for code in sorted({row.code for row in rows})
        },
        by_band={
            band: _rate((row, on) for row, on in told if band[0] <= row.sure < band[1])
            for band in BANDS
        },
        by_model={
            model: _rate((row, on) for row, on in told if row.model_id == model)
            for model in {row.model_id for row in rows}
        },
    )


def _rate(told: Iterable[tuple[Suggestion, bool]]) -> Rate:
    counts = Counter((bool(row.accepted), stands) for row, stands in told)
    return Rate(
        accepted=counts[True, True] + counts[True, False],
        refused=counts[False, True] + counts[False, False],
        taken_back=counts[True, False],
        put_later=counts[False, True],
    )


def _answer(
    session: Session, interview_id: UUID, suggestion_id: UUID, yes: bool, by: UUID, now: datetime
) -> Offer:
    lock(session, Interview, interview_id)
    offered = offers(session, interview_id, by, now).values()
    offer = next((each for each in offered if each.id == suggestion_id), None)
    if offer is None:
        raise NotOffered
    row = lock(session, Suggestion, suggestion_id)
    row.accepted, row.decided_by, row.decided_at = yes, by, now
    session.flush()
    return offer


def _codes_in(done: Coded, prompt_id: str) -> set[str]:
    return {each.code for each in done.codings if each.unit.prompt_id == prompt_id}


def _sentences(whole: Account) -> dict[str, set[UUID]]:
    return {
        answer.prompt_id: {each.id for piece in answer.pieces for each in piece.sentences}
        for answer in whole.answers
    }

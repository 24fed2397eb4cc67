"""What somebody decided about the names in a case's words, and the one door for words that leave.

The rules in `deidentifying` find what is known and what looks like a name. A person adds what they
missed (`take`) and takes back what is none (`leave`); each is remembered for every account of the
case, sealed under the key of the account in which it was met. Every quote and every export asks
`cleared`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from family_voice.cases.permission import NotForUs, lead_may_read, open_to, works_with_family
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Interview
from family_voice.interviews.words import Account
from family_voice.security.sealing import Erased, Place, open_keys, seal, unseal
from family_voice.security.trail import Actor, record
from family_voice.sharing import further_names
from family_voice.sharing.deidentifying import Known, Span, find, redact
from family_voice.sharing.known_names import (
    among_others,
    beside,
    known_for,
    known_in,
    round_of,
    told_in,
)
from family_voice.sharing.models import Quote, Replacement
from family_voice.sharing.quotes import place_of as quote_place
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock

#: Longer than any name: a whole sentence is kept back, not replaced.
LONGEST: Final = 120
#: Whose a name may be: the groups of `Known`.
WHOSE: Final = tuple(each.name for each in fields(Known))


class Decided(StrEnum):
    """What was decided about some words."""

    TAKEN = "taken"
    LEFT = "left"


class NoWords(ValueError):
    """There is nothing to replace, or more than a name."""


@dataclass(frozen=True)
class Remembered:
    """One decision that stands for a case, in clear, and the account in which it was met."""

    id: UUID
    met_in: UUID
    words: str
    decided: Decided
    whose: str
    by: UUID | None
    at: datetime


class Cleared(NamedTuple):
    """Words as they may leave, and what was replaced in them: spans in the words as they were."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Clearing:
    """Everything that `find` needs for one account, for those who have many texts of it.

    `round` are the people of the whole round: whoever is known anywhere in it is named in no text.
    """

    known: Known
    taken: frozenset[str]
    left: frozenset[str]
    round: Known = field(default_factory=Known)

    def of(self, text: str) -> Cleared:
        """A text of this account as it may leave."""
        spans = self.spans(text)
        return Cleared(redact(text, spans), spans)

    def spans(self, text: str) -> tuple[Span, ...]:
        """What is replaced in a text of this account, in order."""
        found = list(
            find(text, self.known, taken=self.taken, left=self.left, also=further_names.chosen())
        )
        for each in find(text, self.round, left=self.left):
            if each.known and not any(each.start < s.end and s.start < each.end for s in found):
                # Of the round they are somebody, and not this child's parent.
                instead = each.placeholder.replace("[parent]", "[name]")
                found.append(replace(each, placeholder=instead))
        return tuple(sorted(found, key=lambda each: each.start))

    def names_in(self, text: str) -> str:
        """A text without whoever is known; what only reads like a name stands."""
        return redact(text, [each for each in self.spans(text) if each.known])


def cleared(session: Session, interview_id: UUID, text: str) -> Cleared:
    """Some words of an account as they may leave: the one door for quotes and exports.

    Args:
        session: any session.
        interview_id: whose words.
        text: the words.

    Raises:
        Missing: if there is no such account.
    """
    return clearing(session, interview_id).of(text)


def clearing(session: Session, interview_id: UUID) -> Clearing:
    """The same for many texts of one account, with what is known read once. Raises Missing."""
    return clearings(session, [interview_id])[interview_id]


def clearings(session: Session, interview_ids: Iterable[UUID]) -> dict[UUID, Clearing]:
    """The same for many accounts, with each of their rounds read once. Raises Missing."""
    rounds: dict[UUID, Clearing] = {}
    found = {}
    for interview_id in interview_ids:
        standing = remembered(session, interview_id)
        its = round_of(session, interview_id)
        if its is not None and its not in rounds:
            rounds[its] = of_rounds(session, [its])
        found[interview_id] = Clearing(
            known=known_for(session, interview_id) + _noted(standing),
            taken=_taken(standing),
            left=frozenset(each.words for each in standing if each.decided is Decided.LEFT),
            round=among_others(rounds[its].known) if its is not None else Known(),
        )
    return found


def of_rounds(session: Session, round_ids: Iterable[UUID]) -> Clearing:
    """What clears words that are of no account: of everybody who is known in some rounds.

    Args:
        session: any session.
        round_ids: the rounds.
    """
    known, taken = Known(), frozenset[str]()
    for round_id in round_ids:
        rows = select(Replacement).where(Replacement.interview_id.in_(told_in(session, round_id)))
        standing = [_view(row, words) for row, words in _in_clear(session, rows)]
        known += known_in(session, round_id) + _noted(standing)
        taken |= _taken(standing)
    return Clearing(known, taken, frozenset())


def _noted(standing: Iterable[Remembered]) -> Known:
    """The names that a person added and said whose they are."""
    groups: dict[str, list[str]] = {}
    for each in standing:
        if each.decided is Decided.TAKEN and each.whose in WHOSE:
            groups.setdefault(each.whose, []).append(each.words)
    return Known(**{group: tuple(words) for group, words in groups.items()})


def _taken(standing: Iterable[Remembered]) -> frozenset[str]:
    return frozenset(
        each.words for each in standing if each.decided is Decided.TAKEN and not each.whose
    )


def remembered(session: Session, interview_id: UUID) -> tuple[Remembered, ...]:
    """What was decided for the case of an account and stands, by words."""
    found = [_view(row, words) for row, words in _standing(session, interview_id)]
    return tuple(sorted(found, key=lambda each: (each.words.casefold(), each.at)))


def to_show(session: Session, told: Account, reader: UUID, now: datetime) -> tuple[Remembered, ...]:
    """What is remembered for the case of an account, as it may be shown beside the account.

    It holds for every account of the case. But a name that was met in another account is that
    account's word: once its family lets nobody read it any more, or for somebody from whom
    sentences are kept, it is shown only if it stands in these words as well.

    Args:
        session: any session.
        told: the account, as this person may read it.
        reader: who looks.
        now: the moment of showing.
    """
    standing = remembered(session, told.interview_id)
    met_in = {each.met_in for each in standing}
    open_ones = open_to(session, met_in, Purpose.TALK, Audience.LEAD, now)
    if works_with_family(session, told.interview_id, reader):
        open_ones = set()
    text = "\n".join(answer.text for answer in told.answers).casefold()
    return tuple(
        each for each in standing if each.met_in in open_ones or each.words.casefold() in text
    )


def take(
    session: Session, interview_id: UUID, words: str, whose: str, by: Actor, now: datetime
) -> None:
    """Let some words never leave, wherever they stand in the accounts of this case.

    A quote in which they stand waits until somebody has looked at it again.

    Args:
        session: a writing session.
        interview_id: the account in which they were met.
        words: a name, a nickname, a place, as it was written.
        whose: one of `WHOSE`, so that the right placeholder stands there and slips of spelling are
            found as well; empty for anything else.
        by: who decides.
        now: when.

    Raises:
        NoWords: if there are none, too many, or `whose` is nobody.
        NotForUs: if the account is not ours to read any more.
        Missing: if there is no such account.
    """
    if whose not in ("", *WHOSE):
        raise NoWords
    _decide(session, interview_id, words, Decided.TAKEN, whose, by, now)
    _look_again(session, interview_id)


def leave(session: Session, interview_id: UUID, words: str, by: Actor, now: datetime) -> None:
    """Let some words stand in the accounts of this case, whatever the rules say of them.

    Raises:
        NoWords, NotForUs, Missing: see `take`.
    """
    _decide(session, interview_id, words, Decided.LEFT, "", by, now)


def take_back(session: Session, interview_id: UUID, words: str, by: Actor, now: datetime) -> None:
    """Let the rules decide again about some words. Nothing happens where nothing was decided.

    Raises:
        NoWords, NotForUs, Missing: see `take`.
    """
    lock(session, Interview, interview_id)
    if not lead_may_read(session, interview_id, now):
        raise NotForUs
    _drop(session, interview_id, _plain(words), by, now)


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Delete what was met in an account. Returns how many `replacements` there were."""
    gone = session.scalars(
        delete(Replacement)
        .where(Replacement.interview_id == interview_id)
        .returning(Replacement.id)
    ).all()
    session.flush()
    return {"replacements": len(gone)}


def _decide(
    session: Session,
    interview_id: UUID,
    words: str,
    decided: Decided,
    whose: str,
    by: Actor,
    now: datetime,
) -> None:
    words = _plain(words)
    interview = lock(session, Interview, interview_id)
    if not lead_may_read(session, interview_id, now):
        raise NotForUs
    _drop(session, interview_id, words, by, now)
    row_id = new_id()
    session.add(
        Replacement(
            id=row_id,
            interview_id=interview_id,
            key_id=interview.key_id,
            words=seal(session, interview.key_id, place_of(row_id), words),
            decision=decided.value,
            whose=whose,
            by=by.id,
            at=now,
        )
    )
    session.flush()
    record(session, by, "add", "replacement", row_id, now, [decided.value])


def _drop(session: Session, interview_id: UUID, words: str, by: Actor, now: datetime) -> None:
    """One thing stands about the same words, whatever their capitals: the newest."""
    for row, old in _standing(session, interview_id):
        if old.casefold() == words.casefold():
            session.delete(row)
            record(session, by, "remove", "replacement", row.id, now, [row.decision])
    session.flush()


def _look_again(session: Session, interview_id: UUID) -> None:
    for each in beside(session, interview_id):
        rows = session.scalars(
            select(Quote).where(Quote.interview_id == each, Quote.looked_at.is_not(None))
        ).all()
        rules = clearing(session, each) if rows else None
        for row in rows:
            column, sealed = ("own_words", row.own_words) if row.own_words else ("words", row.words)
            words = unseal(session, row.key_id, quote_place(row.id, column), sealed)
            if rules is not None and rules.of(words).spans:
                row.looked_at = row.looked_by = None
    session.flush()


def _standing(session: Session, interview_id: UUID) -> Iterable[tuple[Replacement, str]]:
    fetch(session, Interview, interview_id)
    accounts = beside(session, interview_id)
    return _in_clear(session, select(Replacement).where(Replacement.interview_id.in_(accounts)))


def _in_clear(session: Session, chosen: Select[Replacement]) -> Iterable[tuple[Replacement, str]]:
    rows = session.scalars(chosen).all()
    open_keys(session, {row.key_id for row in rows})
    for row in rows:
        try:
            yield row, unseal(session, row.key_id, place_of(row.id), row.words)
        except Erased:
            continue


def _view(row: Replacement, words: str) -> Remembered:
    return Remembered(
        row.id, row.interview_id, words, Decided(row.decision), row.whose, row.by, row.at
    )


def _plain(words: str) -> str:
    plain = " ".join(words.split())
    if not plain or len(plain) > LONGEST:
        raise NoWords
    return plain


def place_of(row_id: UUID) -> Place:
    """Where the words of a decision are sealed."""
    return Place(Replacement.__tablename__, "words", row_id)

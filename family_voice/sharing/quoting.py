"""Asking a family about a quote: proposing words, noting the answer, looking at their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.permission import NotForUs, lead_may_read, open_to
from family_voice.consent import authority
from family_voice.consent.statements import Purpose
from family_voice.interviews.errors import NotTheirs
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Interview
from family_voice.security.sealing import seal, unseal
from family_voice.security.trail import Actor, record
from family_voice.sharing.models import Quote
from family_voice.sharing.quotes import READERS, Answer, may_ask, place_of, quotable
from family_voice.sharing.recognising import Question, settle
from family_voice.sharing.replacements import Cleared, cleared
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock

#: A quote is short: what is longer tells a story, and a story tells who it is.
LONGEST: Final = 240


_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PLACEHOLDER: Final = re.compile(r"\[[^\]]*\]")


class MayNotAsk(Exception):
    """They have not sent an account, or not said that it is right, or not that we may ask this."""


class NotToQuote(ValueError):
    """One of the sentences stands no more, is kept from somebody, or is not theirs."""


class NothingPut(ValueError):
    """There are no words."""


class TooLong(ValueError):
    """The words are longer than a quote may be."""


class StillNamed(ValueError):
    """There is a name in it, or what reads like one: `cleared` is how it would leave."""

    def __init__(self, cleared: Cleared) -> None:
        super().__init__("a name")
        self.cleared = cleared


class ProposedOtherwise(Exception):
    """The page's quote is on record already, in other words or with another answer."""


class AnsweredAgain(Exception):
    """The family has answered anew since the page was made; nothing was changed."""


def propose(
    session: Session,
    interview_id: UUID,
    sentence_ids: Collection[UUID],
    words: str,
    by: Actor,
    now: datetime,
    *,
    seen: str = "",
    answers: Mapping[Question, bool] | None = None,
    quote_id: UUID | None = None,
) -> UUID:
    """Put one wording to the family, as it would leave. Nobody else reads it before they say yes.

    Args:
        session: a writing session.
        interview_id: whose words.
        sentence_ids: the sentences it is made of; when one stands no more, the quote is not used.
        words: the short wording; every name in it is replaced.
        by: who proposes.
        now: when.
        seen: the wording as whoever proposes has seen it, if something was replaced in it.
        answers: whether somebody would know who said it (see `recognising`); None where nobody was
            asked yet, as in the midst of a call: it does not leave before that is done.
        quote_id: what it is to be known by, where the page chose that: sent twice, it is one.

    Returns:
        The quote.

    Raises:
        MayNotAsk: if they may not be asked.
        NotToQuote: if one of the sentences is not there to be quoted, or none was chosen.
        NothingPut, TooLong: if the words cannot be put to them so.
        StillNamed: if something is replaced in it, and nobody has seen yet how it would leave.
        NotAnswered, WouldBeKnown: if the answers do not let it leave.
    """
    interview = lock(session, Interview, interview_id)
    if quote_id is not None and session.get(Quote, quote_id) is not None:
        return quote_id
    if not may_ask(session, interview_id, now):
        raise MayNotAsk
    if not sentence_ids or not set(sentence_ids) <= set(quotable(session, interview_id)):
        raise NotToQuote
    without = as_it_would_leave(session, interview_id, words)
    if without.spans and without.text != seen:
        raise StillNamed(without)
    if answers is not None:
        settle(answers)
    row_id = quote_id or new_id()
    session.add(
        Quote(
            id=row_id,
            interview_id=interview_id,
            key_id=interview.key_id,
            sentences=[str(each) for each in sentence_ids],
            words=seal(session, interview.key_id, place_of(row_id, "words"), without.text),
            answer=Answer.WAITING.value,
            proposed_by=by.id,
            proposed_at=now,
            looked_at=now if answers is not None else None,
            looked_by=by.id if answers is not None else None,
        )
    )
    session.flush()
    record(session, by, "add", "quote", row_id, now, ["words"])
    return row_id


def answer(
    session: Session,
    quote_id: UUID,
    said: Answer,
    *,
    channel: Channel,
    by: Actor,
    now: datetime,
    own_words: str = "",
) -> None:
    """Write down what the family says to a quote. A later answer stands over an earlier one.

    A yes is to the words that stand: to their own, where they have put it another way.

    Args:
        session: a writing session.
        quote_id: which.
        said: yes, no, or `EDITED` with their own wording.
        channel: how they said it.
        by: the family itself, or the member of staff it was said to.
        now: when.
        own_words: their wording; the very words that were proposed are a plain yes.

    Raises:
        NotTheirs: to a yes that is somebody else's to give, or where none may be asked now.
        NotForUs: if everything was taken back.
        NothingPut, TooLong: if their wording cannot be used so.
        Missing: if there is no such quote.
    """
    row = _held(session, quote_id)
    if said is not Answer.REFUSED:
        _theirs_to_give(session, row.interview_id, by, now)
    _still_ours(session, row, now)
    own = place_of(row.id, "own_words")
    stands = unseal(session, row.key_id, own, row.own_words) if row.own_words else ""
    put = short(own_words) if said is Answer.EDITED else ""
    if said is Answer.APPROVED and stands:  # the words beside the button are their own
        said, put = Answer.EDITED, stands
    if put == unseal(session, row.key_id, place_of(row.id, "words"), row.words):
        said, put = Answer.APPROVED, ""
    if put != stands:
        row.own_words = seal(session, row.key_id, own, put) if put else None
        row.looked_at = row.looked_by = None
    row.answer, row.channel, row.answered_at = said.value, channel.value, now
    row.recorded_by = by.id if by.kind == "staff" else None
    session.flush()
    record(session, by, "change", "quote", row.id, now, [said.value])


def put_at_once(
    session: Session,
    interview_id: UUID,
    sentence_ids: Collection[UUID],
    words: str,
    said: Answer,
    *,
    channel: Channel,
    by: Actor,
    now: datetime,
    seen: str = "",
    quote_id: UUID,
) -> None:
    """Propose a wording to somebody one is talking with, and write down what they say to it.

    Sent twice it is one quote and one answer.

    Args:
        session: a writing session.
        interview_id, sentence_ids, words, seen, quote_id: see `propose`.
        said: their yes or no to these very words.
        channel: how one is talking.
        by: who is talking with them.
        now: when.

    Raises:
        ProposedOtherwise: if the page was sent before with other words or another answer.
        MayNotAsk, NotToQuote, NothingPut, TooLong, StillNamed, NotTheirs: see `propose`, `answer`.
    """
    lock(session, Interview, interview_id)
    was = session.get(Quote, quote_id)
    if was is not None:
        stands = unseal(session, was.key_id, place_of(quote_id, "words"), was.words)
        sent = as_it_would_leave(session, interview_id, words).text
        if (was.interview_id, stands, was.answer) != (interview_id, sent, said.value):
            raise ProposedOtherwise
        return
    propose(session, interview_id, sentence_ids, words, by, now, seen=seen, quote_id=quote_id)
    answer(session, quote_id, said, channel=channel, by=by, now=now)


def as_it_would_leave(session: Session, interview_id: UUID, words: str) -> Cleared:
    """A wording without the names in it, and what was replaced.

    Raises:
        NothingPut, TooLong: if it cannot be a quote.
        Missing: if there is no such account.
    """
    return cleared(session, interview_id, short(words))


def not_theirs(words: str, said: str) -> tuple[str, ...]:
    """The words of a wording that stand nowhere in what was said, each once. Pure.

    Args:
        words: the wording; a placeholder such as "[child]" is no word.
        said: the sentences it is made of.
    """
    theirs = {each.casefold() for each in _WORD.findall(said)}
    put = _WORD.findall(_PLACEHOLDER.sub(" ", words))
    return tuple(dict.fromkeys(each for each in put if each.casefold() not in theirs))


def look_at(
    session: Session,
    quote_id: UUID,
    version: int,
    answers: Mapping[Question, bool],
    by: Actor,
    now: datetime,
) -> None:
    """Say of the words that stand that nobody would know who said them.

    A family's own wording is used as it is or not at all: nothing is replaced in it.

    Raises:
        AnsweredAgain: if they have answered anew since `version`.
        StillNamed: if a name is in it.
        NotAnswered, WouldBeKnown: if the answers do not let it leave.
        Missing: if there is no such quote.
    """
    row = _held(session, quote_id)
    _still_ours(session, row, now)
    if row.version != version:
        raise AnsweredAgain
    found = as_it_stands(session, quote_id)
    if found.spans:
        raise StillNamed(found)
    settle(answers)
    row.looked_at, row.looked_by = now, by.id
    session.flush()
    record(session, by, "change", "quote", row.id, now, ["looked_at"])


def as_it_stands(session: Session, quote_id: UUID) -> Cleared:
    """The words of a quote that stand, and what names somebody in them.

    Raises:
        Missing: if there is no such quote.
    """
    row = fetch(session, Quote, quote_id)
    column, sealed = ("own_words", row.own_words) if row.own_words else ("words", row.words)
    words = unseal(session, row.key_id, place_of(row.id, column), sealed)
    return cleared(session, row.interview_id, words)


def take_away(session: Session, quote_id: UUID, by: Actor, now: datetime) -> UUID:
    """Let go of a quote for good: it is asked about and shown no more. Returns whose it was."""
    row = _held(session, quote_id)
    _still_ours(session, row, now)
    interview_id = row.interview_id
    session.delete(row)
    session.flush()
    record(session, by, "remove", "quote", quote_id, now, ["words"])
    return interview_id


def _theirs_to_give(session: Session, interview_id: UUID, by: Actor, now: datetime) -> None:
    if not open_to(session, [interview_id], Purpose.QUOTE, READERS[0], now):
        raise NotTheirs("They have said that we may not quote them.")
    if by.kind != "staff" and authority.represented_by(session, interview_id, now) is not None:
        raise NotTheirs("Somebody else decides for them.")


def _held(session: Session, quote_id: UUID) -> Quote:
    """A quote, held after its interview: in the order in which taking back holds them."""
    lock(session, Interview, fetch(session, Quote, quote_id).interview_id)
    return lock(session, Quote, quote_id)


def _still_ours(session: Session, row: Quote, now: datetime) -> None:
    """What is there only because a legal hold keeps it stays as it is. Raises NotForUs."""
    if not lead_may_read(session, row.interview_id, now):
        raise NotForUs


def short(words: str) -> str:
    """A wording as it is kept: on one line.

    Raises:
        NothingPut, TooLong: if it cannot be a quote.
    """
    plain = " ".join(words.split())
    if not plain:
        raise NothingPut
    if len(plain) > LONGEST:
        raise TooLong
    return plain

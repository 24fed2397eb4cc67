"""Short pieces of what a family said, to be shared without their name: asked about one by one.

Somebody proposes a wording of sentences that stand; the family says yes, says no, or puts it in
their own words. It waits until a person has said that nobody would know who said it; what they put
instead is used as it is or not at all. `approved` is the one way out for all of it, and asks anew
each time: whether they agreed to being quoted and have not changed their mind since, whether every
sentence it rests on still stands, is theirs and kept from nobody, and whether the round is over, so
that a fresh quote never points at the six families who are being heard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import has_passed
from family_voice.cases.linking import case_of
from family_voice.cases.models import Case, PanelSession, Round
from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience, standing
from family_voice.consent.statements import Purpose
from family_voice.interviews import record as interview_record
from family_voice.interviews.events import Manner
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.security.sealing import Erased, Place, open_keys, unseal
from family_voice.sharing.models import Quote
from family_voice.storage.locking import fetch

#: Whose words a quote may be made of. What was seen or told by others is nobody's own to quote.
QUOTABLE: Final = frozenset({Manner.OWN_WORDS, Manner.SUMMARY})
#: To whom quotes may go (see `consent.decisions.OPENS`).
READERS: Final = (Audience.FORUM, Audience.BOARD)


class Answer(StrEnum):
    """What the family has said to one quote."""

    WAITING = "waiting"
    APPROVED = "approved"
    EDITED = "edited"
    REFUSED = "refused"


@dataclass(frozen=True)
class QuoteView:
    """One quote in clear, for its family and for whoever proposed it.

    `words` is what would be shared: the family's own wording if they put one. `stands` is whether
    every sentence it rests on is still there to be quoted; if not (kept back since, reworded, or
    said by a child who has said no), nobody reads the quote's words either.
    """

    id: UUID
    interview_id: UUID
    words: str
    proposed: str
    answer: Answer
    stands: bool
    proposed_at: datetime
    answered_at: datetime | None
    recorded_by: UUID | None
    looked_at: datetime | None
    version: int

    @property
    def to_look_at(self) -> bool:
        """Nobody has said yet, of the words that stand, that nobody would know who said them."""
        return self.answer is not Answer.REFUSED and self.looked_at is None

    @property
    def agreed(self) -> bool:
        """Nothing but the end of the round keeps it from being shared."""
        yes = self.answer in (Answer.APPROVED, Answer.EDITED) and self.looked_at is not None
        return yes and self.stands


def may_ask(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether this family may be asked about a quote now: it agreed, has sent and says it is right.

    Raises:
        Missing: if there is no such account.
    """
    state = interview_record.as_agreed(session, interview_id, now)
    finished = state.stage is Stage.SENT and state.read_back_at is not None
    return finished and bool(open_to(session, [interview_id], Purpose.QUOTE, READERS[0], now))


def to_choose_from(session: Session, interview_id: UUID, now: datetime) -> dict[UUID, str]:
    """The sentences a quote may be made of, in order; none where nobody may ask."""
    return quotable(session, interview_id) if may_ask(session, interview_id, now) else {}


def whose(session: Session, quote_id: UUID) -> UUID:
    """The account a quote is made of. Raises Missing."""
    return fetch(session, Quote, quote_id).interview_id


def of_account(session: Session, interview_id: UUID, now: datetime) -> list[QuoteView]:
    """Every quote of an account, the newest first; none where they do not let us quote any more."""
    if not open_to(session, [interview_id], Purpose.QUOTE, READERS[0], now):
        return []
    there = set(quotable(session, interview_id))
    rows = session.scalars(
        select(Quote)
        .where(Quote.interview_id == interview_id)
        .order_by(Quote.proposed_at.desc(), Quote.id)
    )
    return [_view(session, row, there) for row in rows]


def every(session: Session, now: datetime) -> list[QuoteView]:
    """Every quote of every account that may be quoted: what somebody has to look at first."""
    owners = session.scalars(select(Quote.interview_id).distinct()).all()
    found = [view for each in owners for view in of_account(session, each, now)]
    return sorted(found, key=lambda each: (not each.to_look_at, each.answer, each.proposed_at))


def how_many_to_look_at(session: Session, now: datetime) -> int:
    """Of how many quotes nobody has said yet whether somebody would know who said them."""
    waiting = select(Quote.interview_id).where(
        Quote.looked_at.is_(None), Quote.answer != Answer.REFUSED.value
    )
    owners = session.scalars(waiting.distinct()).all()
    views = (view for each in owners for view in of_account(session, each, now))
    return sum(view.to_look_at and view.stands for view in views)


def approved(session: Session, audience: Audience, now: datetime) -> list[str]:
    """The words that may leave, now, for these readers. Everything that exports asks here.

    Args:
        session: any session.
        audience: the forum or the board.
        now: the moment of showing.

    Returns:
        The wordings, in an order that says nothing about who said them or when.
    """
    yes = (Answer.APPROVED.value, Answer.EDITED.value)
    rows = session.scalars(select(Quote).where(Quote.answer.in_(yes)).order_by(Quote.id)).all()
    owners = {row.interview_id for row in rows}
    open_keys(session, {row.key_id for row in rows})
    found = []
    for interview_id in open_to(session, owners, Purpose.QUOTE, audience, now):
        if waits_for(session, interview_id, now) is not None:
            continue
        there = set(quotable(session, interview_id))
        asked = standing(session, interview_id, now)[Purpose.QUOTE].at
        found += [
            (row.id, view.words)
            for row in rows
            if row.interview_id == interview_id
            # A yes from before they were asked afresh, or for them by somebody else, is over.
            and (view := _view(session, row, there)).agreed
            and view.answered_at is not None
            and view.answered_at >= asked
        ]
    return [words for _id, words in sorted(found)]


def could_be_read(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether others could read a quote of this account until now, for the receipt of a no to it.

    It asks for no consent: the no may have been written down in this very moment.
    """
    if waits_for(session, interview_id, now) is not None:
        return False
    there = set(quotable(session, interview_id))
    rows = session.scalars(select(Quote).where(Quote.interview_id == interview_id))
    return any(_view(session, row, there).agreed for row in rows)


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Delete every quote of an account. Returns how many `quotes` there were."""
    gone = session.scalars(
        delete(Quote).where(Quote.interview_id == interview_id).returning(Quote.id)
    ).all()
    session.flush()
    return {"quotes": len(gone)}


class WaitsFor(NamedTuple):
    """The round that has to be over first; `stood_down` says that its case is not in it."""

    term: str
    last_day: date
    stood_down: bool


def waits_for(session: Session, interview_id: UUID, now: datetime) -> WaitsFor | None:
    """What an account's quotes wait for before they are shared; None once they need not.

    Raises:
        Missing: if there is no such account.
    """
    case_id, stood_down = case_of(session, interview_id), False
    if case_id is not None:
        case = fetch(session, Case, case_id)
        stood_down = case.stood_down_at is not None
        round_id: UUID | None = fetch(session, PanelSession, case.session_id).round_id
    else:
        round_id = fetch(session, Interview, interview_id).round_id
    if round_id is None:
        return None
    held = fetch(session, Round, round_id)
    if has_passed(held.freezes_on, now) and not stood_down:
        return None
    return WaitsFor(held.term, held.freezes_on, stood_down)


def quotable(session: Session, interview_id: UUID) -> dict[UUID, str]:
    """The sentences that stand, are theirs and kept from nobody, in order."""
    try:
        account = interview_record.account(session, interview_id)
    except Erased:
        return {}
    return {
        sentence.id: sentence.text
        for told in account.answers
        for piece in told.pieces
        if piece.manner in QUOTABLE
        for sentence in piece.sentences
        if not sentence.not_for_workers
    }


def _view(session: Session, row: Quote, there: Iterable[UUID]) -> QuoteView:
    stands = {UUID(each) for each in row.sentences} <= set(there)
    proposed = unseal(session, row.key_id, place_of(row.id, "words"), row.words) if stands else ""
    own = (
        unseal(session, row.key_id, place_of(row.id, "own_words"), row.own_words)
        if stands and row.own_words is not None
        else ""
    )
    return QuoteView(
        id=row.id,
        interview_id=row.interview_id,
        words=own or proposed,
        proposed=proposed,
        answer=Answer(row.answer),
        stands=stands,
        proposed_at=row.proposed_at,
        answered_at=row.answered_at,
        recorded_by=row.recorded_by,
        looked_at=row.looked_at,
        version=row.version,
    )


def place_of(row_id: UUID, column: str) -> Place:
    """Where a quote's words are sealed."""
    return Place(Quote.__tablename__, column, row_id)

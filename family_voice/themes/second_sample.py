"""Which accounts are coded a second time, by whom, and that it is done.

Every account that the first coder has finished goes into the pot once. How many are drawn is the
share that was asked for, rounded up, of all that were ever in the round's pot; which, is chance:
the seed is the machine's own and kept, so that nobody draws until they like what comes and anybody
can see that it was so. Besides, a lead may name an account that is not in the pot yet: it is no
part of figures that stand for all (`disagreements`). Somebody may code an account blind who neither
coded it nor was shown its codes, which the audit trail knows.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.reading import round_ledger
from family_voice.cases.sampling import rank
from family_voice.interviews.record import state_of
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, lock, one_at_a_time
from family_voice.themes.choices import second_coding_on
from family_voice.themes.coding import coded, last_number
from family_voice.themes.second_coding import first_coders
from family_voice.themes.second_models import SecondCoding, SecondDraw
from family_voice.themes.still_blind import coded_lately
from family_voice.themes.still_blind import who_may as who_may
from family_voice.themes.workbench import Waiting, waiting

PERCENTS = (10, 15, 20, 25)
#: The share of a draw that is none: somebody named the account.
NAMED = 0
_SEEDS = 10**9


class IsOff(Exception):
    """Second coding is off."""


class NothingToDraw(Exception):
    """No account of the round is coded that was not in the pot before."""


class NotBlind(ValueError):
    """This person coded the account, was shown its codes, or is no lead: it would not be blind."""


class InThePot(ValueError):
    """Chance has decided about it, or it is not coded: it cannot be named."""


class IsDone(ValueError):
    """The second coding of this account is done; it stays as it is."""


class StillToDecide(ValueError):
    """Answers of the account are not decided yet; `left` says how many."""

    def __init__(self, left: int) -> None:
        super().__init__("answers are not decided yet")
        self.left = left


@dataclass(frozen=True)
class Draw:
    """One draw, so that it can be told again."""

    seed: int
    percent: int
    in_pot: int
    drawn: int
    by: UUID
    at: datetime


@dataclass(frozen=True)
class Second:
    """An account that was drawn, or `named`; `first` are those who coded it first."""

    interview_id: UUID
    coder: UUID | None
    finished_at: datetime | None
    first: tuple[UUID, ...]
    named: bool = False


def to_draw_from(session: Session, round_id: UUID, now: datetime) -> list[Waiting]:
    """The accounts of a round that are coded and were not in the pot yet."""
    in_pot = set(session.scalars(select(SecondCoding.interview_id)))
    lately = coded_lately(session, now)
    return [
        each
        for each in waiting(session, round_ledger(session, round_id, now), now)
        if each.answers and each.decided == each.answers and each.interview_id in lately - in_pot
    ]


def draw(
    session: Session,
    round_id: UUID,
    percent: int,
    by: UUID,
    now: datetime,
    *,
    seed: int | None = None,
) -> int:
    """Draw accounts of a round for a second coding, and give each to somebody who may code it.

    Args:
        session: a writing session.
        round_id: whose accounts.
        percent: one of `PERCENTS`.
        by: who draws.
        now: when.
        seed: to repeat a draw; without one, chance makes it.

    Returns:
        How many were drawn; none where those drawn before are enough.

    Raises:
        IsOff: if second coding is off.
        NothingToDraw: if nothing new is in the pot.
        ValueError: for another share.
    """
    if percent not in PERCENTS:
        raise ValueError("10 to 25 per cent")
    if not second_coding_on(session, now):
        raise IsOff
    one_at_a_time(session, "second draw")
    new = [each.interview_id for each in to_draw_from(session, round_id, now)]
    if not new:
        raise NothingToDraw
    wanted = _wanted(_rows(session, round_id), len(new), percent)
    made = SecondDraw(
        id=new_id(), round_id=round_id, percent=percent, by=by, at=now,
        seed=secrets.randbelow(_SEEDS) if seed is None else seed,
    )  # fmt: skip
    session.add(made)
    session.flush()
    drawn = sorted(new, key=lambda each: rank(made.seed, each))[:wanted]
    load: dict[UUID, int] = {}
    for each in new:
        coder = None
        if each in drawn:
            able = sorted(who_may(session, each), key=lambda who: rank(made.seed, who))
            coder = min(able, key=lambda who: load.get(who, 0), default=None)
            if coder is not None:
                load[coder] = load.get(coder, 0) + 1
        session.add(
            SecondCoding(
                id=new_id(), interview_id=each, draw_id=made.id, drawn=each in drawn, coder=coder
            )
        )
    session.flush()
    return len(drawn)


def would_draw(session: Session, round_id: UUID, new: int) -> dict[int, int]:
    """How many accounts each share would draw, with so many new ones in the pot."""
    before = _rows(session, round_id)
    return {percent: _wanted(before, new, percent) for percent in PERCENTS}


def _wanted(before: Sequence[SecondCoding], new: int, percent: int) -> int:
    all_told = -(-(len(before) + new) * percent // 100)
    return min(new, max(0, all_told - sum(row.drawn for row in before)))


def name(
    session: Session, round_id: UUID, interview_id: UUID, coder: UUID, by: UUID, now: datetime
) -> None:
    """Have an account coded a second time that chance has not decided about.

    One that was in the pot and not drawn is in sums that everybody has seen: nobody would be blind.

    Args:
        session: a writing session.
        round_id: its round.
        interview_id: the account.
        coder: who is to code it blind.
        by: who names it.
        now: when.

    Raises:
        IsOff: if second coding is off.
        InThePot: if chance has decided about it, or it is not all coded.
        NotBlind: if they may not code it blind.
    """
    if not second_coding_on(session, now):
        raise IsOff
    one_at_a_time(session, "second draw")
    if interview_id not in {each.interview_id for each in to_draw_from(session, round_id, now)}:
        raise InThePot
    if coder not in who_may(session, interview_id):
        raise NotBlind
    made = SecondDraw(id=new_id(), round_id=round_id, percent=NAMED, by=by, at=now, seed=0)
    session.add(made)
    session.flush()
    session.add(
        SecondCoding(
            id=new_id(), interview_id=interview_id, draw_id=made.id, drawn=True, coder=coder
        )
    )
    session.flush()


def give(session: Session, interview_id: UUID, coder: UUID) -> None:
    """Give a drawn account to somebody else; what another has begun on it counts no more.

    Raises:
        Missing: if it was not drawn.
        NotBlind: if they may not code it blind.
        IsDone: if somebody has done it.
    """
    row = _drawn(session, interview_id)
    if row.finished_at is not None:
        raise IsDone
    if coder not in who_may(session, interview_id):
        raise NotBlind
    row.coder = coder
    session.flush()


def finish(session: Session, interview_id: UUID, coder: UUID, now: datetime) -> None:
    """Somebody says that their second coding is done: from now on they may see the first.

    Raises:
        Missing: if it is not theirs, or done already.
        StillToDecide: while an answer is not decided.
    """
    row = _drawn(session, interview_id)
    if row.coder != coder or row.finished_at is not None:
        raise Missing(SecondCoding.__tablename__)
    mine = coded(session, interview_id, second=True)
    answers = state_of(session, interview_id).answers
    if left := sum(
        not mine.is_answered_for(prompt) for prompt, standing in answers.items() if standing
    ):
        raise StillToDecide(left)
    row.finished_at = now
    row.first_upto = last_number(session, interview_id)
    session.flush()


def drawn_in(session: Session, round_id: UUID) -> list[Second]:
    """The accounts of a round that were drawn, in the order of their draws, then those named."""
    named = _rows(session, round_id, named=True)
    rows = [*(row for row in _rows(session, round_id) if row.drawn), *named]
    first = first_coders(session, [row.interview_id for row in rows])
    return [
        Second(
            row.interview_id, row.coder, row.finished_at, first.get(row.interview_id, ()),
            named=row in named,
        )
        for row in rows
    ]  # fmt: skip


def draws_of(session: Session, round_id: UUID) -> list[Draw]:
    """The draws of a round, the first one first."""
    rows = _rows(session, round_id)
    found = session.scalars(
        select(SecondDraw)
        .where(SecondDraw.round_id == round_id, SecondDraw.percent != NAMED)
        .order_by(SecondDraw.at, SecondDraw.id)
    )
    return [
        Draw(
            seed=each.seed,
            percent=each.percent,
            in_pot=sum(row.draw_id == each.id for row in rows),
            drawn=sum(row.draw_id == each.id and row.drawn for row in rows),
            by=each.by,
            at=each.at,
        )
        for each in found
    ]


def _rows(session: Session, round_id: UUID, *, named: bool = False) -> Sequence[SecondCoding]:
    return session.scalars(
        select(SecondCoding)
        .join(SecondDraw, SecondDraw.id == SecondCoding.draw_id)
        .where(
            SecondDraw.round_id == round_id,
            SecondDraw.percent == NAMED if named else SecondDraw.percent != NAMED,
        )
        .order_by(SecondDraw.at, SecondCoding.interview_id)
    ).all()


def _drawn(session: Session, interview_id: UUID) -> SecondCoding:
    found = session.scalar(
        select(SecondCoding.id).where(SecondCoding.interview_id == interview_id, SecondCoding.drawn)
    )
    if found is None:
        raise Missing(SecondCoding.__tablename__)
    return lock(session, SecondCoding, found)

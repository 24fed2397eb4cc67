"""Making a round's Level 3 final, and opening it again: what is missing, and who did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases.final_models import Level3Final
from family_voice.cases.finality import Final, IsFinal, NotFinal, final_of, final_row
from family_voice.cases.ledger import Lack
from family_voice.cases.models import Round
from family_voice.cases.reaching import staff_id
from family_voice.cases.reading import CaseView, RoundLedger, round_ledger
from family_voice.cases.still_open import StillOpen, still_open
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import lock


class StillMissing(Exception):
    """Cases have no final state, or there are none; `standing` says which."""

    def __init__(self, standing: Standing) -> None:
        super().__init__("level 3")
        self.standing = standing


class NotConfirmed(Exception):
    """Something is still open, and whoever makes it final has not said that they know."""


@dataclass(frozen=True)
class Standing:
    """How far a round's Level 3 is from being final.

    `final` is set where it is. `still_open` counts what is open besides the cases' states. `since`
    are cases that stand otherwise now than when it was made final.
    """

    ledger: RoundLedger
    missing: tuple[tuple[CaseView, Lack], ...]
    still_open: Mapping[StillOpen, int]
    final: Final | None
    since: tuple[CaseView, ...]

    @property
    def may_be_final(self) -> bool:
        """Whether it can be made final now."""
        return self.final is None and bool(self.ledger.cases) and not self.missing


def standing(session: Session, round_id: UUID, now: datetime) -> Standing:
    """How far a round's Level 3 is from being final. Raises Missing."""
    ledger = round_ledger(session, round_id, now)
    final = final_of(session, round_id)
    return Standing(
        ledger,
        tuple((each, each.line.lack) for each in ledger.cases if each.line.lack is not None),
        still_open(session, ledger, now),
        final,
        _since(ledger.cases, final),
    )


def make_final(
    session: Session, round_id: UUID, by: Actor, now: datetime, *, though_open: bool = False
) -> Final:
    """Write down for good where every case of a round stands.

    Args:
        session: a writing session.
        round_id: which round.
        by: who says so.
        now: when.
        though_open: they know what is still open, and make it final all the same.

    Returns:
        What was written.

    Raises:
        StillMissing: if a case has no final state, or the round has no cases; nothing is stored.
        NotConfirmed: if something is open, and not `though_open`; nothing is stored.
        IsFinal: if it is final already.
        Missing: if there is no such round.
    """
    lock(session, Round, round_id)
    found = standing(session, round_id, now)
    if found.final is not None:
        raise IsFinal
    if not found.may_be_final:
        raise StillMissing(found)
    if found.still_open and not though_open:
        raise NotConfirmed
    last = session.scalar(
        select(func.max(Level3Final.number)).where(Level3Final.round_id == round_id)
    )
    session.add(
        Level3Final(
            round_id=round_id,
            number=(last or 0) + 1,
            states={str(each.case_id): each.state.value for each in found.ledger.cases},
            made_by=staff_id(by),
            made_at=now,
        )
    )
    session.flush()
    record(session, by, "change", "round", round_id, now, ["level_3_final"])
    made = final_of(session, round_id)
    assert made is not None
    return made


def open_again(session: Session, round_id: UUID, by: Actor, now: datetime) -> None:
    """Let a round's Level 3 change again; that it was final, and who opened it, stays on record.

    Raises:
        NotFinal: if it is not final.
        Missing: if there is no such round.
    """
    lock(session, Round, round_id)
    row = final_row(session, round_id)
    if row is None:
        raise NotFinal
    row.opened_by, row.opened_at = staff_id(by), now
    session.flush()
    record(session, by, "change", "round", round_id, now, ["level_3_open"])


def _since(cases: Sequence[CaseView], final: Final | None) -> tuple[CaseView, ...]:
    if final is None:
        return ()
    return tuple(each for each in cases if final.states.get(each.case_id) is not each.state)

"""Whether a round's Level 3 is final, and what holds for one that is.

Every case of the sample needs a final state first: heard, said no, not reached after the agreed
attempts, not safe, or stood down. What was final stays as it was written then: an account that
comes later is an addendum, and no case joins the round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.final_models import Level3Final
from family_voice.cases.ledger import Level3


class IsFinal(Exception):
    """This round's Level 3 is final; it has to be opened again first."""


class NotFinal(Exception):
    """This round's Level 3 is not final, so nothing may be said of it for good."""


@dataclass(frozen=True)
class Final:
    """A round's Level 3 as it was made final: by whom, when, and where every case stood."""

    number: int
    made_by: UUID | None
    made_at: datetime
    states: Mapping[UUID, Level3]


def final_of(session: Session, round_id: UUID) -> Final | None:
    """A round's Level 3 as it was made final; None if it is not, or was opened again."""
    row = final_row(session, round_id)
    if row is None:
        return None
    states = {UUID(case_id): Level3(state) for case_id, state in row.states.items()}
    return Final(row.number, row.made_by, row.made_at, states)


def insist_not_final(session: Session, round_id: UUID) -> None:
    """For whatever would leave a case without a final state. Raises IsFinal."""
    if final_row(session, round_id) is not None:
        raise IsFinal


def insist_final(session: Session, round_id: UUID) -> Final:
    """For whatever says something of a round for good, as the termly report. Raises NotFinal."""
    found = final_of(session, round_id)
    if found is None:
        raise NotFinal
    return found


def final_row(session: Session, round_id: UUID) -> Level3Final | None:
    """The row that counts, if there is one."""
    return session.scalar(
        select(Level3Final).where(Level3Final.round_id == round_id, Level3Final.opened_at.is_(None))
    )

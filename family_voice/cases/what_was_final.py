"""What a round's Level 3 was made final with: every case, its state then, and its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.account_facts import AccountFacts
from family_voice.cases.final_models import Level3Final
from family_voice.cases.finality import Final
from family_voice.cases.ledger import Level3
from family_voice.cases.reading import CaseView
from family_voice.interviews.models import Interview


@dataclass(frozen=True)
class FinalAccount:
    """An account that had come by then, and the version of the questions it answered.

    `sent_again_at`: it was opened and sent once more after that.
    """

    interview_id: UUID
    sent_at: datetime
    guide_version: int
    sent_again_at: datetime | None


@dataclass(frozen=True)
class FinalCase:
    """A case, where it stood when Level 3 was made final, and the accounts that it had."""

    case: CaseView
    state: Level3
    accounts: tuple[FinalAccount, ...]


def what_was_final(
    session: Session, cases: Sequence[CaseView], final: Final
) -> tuple[FinalCase, ...]:
    """Every case of a round as it was made final, in the order of the round.

    Args:
        session: any session.
        cases: the round's, as they are now.
        final: as it was made final.
    """
    versions = dict(
        session.execute(
            select(Interview.id, Interview.guide_version).where(
                Interview.id.in_([one.interview_id for each in cases for one in each.accounts])
            )
        ).all()
    )
    return tuple(
        FinalCase(
            each,
            final.states[each.case_id],
            tuple(
                _account(one, one.first_sent_at, versions[one.interview_id], final.made_at)
                for one in each.accounts
                if one.first_sent_at is not None and one.first_sent_at <= final.made_at
            ),
        )
        for each in cases
        if each.case_id in final.states
    )


def _account(it: AccountFacts, sent_at: datetime, version: int, made_at: datetime) -> FinalAccount:
    again = it.sent_at if it.sent_at is not None and it.sent_at > made_at else None
    return FinalAccount(it.interview_id, sent_at, version, again)


def earlier_finals(session: Session, round_id: UUID) -> list[tuple[datetime, datetime]]:
    """When a round was made final before, and opened again; the oldest first."""
    rows = session.execute(
        select(Level3Final.made_at, Level3Final.opened_at)
        .where(Level3Final.round_id == round_id, Level3Final.opened_at.is_not(None))
        .order_by(Level3Final.number)
    )
    return [(made_at, opened_at) for made_at, opened_at in rows if opened_at is not None]

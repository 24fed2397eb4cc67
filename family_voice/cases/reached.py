"""From the tables to what was tried and heard, for every case of some rounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.gathering import Gathered, cases_of_rounds
from family_voice.cases.ledger import Talk
from family_voice.cases.models import PanelSession, Round
from family_voice.cases.response import Reached
from family_voice.cases.sample_models import SampledCase
from family_voice.interviews.models import Fragment


def reached(
    session: Session, round_ids: Collection[UUID], now: datetime
) -> dict[UUID, list[Reached]]:
    """By round, every case that was not stood down: what was tried and when its family told us."""
    cases = [
        each for each in cases_of_rounds(session, round_ids, now) if each.facts.stood_down is None
    ]
    drawn = _drawn(session, cases)
    spoken = _channels(session, cases)
    found: dict[UUID, list[Reached]] = {each: [] for each in round_ids}
    for each in cases:
        told = [
            account
            for account in each.accounts
            if account.talk is Talk.FINISHED and not account.professional
        ]
        found[each.session.round_id].append(
            Reached(
                case_id=each.case.id,
                drawn_at=drawn[each.case.id],
                tries=each.facts.attempts,
                told_at=min(
                    (one.first_sent_at for one in told if one.first_sent_at is not None),
                    default=None,
                ),
                told_by=frozenset(
                    channel for one in told for channel in spoken.get(one.interview_id, ())
                ),
            )
        )
    return found


def _drawn(session: Session, cases: Collection[Gathered]) -> Mapping[UUID, datetime]:
    """When each case came into the sample; of one that no draw put there, when its round opened."""
    ids = [each.case.id for each in cases]
    opened = dict(
        session.execute(
            select(PanelSession.id, Round.opened_at)
            .join(Round, Round.id == PanelSession.round_id)
            .where(PanelSession.id.in_({each.session.id for each in cases}))
        ).all()
    )
    drawn = dict(
        session.execute(
            select(SampledCase.case_id, SampledCase.at).where(SampledCase.case_id.in_(ids))
        ).all()
    )
    return {each.case.id: drawn.get(each.case.id) or opened[each.session.id] for each in cases}


def _channels(session: Session, cases: Collection[Gathered]) -> dict[UUID, set[str]]:
    """By which channels each account came."""
    ids = [account.interview_id for each in cases for account in each.accounts]
    found: dict[UUID, set[str]] = {}
    for interview_id, channel in session.execute(
        select(Fragment.interview_id, Fragment.channel)
        .where(Fragment.interview_id.in_(ids))
        .distinct()
    ):
        found.setdefault(interview_id, set()).add(channel)
    return found

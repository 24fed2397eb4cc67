"""Letting go of the codes that were put on an account, of their log, and of the memos on it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.themes.coding import coded
from family_voice.themes.memos import forget_memos
from family_voice.themes.models import CodingCommand
from family_voice.themes.second_models import ConsensusDecision, SecondCoding
from family_voice.themes.standing_model import forget_accounts, forget_suggestions


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Delete an account's codings with their command log, and the memos on it.

    A model that learned from the words goes with `forget_learned`, together with the key.

    Args:
        session: a writing session.
        interview_id: whose; its words must still be there.

    Returns:
        How many `codes` stood.
    """
    forget_memos(session, interview_id)
    mine = CodingCommand.interview_id == interview_id
    stood = len(coded(session, interview_id).codings)
    if session.scalar(select(func.count()).where(mine)):
        # An undo names the command before it: the newest first, so that nothing names what is gone.
        for row in session.scalars(
            select(CodingCommand).where(mine).order_by(CodingCommand.number.desc())
        ):
            row.undoes = None
        session.flush()
        session.execute(delete(CodingCommand).where(mine))
    for table in (ConsensusDecision, SecondCoding):
        session.execute(delete(table).where(table.interview_id == interview_id))
    forget_suggestions(session, interview_id)
    session.flush()
    return {"codes": stood}


def forget_learned(session: Session, interview_ids: Collection[UUID], now: datetime) -> None:
    """Let go of the model that learned from one of these accounts, for its words are theirs."""
    forget_accounts(session, interview_ids, now)

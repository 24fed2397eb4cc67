"""Letting go of the codes that were put on an account, and of the log of how they came there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.themes.coding import coded
from family_voice.themes.models import CodingCommand


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Delete an account's codings with their command log.

    No model has been trained on accounts yet; one that saw the words has to be forgotten here.

    Args:
        session: a writing session.
        interview_id: whose; its words must still be there.

    Returns:
        How many `codes` stood.
    """
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
    session.flush()
    return {"codes": stood}

"""What somebody was asked and what they answered, as evidence: exactly which words, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.consent.authority import standing_since
from family_voice.consent.decisions import How
from family_voice.consent.models import Decision
from family_voice.consent.parts import origin_of
from family_voice.consent.statements import Statement, as_shown


@dataclass(frozen=True)
class Asked:
    """One question and its answer.

    `stands`: no later answer to the same question, and nothing since that made it count no more.
    `on_behalf` is the judgement by which somebody else decided for them, if one did.
    """

    statement: Statement
    yes: bool
    how: How
    recorded_by: UUID | None
    on_behalf: UUID | None
    at: datetime
    stands: bool

    @property
    def words(self) -> tuple[str, ...]:
        """What they read or heard, piece by piece; names of the area are not filled in."""
        match self.how:
            case How.READ_OUT:
                return (self.statement.read_out,)
            case How.TEXT:
                return (self.statement.text_message,)
        shown = (self.statement.question, *self.statement.explain, self.statement.limits)
        return tuple(filter(None, shown))


def asked(session: Session, interview_id: UUID, now: datetime) -> list[Asked]:
    """Everything that was asked in one interview and answered, oldest first.

    Raises:
        NoStatement: if a version that was shown is in no file any more, which must never be.
    """
    interview_id = origin_of(session, interview_id) or interview_id
    rows = session.scalars(
        select(Decision).where(Decision.interview_id == interview_id).order_by(Decision.number)
    ).all()
    since = standing_since(session, [interview_id], now).get(interview_id)
    newest = {row.purpose: row.number for row in rows}
    return [
        Asked(
            statement=as_shown(
                row.statement_id, row.statement_version, row.audience, row.language, row.at
            ),
            yes=row.yes,
            how=How(row.how),
            recorded_by=row.recorded_by,
            on_behalf=row.on_behalf,
            at=row.at,
            stands=newest[row.purpose] == row.number and (since is None or row.at >= since),
        )
        for row in rows
    ]

"""What was said in another language than English, and by when its translation is due.

A translation is due before the panel's date, so that the panel reads what was meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import has_passed, working_days_before
from family_voice.cases.linking import case_of
from family_voice.cases.models import Case, PanelSession
from family_voice.cases.permission import NotForUs, account_for
from family_voice.interviews.translating import READ_BY_ALL, in_other_languages
from family_voice.interviews.words import Account, SentenceView
from family_voice.people.register import children
from family_voice.security.sealing import Erased

#: The panel reads its packs the day before at the latest.
_DAYS_BEFORE = 1


@dataclass(frozen=True)
class ToTranslate:
    """An account with something in another language: how much is translated, and by when it must.

    `reference` and `due` are of its case; both are empty while it is on none.
    """

    interview_id: UUID
    language: str
    done: int
    total: int
    reference: str
    due: date | None
    late: bool

    @property
    def missing(self) -> int:
        """How many sentences wait for their English."""
        return self.total - self.done


def foreign(account: Account) -> tuple[SentenceView, ...]:
    """The sentences of an account that are in another language, in order."""
    return tuple(
        sentence
        for answer in account.answers
        for piece in answer.pieces
        if piece.language != READ_BY_ALL
        for sentence in piece.sentences
        if sentence.text.strip()
    )


def to_translate(session: Session, reader: UUID, now: datetime) -> list[ToTranslate]:
    """Every account with something in another language, what is missing and due first on top.

    Args:
        session: any session.
        reader: the lead; accounts that they may not read are left out.
        now: the moment.
    """
    found = []
    for interview_id in in_other_languages(session):
        try:
            account = account_for(session, interview_id, reader, now)
        except (NotForUs, Erased):
            continue
        sentences = foreign(account)
        if not sentences:
            continue
        reference, due = _due(session, interview_id)
        done = sum(each.translation is not None for each in sentences)
        found.append(
            ToTranslate(
                interview_id,
                next(
                    piece.language
                    for answer in account.answers
                    for piece in answer.pieces
                    if piece.language != READ_BY_ALL
                ),
                done,
                len(sentences),
                reference,
                due,
                late=done < len(sentences) and due is not None and has_passed(due, now),
            )
        )
    found.sort(key=lambda each: (not each.missing, each.due or date.max, each.interview_id))
    return found


def _due(session: Session, interview_id: UUID) -> tuple[str, date | None]:
    case_id = case_of(session, interview_id)
    if case_id is None:
        return "", None
    child_id, held_on = session.execute(
        select(Case.child_id, PanelSession.held_on)
        .join(PanelSession, PanelSession.id == Case.session_id)
        .where(Case.id == case_id)
    ).one()
    reference = children(session, [child_id])[child_id].facts.reference
    return reference, working_days_before(held_on, _DAYS_BEFORE)

"""Letting go of what an account brought to a case: chosen sentences, links, things to pass on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Delete, delete, func, select
from sqlalchemy.orm import Session

from family_voice.cases import remarks
from family_voice.cases.linking import LinkHow
from family_voice.cases.models import AccountLink, ComeBack, FollowUp, PackSentence, Sitting
from family_voice.interviews.models import Fragment, Sentence


def forget(session: Session, interview_id: UUID) -> dict[str, int]:
    """Delete everything that came to a case from an account.

    Where they were invited, that this was for the case stays: nobody shall ask them again.

    Args:
        session: a writing session.
        interview_id: whose; its sentences must still be there.

    Returns:
        How many `chosen` sentences and things `to_pass_on` there were, and how many of these were
        `passed_on`.
    """
    noted = FollowUp.interview_id == interview_id
    agreed = session.scalar(
        select(func.count()).select_from(FollowUp).where(noted, FollowUp.family_agreed)
    )
    session.execute(
        delete(AccountLink).where(
            AccountLink.interview_id == interview_id,
            AccountLink.how != LinkHow.INVITATION.value,
        )
    )
    remarks.forget(session, interview_id)
    session.execute(delete(Sitting).where(Sitting.interview_id == interview_id))
    session.execute(delete(ComeBack).where(ComeBack.interview_id == interview_id))
    return {
        **forget_choices(session, interview_id),
        "to_pass_on": _gone(session, delete(FollowUp).where(noted)),
        "passed_on": agreed or 0,
    }


def forget_choices(session: Session, interview_id: UUID) -> dict[str, int]:
    """Take an account's sentences off the case pack. Returns how many were `chosen`."""
    theirs = (
        select(Sentence.id)
        .join(Fragment, Fragment.id == Sentence.fragment_id)
        .where(Fragment.interview_id == interview_id)
    )
    return {
        "chosen": _gone(session, delete(PackSentence).where(PackSentence.sentence_id.in_(theirs)))
    }


def cases_ever(session: Session, interview_id: UUID) -> Sequence[UUID]:
    """Every case an account stood on, so that paper printed for it is found."""
    return session.scalars(
        select(AccountLink.case_id)
        .where(AccountLink.interview_id == interview_id, AccountLink.case_id.is_not(None))
        .distinct()
    ).all()  # type: ignore[return-value]


def _gone(session: Session, deleting: Delete) -> int:
    return cast(CursorResult[Any], session.execute(deleting)).rowcount

"""What about texts a person should look at: raised once for a conversation, settled by somebody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.messages.models import TextAttention
from family_voice.messages.once import insert_once
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock


class Need(StrEnum):
    """Why somebody should look."""

    SAME_AGAIN = "same_again"  # the same words three times in an hour: muted
    GOING_ROUND = "going_round"  # six texts of ours moved nothing on: muted
    OVER_BUDGET = "over_budget"  # a conversation costs more than was meant for it
    FAR_OVER_BUDGET = "far_over_budget"  # twice that: muted
    WRONG_NUMBER = "wrong_number"  # whoever holds the phone says it is not them
    NUMBER_DEAD = "number_dead"  # the provider says that there is no such number any more
    LANDLINE = "landline"  # no texts can go there
    FILTERED = "filtered"  # a carrier took it for spam
    NOT_ALLOWED_THERE = "not_allowed_there"  # the account may not send to that country
    ACCOUNT = "account"  # the provider refuses our key or set-up, or the day's limit is reached
    NO_SAFE_TIME = "no_safe_time"  # who shares the phone has no safe hour in common
    GIVEN_UP = "given_up"  # tried too often
    IN_DOUBT = "in_doubt"  # nobody can find out whether it went
    EXPIRED_TEXT = "expired_text"  # words that came after the conversation had ended


@dataclass(frozen=True)
class Attention:
    """One thing that waits for a person."""

    id: UUID
    need: Need
    raised_at: datetime
    interview_id: UUID | None
    message_id: UUID | None
    phone_index: bytes | None


def raise_need(
    session: Session,
    need: Need,
    now: datetime,
    *,
    interview_id: UUID | None = None,
    message_id: UUID | None = None,
    phone_index: bytes | None = None,
) -> None:
    """Let a person look at something; once while it is open, however often it is raised.

    Args:
        session: a writing session.
        need: why.
        now: when.
        interview_id: the conversation it is about, if it is about one.
        message_id: the text it is about, inbound or outbound.
        phone_index: the phone's blind index, where no conversation is known.

    Raises:
        ValueError: if it is about nothing.
    """
    about = interview_id or (phone_index and phone_index.hex()) or message_id
    if about is None:
        raise ValueError("Say what somebody should look at.")
    insert_once(
        session,
        TextAttention,
        "open_key",
        {
            "id": new_id(),
            "need": need.value,
            "open_key": f"{need}:{about}",
            "interview_id": interview_id,
            "message_id": message_id,
            "phone_index": phone_index,
            "raised_at": now,
        },
    )


def open_needs(session: Session, interview_id: UUID | None = None) -> list[Attention]:
    """What waits for a person, the oldest first.

    Args:
        session: any session.
        interview_id: of this conversation only; None for all.
    """
    wanted = select(TextAttention).where(TextAttention.open_key.is_not(None))
    if interview_id is not None:
        wanted = wanted.where(TextAttention.interview_id == interview_id)
    return [
        Attention(
            row.id, Need(row.need), row.raised_at, row.interview_id, row.message_id, row.phone_index
        )
        for row in session.scalars(wanted.order_by(TextAttention.raised_at, TextAttention.id))
    ]


def settle_need(session: Session, need_id: UUID, by: UUID | None, now: datetime) -> bool:
    """Somebody has looked at it.

    Args:
        session: a writing session.
        need_id: which.
        by: the member of staff; None where the program itself saw that it is over.
        now: when.

    Returns:
        Whether it was still open.

    Raises:
        Missing: if there is no such row.
    """
    row = lock(session, TextAttention, need_id)
    if row.open_key is None:
        return False
    row.open_key, row.settled_by, row.settled_at = None, by, now
    session.flush()
    return True


def settle_all(
    session: Session,
    needs: Collection[Need],
    interview_id: UUID,
    by: UUID | None,
    now: datetime,
) -> None:
    """Settle these needs of a conversation, where they are open."""
    for each in open_needs(session, interview_id):
        if each.need in needs:
            settle_need(session, each.id, by, now)


def times_raised(session: Session, need: Need, interview_id: UUID) -> int:
    """How often this was raised for a conversation, settled or not."""
    found = select(func.count()).where(
        TextAttention.interview_id == interview_id, TextAttention.need == need.value
    )
    return session.scalar(found) or 0


def forget_needs(session: Session, interview_id: UUID) -> None:
    """Let go of what was to be looked at in a conversation that is taken back."""
    session.execute(delete(TextAttention).where(TextAttention.interview_id == interview_id))


def forget_needs_of_number(session: Session, index: bytes) -> None:
    """As `forget_needs`, for a number that is in no conversation."""
    session.execute(
        delete(TextAttention).where(
            TextAttention.phone_index == index, TextAttention.interview_id.is_(None)
        )
    )

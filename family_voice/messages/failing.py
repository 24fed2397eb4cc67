"""What follows when a text failed: stopped, tried anew, or given to a person.

What becomes of the conversation's other texts is asked when each of them is about to go, so that
it makes no difference in which order a provider's reports come.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from family_voice.messages import attention, outbox
from family_voice.messages.attention import Need
from family_voice.messages.models import OutboundMessage, SendState, StoppedPhone, TextAttention
from family_voice.messages.once import insert_once
from family_voice.messages.outbox import body_of, place
from family_voice.messages.provider_errors import Step, next_step, wait_after
from family_voice.security.sealing import seal, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock

#: While a person has not looked at one of these, nothing is sent to that phone.
NO_USE: Final = (Need.NUMBER_DEAD, Need.LANDLINE)


def settle(row: OutboundMessage, state: SendState, error: str | None = None) -> None:
    """Nobody is sending it any more: this is what became of it."""
    row.state, row.error, row.lease_until, row.again_at = state.value, error, None, None


def went(
    session: Session, row: OutboundMessage, state: SendState, now: datetime, by: UUID | None = None
) -> None:
    """It went after all, or got this far: nobody has to look at it for that any more.

    Args:
        session: a writing session that holds the row.
        row: the text.
        state: how far it got.
        now: when.
        by: who found out; None for the provider.
    """
    if row.error or row.state in (SendState.FAILED.value, SendState.UNKNOWN.value):
        looked_at(session, row, by, now)
        session.execute(  # an attempt after this one, which was put in line for nothing
            update(OutboundMessage)
            .where(
                OutboundMessage.phone_index == row.phone_index,
                OutboundMessage.number == row.number,
                OutboundMessage.retries > row.retries,
                OutboundMessage.state == SendState.QUEUED.value,
            )
            .values(state=SendState.CANCELLED.value, error="went_before")
        )
    settle(row, state)
    row.sent_at = row.sent_at or now


def failed(session: Session, row: OutboundMessage, code: str | None, now: datetime) -> None:
    """It did not reach them; the code says what follows.

    Args:
        session: a writing session that holds the row.
        row: the text.
        code: the provider's, or a short word of our own.
        now: when.
    """
    if row.state == SendState.FAILED.value:
        looked_at(session, row, None, now)  # another reason counts from now on
    settle(row, SendState.FAILED, code)
    following = next_step(code)
    if following.step is Step.STOPPED:
        insert_once(
            session,
            StoppedPhone,
            "phone_index",
            {"phone_index": row.phone_index, "stopped_at": now},
        )
    elif following.step is Step.RETRY and (wait := wait_after(row.retries + 1)) is not None:
        row.again_at = now + wait
    elif following.need is not None:
        tell(session, row, Need(following.need), now)


def tell(session: Session, row: OutboundMessage, need: Need, now: datetime) -> None:
    """Let a person look at a text."""
    attention.raise_need(
        session,
        need,
        now,
        interview_id=row.interview_id,
        message_id=row.id,
        phone_index=row.phone_index,
    )


def looked_at(session: Session, row: OutboundMessage, by: UUID | None, now: datetime) -> None:
    """Nobody has to look at this text any more."""
    open_ones = select(TextAttention.id).where(
        TextAttention.message_id == row.id, TextAttention.open_key.is_not(None)
    )
    for need_id in session.scalars(open_ones).all():
        attention.settle_need(session, need_id, by, now)


def no_use(session: Session, index: bytes) -> Need | None:
    """Why nothing is sent to the phone of this blind index, until a person has looked; or None."""
    found = session.scalar(
        select(TextAttention.need)
        .where(
            TextAttention.phone_index == index,
            TextAttention.need.in_([need.value for need in NO_USE]),
            TextAttention.open_key.is_not(None),
        )
        .limit(1)
    )
    return Need(found) if found else None


def due_again(session: Session, now: datetime, at_most: int = 20) -> list[UUID]:
    """The texts that failed for a reason that passes, and may be tried anew by now."""
    wanted = select(OutboundMessage.id).where(OutboundMessage.again_at <= now)
    return list(session.scalars(wanted.order_by(OutboundMessage.again_at).limit(at_most)))


def try_again(session: Session, message_id: UUID, now: datetime) -> UUID | None:
    """Put a text that failed in line anew, unless something was said since: that stands for itself.

    Args:
        session: a writing session.
        message_id: which.
        now: the present.

    Returns:
        The new attempt's id, or None.
    """
    row = lock(session, OutboundMessage, message_id)
    if row.again_at is None or row.again_at > now:
        return None
    row.again_at = None
    later = exists().where(
        OutboundMessage.phone_index == row.phone_index,
        OutboundMessage.number > row.number,
        OutboundMessage.state != SendState.CANCELLED.value,
    )
    if not row.body or session.scalar(select(later)):
        session.flush()
        return None
    return another_attempt(session, row, now)


def another_attempt(session: Session, row: OutboundMessage, now: datetime) -> UUID:
    """Put the same words in line again, as an attempt with a key of its own, in the same place.

    Args:
        session: a writing session that holds the row.
        row: the attempt that failed, or of which a person says so.
        now: the present.

    Returns:
        The new attempt's id.
    """
    message_id, number = new_id(), row.retries + 1
    occasion = row.dedupe_key.removesuffix(f":again{row.retries}")
    phone = unseal(session, row.key_id, place("phone", row.id), row.phone)
    session.add(
        OutboundMessage(
            id=message_id,
            number=row.number,
            dedupe_key=f"{occasion}:again{number}",
            interview_id=row.interview_id,
            key_id=row.key_id,
            phone_index=row.phone_index,
            phone=seal(session, row.key_id, place("phone", message_id), phone),
            template=row.template,
            body=seal(session, row.key_id, place("body", message_id), body_of(session, row)),
            is_reply=row.is_reply,
            due_at=now,
            queued_at=now,
            segments=row.segments,
            prompt_id=row.prompt_id,
            attempt=outbox.next_attempt(session, row.interview_id, row.prompt_id),
            retries=number,
        )
    )
    session.flush()
    return message_id

"""Putting texts in line to go out, and taking them out of it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from family_voice.messages.gsm7 import simpler
from family_voice.messages.hours import day_of
from family_voice.messages.models import OutboundMessage, ScheduledTurn, SendState, StoppedPhone
from family_voice.messages.once import insert_once
from family_voice.messages.wording import Template
from family_voice.security.blind import blind_index
from family_voice.security.models import DataKey
from family_voice.security.sealing import KeyKind, Place, new_key, seal, unseal
from family_voice.storage.base import new_id

NOT_COUNTED = (SendState.CANCELLED, SendState.FAILED)


@dataclass(frozen=True)
class Turn:
    """A conversation whose quiet window has passed."""

    interview_id: UUID
    due_at: datetime


def queue(
    session: Session,
    interview_id: UUID | None,
    phone: str,
    template: Template | str,
    body: str,
    dedupe_key: str,
    due_at: datetime,
    is_reply: bool,
    now: datetime,
    day_note: str = "",
) -> UUID:
    """Put a text in line, once for a `dedupe_key`, behind every earlier one to the same phone.

    Args:
        session: a writing session; the text goes out only if it commits.
        interview_id: the conversation it belongs to; None only for a number nobody knows.
        phone: in E.164 form.
        template: which of the allowed templates the words come from.
        body: the words, filled in.
        dedupe_key: names the occasion, such as `invitation:<id>:1`.
        due_at: not before then.
        is_reply: whether it answers a text of theirs.
        now: the present.
        day_note: added where this is the phone's first text of its day.

    Returns:
        The message's id; the earlier one's if the key was used before.

    Raises:
        ValueError: if the template is not on the allow-list.
    """
    template = Template(template)
    if (there := _by_key(session, dedupe_key)) is not None:
        return there
    message_id, index = new_id(), phone_index(session, phone)
    if is_reply:
        _bring_forward(session, index, now)
    if day_note and _first_of_day(session, index, due_at):
        body = f"{body}\n{day_note}"
    key_id = _key_for(session, interview_id, message_id, now)
    last = session.scalar(
        select(func.max(OutboundMessage.number)).where(OutboundMessage.phone_index == index)
    )
    values = {
        "id": message_id,
        "number": (last or 0) + 1,
        "dedupe_key": dedupe_key,
        "interview_id": interview_id,
        "key_id": key_id,
        "phone_index": index,
        "phone": seal(session, key_id, place("phone", message_id), phone),
        "template": template.value,
        "body": seal(session, key_id, place("body", message_id), simpler(body)),
        "is_reply": is_reply,
        "due_at": due_at,
        "queued_at": now,
    }
    if not insert_once(session, OutboundMessage, "dedupe_key", values):
        return cast(UUID, _by_key(session, dedupe_key))
    return message_id


def hold(session: Session, dedupe_key: str) -> bool:
    """Whether a text was put in line for this occasion, ever; it is held until the commit."""
    found = select(OutboundMessage.id).where(OutboundMessage.dedupe_key == dedupe_key)
    return session.scalar(found.with_for_update()) is not None


def newest(session: Session, phone: str, at_most: int) -> list[tuple[Template, datetime]]:
    """The last texts put in line for a phone, and when; newest first."""
    rows = session.execute(
        select(OutboundMessage.template, OutboundMessage.queued_at)
        .where(OutboundMessage.phone_index == phone_index(session, phone))
        .order_by(OutboundMessage.number.desc())
        .limit(at_most)
    )
    return [(Template(template), queued_at) for template, queued_at in rows]


def cancel_queued(
    session: Session,
    interview_ids: Iterable[UUID],
    templates: Collection[Template] | None = None,
) -> int:
    """Take what has not gone yet out of line, and what was to happen by itself.

    Args:
        session: a writing session.
        interview_ids: whose texts.
        templates: only these; None for all, and then no quiet window fires any more either.

    Returns:
        How many texts were taken out. One that is being sent this moment is not.
    """
    wanted = list(interview_ids)
    changing = (
        update(OutboundMessage)
        .where(
            OutboundMessage.interview_id.in_(wanted),
            OutboundMessage.state == SendState.QUEUED.value,
        )
        .values(state=SendState.CANCELLED.value)
    )
    if templates is not None:
        changing = changing.where(OutboundMessage.template.in_([t.value for t in templates]))
    else:
        session.execute(delete(ScheduledTurn).where(ScheduledTurn.interview_id.in_(wanted)))
    return cast(CursorResult[tuple[()]], session.execute(changing)).rowcount


def stop(session: Session, phone: str, now: datetime) -> None:
    """Send this phone nothing from now on, and take out of line what is waiting for it."""
    index = phone_index(session, phone)
    insert_once(session, StoppedPhone, "phone_index", {"phone_index": index, "stopped_at": now})
    session.execute(
        update(OutboundMessage)
        .where(
            OutboundMessage.phone_index == index, OutboundMessage.state == SendState.QUEUED.value
        )
        .values(state=SendState.CANCELLED.value, error="stopped")
    )


def start_again(session: Session, phone: str) -> None:
    """Lift a stop. Only the family's own START may lead here."""
    index = phone_index(session, phone)
    session.execute(delete(StoppedPhone).where(StoppedPhone.phone_index == index))


def is_stopped(session: Session, phone: str) -> bool:
    """Whether this phone asked for no more texts."""
    return index_is_stopped(session, phone_index(session, phone))


def index_is_stopped(session: Session, index: bytes) -> bool:
    """As `is_stopped`, for a phone's blind index."""
    found = select(StoppedPhone.phone_index).where(StoppedPhone.phone_index == index)
    return session.scalar(found) is not None


def schedule_turn(session: Session, interview_id: UUID, due_at: datetime) -> None:
    """Let the conversation go on by itself then; replaces an earlier moment."""
    if not insert_once(
        session, ScheduledTurn, "interview_id", {"interview_id": interview_id, "due_at": due_at}
    ):
        session.execute(
            update(ScheduledTurn)
            .where(ScheduledTurn.interview_id == interview_id)
            .values(due_at=due_at)
        )


def due_turns(session: Session, now: datetime, at_most: int = 100) -> list[Turn]:
    """The conversations whose quiet window has passed, longest first."""
    rows = session.scalars(
        select(ScheduledTurn)
        .where(ScheduledTurn.due_at <= now)
        .order_by(ScheduledTurn.due_at)
        .limit(at_most)
    )
    return [Turn(row.interview_id, row.due_at) for row in rows]


def turn_taken(session: Session, turn: Turn) -> None:
    """Forget a moment that has come, unless a later one was set meanwhile."""
    session.execute(
        delete(ScheduledTurn).where(
            ScheduledTurn.interview_id == turn.interview_id,
            ScheduledTurn.due_at <= turn.due_at,
        )
    )


def phone_index(session: Session, phone: str) -> bytes:
    """What a phone is found by: the same index as the doors of `interviews` use."""
    return blind_index(session, "phone", phone)


def place(column: str, message_id: UUID) -> Place:
    """Where a sealed part of an outgoing text stands."""
    return Place(OutboundMessage.__tablename__, column, message_id)


def body_of(session: Session, row: OutboundMessage) -> str:
    """The words of an outgoing text; empty once they were cleared away."""
    if not row.body:
        return ""
    return unseal(session, row.key_id, place("body", row.id), row.body)


def blank(session: Session, row: OutboundMessage) -> None:
    """Keep that a text went, and not what it said."""
    row.body = seal(session, row.key_id, place("body", row.id), "")


def interview_key(session: Session, interview_id: UUID) -> UUID:
    """The key of an interview's words. Raises `LookupError` if there is none."""
    key_id = session.scalar(
        select(DataKey.id).where(
            DataKey.owner_id == interview_id, DataKey.kind == KeyKind.INTERVIEW.value
        )
    )
    if key_id is None:
        raise LookupError("This interview has no key.")
    return key_id


def _key_for(session: Session, interview_id: UUID | None, message_id: UUID, now: datetime) -> UUID:
    if interview_id is None:
        return new_key(session, KeyKind.PERSON, message_id, now)
    return interview_key(session, interview_id)


def _by_key(session: Session, dedupe_key: str) -> UUID | None:
    return session.scalar(
        select(OutboundMessage.id).where(OutboundMessage.dedupe_key == dedupe_key)
    )


def _bring_forward(session: Session, index: bytes, now: datetime) -> None:
    """Answers that waited for the morning go before a newer answer, which may go now."""
    session.execute(
        update(OutboundMessage)
        .where(
            OutboundMessage.phone_index == index,
            OutboundMessage.state == SendState.QUEUED.value,
            OutboundMessage.is_reply.is_(True),
            OutboundMessage.due_at > now,
        )
        .values(due_at=now)
    )


def _first_of_day(session: Session, index: bytes, moment: datetime) -> bool:
    begins, ends = day_of(moment)
    found = session.scalar(
        select(OutboundMessage.id)
        .where(
            OutboundMessage.phone_index == index,
            OutboundMessage.due_at >= begins,
            OutboundMessage.due_at < ends,
            OutboundMessage.state.not_in([state.value for state in NOT_COUNTED]),
        )
        .limit(1)
    )
    return found is None

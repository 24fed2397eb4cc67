"""Putting texts in line to go out, and taking them out of it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from family_voice.language.gsm7 import simpler
from family_voice.messages.hours import day_of
from family_voice.messages.models import OutboundMessage, ScheduledTurn, SendState, StoppedPhone
from family_voice.messages.noting_day import NOT_COUNTED, with_note
from family_voice.messages.once import insert_once
from family_voice.messages.segments import count
from family_voice.messages.templates import Template
from family_voice.security.blind import blind_index
from family_voice.security.sealing import KeyKind, Place, key_of, new_key, seal, unseal
from family_voice.storage.base import new_id


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
    prompt_id: str | None = None,
) -> UUID:
    """Put a text in line, once for a `dedupe_key`, behind every earlier one to the same phone.

    One that puts a question is also kept by conversation, question and attempt: of two writers who
    put the same question at once, one loses.

    Args:
        session: a writing session; the text goes out only if it commits.
        interview_id: the conversation it belongs to; None only for a number nobody knows.
        phone: in E.164 form.
        template: which of the allowed templates the words come from.
        body: the words, filled in.
        dedupe_key: names the occasion, such as `invitation:<id>`.
        due_at: not before then.
        is_reply: whether it answers a text of theirs.
        now: the present.
        day_note: added where this is the phone's first text of its day.
        prompt_id: the question it puts, if it puts one.

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
    body = as_it_goes(session, phone, body, due_at, day_note, known=interview_id is not None)
    key_id = _key_for(session, interview_id, message_id, now)
    last = select(func.coalesce(func.max(OutboundMessage.number), 0)).where(
        OutboundMessage.phone_index == index
    )
    values = {
        "id": message_id,
        "number": last.scalar_subquery() + 1,
        "dedupe_key": dedupe_key,
        "interview_id": interview_id,
        "key_id": key_id,
        "phone_index": index,
        "phone": seal(session, key_id, place("phone", message_id), phone),
        "template": template.value,
        "body": seal(session, key_id, place("body", message_id), body),
        "is_reply": is_reply,
        "due_at": due_at,
        "queued_at": now,
        "prompt_id": prompt_id,
        "attempt": next_attempt(session, interview_id, prompt_id),
        "segments": count(body).parts,
    }
    if not insert_once(session, OutboundMessage, None, values):
        there = _by_key(session, dedupe_key)
        return there or cast(UUID, _last_attempt(session, interview_id, prompt_id))
    return message_id


def segments_of(session: Session, interview_id: UUID) -> int:
    """What a conversation's own texts cost so far, in parts, with those that are in line."""
    found = select(func.sum(OutboundMessage.segments)).where(
        OutboundMessage.interview_id == interview_id,
        OutboundMessage.state != SendState.CANCELLED.value,
    )
    return session.scalar(found) or 0


def last_of(session: Session, interview_id: UUID) -> tuple[Template, datetime] | None:
    """What a conversation said last and when it was put in line; None if it said nothing yet."""
    row = session.execute(
        select(OutboundMessage.template, OutboundMessage.queued_at)
        .where(
            OutboundMessage.interview_id == interview_id,
            OutboundMessage.state != SendState.CANCELLED.value,
        )
        .order_by(OutboundMessage.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (Template(row.template), row.queued_at)


def next_attempt(session: Session, interview_id: UUID | None, prompt_id: str | None) -> int:
    """The how manieth time a conversation puts a question if it does so now; 1 for other texts."""
    if prompt_id is None:
        return 1
    found = select(func.max(OutboundMessage.attempt)).where(
        OutboundMessage.interview_id == interview_id, OutboundMessage.prompt_id == prompt_id
    )
    return (session.scalar(found) or 0) + 1


def as_it_goes(
    session: Session,
    phone: str,
    body: str,
    due_at: datetime,
    day_note: str = "",
    known: bool = True,
) -> str:
    """The very words of a text put in line now, as `queue` keeps and a person is shown them.

    Args:
        session: any session.
        phone: to whom.
        body: the template's words, filled in.
        due_at: not before then.
        day_note: added where this is the phone's first text of its day.
        known: whether it belongs to a conversation.
    """
    index = phone_index(session, phone)
    return simpler(with_note(session, index, body, due_at, day_note, known=known))


def hold(session: Session, dedupe_key: str) -> bool:
    """Whether a text was put in line for this occasion, ever; it is held until the commit."""
    found = select(OutboundMessage.id).where(OutboundMessage.dedupe_key == dedupe_key)
    return session.scalar(found.with_for_update()) is not None


def any_waits(session: Session, whose: UUID, templates: Collection[Template]) -> bool:
    """Whether a text of these kinds is in line or is to be tried anew."""
    found = select(OutboundMessage.id).where(
        OutboundMessage.interview_id == whose,
        or_(OutboundMessage.state == SendState.QUEUED.value, OutboundMessage.again_at.is_not(None)),
        OutboundMessage.template.in_([template.value for template in templates]),
    )
    return session.scalar(found.limit(1)) is not None


def cancel_queued(
    session: Session,
    interview_ids: Iterable[UUID],
    templates: Collection[Template] | None = None,
    due_after: datetime | None = None,
) -> int:
    """Take what has not gone yet out of line, and what was to happen by itself.

    Args:
        session: a writing session.
        interview_ids: whose texts.
        templates: only these; None for all, and then no quiet window fires any more either.
            One that failed for now is not tried anew either.
        due_after: only what waits for a later moment than this; None for all.

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
    anew = (
        update(OutboundMessage)
        .where(OutboundMessage.interview_id.in_(wanted), OutboundMessage.again_at.is_not(None))
        .values(again_at=None)
    )
    if due_after is not None:
        changing = changing.where(OutboundMessage.due_at > due_after)
    if templates is not None:
        these = OutboundMessage.template.in_([t.value for t in templates])
        changing, anew = changing.where(these), anew.where(these)
    else:
        session.execute(delete(ScheduledTurn).where(ScheduledTurn.interview_id.in_(wanted)))
    if due_after is None:
        session.execute(anew)
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


def stopped_among(session: Session, interview_ids: Collection[UUID]) -> set[UUID]:
    """Those of the conversations whose telephone said STOP, be it to its carrier alone."""
    if not interview_ids:
        return set()
    newer = aliased(OutboundMessage)
    moved = exists().where(
        newer.interview_id == OutboundMessage.interview_id,
        newer.phone_index != OutboundMessage.phone_index,
        newer.queued_at > OutboundMessage.queued_at,
    )
    found = (
        select(OutboundMessage.interview_id)
        .join(StoppedPhone, StoppedPhone.phone_index == OutboundMessage.phone_index)
        .where(OutboundMessage.interview_id.in_(interview_ids), ~moved)
    )
    return {each for each in session.scalars(found.distinct()) if each is not None}


def schedule_turn(session: Session, interview_id: UUID, due_at: datetime) -> None:
    """Let the conversation go on by itself then; replaces an earlier moment."""
    rows = update(ScheduledTurn).where(ScheduledTurn.interview_id == interview_id)
    changed = session.execute(rows.values(due_at=due_at))
    if not cast(CursorResult[tuple[()]], changed).rowcount:
        values = {"interview_id": interview_id, "due_at": due_at}
        if not insert_once(session, ScheduledTurn, "interview_id", values):
            session.execute(rows.values(due_at=due_at))


def due_turns(session: Session, now: datetime, at_most: int = 100) -> list[Turn]:
    """The conversations whose quiet window has passed, longest first."""
    rows = session.scalars(
        select(ScheduledTurn)
        .where(ScheduledTurn.due_at <= now)
        .order_by(ScheduledTurn.due_at)
        .limit(at_most)
    )
    return [Turn(row.interview_id, row.due_at) for row in rows]


def turn_of(session: Session, interview_id: UUID) -> datetime | None:
    """When a conversation goes on by itself, if it waits for that."""
    found = select(ScheduledTurn.due_at).where(ScheduledTurn.interview_id == interview_id)
    return session.scalar(found)


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


def reword(session: Session, row: OutboundMessage, body: str) -> None:
    """Let a text that has not been tried yet say this."""
    row.body = seal(session, row.key_id, place("body", row.id), simpler(body))
    row.segments = count(simpler(body)).parts


def none_today(session: Session, index: bytes, now: datetime) -> bool:
    """Whether nothing has gone yet to the phone of this blind index on this London day."""
    begins, _ends = day_of(now)
    found = select(OutboundMessage.id).where(
        OutboundMessage.phone_index == index,
        OutboundMessage.tried_at >= begins,
        OutboundMessage.state.not_in([state.value for state in NOT_COUNTED]),
    )
    return session.scalar(found.limit(1)) is None


def blank(session: Session, row: OutboundMessage) -> None:
    """Keep that a text went, and not what it said."""
    row.body = seal(session, row.key_id, place("body", row.id), "")


def interview_key(session: Session, interview_id: UUID) -> UUID:
    """The key of an interview's words. Raises `LookupError` if there is none."""
    key_id = key_of(session, KeyKind.INTERVIEW, interview_id)
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


def _last_attempt(
    session: Session, interview_id: UUID | None, prompt_id: str | None
) -> UUID | None:
    return session.scalar(
        select(OutboundMessage.id)
        .where(OutboundMessage.interview_id == interview_id, OutboundMessage.prompt_id == prompt_id)
        .order_by(OutboundMessage.attempt.desc())
        .limit(1)
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

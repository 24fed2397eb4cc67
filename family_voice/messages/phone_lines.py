"""The line of each telephone number: which conversation is live on it, and what each is called.

Whoever holds interviews as well holds them first, in order, and the line after them, so that two
texts of one phone never wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from family_voice.messages.attention import forget_needs_of_number
from family_voice.messages.models import PhoneLine, TalkName
from family_voice.messages.once import insert_once
from family_voice.messages.outbox import phone_index
from family_voice.security.blind import blind_index
from family_voice.storage.locking import Missing, lock


def hold(session: Session, phone: str, now: datetime) -> PhoneLine:
    """A phone's line, made if there is none, held until the transaction ends.

    Args:
        session: a writing session.
        phone: in E.164 form.
        now: when.
    """
    index = phone_index(session, phone)
    line = held_by_index(session, index)
    while line is None:
        insert_once(session, PhoneLine, "phone_index", {"phone_index": index, "since": now})
        line = held_by_index(session, index)
    return line


def held_by_index(session: Session, index: bytes) -> PhoneLine | None:
    """The line of a phone's blind index, held until the transaction ends; None if there is none."""
    try:
        return lock(session, PhoneLine, index)
    except Missing:
        return None


def make_live(session: Session, line: PhoneLine, interview_id: UUID, now: datetime) -> UUID | None:
    """Let this be the one conversation of a held line.

    Returns:
        The other one that was until now, if another was.
    """
    before = line.interview_id
    if before == interview_id:
        return None
    # It may have been held from another phone before.
    session.execute(
        update(PhoneLine)
        .where(PhoneLine.interview_id == interview_id)
        .values(interview_id=None)
        .execution_options(synchronize_session="fetch")
    )
    line.interview_id, line.since = interview_id, now
    session.flush()
    return before


def is_live(session: Session, interview_id: UUID) -> bool:
    """Whether a conversation is the one of its phone."""
    found = select(PhoneLine.phone_index).where(PhoneLine.interview_id == interview_id)
    return session.scalar(found) is not None


def is_muted(session: Session, interview_id: UUID) -> bool:
    """Whether the program fell silent by itself on the phone of this conversation."""
    found = select(PhoneLine.muted_at).where(PhoneLine.interview_id == interview_id)
    return session.scalar(found) is not None


def why_muted(session: Session, index: bytes) -> str:
    """Why the program fell silent by itself on a phone; empty where it speaks."""
    found = select(PhoneLine.muted_why).where(PhoneLine.phone_index == index)
    return session.scalar(found) or ""


def ask_name(session: Session, line: PhoneLine, interview_id: UUID, now: datetime) -> None:
    """Wait to be told what a conversation on a shared phone is to be called."""
    insert_once(
        session,
        TalkName,
        "interview_id",
        {"interview_id": interview_id, "phone_index": line.phone_index, "asked_at": now},
    )


def is_named(session: Session, interview_id: UUID) -> bool | None:
    """Whether a conversation was given a name; None where none was ever asked for."""
    row = session.get(TalkName, interview_id)
    return None if row is None else row.name_index is not None


def give_name(session: Session, line: PhoneLine, interview_id: UUID, name: str) -> bool:
    """Keep what a conversation is called, as a keyed hash.

    Args:
        session: a writing session.
        line: the phone's, held.
        interview_id: which conversation; its name has been asked for.
        name: in their own words, folded as commands are.

    Returns:
        False, and nothing is kept, if another conversation on this phone is called that.
    """
    index = _name_index(session, line, name)
    taken = select(TalkName.interview_id).where(
        TalkName.phone_index == line.phone_index,
        TalkName.name_index == index,
        TalkName.interview_id != interview_id,
    )
    if session.scalar(taken) is not None:
        return False
    row = session.get_one(TalkName, interview_id)
    row.phone_index, row.name_index = line.phone_index, index
    session.flush()
    return True


def drop_name(session: Session, interview_id: UUID) -> None:
    """Forget what a conversation is called, and that we asked."""
    session.execute(delete(TalkName).where(TalkName.interview_id == interview_id))


def called(session: Session, line: PhoneLine, among: Collection[UUID], name: str) -> UUID | None:
    """Which of these conversations is called that, if one is."""
    return session.scalar(
        select(TalkName.interview_id).where(
            TalkName.interview_id.in_(among),
            TalkName.name_index == _name_index(session, line, name),
        )
    )


def heard_index(session: Session, line: PhoneLine, words: str) -> str:
    """A keyed hash of what a phone said, to know the same words again within the hour."""
    return blind_index(session, f"heard/{line.phone_index.hex()}", words).hex()[:32]


def forget_line(session: Session, interview_id: UUID) -> None:
    """Let go of a conversation's place on a phone, and of what it was called."""
    session.execute(delete(PhoneLine).where(PhoneLine.interview_id == interview_id))
    drop_name(session, interview_id)


def forget_number(session: Session, index: bytes) -> None:
    """Let go of the line of a number that nobody knows, and of what was to be looked at there."""
    session.execute(
        delete(PhoneLine).where(PhoneLine.phone_index == index, PhoneLine.interview_id.is_(None))
    )
    forget_needs_of_number(session, index)


def _name_index(session: Session, line: PhoneLine, name: str) -> bytes:
    return blind_index(session, f"talk_name/{line.phone_index.hex()}", name)

"""Concerns: raised by any member of staff, told to the rota, taken, and decided with a reason.

Each is sealed under a key of its own and stands apart: no account, pack or family page knows of it.
A flag that a phrase list raised is one too, of a gentler kind: see `flags`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview
from family_voice.people.staff import names_of_staff
from family_voice.safeguarding import escalating
from family_voice.safeguarding.ladder import Kind
from family_voice.safeguarding.models import Concern, ConcernTold
from family_voice.safeguarding.whom import whom
from family_voice.security.sealing import (
    Erased,
    KeyKind,
    Place,
    new_key,
    open_keys,
    seal,
    seal_optional,
    unseal_optional,
)
from family_voice.security.trail import Actor, record
from family_voice.settings import Settings
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class Decision(StrEnum):
    """What was decided about a concern; the last is for flags alone."""

    REFERRED = "referred"
    ADVICE = "advice"
    ALREADY_KNOWN = "already_known"
    NO_FURTHER = "no_further"
    NOT_A_WORRY = "not_a_worry"


class NothingSaid(ValueError):
    """A concern needs words, and a decision needs a reason."""


class Decided(Exception):
    """Somebody has decided it already."""


class NotForThis(ValueError):
    """A flag may be found to be no worry; a concern that a person raised may not."""


@dataclass(frozen=True)
class Told:
    """A rung of the ladder that was taken: who got a text, and when."""

    rung: str
    names: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class ConcernView:
    """One concern, in clear. Names are of members of staff; empty where nobody has yet.

    `about` and `quoted` are the concern's own copies; `found` are ids of phrases, for a flag.
    """

    id: UUID
    kind: Kind
    interview_id: UUID | None
    about: str
    quoted: str
    found: tuple[str, ...]
    words: str
    raised_by: str
    raised_at: datetime
    told: tuple[Told, ...]
    next_rung: str | None
    next_at: datetime | None
    acknowledged_by: str
    acknowledged_at: datetime | None
    decision: Decision | None
    reason: str
    decided_by: str
    decided_at: datetime | None


def raise_concern(
    session: Session,
    words: str,
    *,
    interview_id: UUID | None,
    by: Actor,
    now: datetime,
    settings: Settings,
    fragment_id: UUID | None = None,
    quoted: str = "",
) -> UUID:
    """Raise a concern and tell whoever is on the rota, in this transaction.

    Whom it is about, and the words it is about, are kept with it under the concern's own key.

    Args:
        session: a writing session.
        words: what was seen or heard, and whom it is about.
        interview_id: the conversation it came up in, if it did in one.
        by: the member of staff who raises it.
        now: when.
        settings: our address and the emergency duty team's number, for the texts.
        fragment_id: the piece of the account it is about, if it is about one.
        quoted: the words it is about, read from the account this moment.

    Returns:
        Its id.

    Raises:
        NothingSaid: without words.
        Missing: if there is no such conversation.
    """
    if not words.strip():
        raise NothingSaid
    about = ""
    if interview_id is not None:
        fetch(session, Interview, interview_id)
        about = whom(session, interview_id)
    concern_id = keep(
        session, Kind.RAISED, interview_id, fragment_id, words=words, about=about, quoted=quoted,
        found=(), by=by, now=now,
    )  # fmt: skip
    record(session, by, "raise", "concern", concern_id, now, ["words"])
    escalating.climb(session, settings, concern_id, now)
    return concern_id


def keep(
    session: Session,
    kind: Kind,
    interview_id: UUID | None,
    fragment_id: UUID | None,
    *,
    words: str,
    about: str,
    quoted: str,
    found: tuple[str, ...],
    by: Actor,
    now: datetime,
) -> UUID:
    """Write a concern or flag down, sealed under a key of its own; it begins to climb at once."""
    concern_id = new_id()
    key_id = new_key(session, KeyKind.SAFEGUARDING, concern_id, now)

    def optional(column: str, text: str) -> bytes | None:
        return seal_optional(session, key_id, _place(concern_id, column), text)

    session.add(
        Concern(
            id=concern_id,
            kind=kind.value,
            key_id=key_id,
            interview_id=interview_id,
            fragment_id=fragment_id,
            words=seal(session, key_id, _place(concern_id, "words"), words),
            about=optional("about", about),
            quoted=optional("quoted", quoted),
            found=optional("found", json.dumps(found) if found else ""),
            raised_by=by.id,
            raised_at=now,
            **escalating.at_the_foot(now),
        )
    )
    session.flush()
    return concern_id


def acknowledge(session: Session, concern_id: UUID, by: Actor, now: datetime) -> None:
    """Say that somebody has read it and is on it: nobody further is told. Raises Missing.

    The first to say so stands.
    """
    row = lock(session, Concern, concern_id)
    if row.acknowledged_at is None:
        row.acknowledged_by, row.acknowledged_at = by.id, now
        row.next_rung = row.next_at = None
        session.flush()
        if row.kind == Kind.PLEASE_LOOK.value:
            escalating.wake_beside(session, row, now)
        record(session, by, "change", "concern", concern_id, now, ["acknowledged"])


def decide(
    session: Session, concern_id: UUID, decision: Decision, reason: str, by: Actor, now: datetime
) -> None:
    """Decide what is done, and say why; that also acknowledges it.

    A flag that is found to be no worry lets go of the words it had copied.

    Raises:
        NothingSaid: without a reason.
        Decided: if it was decided already; nothing is changed.
        NotForThis: if a concern that a person raised is called no worry.
        Missing: if there is no such concern.
    """
    if not reason.strip():
        raise NothingSaid
    row = lock(session, Concern, concern_id)
    if row.decided_at is not None:
        raise Decided
    if decision is Decision.NOT_A_WORRY:
        if row.kind != Kind.PLEASE_LOOK.value:
            raise NotForThis
        row.quoted = row.about = row.found = None
    acknowledge(session, concern_id, by, now)
    row.decision = decision.value
    row.reason = seal(session, row.key_id, _place(concern_id, "reason"), reason)
    row.decided_by, row.decided_at = by.id, now
    session.flush()
    record(session, by, "change", "concern", concern_id, now, ["decision", "reason"])


def all_concerns(session: Session) -> list[ConcernView]:
    """Every concern: those nobody has taken, then those not decided, then the newest."""
    rows = session.scalars(select(Concern).order_by(Concern.raised_at.desc(), Concern.id)).all()
    return _views(session, sorted(rows, key=_how_far))


def one(session: Session, concern_id: UUID) -> ConcernView:
    """One concern. Raises Missing."""
    return _views(session, [fetch(session, Concern, concern_id)])[0]


def open_flags(session: Session, interview_id: UUID | None) -> list[ConcernView]:
    """The flags on a conversation, or on none, that nobody has decided yet."""
    rows = session.scalars(
        select(Concern).where(
            Concern.kind == Kind.PLEASE_LOOK.value,
            Concern.decided_at.is_(None),
            Concern.interview_id.is_(None)
            if interview_id is None
            else Concern.interview_id == interview_id,
        )
    ).all()
    return _views(session, list(rows))


def _how_far(row: Concern) -> int:
    if row.decided_at is not None:
        return 2
    return 0 if row.acknowledged_at is None else 1


def _views(session: Session, rows: list[Concern]) -> list[ConcernView]:
    open_keys(session, (row.key_id for row in rows))
    steps: dict[UUID, list[ConcernTold]] = {}
    for step in session.scalars(
        select(ConcernTold)
        .where(ConcernTold.concern_id.in_([row.id for row in rows]))
        .order_by(ConcernTold.at)
    ):
        steps.setdefault(step.concern_id, []).append(step)
    people = {
        each
        for row in rows
        for each in (row.raised_by, row.acknowledged_by, row.decided_by)
        if each is not None
    }
    people |= {UUID(each) for found in steps.values() for step in found for each in step.told}
    names = names_of_staff(session, people)
    return [_view(session, row, steps.get(row.id, []), names) for row in rows]


def _view(
    session: Session, row: Concern, steps: list[ConcernTold], names: dict[UUID, str]
) -> ConcernView:
    found = _opened(session, row, "found", row.found)

    def name(staff_id: UUID | None) -> str:
        return names.get(staff_id, "") if staff_id else ""

    return ConcernView(
        id=row.id,
        kind=Kind(row.kind),
        interview_id=row.interview_id,
        about=_opened(session, row, "about", row.about),
        quoted=_opened(session, row, "quoted", row.quoted),
        found=tuple(json.loads(found)) if found else (),
        words=_opened(session, row, "words", row.words),
        raised_by=name(row.raised_by),
        raised_at=row.raised_at,
        told=tuple(
            Told(step.rung, tuple(name(UUID(each)) for each in step.told), step.at)
            for step in steps
        ),
        next_rung=row.next_rung,
        next_at=row.next_at,
        acknowledged_by=name(row.acknowledged_by),
        acknowledged_at=row.acknowledged_at,
        decision=Decision(row.decision) if row.decision else None,
        reason=_opened(session, row, "reason", row.reason),
        decided_by=name(row.decided_by),
        decided_at=row.decided_at,
    )


def _opened(session: Session, row: Concern, column: str, sealed: bytes | None) -> str:
    try:
        return unseal_optional(session, row.key_id, _place(row.id, column), sealed)
    except Erased:
        return ""


def _place(concern_id: UUID, column: str) -> Place:
    return Place("concern", column, concern_id)

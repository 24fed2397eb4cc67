"""What needs doing now, with the family's yes; and complaints, which go their own way.

Each that somebody has to answer has an owner and a day, and is open until there is a reply. Neither
is part of the account. Both are sealed under the conversation's key, so that erasing it erases
them; what was noted without a conversation is sealed under the child's. After a no to
talking the words are shown to nobody; who was asked, by when and the reply stay. What was taken
back is not there for anybody, even while a legal hold keeps the row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date, working_days_after
from family_voice.cases.models import Case, FollowUp
from family_voice.cases.permission import lead_may_read
from family_voice.cases.reaching import staff_id
from family_voice.cases.seats import works_with
from family_voice.interviews import record as interview_record
from family_voice.interviews.events import NOTES, Channel, Manner
from family_voice.interviews.models import Event, Interview
from family_voice.people import register
from family_voice.people.models import Child
from family_voice.security.sealing import (
    Erased,
    Place,
    open_keys,
    seal,
    seal_optional,
    unseal_optional,
)
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, fetch, lock

#: By when a complaint that we pass on should be answered, unless somebody puts another day. The
#: Local Government and Social Care Ombudsman's Complaint Handling Code (2024) gives a council ten
#: working days for its first answer.
COMPLAINT_DAYS = 10


class Kind(StrEnum):
    """What kind of thing was noted."""

    TO_DO = "to_do"
    COMPLAINT = "complaint"


class NothingSaid(ValueError):
    """There are no words."""


class NotAgreed(ValueError):
    """The family has not said yes to passing this on."""


class Replied(Exception):
    """Somebody else wrote a reply or an owner meanwhile; `stored` is how it stands."""

    def __init__(self, stored: FollowUpView) -> None:
        super().__init__("follow_up")
        self.stored = stored


@dataclass(frozen=True)
class FollowUpView:
    """One follow-up, in clear; empty texts where they were erased or taken back.

    `not_for_reader`: a complaint, and whoever reads works with the child.
    """

    id: UUID
    case_id: UUID
    reference: str
    kind: Kind
    words: str
    taken_back: bool
    not_for_reader: bool
    family_agreed: bool
    in_account: bool
    worker: str
    manager: str
    due_on: date | None
    reply: str
    replied_at: datetime | None
    at: datetime
    version: int

    @property
    def open(self) -> bool:
        """Somebody still owes an answer: what they take on themselves is not ours to answer."""
        return self.replied_at is None and (self.kind is Kind.TO_DO or self.family_agreed)

    def overdue(self, today: date) -> bool:
        """It is open after the day it was due."""
        return self.open and self.due_on is not None and self.due_on < today


def needs_doing(
    session: Session,
    case_id: UUID,
    interview_id: UUID | None,
    *,
    words: str,
    worker: str,
    manager: str,
    due_on: date,
    family_agreed: bool,
    by: Actor,
    now: datetime,
) -> UUID:
    """Note something that cannot wait for the check, for a worker to do.

    Args:
        session: a writing session.
        case_id: which case.
        interview_id: the conversation it came up in, if it did in one.
        words: what is to be done.
        worker: who is asked to.
        manager: whose job it is to see that it happens.
        due_on: by when.
        family_agreed: they said yes to passing it on.
        by: who notes it.
        now: when.

    Returns:
        Its id.

    Raises:
        NothingSaid: without words.
        NotAgreed: without the family's yes; nothing is stored.
        Missing: if there is no such case or conversation.
    """
    if not family_agreed:
        raise NotAgreed
    row = _new(session, case_id, interview_id, Kind.TO_DO, words, family_agreed, by, now)
    row.worker = seal_optional(session, row.key_id, place_of(row.id, "worker"), worker)
    row.manager = seal_optional(session, row.key_id, place_of(row.id, "manager"), manager)
    row.due_on = due_on
    session.flush()
    return row.id


def complaint(
    session: Session,
    case_id: UUID,
    interview_id: UUID,
    *,
    words: str,
    pass_on: bool,
    in_account: bool,
    channel: Channel,
    by: Actor,
    now: datetime,
) -> UUID:
    """Note a complaint apart from the account, unless they want it in the account too.

    One that we pass on is due after `COMPLAINT_DAYS` working days, and waits for an owner.

    Args:
        session: a writing session.
        case_id: which case.
        interview_id: the conversation.
        words: what it is about.
        pass_on: they would like us to hand it to the complaints team.
        in_account: they want it in their account as well.
        channel: how they are talking.
        by: who notes it.
        now: when.

    Returns:
        Its id.

    Raises:
        NothingSaid: without words.
        EngineError: if it cannot go into the account now.
        Missing: if there is no such case or conversation.
    """
    row = _new(session, case_id, interview_id, Kind.COMPLAINT, words, pass_on, by, now)
    row.due_on = working_days_after(london_date(now), COMPLAINT_DAYS) if pass_on else None
    if in_account:
        outcome = interview_record.say(
            session,
            interview_id,
            words,
            channel=channel,
            prompt_id=NOTES,
            manner=Manner.SUMMARY,
            now=now,
            recorded_by=staff_id(by),
        )
        row.in_account = outcome.stored
    session.flush()
    return row.id


def reply(
    session: Session, follow_up_id: UUID, version: int, words: str, by: Actor, now: datetime
) -> None:
    """Write down what came of it. A later reply stands over an earlier one.

    Raises:
        NothingSaid: without words.
        Replied: if somebody else wrote since `version`; nothing is changed.
        Missing: if there is no such follow-up.
    """
    if not words.strip():
        raise NothingSaid
    row = lock(session, FollowUp, follow_up_id)
    if row.version != version:
        raise Replied(one(session, follow_up_id, staff_id(by), now))
    row.reply = seal(session, row.key_id, place_of(row.id, "reply"), words)
    row.replied_at = now
    session.flush()
    record(session, by, "change", "follow_up", row.id, now, ["reply"])


def one(session: Session, follow_up_id: UUID, reader: UUID | None, now: datetime) -> FollowUpView:
    """One follow-up, as this member of staff may read it. Raises Missing."""
    row = session.scalar(select(FollowUp).where(FollowUp.id == follow_up_id, _not_withdrawn()))
    if row is None:
        raise Missing(FollowUp.__tablename__)
    return _views(session, [row], reader, now)[0]


def of_case(session: Session, case_id: UUID, reader: UUID, now: datetime) -> list[FollowUpView]:
    """Everything noted for a case, newest first."""
    return _views(
        session,
        session.scalars(
            select(FollowUp)
            .where(FollowUp.case_id == case_id, _not_withdrawn())
            .order_by(FollowUp.at.desc(), FollowUp.id)
        ),
        reader,
        now,
    )


def open_ones(session: Session, reader: UUID, now: datetime) -> list[FollowUpView]:
    """What somebody still owes an answer to, over all cases, the most pressing first."""
    return _views(
        session,
        session.scalars(
            select(FollowUp)
            .where(
                # A complaint that they take on themselves is nobody's here to answer.
                FollowUp.family_agreed,
                FollowUp.replied_at.is_(None),
                _not_withdrawn(),
            )
            .order_by(FollowUp.due_on.is_(None), FollowUp.due_on, FollowUp.at, FollowUp.id)
        ),
        reader,
        now,
    )


def how_many_open(session: Session, case_ids: Collection[UUID]) -> int:
    """How many of these cases' somebody still owes an answer to. Opens nothing."""
    counted = select(func.count()).where(
        FollowUp.case_id.in_(case_ids),
        FollowUp.family_agreed,
        FollowUp.replied_at.is_(None),
        _not_withdrawn(),
    )
    return session.scalar(counted) or 0


def of_cases(
    session: Session, case_ids: Collection[UUID], reader: UUID, now: datetime
) -> list[FollowUpView]:
    """Everything noted for these cases: what is open and most pressing first."""
    found = _views(
        session,
        session.scalars(
            select(FollowUp)
            .where(FollowUp.case_id.in_(case_ids), _not_withdrawn())
            .order_by(FollowUp.due_on.is_(None), FollowUp.due_on, FollowUp.at, FollowUp.id)
        ),
        reader,
        now,
    )
    return sorted(found, key=lambda each: not each.open)


def _not_withdrawn() -> ColumnElement[bool]:
    gone = select(Event.interview_id).where(Event.kind == "withdrawn")
    return or_(FollowUp.interview_id.is_(None), FollowUp.interview_id.not_in(gone))


def _new(
    session: Session,
    case_id: UUID,
    interview_id: UUID | None,
    kind: Kind,
    words: str,
    family_agreed: bool,
    by: Actor,
    now: datetime,
) -> FollowUp:
    if not words.strip():
        raise NothingSaid
    case = fetch(session, Case, case_id)
    if interview_id is not None:
        key_id = fetch(session, Interview, interview_id).key_id
    else:
        key_id = fetch(session, Child, case.child_id).key_id
    row = FollowUp(
        id=new_id(),
        case_id=case_id,
        interview_id=interview_id,
        key_id=key_id,
        kind=kind.value,
        family_agreed=family_agreed,
        in_account=False,
        by=staff_id(by),
        at=now,
    )
    row.words = seal(session, key_id, place_of(row.id, "words"), words)
    session.add(row)
    session.flush()
    record(session, by, "add", "follow_up", row.id, now, [kind.value])
    return row


def _views(
    session: Session, found: Iterable[FollowUp], reader: UUID | None, now: datetime
) -> list[FollowUpView]:
    rows = list(found)
    if not rows:
        return []
    cases = {
        case.id: case.child_id
        for case in session.scalars(select(Case).where(Case.id.in_({r.case_id for r in rows})))
    }
    children = register.children(session, set(cases.values()))
    open_keys(session, (row.key_id for row in rows))
    taken_back = {
        interview_id
        for interview_id in {row.interview_id for row in rows if row.interview_id is not None}
        if not lead_may_read(session, interview_id, now)
    }
    return [
        _view(
            session,
            row,
            children[cases[row.case_id]].facts.reference,
            row.interview_id in taken_back,
            # What was agreed to be passed on may be read; whom a complaint is about may not.
            row.kind == Kind.COMPLAINT.value
            and reader is not None
            and works_with(session, reader, cases[row.case_id]),
        )
        for row in rows
    ]


def _view(
    session: Session, row: FollowUp, reference: str, taken_back: bool, not_for_reader: bool
) -> FollowUpView:
    def opened(column: str, sealed: bytes | None) -> str:
        try:
            return unseal_optional(session, row.key_id, place_of(row.id, column), sealed)
        except (Erased, Missing):
            return ""

    return FollowUpView(
        id=row.id,
        case_id=row.case_id,
        reference=reference,
        kind=Kind(row.kind),
        words="" if taken_back or not_for_reader else opened("words", row.words),
        taken_back=taken_back,
        not_for_reader=not_for_reader,
        family_agreed=row.family_agreed,
        in_account=row.in_account,
        worker=opened("worker", row.worker),
        manager=opened("manager", row.manager),
        due_on=row.due_on,
        reply="" if not_for_reader else opened("reply", row.reply),
        replied_at=row.replied_at,
        at=row.at,
        version=row.version,
    )


def place_of(row_id: UUID, column: str) -> Place:
    """Where one column of a follow-up is sealed."""
    return Place("follow_up", column, row_id)

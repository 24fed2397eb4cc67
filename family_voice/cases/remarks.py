"""What people said about an account beside putting it on a case, and what of it still counts.

A case that somebody ruled out is not proposed again; where two cases are close, one person's choice
waits for another's; an account that was sent twice is set aside; one about two children was parted.
Everything said is kept, and the newest word on a matter counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from family_voice.cases.linking_models import LinkNote
from family_voice.consent.parts import parts_of
from family_voice.interviews.models import Interview
from family_voice.security.sealing import Erased, Place, seal_optional, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class Said(StrEnum):
    """What somebody said of an account."""

    NOT_THIS = "not_this"  # not this case
    MAYBE = "maybe"  # it may be this case after all
    FIRST = "first"  # it is this case; another person is to look as well
    SECOND = "second"  # another person says the same
    DIFFERS = "differs"  # another person says something else
    TOOK_BACK = "took_back"  # who chose first takes it back
    SAME = "same"  # the same account as that one, sent twice
    NOT_SAME = "not_same"  # another account than that one
    UNSAID = "unsaid"  # whether it is that one is open again
    PARTED = "parted"  # it speaks of several children, and was cut into parts
    WHOLE = "whole"  # it is one account again


class SetAside(Exception):
    """The account is set aside: another one, or its parts, stand for it."""


@dataclass(frozen=True)
class Remark:
    """One thing somebody said, oldest first by `number`. `why` is sealed: see `why_of`."""

    number: int
    said: Said
    case_id: UUID | None
    other_id: UUID | None
    by: UUID
    at: datetime
    why: bytes | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Standing:
    """What counts of everything that was said of an account.

    `refused`: cases ruled out, with the remark that did; `first`: a choice that waits for a second
    person; `double_of`: the account it is the same as; `not_same`: those it is not; `parted`: cut
    into parts.
    """

    refused: dict[UUID, Remark] = field(default_factory=dict)
    first: Remark | None = None
    double_of: UUID | None = None
    not_same: frozenset[UUID] = frozenset()
    parted: bool = False

    @property
    def set_aside(self) -> bool:
        """Whether it is nobody's to link: another account, or its parts, stand for it."""
        return self.parted or self.double_of is not None


def standing(remarks: Iterable[Remark]) -> Standing:
    """What counts of the remarks about one account, oldest first. Pure."""
    refused: dict[UUID, Remark] = {}
    first: Remark | None = None
    double_of: UUID | None = None
    not_same: set[UUID] = set()
    parted = False
    for each in remarks:
        match each.said:
            case Said.NOT_THIS if each.case_id:
                refused[each.case_id] = each
            case Said.MAYBE if each.case_id:
                refused.pop(each.case_id, None)
            case Said.FIRST:
                first = each
            case Said.SECOND | Said.DIFFERS | Said.TOOK_BACK:
                first = None
            case Said.SAME:
                double_of = each.other_id
            case Said.NOT_SAME if each.other_id:
                not_same.add(each.other_id)
            case Said.UNSAID:
                double_of = None
                not_same -= {each.other_id}
            case Said.PARTED | Said.WHOLE:
                parted = each.said is Said.PARTED
    return Standing(refused, first, double_of, frozenset(not_same), parted)


def say(
    session: Session,
    interview_id: UUID,
    said: Said,
    by: UUID,
    now: datetime,
    *,
    case_id: UUID | None = None,
    other_id: UUID | None = None,
    why: str = "",
) -> None:
    """Keep what somebody says of an account, and why if they say. Raises Missing."""
    row_id, key_id = new_id(), lock(session, Interview, interview_id).key_id
    last = session.scalar(
        select(func.max(LinkNote.number)).where(LinkNote.interview_id == interview_id)
    )
    session.add(
        LinkNote(
            id=row_id,
            interview_id=interview_id,
            number=(last or 0) + 1,
            kind=said.value,
            case_id=case_id,
            other_id=other_id,
            why=seal_optional(session, key_id, _place(row_id), why.strip()),
            by=by,
            at=now,
        )
    )
    session.flush()


def why_of(session: Session, interview_id: UUID, remark: Remark) -> str:
    """The reason that somebody gave; empty where none was given, or it is gone."""
    if remark.why is None or remark.id is None:
        return ""
    key_id = fetch(session, Interview, interview_id).key_id
    try:
        return unseal(session, key_id, _place(remark.id), remark.why)
    except Erased:
        return ""


def remarks_of(session: Session, interview_id: UUID) -> list[Remark]:
    """Everything that was said of an account, oldest first."""
    return _remarks(session, [interview_id]).get(interview_id, [])


def standing_of(session: Session, interview_id: UUID) -> Standing:
    """What counts of it."""
    return _with_parts(session, interview_id, standing(remarks_of(session, interview_id)))


def _with_parts(session: Session, interview_id: UUID, stands: Standing) -> Standing:
    """The parts are let go of when the family changes the account: then it is one again."""
    if stands.parted and not parts_of(session, interview_id):
        return replace(stands, parted=False)
    return stands


def standings(session: Session, interview_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """The same for several accounts; one of which nothing was said is missing."""
    found = _remarks(session, list(interview_ids))
    return {each: _with_parts(session, each, standing(said)) for each, said in found.items()}


def same_account(session: Session, interview_id: UUID) -> list[UUID]:
    """Every other account that a person said is this one again, or this one is again."""
    found, ahead = {interview_id}, [interview_id]
    while ahead:
        one = ahead.pop()
        named = select(LinkNote.interview_id).where(
            LinkNote.kind == Said.SAME.value, LinkNote.other_id == one
        )
        doubles = standings(session, set(session.scalars(named)))
        near = {each for each, stands in doubles.items() if stands.double_of == one}
        near |= {kept for kept in (standing_of(session, one).double_of,) if kept is not None}
        ahead += near - found
        found |= near
    return sorted(found - {interview_id})


def set_aside(session: Session) -> set[UUID]:
    """Every account that is nobody's to link: a double, or one that was cut into parts."""
    ever = select(LinkNote.interview_id).where(
        LinkNote.kind.in_([Said.SAME.value, Said.PARTED.value])
    )
    found = standings(session, set(session.scalars(ever)))
    return {interview_id for interview_id, stands in found.items() if stands.set_aside}


def forget(session: Session, interview_id: UUID) -> None:
    """Delete what was said of an account, and what was said of others by naming it."""
    session.execute(
        delete(LinkNote).where(
            or_(LinkNote.interview_id == interview_id, LinkNote.other_id == interview_id)
        )
    )


def _place(row_id: UUID) -> Place:
    return Place("link_note", "why", row_id)


def _remarks(session: Session, interview_ids: Iterable[UUID]) -> dict[UUID, list[Remark]]:
    found: dict[UUID, list[Remark]] = {}
    for row in session.scalars(
        select(LinkNote)
        .where(LinkNote.interview_id.in_(list(interview_ids)))
        .order_by(LinkNote.interview_id, LinkNote.number)
    ):
        found.setdefault(row.interview_id, []).append(
            Remark(
                row.number,
                Said(row.kind),
                row.case_id,
                row.other_id,
                row.by,
                row.at,
                row.why,
                row.id,
            )
        )
    return found

"""Children taken for siblings who are none: parted by a person, and put together again.

Who shares a parent's telephone and surname is taken for a sibling (`people.register.keep_child`).
A refuge's telephone and a common surname can be wrong about that, and a family counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.linking_models import PartedFamily
from family_voice.cases.models import Case, PanelSession
from family_voice.cases.reaching import staff_id
from family_voice.people import register
from family_voice.people.facts import ChildView, PersonView
from family_voice.people.models import Child, Family
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class OnlyChild(ValueError):
    """There is nobody else in the family: nothing to part."""


class NotParted(ValueError):
    """The child was not parted from anybody, or was put back already."""


@dataclass(frozen=True)
class Together:
    """A child of a case, those taken for siblings, and the people of each.

    `parted_from` are the children of the family that it was parted from, if it was.
    """

    child: ChildView
    siblings: tuple[ChildView, ...]
    people: dict[UUID, tuple[PersonView, ...]]
    parted_from: tuple[ChildView, ...]


def together(session: Session, case_id: UUID) -> Together:
    """Who is taken for one family with the child of a case. Raises Missing."""
    child_id = fetch(session, Case, case_id).child_id
    family_id = fetch(session, Child, child_id).family_id
    parted = _parted(session, child_id)
    ids = _of_family(session, family_id) | {child_id}
    before = _of_family(session, parted.family_id) - ids if parted else set()
    views = register.children(session, ids | before)

    def in_order(some: set[UUID]) -> tuple[ChildView, ...]:
        return tuple(sorted((views[each] for each in some), key=lambda each: each.facts.reference))

    return Together(
        views[child_id],
        in_order(ids - {child_id}),
        register.people_of(session, ids),
        in_order(before),
    )


def part(session: Session, case_id: UUID, by: Actor, now: datetime) -> None:
    """A person says that the child of a case is of another family than those it is with.

    Raises:
        OnlyChild: if it is with nobody.
        Missing: if there is no such case.
    """
    child_id = fetch(session, Case, case_id).child_id
    lock(session, Family, fetch(session, Child, child_id).family_id)
    child = lock(session, Child, child_id)
    if _of_family(session, child.family_id) == {child_id}:
        raise OnlyChild
    own = Family(id=new_id(), made_at=now)
    session.add(own)
    session.flush()
    who = staff_id(by)
    if who is not None:
        session.add(PartedFamily(child_id=child_id, family_id=child.family_id, by=who, at=now))
    child.family_id = own.id
    session.flush()
    record(session, by, "change", "case", case_id, now, ["family"])


def put_together(session: Session, case_id: UUID, by: Actor, now: datetime) -> None:
    """The child of a case is of the family it was parted from after all.

    Raises:
        NotParted: if it was not parted, or was put back.
        Missing: if there is no such case.
    """
    child_id = fetch(session, Case, case_id).child_id
    child = lock(session, Child, child_id)
    parted = _parted(session, child_id)
    if parted is None:
        raise NotParted
    child.family_id = parted.family_id
    parted.undone_at = now
    session.flush()
    record(session, by, "change", "case", case_id, now, ["family"])


def parted_cases(session: Session) -> list[UUID]:
    """The newest case of each child that a person took out of a family, and not put back."""
    rows = session.execute(
        select(Case.child_id, Case.id)
        .join(PanelSession, PanelSession.id == Case.session_id)
        .where(
            Case.child_id.in_(select(PartedFamily.child_id).where(PartedFamily.undone_at.is_(None)))
        )
        .order_by(PanelSession.held_on)
    ).all()
    return list(dict(rows).values())


def _parted(session: Session, child_id: UUID) -> PartedFamily | None:
    return session.scalar(
        select(PartedFamily)
        .where(PartedFamily.child_id == child_id, PartedFamily.undone_at.is_(None))
        .order_by(PartedFamily.at.desc())
        .limit(1)
    )


def _of_family(session: Session, family_id: UUID) -> set[UUID]:
    return set(session.scalars(select(Child.id).where(Child.family_id == family_id)))

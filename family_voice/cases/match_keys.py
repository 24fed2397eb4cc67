"""Finding which children an account may be about without opening anything.

A child of a case is kept under blind indexes of what a speaker is likely to have right: a name as
it sounds, the day of birth with one part wrong, a word of the school's name. Whoever shares one is
opened and compared; nobody else is. Telephones, emails and references have indexes of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from family_voice.cases import comparing
from family_voice.cases.linking_models import MatchKey
from family_voice.cases.matching import Person
from family_voice.cases.spelling import letters, skeleton
from family_voice.messages.numbers import OddNumber, mobile
from family_voice.people.facts import ChildFacts
from family_voice.people.models import Child, Participant
from family_voice.security.blind import blind_index

#: The letters at either end of a name: one slip leaves at least one end as it was.
END = 3


def keys_of(
    first_name: str,
    last_name: str,
    born: date | None,
    month: tuple[int, int] | None,
    school: str,
) -> set[str]:
    """What two records of one child are likely to share at least one of. Pure.

    First and last names have keys of one kind, so that swapped names are found; day and month may
    be swapped too, and one part of a date wrong.
    """
    found = set()
    for name in (first_name, last_name):
        for part in letters(name).split():
            found |= {f"sound {skeleton(part)}", f"begins {part[:END]}"}
            found.add(f"ends {part[-END:]}")
    if born is not None:
        days = {(born.year, born.month, born.day), (born.year, born.day, born.month)}
        for year, middle, last in days:
            found |= {f"ym {year} {middle}", f"yd {year} {last}", f"md {middle} {last}"}
    elif month is not None:
        found.add(f"ym {month[0]} {month[1]}")
    found |= {f"school {word}" for word in comparing.school_name(school).split()}
    return found


def keep(session: Session, child_id: UUID, facts: ChildFacts) -> None:
    """Keep the keys of a child as it is now known, instead of those there were."""
    session.execute(delete(MatchKey).where(MatchKey.child_id == child_id))
    keys = keys_of(facts.first_name, facts.last_name, facts.date_of_birth, None, facts.school)
    session.add_all(MatchKey(child_id=child_id, index=each) for each in _blind(session, keys))
    session.flush()


def forget(session: Session, child_ids: Collection[UUID]) -> None:
    """Let children be found by nothing of theirs any more."""
    session.execute(delete(MatchKey).where(MatchKey.child_id.in_(list(child_ids))))


def may_fit(session: Session, told: Person, child_ids: Collection[UUID]) -> set[UUID]:
    """Those of the children that share something with what somebody told us.

    A child of whom no keys are kept yet is always among them.
    """
    keys = keys_of(
        told.first_name, told.last_name, told.date_of_birth, told.birth_month, told.school
    )
    some = set(child_ids)
    kept = select(MatchKey.child_id)
    found = set(
        session.scalars(
            kept.where(MatchKey.child_id.in_(some), MatchKey.index.in_(_blind(session, keys)))
        )
    )
    found |= set(session.scalars(select(Child.id).where(Child.id.in_(some), Child.id.not_in(kept))))
    phones = [
        blind_index(session, "phone", number) for each in told.phones if (number := _mobile(each))
    ]
    emails = [blind_index(session, "email", each) for each in told.emails]
    if phones or emails:
        reached = or_(Participant.mobile_index.in_(phones), Participant.email_index.in_(emails))
        found |= set(
            session.scalars(
                select(Participant.child_id).where(Participant.child_id.in_(some), reached)
            )
        )
    if told.reference:
        index = blind_index(session, "reference", told.reference)
        found |= set(
            session.scalars(
                select(Child.id).where(Child.id.in_(some), Child.reference_index == index)
            )
        )
    return found


def _mobile(typed: str) -> str:
    """A mobile as the register keeps it; empty for what is none."""
    try:
        return mobile(typed)
    except OddNumber:
        return ""


def _blind(session: Session, keys: Iterable[str]) -> list[bytes]:
    return [blind_index(session, "match", each) for each in sorted(keys)]

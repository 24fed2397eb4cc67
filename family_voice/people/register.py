"""The register: making and reading children, and the people who may speak about them.

Identifiers are sealed here and opened here. Views are plain values; what was erased reads as empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from family_voice.people.facts import (
    NOT_CONFIRMED,
    NOT_SAFE,
    SAFE,
    ChildFacts,
    ChildView,
    ContactFacts,
    Hours,
    PersonFacts,
    PersonView,
    audience_of,
)
from family_voice.people.models import Child, Family, Participant
from family_voice.security.blind import blind_index
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
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock

# Whose telephone or email, found for two children, says that they are one family. A foster carer,
# an advocate or a relative may stand beside children of several families.
OF_THE_FAMILY = frozenset({"mother", "father", "parent", "step_parent", "grandparent", "guardian"})


class Changed(Exception):
    """Somebody else changed this person meanwhile. `stored` is how it stands now."""

    def __init__(self, stored: PersonView) -> None:
        super().__init__("participant")
        self.stored = stored


class NobodyConfirmed(ValueError):
    """Whether somebody may be contacted needs the name of who confirmed it."""


def known_child(session: Session, reference: str) -> ChildView | None:
    """The child with this case reference, in whatever round it was first met."""
    index = blind_index(session, "reference", reference)
    child = session.scalar(select(Child).where(Child.reference_index == index))
    return children(session, [child.id])[child.id] if child else None


def keep_child(
    session: Session, facts: ChildFacts, people: Sequence[PersonFacts], now: datetime
) -> UUID:
    """Write down a child and who may speak, or bring what is known up to date.

    A child is known by the reference. Siblings share a family: the same mobile or email of somebody
    `OF_THE_FAMILY` with the same last name. Of people known already, one who is not among `people`
    has to be confirmed again, a recorded "not safe" stands until a person lifts it, and safe hours
    stand unless others are given.

    Args:
        session: a writing session.
        facts: what identifies the child.
        people: everybody who may speak now.
        now: when.

    Returns:
        The child's id.
    """
    index = blind_index(session, "reference", facts.reference)
    child = session.scalar(select(Child).where(Child.reference_index == index))
    if child is None:
        child = _new_child(session, index, _family_of(session, people, now), now)
    _write_child(session, child, facts)
    known = _opened_people(session, [child.id]).get(child.id, ())
    left = {_same_person(view.facts): view for view in known}
    for person in people:
        view = left.pop(_same_person(person), None)
        if view is None:
            _add_person(session, child.id, person, now)
            continue
        row = lock(session, Participant, view.id)
        row.parental_responsibility = person.parental_responsibility
        contact = person.contact
        if row.safe_to_contact == NOT_SAFE:
            contact = _still_not_safe(contact, view.facts.contact)
        if contact.safe_hours is None:
            contact = replace(contact, safe_hours=view.facts.contact.safe_hours)
        _write_contact(session, row, contact)
    for view in left.values():
        row = lock(session, Participant, view.id)
        if row.safe_to_contact == SAFE:
            row.safe_to_contact = NOT_CONFIRMED
            row.safe_confirmed_by = None
    session.flush()
    return child.id


def change_contact(
    session: Session, participant_id: UUID, version: int, contact: ContactFacts
) -> PersonView:
    """Change how somebody may be reached.

    Args:
        session: a writing session.
        participant_id: who.
        version: the version that the person who changes it was looking at.
        contact: how it is to stand.

    Returns:
        The person as now stored.

    Raises:
        Changed: if somebody else changed it since; nothing is changed then.
        NobodyConfirmed: if yes or no is given without who confirmed it.
    """
    if contact.safe_to_contact != NOT_CONFIRMED and not contact.safe_confirmed_by.strip():
        raise NobodyConfirmed
    row = lock(session, Participant, participant_id)
    if row.version != version:
        raise Changed(_person(session, row))
    _write_contact(session, row, contact)
    session.flush()
    return _person(session, row)


def children(session: Session, child_ids: Collection[UUID]) -> dict[UUID, ChildView]:
    """Children by id, opened with two queries however many there are."""
    rows = session.scalars(select(Child).where(Child.id.in_(set(child_ids)))).all()
    open_keys(session, (row.key_id for row in rows))
    return {row.id: _child(session, row) for row in rows}


def birthdays(session: Session, child_ids: Collection[UUID]) -> dict[UUID, date | None]:
    """Dates of birth, and nothing else of the children; None where it was erased or not known."""
    rows = session.scalars(select(Child).where(Child.id.in_(set(child_ids)))).all()
    open_keys(session, (row.key_id for row in rows))
    found = {}
    for row in rows:
        place = Place("child", "date_of_birth", row.id)
        born = _text(session, row.key_id, place, row.date_of_birth)
        found[row.id] = date.fromisoformat(born) if born else None
    return found


def people_of(session: Session, child_ids: Collection[UUID]) -> dict[UUID, tuple[PersonView, ...]]:
    """Who may speak about each child: those safe to contact first, of them those with parental
    responsibility."""
    return _opened_people(session, child_ids)


def person(session: Session, participant_id: UUID) -> PersonView | None:
    """One participant."""
    row = session.get(Participant, participant_id)
    return _person(session, row) if row else None


def safe_hours(session: Session, index: bytes) -> list[Hours]:
    """When it is safe to write to the mobile or email of this blind index, as said by or for each
    person who has it; none for any time."""
    rows = session.execute(
        select(Participant.safe_from, Participant.safe_until).where(_reached_by(index))
    )
    return [hours for row in rows if (hours := _hours(*row)) is not None]


def has_number(session: Session, participant_id: UUID, mobile_index: bytes) -> bool:
    """Whether the mobile of this blind index is the one we have for somebody."""
    found = select(Participant.id).where(
        Participant.id == participant_id, Participant.mobile_index == mobile_index
    )
    return session.scalar(found) is not None


def has_way(session: Session, participant_id: UUID, index: bytes) -> bool:
    """Whether the mobile or email of this blind index is the one we have for somebody."""
    found = select(Participant.id).where(Participant.id == participant_id, _reached_by(index))
    return session.scalar(found) is not None


def not_safe_on(session: Session, index: bytes) -> bool:
    """Whether it is recorded of anybody who has this mobile or email that contact is not safe."""
    found = select(Participant.id).where(
        _reached_by(index), Participant.safe_to_contact == NOT_SAFE
    )
    return session.scalar(found.limit(1)) is not None


def unseal_for_child(session: Session, child: ChildView, place: Place, sealed: bytes | None) -> str:
    """Open something that another room sealed under a child's key; empty if it was erased."""
    return _text(session, child.key_id, place, sealed)


def seal_for_child(session: Session, child_id: UUID, place: Place, text: str) -> bytes | None:
    """Seal something of another room under a child's key."""
    child = session.get_one(Child, child_id)
    return seal_optional(session, child.key_id, place, text)


def _reached_by(index: bytes) -> ColumnElement[bool]:
    """Numbers and addresses have blind indexes of different kinds: no two are ever alike."""
    return or_(Participant.mobile_index == index, Participant.email_index == index)


def _family_of(session: Session, people: Iterable[PersonFacts], now: datetime) -> UUID:
    """The family of a sibling known already, or a new one."""
    for each in people:
        if each.relationship not in OF_THE_FAMILY:
            continue
        ways = [
            column == blind_index(session, kind, value)
            for column, kind, value in (
                (Participant.mobile_index, "phone", each.contact.mobile),
                (Participant.email_index, "email", each.contact.email),
            )
            if value
        ]
        if not ways:
            continue
        for row in session.scalars(
            select(Participant)
            .where(or_(*ways), Participant.relationship.in_(OF_THE_FAMILY))
            .order_by(Participant.id)
        ):
            if _person(session, row).facts.last_name.casefold() == each.last_name.casefold():
                return session.get_one(Child, row.child_id).family_id
    family = Family(id=new_id(), made_at=now)
    session.add(family)
    session.flush()
    return family.id


def _new_child(session: Session, index: bytes, family_id: UUID, now: datetime) -> Child:
    child_id = new_id()
    key_id = new_key(session, KeyKind.PERSON, child_id, now)
    return Child(id=child_id, family_id=family_id, key_id=key_id, reference_index=index)


def _write_child(session: Session, child: Child, facts: ChildFacts) -> None:
    born = facts.date_of_birth
    texts: Mapping[str, str] = {
        "reference": facts.reference,
        "first_name": facts.first_name,
        "last_name": facts.last_name,
        "date_of_birth": born.isoformat() if born else "",
    }
    for column, text in texts.items():
        setattr(child, column, seal(session, child.key_id, Place("child", column, child.id), text))
    child.school = seal_optional(
        session, child.key_id, Place("child", "school", child.id), facts.school
    )
    session.add(child)
    session.flush()


def _add_person(session: Session, child_id: UUID, facts: PersonFacts, now: datetime) -> None:
    person_id = new_id()
    key_id = new_key(session, KeyKind.PERSON, person_id, now)
    row = Participant(
        id=person_id,
        child_id=child_id,
        key_id=key_id,
        relationship=facts.relationship,
        audience=audience_of(facts.relationship),
        parental_responsibility=facts.parental_responsibility,
    )
    for column in ("first_name", "last_name"):
        place = Place("participant", column, person_id)
        setattr(row, column, seal(session, key_id, place, getattr(facts, column)))
    _write_contact(session, row, facts.contact)
    session.add(row)
    session.flush()


def _write_contact(session: Session, row: Participant, contact: ContactFacts) -> None:
    """Seal only what changed, so that saving the same again makes no new version."""
    for column in ("mobile", "email", "safe_how", "safe_confirmed_by", "introduced_by"):
        text: str = getattr(contact, column)
        place = Place("participant", column, row.id)
        if text != _text(session, row.key_id, place, getattr(row, column)):
            setattr(row, column, seal_optional(session, row.key_id, place, text))
    row.mobile_index = blind_index(session, "phone", contact.mobile) if contact.mobile else None
    row.email_index = blind_index(session, "email", contact.email) if contact.email else None
    row.language = contact.language
    row.access_needs = list(contact.access_needs)
    row.safe_to_contact = contact.safe_to_contact
    hours = contact.safe_hours
    row.safe_from, row.safe_until = (hours.begins, hours.ends) if hours else (None, None)


def _hours(begins: time | None, ends: time | None) -> Hours | None:
    return Hours(begins, ends) if begins is not None and ends is not None else None


def _still_not_safe(new: ContactFacts, old: ContactFacts) -> ContactFacts:
    return replace(
        new,
        safe_to_contact=NOT_SAFE,
        safe_how=old.safe_how,
        safe_confirmed_by=old.safe_confirmed_by,
    )


def _same_person(facts: PersonFacts) -> tuple[str, str, str]:
    return facts.relationship, facts.first_name.casefold(), facts.last_name.casefold()


def _opened_people(
    session: Session, child_ids: Collection[UUID]
) -> dict[UUID, tuple[PersonView, ...]]:
    rows = session.scalars(
        select(Participant)
        .where(Participant.child_id.in_(set(child_ids)))
        .order_by(Participant.parental_responsibility.desc(), Participant.relationship)
    ).all()
    open_keys(session, (row.key_id for row in rows))
    found: dict[UUID, tuple[PersonView, ...]] = {}
    for row in sorted(
        rows, key=lambda row: (SAFE, NOT_CONFIRMED, NOT_SAFE).index(row.safe_to_contact)
    ):
        found[row.child_id] = (*found.get(row.child_id, ()), _person(session, row))
    return found


def _child(session: Session, row: Child) -> ChildView:
    def text(column: str) -> str:
        return _text(session, row.key_id, Place("child", column, row.id), getattr(row, column))

    born = text("date_of_birth")
    return ChildView(
        id=row.id,
        family_id=row.family_id,
        key_id=row.key_id,
        facts=ChildFacts(
            reference=text("reference"),
            first_name=text("first_name"),
            last_name=text("last_name"),
            date_of_birth=date.fromisoformat(born) if born else None,
            school=text("school"),
        ),
    )


def _person(session: Session, row: Participant) -> PersonView:
    def text(column: str) -> str:
        place = Place("participant", column, row.id)
        return _text(session, row.key_id, place, getattr(row, column))

    return PersonView(
        id=row.id,
        child_id=row.child_id,
        audience=row.audience,
        version=row.version,
        facts=PersonFacts(
            relationship=row.relationship,
            parental_responsibility=row.parental_responsibility,
            first_name=text("first_name"),
            last_name=text("last_name"),
            contact=ContactFacts(
                mobile=text("mobile"),
                email=text("email"),
                language=row.language,
                access_needs=tuple(row.access_needs),
                safe_to_contact=row.safe_to_contact,
                safe_how=text("safe_how"),
                safe_confirmed_by=text("safe_confirmed_by"),
                introduced_by=text("introduced_by"),
                safe_hours=_hours(row.safe_from, row.safe_until),
            ),
        ),
    )


def _text(session: Session, key_id: UUID, place: Place, sealed: bytes | None) -> str:
    try:
        return unseal_optional(session, key_id, place, sealed)
    except Erased:
        return ""

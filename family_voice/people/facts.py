"""What is known of a child and of somebody who may speak, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

YOUNG_PERSON = "young_person"
SOCIAL_WORKER = "social_worker"
SAFE, NOT_SAFE, NOT_CONFIRMED = "yes", "no", "not_confirmed"


@dataclass(frozen=True)
class ChildFacts:
    """What identifies a child."""

    reference: str
    first_name: str
    last_name: str
    date_of_birth: date | None
    school: str = ""

    @property
    def name(self) -> str:
        """Both names, as written."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class ContactFacts:
    """How somebody may be reached, and who says that it is safe. `mobile` is in E.164 form."""

    mobile: str = ""
    email: str = ""
    language: str = "en"
    access_needs: tuple[str, ...] = ()
    safe_to_contact: str = NOT_CONFIRMED
    safe_how: str = ""
    safe_confirmed_by: str = ""
    introduced_by: str = ""


@dataclass(frozen=True)
class PersonFacts:
    """Somebody who may speak about a child."""

    relationship: str
    parental_responsibility: bool
    first_name: str
    last_name: str
    contact: ContactFacts = field(default_factory=ContactFacts)

    @property
    def name(self) -> str:
        """Both names, as written."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class ChildView:
    """A child as a person with the right to may see them."""

    id: UUID
    family_id: UUID
    key_id: UUID
    facts: ChildFacts


@dataclass(frozen=True)
class PersonView:
    """A participant as a person with the right to may see them."""

    id: UUID
    child_id: UUID
    audience: str
    version: int
    facts: PersonFacts


def is_professional(relationship: str) -> bool:
    """Whether somebody speaks for a service, so that their words are never the family's."""
    return relationship == SOCIAL_WORKER


def audience_of(relationship: str) -> str:
    """Which guide somebody is asked with: their own as a young person, else the parents'."""
    return YOUNG_PERSON if relationship == YOUNG_PERSON else "parent_carer"

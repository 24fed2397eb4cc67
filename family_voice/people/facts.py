"""What is known of a child and of somebody who may speak, as plain values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

YOUNG_PERSON = "young_person"
#: The same people's Easy Read guide, answered with a helper.
CHILD_WITH_HELPER = "child"
ADVOCATE = "advocate"
#: Among the access needs.
EASY_READ = "easy_read"
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
class Hours:
    """From one time of day in London up to another, later on the same day."""

    begins: time
    ends: time

    def __str__(self) -> str:
        """As the edit page and the caseload file write it."""
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}"


@dataclass(frozen=True)
class ContactFacts:
    """How somebody may be reached, and who says that it is safe. `mobile` is in E.164 form.

    A text goes to them only within `safe_hours`; at any usual hour where there are none.
    """

    mobile: str = ""
    email: str = ""
    language: str = "en"
    access_needs: tuple[str, ...] = ()
    safe_to_contact: str = NOT_CONFIRMED
    safe_how: str = ""
    safe_confirmed_by: str = ""
    introduced_by: str = ""
    safe_hours: Hours | None = None


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

    @property
    def guide(self) -> str:
        """The guide they are asked with."""
        return guide_for(self.audience, self.facts.contact.access_needs)


def is_professional(relationship: str) -> bool:
    """Whether somebody speaks for a service, so that their words are never the family's."""
    return relationship == SOCIAL_WORKER


def audience_of(relationship: str) -> str:
    """Which guide somebody is asked with: a young person's own, one for whoever speaks for
    somebody, else the parents'."""
    return relationship if relationship in (YOUNG_PERSON, ADVOCATE) else "parent_carer"


def guide_for(audience: str, access_needs: Collection[str]) -> str:
    """The guide somebody is asked with: a young person who needs Easy Read has one in pictures."""
    easy = audience == YOUNG_PERSON and EASY_READ in access_needs
    return CHILD_WITH_HELPER if easy else audience


def is_own_voice(guide_audience: str) -> bool:
    """Whether a guide is the child's or young person's own, with a helper or without."""
    return guide_audience in (YOUNG_PERSON, CHILD_WITH_HELPER)

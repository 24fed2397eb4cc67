"""Who decides whether a child or young person talks with us, and what stands in the way. Pure.

Under 16 and of compulsory school age, somebody who knows the child judges whether they understand
enough to decide this for themselves (Gillick v West Norfolk and Wisbech AHA [1986] AC 112); where
they do not, somebody with parental responsibility decides. From 16 the ability to decide is
presumed, and only where it is doubted is it judged, for this decision only (Mental Capacity Act
2005 sections 1 to 3). A child's own no goes before anybody's yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from family_voice.consent.school_age import LONDON, capacity_presumed, decides_from


class Kind(StrEnum):
    """What was judged: whether a child understands, or whether a young person can decide."""

    UNDERSTANDING = "understanding"
    CAPACITY = "capacity"


class Basis(StrEnum):
    """What somebody's right to decide for another rests on."""

    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    CARE_ORDER = "care_order"
    PARENT = "parent"
    DEPUTY = "deputy"
    ATTORNEY = "attorney"
    OTHER = "other"


class Responsibility(StrEnum):
    """Who has parental responsibility for a looked-after child, as the social worker says."""

    PARENTS = "parents"
    COUNCIL = "council"
    GUARDIAN = "guardian"


class Reason(StrEnum):
    """Why somebody must not be contacted."""

    COURT_ORDER = "court_order"
    NO_CONTACT = "no_contact"


class Decides(StrEnum):
    """Who decides about a child's or young person's own words."""

    THEMSELVES = "themselves"
    NOT_JUDGED = "not_judged"
    REPRESENTATIVE = "representative"


class Obstacle(StrEnum):
    """Why somebody may not be asked now. The first that is true counts."""

    COURT_ORDER = "court_order"
    NO_CONTACT = "no_contact"
    NEEDS_SOCIAL_WORKER = "needs_social_worker"
    NOT_TO_BE_APPROACHED = "not_to_be_approached"
    OWN_NO = "own_no"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class Judged:
    """The newest judgement about a case's child, without its reasons."""

    id: UUID
    kind: Kind
    able: bool
    at: datetime


@dataclass(frozen=True)
class Approached:
    """Whom the social worker says we may approach, and who has parental responsibility."""

    people: frozenset[UUID]
    responsibility: Responsibility


@dataclass(frozen=True)
class Known:
    """What is on record about one case. `no_contact` is by participant."""

    judged: Judged | None = None
    approached: Approached | None = None
    own_no_at: datetime | None = None
    no_contact: Mapping[UUID, Reason] = field(default_factory=dict)


def decides(born: date | None, judged: Judged | None, now: datetime) -> Decides:
    """Who decides about a child's or young person's own words.

    Args:
        born: the date of birth; where it is not known, nothing is presumed.
        judged: the newest judgement about this case.
        now: the present.
    """
    presumed = _presumed(born, now)
    wanted = Kind.CAPACITY if presumed else Kind.UNDERSTANDING
    if judged is None or judged.kind is not wanted or _from_before(born, judged.at, now):
        return Decides.THEMSELVES if presumed else Decides.NOT_JUDGED
    return Decides.THEMSELVES if judged.able else Decides.REPRESENTATIVE


def own_no_stands(born: date | None, known: Known, now: datetime) -> bool:
    """Whether a child's own no stands: until it is lifted, or they are asked afresh."""
    return known.own_no_at is not None and not _from_before(born, known.own_no_at, now)


def obstacle(
    participant_id: UUID,
    known: Known,
    *,
    own_words: bool,
    professional: bool,
    looked_after: bool,
    born: date | None,
    now: datetime,
) -> Obstacle | None:
    """Why this person may not be asked to speak now, or None.

    Args:
        participant_id: who.
        known: what is on record about the case.
        own_words: they are the child or young person.
        professional: they are a social worker, who is asked as one.
        looked_after: the child is.
        born: the child's date of birth, if it is known.
        now: the present.
    """
    reason = known.no_contact.get(participant_id)
    if reason is not None:
        return Obstacle(reason.value)
    if looked_after and not professional:
        if known.approached is None:
            return Obstacle.NEEDS_SOCIAL_WORKER
        if participant_id not in known.approached.people:
            return Obstacle.NOT_TO_BE_APPROACHED
    if own_words:
        if own_no_stands(born, known, now):
            return Obstacle.OWN_NO
        if decides(born, known.judged, now) is Decides.NOT_JUDGED:
            return Obstacle.NOT_JUDGED
    return None


def _presumed(born: date | None, now: datetime) -> bool:
    return born is not None and capacity_presumed(born, now.astimezone(LONDON).date())


def _from_before(born: date | None, at: datetime, now: datetime) -> bool:
    """Whether something is of the time before they decided for themselves, and that has come."""
    if born is None:
        return False
    since = decides_from(born)
    return at < since <= now
